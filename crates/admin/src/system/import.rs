//! Takes in devices from a file. Muster's own: JumpCloud's API has no way to make a device.

use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode, header};
use muster_directory::device::import::{Done, Import, Outcome};
use muster_directory::device::{Facts, rows};
use muster_http::error::ErrorField;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::ObjectId;

/// What became of a row.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SystemImportOutcome)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutcomeWord {
    /// There was no such device: it was made.
    Created,
    /// It was there, and something of it changed.
    Updated,
    /// It was there, as the row says.
    Unchanged,
    /// The row was left out: `fields` says why.
    Refused,
}

/// A row and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemImportRow)]
pub(crate) struct RowOut {
    /// The number of the row, from 1.
    row: usize,
    outcome: OutcomeWord,
    /// The device.
    id: Option<ObjectId>,
    /// Its name.
    name: Option<String>,
    /// What is wrong.
    fields: Vec<ErrorField>,
    /// What was kept out of the device, and why.
    warnings: Vec<String>,
}

/// What became of a file.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SystemImport)]
pub(crate) struct Imported {
    created: usize,
    updated: usize,
    unchanged: usize,
    refused: usize,
    /// Row by row.
    results: Vec<RowOut>,
}

impl Imported {
    fn new(outcomes: Vec<Outcome>) -> Self {
        let mut out = Self::default();
        for (i, outcome) in outcomes.into_iter().enumerate() {
            let (word, fields) = match outcome.done {
                Done::Created => (OutcomeWord::Created, Vec::new()),
                Done::Updated => (OutcomeWord::Updated, Vec::new()),
                Done::Unchanged => (OutcomeWord::Unchanged, Vec::new()),
                Done::Refused(fields) => (OutcomeWord::Refused, fields),
            };
            match word {
                OutcomeWord::Created => out.created += 1,
                OutcomeWord::Updated => out.updated += 1,
                OutcomeWord::Unchanged => out.unchanged += 1,
                OutcomeWord::Refused => out.refused += 1,
            }
            out.results.push(RowOut {
                row: i + 1,
                outcome: word,
                id: outcome.device.as_ref().map(|d| d.id.into()),
                name: outcome.device.map(|d| d.display()),
                fields: fields.into_iter().map(|f| ErrorField { field: f.field, message: f.message }).collect(),
                warnings: outcome.warnings,
            });
        }
        out
    }
}

#[utoipa::path(post, path = "/api/v2/systems/import", tag = "devices",
    request_body(content((Vec<Facts> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = Imported), Changing))]
/// Import devices: a JSON array (also JumpCloud's own list), or CSV with a line of attribute names first. A device is known
/// by `_id`, else by its serial number; `owner` is an e-mail, a user name or an id. At most 1000 at a time
pub(crate) async fn import(
    State(site): State<Site>,
    who: AdminOrg,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Imported>, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    // Neither can be sent across sites by a form, so the route is as safe from them as a JSON one.
    if !kind.starts_with("application/json") && !kind.starts_with("text/csv") {
        let message = "send JSON (content-type: application/json) or CSV (content-type: text/csv)";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "INVALID_ARGUMENT", message));
    }
    let rows = rows::read(&body)?;
    let outcomes = site.directory().write(who.actor(), who.org(), Import { rows }).await?;
    Ok(Json(Imported::new(outcomes)))
}
