//! A device asks for its tokens (RFC 8628 sections 3.4 and 3.5): one transaction, in which an allowed request becomes a
//! grant and is gone.

use std::sync::Arc;

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::{Tx, Work};
use muster_directory::{Directory, Error, Result, logout};

use super::model::{Allowed, Answer, SLOWER_BY_S};
use super::{Request, store};
use crate::client::Client;
use crate::grant::model::Terms;
use crate::grant::redeem::Granted;
use crate::grant::standing::{self, Standing};
use crate::grant::{Grant, store as grants};

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Ask again.
    Pending,
    /// It asked too soon, and waits so long from now on, in seconds.
    TooSoon {
        /// The seconds.
        interval_s: i64,
    },
    /// The codes have ended.
    Expired,
    /// The person said no.
    Denied,
    /// The code is unknown, or the person may not use the application any more.
    Grant(&'static str),
}

/// Asks; `jkt` is the key whose possession the device proved.
///
/// # Errors
/// The database's; a refusal is the inner error.
pub async fn poll(
    directory: &Directory,
    client: Arc<Client>,
    device_code: &Secret,
    jkt: Option<String>,
) -> Result<Result<Granted, Refusal>> {
    let (env, refresh_token) = (directory.env(), directory.env().secret());
    let work = Poll {
        client,
        device_code: device_code.digest(),
        jkt,
        grant: env.id(),
        refresh_token: refresh_token.digest(),
        now: env.clock.now(),
    };
    let outcome = directory.db().write(work).await?;
    Ok(outcome.map(|(grant, standing)| {
        let refresh_token = grant.is_offline().then_some(refresh_token);
        Granted { grant, standing, refresh_token }
    }))
}

struct Poll {
    client: Arc<Client>,
    device_code: Digest,
    jkt: Option<String>,
    grant: Id,
    refresh_token: Digest,
    now: Micros,
}

impl Work for Poll {
    type Out = Result<(Grant, Standing), Refusal>;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out> {
        let (client, now) = (&*self.client, self.now);
        let request = store::lock(tx, client.organization.id, self.device_code).await?;
        // Another client's attempt changes nothing and learns nothing.
        let Some(request) = request.filter(|request| request.app == client.app.id) else {
            return Ok(Err(Refusal::Grant("the device code is unknown or was issued to another client")));
        };
        let allowed = match request.answer(now) {
            Answer::Tokens(allowed) => allowed,
            Answer::Pending => {
                store::set_asked(tx, &request, request.interval_s, now).await?;
                return Ok(Err(Refusal::Pending));
            }
            Answer::TooSoon => {
                let interval_s = request.interval_s + SLOWER_BY_S;
                store::set_asked(tx, &request, interval_s, now).await?;
                return Ok(Err(Refusal::TooSoon { interval_s }));
            }
            Answer::Expired => return Ok(Err(Refusal::Expired)),
            Answer::Denied => return Ok(Err(Refusal::Denied)),
        };
        store::delete(tx, &request).await?;
        let mut grant = self.grant(&request, allowed);
        let standing = match standing::load(tx, client, &grant, now).await? {
            Ok(standing) => standing,
            Err(reason) => return Ok(Err(Refusal::Grant(reason))),
        };
        grant.expires_at = now.plus_s(client.oidc.access_token_ttl_s);
        let refresh_expires_at = now.plus_s(client.oidc.refresh_token_ttl_s);
        if grant.is_offline() {
            grant.expires_at = grant.expires_at.max(refresh_expires_at);
        }
        grants::insert(tx, &grant).await?;
        if grant.is_offline() {
            grants::insert_refresh_token(tx, &grant, self.refresh_token, now, refresh_expires_at).await?;
        }
        // From here on the application has to hear of the session's end.
        logout::note::note(tx, grant.org, grant.session, grant.app, grant.user, now).await?;
        Ok(Ok((grant, standing)))
    }
}

impl Poll {
    /// The grant that an allowed request becomes: as if its code had just been redeemed.
    fn grant(&self, request: &Request, allowed: Allowed) -> Grant {
        Grant {
            org: request.org,
            id: self.grant,
            app: request.app,
            user: allowed.user,
            session: allowed.session,
            code: request.device_code,
            code_expires_at: request.expires_at,
            redirect_uri: String::new(),
            code_challenge: None,
            dpop_jkt: None,
            refresh_jkt: self.jkt.clone().filter(|_| self.client.oidc.is_public()),
            nonce: None,
            scope: request.scope.clone(),
            terms: Terms::default(),
            method: allowed.method,
            auth_at: allowed.auth_at,
            created_at: self.now,
            redeemed_at: Some(self.now),
            revoked_at: None,
            expires_at: self.now,
        }
    }
}
