//! `GET /Users/{id}`.

use muster_base::Id;
use muster_directory::fed_user::{Fed, store};
use muster_scim::Error;
use muster_scim::server::is_not_modified;

use super::show;
use crate::answer::{Answer, from_directory, missing};
use crate::list;
use crate::router::Asked;
use crate::schema;
use crate::service::Service;

/// One of those whom this directory feeds.
///
/// # Errors
/// 404 for everybody else.
pub(super) async fn find(s: &Service, id: &str) -> Result<Fed, Error> {
    let id: Id = id.parse().map_err(|_| missing())?;
    let found = store::by_id(&mut s.directory().read(), s.org(), s.provider(), id).await.map_err(from_directory)?;
    found.ok_or_else(missing)
}

/// Reads a person.
///
/// # Errors
/// 404.
pub(crate) async fn get(s: &Service, id: &str, asked: &Asked) -> Result<Answer, Error> {
    let projection = list::read(&asked.parameters, &schema::user([]))?.projection;
    let fed = find(s, id).await?;
    let answer = show::answer(s, &fed, 200, &projection).await?;
    let version = answer.etag.clone().unwrap_or_default();
    let opaque = version.trim_start_matches("W/").trim_matches('"');
    if is_not_modified(asked.if_none_match.as_deref(), opaque) {
        return Ok(Answer { status: 304, body: None, ..answer });
    }
    Ok(answer)
}
