//! Takes in people from a table, or tells what that would do.

use std::collections::BTreeMap;

use axum::extract::State;
use muster_directory::user::column::{self, Line};
use muster_directory::user::import::{Done, Import, KnownBy, LINES_MAX, Outcome};
use muster_directory::{FieldError, group};
use muster_http::error::ErrorField;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::failure::Changing;
use crate::id::ObjectId;

/// By what a row's person is known.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[schema(as = UserImportKey)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Key {
    /// Company Email.
    #[default]
    Email,
    /// Username.
    Username,
}

/// A table of people.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = UserImport)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportBody {
    /// The rows: values by column. A value that is left out stays, an empty one clears.
    #[schema(min_items = 1, max_items = 1000)]
    rows: Vec<BTreeMap<String, String>>,
    /// What columns mean whose names do not say it: the name of an attribute (`email`, `attributes.NAME`,
    /// `phoneNumbers.work`), or nothing for a column that is not taken in.
    #[serde(default)]
    mapping: BTreeMap<String, Option<String>>,
    /// By what a person is known, where a row has no `_id`.
    #[serde(default)]
    known_by: Key,
    /// Whether people who are there are changed; they are passed over otherwise.
    #[serde(default = "yes")]
    update_existing: bool,
    /// Tells what would become of each row and of the groups, and keeps nothing.
    #[serde(default)]
    dry_run: bool,
}

const fn yes() -> bool {
    true
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UserImportOutcome)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OutcomeWord {
    /// There was no such person: they were made.
    Created,
    /// They were there, and something of them changed.
    Updated,
    /// They were there, as the row says.
    Unchanged,
    /// They were there, and people who are there were not to be changed.
    PassedOver,
    /// Nothing of the row was taken: `fields` says why.
    Refused,
}

/// A row and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserImportRow)]
pub(crate) struct RowOut {
    /// The number of the row, from 1.
    row: usize,
    outcome: OutcomeWord,
    /// The person; none where they are but planned.
    id: Option<ObjectId>,
    /// Company Email, of the person or as the row says.
    email: Option<String>,
    /// What changed: `{field: {from, to}}`.
    changes: Map<String, Value>,
    /// What is wrong: why a row was refused; of one that was not, what was left out of it. The rest of it was taken.
    fields: Vec<ErrorField>,
}

/// How many come into a group and leave it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserImportGroup)]
pub(crate) struct GroupMoved {
    id: ObjectId,
    name: String,
    joins: i64,
    leaves: i64,
}

impl From<group::Moved> for GroupMoved {
    fn from(moved: group::Moved) -> Self {
        Self { id: moved.id.into(), name: moved.name, joins: moved.joins, leaves: moved.leaves }
    }
}

/// What became of a table.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = UserImported)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    /// Whether nothing was kept.
    dry_run: bool,
    created: usize,
    updated: usize,
    unchanged: usize,
    passed_over: usize,
    refused: usize,
    /// Rows that were taken but for something, which is told under their `fields`. They are counted as created, updated or
    /// unchanged, too.
    incomplete: usize,
    /// Row by row.
    results: Vec<RowOut>,
    /// Of a dry run: the groups that people would come into or leave.
    groups: Vec<GroupMoved>,
}

#[utoipa::path(post, path = "/api/v2/users/import", tag = "users", request_body = ImportBody,
    responses((status = 200, body = Imported), Changing))]
/// Import people from a table, at most 1000 at a time; with `dryRun` tell what it would do
pub(crate) async fn import(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<ImportBody>,
) -> Result<Json<Imported>, ApiError> {
    if body.rows.is_empty() || body.rows.len() > LINES_MAX {
        return Err(ApiError::field("rows", format!("1 to {LINES_MAX} rows: send more in several parts")));
    }
    let lines = column::lines(&body.rows, &body.mapping)?;
    let known_by = match body.known_by {
        Key::Email => KnownBy::Email,
        Key::Username => KnownBy::Username,
    };
    let import = Import { lines: lines.clone(), known_by, update: body.update_existing };
    let directory = site.directory();
    let (outcomes, groups) = if body.dry_run {
        let tried = directory.try_out(who.actor(), who.org(), import).await?;
        (tried.out, tried.groups)
    } else {
        (directory.write(who.actor(), who.org(), import).await?, Vec::new())
    };
    let mut out = Imported { dry_run: body.dry_run, ..Imported::default() };
    out.groups = groups.into_iter().map(Into::into).collect();
    for (n, (outcome, line)) in outcomes.into_iter().zip(&lines).enumerate() {
        out.add(n + 1, outcome, line);
    }
    Ok(Json(out))
}

impl Imported {
    fn add(&mut self, row: usize, outcome: Outcome, line: &Line) {
        self.incomplete += usize::from(outcome.is_incomplete());
        let told = |fields: Vec<FieldError>| {
            fields.into_iter().map(|f| ErrorField { field: f.field, message: f.message }).collect()
        };
        let mut out = RowOut {
            row,
            outcome: OutcomeWord::Created,
            id: outcome.user.as_ref().filter(|_| !self.dry_run || outcome.done != Done::Created).map(|u| u.id.into()),
            email: outcome.user.map(|u| u.email).or_else(|| line.get("email").cloned()),
            changes: Map::new(),
            fields: told(outcome.left_out),
        };
        match outcome.done {
            Done::Created => self.created += 1,
            Done::Updated(fields) => {
                self.updated += 1;
                (out.outcome, out.changes) = (OutcomeWord::Updated, fields);
            }
            Done::Unchanged => {
                self.unchanged += 1;
                out.outcome = OutcomeWord::Unchanged;
            }
            Done::PassedOver => {
                self.passed_over += 1;
                out.outcome = OutcomeWord::PassedOver;
            }
            Done::Refused(fields) => {
                self.refused += 1;
                out.outcome = OutcomeWord::Refused;
                out.fields = told(fields);
            }
        }
        self.results.push(out);
    }
}
