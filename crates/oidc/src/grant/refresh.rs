//! Redeems a refresh token: it is replaced at each use, and one that comes twice revokes its whole family (RFC 9700
//! section 4.14.2), unless its answer may have been lost: see [`GRACE_S`].

use std::sync::Arc;

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::{Tx, Work};
use muster_directory::{Directory, Error, Result, logout};
use muster_oauth::{self as oauth, Scope};

use super::model::Refused;
use super::redeem::Granted;
use super::standing::{self, Standing};
use super::store::KeptRefreshToken;
use super::{Grant, store};
use crate::client::Client;

/// How long a token that was just used is answered with the very token that replaced it, in seconds: the answer may have
/// been lost on its way. Only to a client that proves to be the same (by its secret or key), and only until the
/// replacement was used, since then it had arrived.
pub const GRACE_S: i64 = 10;

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

/// What the client shows.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The token.
    pub token: Secret,
    /// The scope it asks for; none for the granted one.
    pub scope: Option<Scope>,
    /// The key whose possession it proved.
    pub jkt: Option<String>,
}

/// Redeems the token and gives the next one, with the scope of the access token: the granted one or less. The next
/// token keeps the granted scope (RFC 6749 section 6).
///
/// # Errors
/// The database's; a refusal is the inner error.
pub async fn refresh(
    directory: &Directory,
    client: Arc<Client>,
    presented: Presented,
) -> Result<Result<(Granted, Scope), Refusal>> {
    let next = directory.env().secret();
    let now = directory.env().clock.now();
    let token = presented.token.digest();
    let purpose = purpose(client.organization.id, &token);
    let next_sealed = directory.keyring().seal(&purpose, next.expose().as_bytes(), &directory.env().rng);
    let next_digest = next.digest();
    let work =
        Refresh { client, token, scope: presented.scope, jkt: presented.jkt, next: next_digest, next_sealed, now };
    let outcome = directory.db().write(work).await?;
    let redeemed = match outcome {
        Ok(redeemed) => redeemed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let next = match redeemed.again {
        None => next,
        Some(sealed) => unseal(directory, &purpose, &sealed)?,
    };
    let granted = Granted { grant: redeemed.grant, standing: redeemed.standing, refresh_token: Some(next) };
    Ok(Ok((granted, redeemed.scope)))
}

fn purpose(org: Id, token: &Digest) -> String {
    format!("refresh_token.next:{org}:{}", hex::encode(token))
}

fn unseal(directory: &Directory, purpose: &str, sealed: &[u8]) -> Result<Secret> {
    let opened = directory.keyring().open(purpose, sealed);
    let text = opened.ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    text.map(Secret::new).ok_or_else(|| Error::Internal("oidc_refresh_tokens.next_sealed does not open".into()))
}

struct Refresh {
    client: Arc<Client>,
    token: Digest,
    scope: Option<Scope>,
    jkt: Option<String>,
    next: Digest,
    next_sealed: Vec<u8>,
    now: Micros,
}

struct Redeemed {
    grant: Grant,
    standing: Standing,
    scope: Scope,
    /// The token that was given before, sealed.
    again: Option<Vec<u8>>,
}

impl Refresh {
    /// The sealed replacement of a used token, if it is to be given once more.
    async fn lost(&self, tx: &mut Tx, grant: &Grant, kept: &KeptRefreshToken) -> Result<Option<Vec<u8>>> {
        let proven = !self.client.oidc.is_public() || grant.refresh_jkt.is_some();
        let recent = kept.used_at.is_some_and(|at| self.now < at.plus_s(GRACE_S));
        let Some((next, sealed)) = kept.next.as_ref().filter(|_| proven && recent) else { return Ok(None) };
        let next = store::refresh_token(tx, grant.org, *next).await?;
        Ok(next.filter(|next| next.used_at.is_none()).map(|_| sealed.clone()))
    }
}

impl Work for Refresh {
    type Out = Result<Redeemed, Refusal>;
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
        if grant.refresh_jkt.is_some() && grant.refresh_jkt != self.jkt {
            return refused(Refused::quietly("the refresh token is bound to a key: prove it in the header DPoP"));
        }
        let again = match kept.used_at {
            None => None,
            Some(_) => match self.lost(tx, &grant, &kept).await? {
                Some(sealed) => Some(sealed),
                None => {
                    store::revoke(tx, &grant, now).await?;
                    return refused(REUSED);
                }
            },
        };
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
        if again.is_some() {
            return Ok(Ok(Redeemed { grant, standing, scope, again }));
        }
        if standing.session.is_some() {
            // It may have lost the application and got it back in between.
            logout::note::note(tx, org, grant.session, grant.app, grant.user, now).await?;
        }
        let refresh_expires_at = now.plus_s(client.oidc.refresh_token_ttl_s);
        store::set_used(tx, org, self.token, (&self.next, &self.next_sealed), now).await?;
        store::insert_refresh_token(tx, &grant, self.next, now, refresh_expires_at).await?;
        store::extend(tx, &grant, refresh_expires_at.max(now.plus_s(client.oidc.access_token_ttl_s))).await?;
        Ok(Ok(Redeemed { grant, standing, scope, again }))
    }
}
