//! All people as a table, in the columns that the import takes.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use muster_base::Id;
use muster_directory::listing;
use muster_directory::user::User;
use muster_directory::user::column::{COLUMNS, CUSTOM, PHONE, cell};
use muster_directory::{Directory, Error};
use muster_http::{AdminOrg, ApiError, Site};

use crate::failure::Reading;

/// People read together.
const PAGE: i64 = 1_000;

#[utoipa::path(get, path = "/api/v2/users/export", tag = "users",
    responses((status = 200, body = String, content_type = "text/csv"), Reading))]
/// Export all people as CSV, in the columns that the import takes
pub(crate) async fn export(State(site): State<Site>, who: AdminOrg) -> Result<Response, ApiError> {
    let directory = site.directory().clone();
    let org = who.org();
    let columns = columns(&directory, org).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"users.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    // Page by page, so that a large organization is not held in memory.
    let first = Reader { directory, org, columns, after: Some(None) };
    let pages = stream::unfold(first, |reader| async move { reader.next().await });
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// The fixed columns, then those of the phone numbers and custom attributes that somebody has.
async fn columns(directory: &Directory, org: Id) -> Result<Vec<String>, Error> {
    let mut s = directory.read();
    let mut further = BTreeSet::new();
    let mut after = String::new();
    loop {
        let page = listing::page::<User>(&mut s, org, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id.text();
        for user in &page {
            let phones = user.profile.phone_numbers.iter().filter_map(|n| n.kind.as_deref());
            further.extend(phones.map(|kind| format!("{PHONE}{kind}")));
            further.extend(user.profile.attributes.iter().map(|a| format!("{CUSTOM}{}", a.name)));
        }
    }
    Ok(COLUMNS.iter().map(|(name, _)| (*name).to_owned()).chain(further).collect())
}

struct Reader {
    directory: Directory,
    org: Id,
    columns: Vec<String>,
    /// The last one written, nobody before the first page; `None` at the end.
    after: Option<Option<Id>>,
}

impl Reader {
    async fn next(mut self) -> Option<(Result<Vec<u8>, Error>, Self)> {
        let after = self.after?;
        let text = after.as_ref().map_or_else(String::new, Id::text);
        let page = match listing::page::<User>(&mut self.directory.read(), self.org, &text, PAGE).await {
            Ok(page) => page,
            Err(error) => {
                self.after = None;
                return Some((Err(error), self));
            }
        };
        if after.is_some() && page.is_empty() {
            return None;
        }
        self.after = page.last().map(|user| Some(user.id));
        let bytes = lines(&self.columns, after.is_none(), &page);
        Some((bytes, self))
    }
}

fn lines(columns: &[String], with_names: bool, users: &[User]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let internal = |error: String| Error::Internal(format!("a table could not be written: {error}"));
    if with_names {
        writer.write_record(columns).map_err(|e| internal(e.to_string()))?;
    }
    for user in users {
        writer.write_record(columns.iter().map(|column| cell(user, column))).map_err(|e| internal(e.to_string()))?;
    }
    writer.into_inner().map_err(|e| internal(e.to_string()))
}
