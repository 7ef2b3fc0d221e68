//! Redeems a refresh token: it is replaced at each use, and one that comes twice revokes its whole family (RFC 9700
//! section 4.14.2).

use std::sync::Arc;

use muster_base::{Digest, Micros, Secret};
use muster_db::{Tx, Work};
use muster_directory::{Directory, Error, Result, logout};
use muster_oauth::{self as oauth, Scope};

use super::model::Refused;
use super::redeem::Granted;
use super::standing::{self, Standing};
use super::{Grant, store};
use crate::client::Client;

/// The same words for a token that never was and for another client's, which learns nothing.
const UNKNOWN: Refused = Refused::quietly("the refresh token is unknown or was issued to another client");
const REUSED: Refused =
    Refused { reason: "the refresh token was used before: everything granted with it is revoked", revoke: true };

/// Why a refresh is refused.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The token is not good.
    Grant(Refused),
    /// The token is good, but more was asked for than was granted: it is not used up.
    Scope(oauth::Error),
}

/// Redeems the token and gives the next one, with the scope of the access token: the granted one or less. The next
/// token keeps the granted scope (RFC 6749 section 6).
///
/// # Errors
/// The database's; a refusal is the inner error.
pub async fn refresh(
    directory: &Directory,
    client: Arc<Client>,
    token: &Secret,
    scope: Option<Scope>,
) -> Result<Result<(Granted, Scope), Refusal>> {
    let next = directory.env().secret();
    let now = directory.env().clock.now();
    let work = Refresh { client, token: token.digest(), scope, next: next.digest(), now };
    let outcome = directory.db().write(work).await?;
    Ok(outcome.map(|(grant, standing, scope)| (Granted { grant, standing, refresh_token: Some(next) }, scope)))
}

struct Refresh {
    client: Arc<Client>,
    token: Digest,
    scope: Option<Scope>,
    next: Digest,
    now: Micros,
}

impl Work for Refresh {
    type Out = Result<(Grant, Standing, Scope), Refusal>;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out> {
        let (client, now, org) = (&*self.client, self.now, self.client.organization.id);
        let refused = |refused| Ok(Err(Refusal::Grant(refused)));
        let Some(found) = store::refresh_token(tx, org, self.token).await? else { return refused(UNKNOWN) };
        // The family is locked by its grant; what was read before the lock is read again behind it.
        let grant = store::lock_by_id(tx, org, found.grant).await?.filter(|g| g.app == client.app.id);
        let kept = store::refresh_token(tx, org, self.token).await?;
        let (Some(grant), Some(kept)) = (grant, kept) else { return refused(UNKNOWN) };
        if grant.revoked_at.is_some() {
            return refused(Refused::quietly("the refresh token was revoked"));
        }
        if kept.used_at.is_some() {
            store::revoke(tx, &grant, now).await?;
            return refused(REUSED);
        }
        if now >= kept.expires_at {
            return refused(Refused::quietly("the refresh token has expired"));
        }
        let scope = match grant.scope.shrink_to(self.scope.as_ref()) {
            Ok(scope) => scope,
            Err(error) => return Ok(Err(Refusal::Scope(error))),
        };
        let standing = match standing::load(tx, client, &grant, now).await? {
            Ok(standing) => standing,
            Err(reason) => return refused(Refused::quietly(reason)),
        };
        if standing.session.is_some() {
            // It may have lost the application and got it back in between.
            logout::note::note(tx, org, grant.session, grant.app, grant.user, now).await?;
        }
        let refresh_expires_at = now.plus_s(client.oidc.refresh_token_ttl_s);
        store::set_used(tx, org, self.token, now).await?;
        store::insert_refresh_token(tx, &grant, self.next, now, refresh_expires_at).await?;
        store::extend(tx, &grant, refresh_expires_at.max(now.plus_s(client.oidc.access_token_ttl_s))).await?;
        Ok(Ok((grant, standing, scope)))
    }
}
