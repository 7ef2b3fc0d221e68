//! The report of a migration as a table: everything that did not simply come.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use muster_base::Id;
use muster_directory::migration::{self, Row, Wanted, Word};
use muster_directory::{Directory, Error};
use muster_http::{AdminOrg, ApiError, Query, Site};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::failure::Reading;
use crate::id::{ObjectId, PathId};

/// Rows read together.
const PAGE: i64 = 1_000;
/// What a report tells of.
const TOLD: [Word; 7] =
    [Word::Left, Word::NotBrought, Word::Refused, Word::Kept, Word::Gone, Word::Removed, Word::Updated];

/// What is reported.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// All objects with this outcome; everything that did not simply come where it is left out.
    #[serde(default)]
    outcome: Option<Word>,
}

#[utoipa::path(get, path = "/api/v2/imports/jumpcloud/{id}/report", tag = "imports",
    params(("id" = ObjectId, Path), ReportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), Reading))]
/// Export as CSV what did not come with a migration, why, and what to do
pub(crate) async fn report(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Query(query): Query<ReportQuery>,
) -> Result<Response, ApiError> {
    let directory = site.directory();
    migration::get(&mut directory.read(), who.org(), id).await?;
    let job = (who.org(), id);
    let text = match query.outcome {
        Some(outcome) => {
            let mut out = begun()?;
            rows(directory, job, outcome, &mut out, |_| true).await?;
            ended(out)?
        }
        None => written(directory, job).await?,
    };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"migration.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// The report's text.
///
/// # Errors
/// The database's.
pub(crate) async fn written(directory: &Directory, job: (Id, Id)) -> Result<String, Error> {
    let mut out = begun()?;
    for word in TOLD {
        rows(directory, job, word, &mut out, |row| is_told(word, row)).await?;
    }
    // What came, but not with everything.
    for word in [Word::Created, Word::Linked] {
        rows(directory, job, word, &mut out, |row| row.told.as_ref().is_some_and(|t| !t.reason.is_empty())).await?;
    }
    ended(out)
}

type Table = csv::Writer<Vec<u8>>;

fn wrong(e: impl std::fmt::Display) -> Error {
    Error::Internal(e.to_string())
}

fn begun() -> Result<Table, Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["outcome", "kind", "name", "id there", "id here", "kept as it is here", "reason"])
        .map_err(wrong)?;
    Ok(out)
}

fn ended(out: Table) -> Result<String, Error> {
    String::from_utf8(out.into_inner().map_err(wrong)?).map_err(wrong)
}

/// Writes those with an outcome of whom it is told.
async fn rows(
    directory: &Directory,
    job: (Id, Id),
    word: Word,
    out: &mut Table,
    is_told: impl Fn(&Row) -> bool,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let wanted = Wanted { kind: "", outcome: word.word(), after };
        let rows = migration::page(&mut directory.read(), job, wanted, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for row in rows.iter().filter(|row| is_told(row)) {
            out.write_record(line(row)).map_err(wrong)?;
        }
    }
}

/// Of what changed only what was left.
fn is_told(word: Word, row: &Row) -> bool {
    word != Word::Updated || row.told.as_ref().is_some_and(|t| !t.kept.is_empty() || !t.reason.is_empty())
}

fn line(row: &Row) -> [String; 7] {
    let told = row.told.clone().unwrap_or_else(|| migration::Told::new(Word::NotBrought));
    [
        told.outcome.word().to_owned(),
        row.kind.word().to_owned(),
        plain(&row.name),
        plain(&row.remote_id),
        told.local_id.filter(|_| row.is_done).map(|id| id.text()).unwrap_or_default(),
        plain(&told.kept.join(", ")),
        plain(&told.reason),
    ]
}

/// A text that no spreadsheet takes for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_source_says_is_a_formula() {
        for evil in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            let mut told = migration::Told::new(Word::Kept).because(evil);
            told.kept = vec![evil.into()];
            let (name, parent, remote_id) = (evil.to_owned(), String::new(), evil.to_owned());
            let row =
                Row { seq: 1, kind: migration::Kind::User, parent, remote_id, name, told: Some(told), is_done: true };
            let cells = line(&row);
            assert_eq!(cells.iter().filter(|cell| cell.starts_with('\'')).count(), 4, "{cells:?}");
        }
    }
}
