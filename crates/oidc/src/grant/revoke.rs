//! Revokes a grant by one of its refresh tokens (RFC 7009).

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::{Tx, Work};
use muster_directory::{Directory, Error, Result};

use super::store;

/// Revokes the family of a refresh token of this application; tells whether there was one.
///
/// # Errors
/// The database's.
pub async fn revoke(directory: &Directory, org: Id, app: Id, token: &Secret) -> Result<bool> {
    directory.db().write(Revoke { org, app, token: token.digest(), now: directory.env().clock.now() }).await
}

struct Revoke {
    org: Id,
    app: Id,
    token: Digest,
    now: Micros,
}

impl Work for Revoke {
    type Out = bool;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<bool> {
        let Some(found) = store::refresh_token(tx, self.org, self.token).await? else { return Ok(false) };
        let Some(grant) = store::lock_by_id(tx, self.org, found.grant).await? else { return Ok(false) };
        if grant.app != self.app {
            return Ok(false);
        }
        store::revoke(tx, &grant, self.now).await?;
        Ok(true)
    }
}
