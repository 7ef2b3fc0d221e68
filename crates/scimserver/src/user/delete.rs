//! `DELETE /Users/{id}`.

use muster_directory::fed_user::drop_user::DropUser;
use muster_scim::{Error, server};

use super::{get, show};
use crate::answer::{Answer, from_directory};
use crate::service::Service;

/// Takes a person out: whom this directory made is removed, whom it took over is kept out.
///
/// # Errors
/// 404 and 412.
pub(crate) async fn delete(s: &Service, id: &str, if_match: Option<&str>) -> Result<Answer, Error> {
    let before = get::find(s, id).await?;
    server::check_if_match(if_match, &show::version(&before, &show::resource(&before)))?;
    let expected = if_match.map(|_| before.version);
    let drop = DropUser { provider: s.provider(), id: before.user.id, expected };
    s.write(drop).await.map_err(from_directory)?;
    Ok(Answer::nothing())
}
