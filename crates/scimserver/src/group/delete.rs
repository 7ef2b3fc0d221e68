//! `DELETE /Groups/{id}`.

use muster_directory::fed_group::drop_group::DropGroup;
use muster_scim::{Error, server};

use super::{get, show};
use crate::answer::{Answer, from_directory};
use crate::service::Service;

/// Removes a group, and with it what it gave.
///
/// # Errors
/// 404 and 412.
pub(crate) async fn delete(s: &Service, id: &str, if_match: Option<&str>) -> Result<Answer, Error> {
    let before = get::find(s, id).await?;
    server::check_if_match(if_match, &show::version(&before))?;
    let expected = if_match.map(|_| before.version);
    s.write(DropGroup { provider: s.provider(), id: before.id, expected }).await.map_err(from_directory)?;
    Ok(Answer::nothing())
}
