//! `GET /Groups/{id}`.

use muster_base::Id;
use muster_directory::fed_group::{FedGroup, store};
use muster_scim::Error;
use muster_scim::server::is_not_modified;

use super::show;
use crate::answer::{Answer, from_directory, missing};
use crate::list;
use crate::router::Asked;
use crate::schema;
use crate::service::Service;

/// One of the groups that this directory keeps.
///
/// # Errors
/// 404 for every other.
pub(super) async fn find(s: &Service, id: &str) -> Result<FedGroup, Error> {
    let id: Id = id.parse().map_err(|_| missing())?;
    store::get(&mut s.directory().read(), s.org(), s.provider(), id).await.map_err(from_directory)
}

/// Reads a group.
///
/// # Errors
/// 404.
pub(crate) async fn get(s: &Service, id: &str, asked: &Asked) -> Result<Answer, Error> {
    let projection = list::read(&asked.parameters, schema::group())?.projection;
    let group = find(s, id).await?;
    let unchanged = is_not_modified(asked.if_none_match.as_deref(), &show::version(&group));
    let answer = show::answer(s, &group, if unchanged { 204 } else { 200 }, &projection).await?;
    Ok(if unchanged { Answer { status: 304, ..answer } } else { answer })
}
