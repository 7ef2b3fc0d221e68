//! Redeems a code: once, in one transaction with everything that it is checked against.

use std::sync::Arc;

use muster_base::{Digest, Micros, Secret};
use muster_db::{Tx, Work};
use muster_directory::{Directory, Error, Result, logout};

use super::model::{Presented, Refused, UNKNOWN_CODE};
use super::standing::{self, Standing};
use super::{Grant, store};
use crate::client::Client;

/// A grant that may be turned into tokens.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The grant.
    pub grant: Grant,
    /// Whom it is about.
    pub standing: Standing,
    /// A refresh token, where the grant has them.
    pub refresh_token: Option<Secret>,
}

/// Redeems the code.
///
/// # Errors
/// The database's; a refusal is the inner error.
pub async fn redeem(
    directory: &Directory,
    client: Arc<Client>,
    code: &Secret,
    presented: Presented,
) -> Result<Result<Granted, Refused>> {
    let refresh_token = directory.env().secret();
    let now = directory.env().clock.now();
    let work = Redeem { client, code: code.digest(), presented, refresh_token: refresh_token.digest(), now };
    let outcome = directory.db().write(work).await?;
    Ok(outcome.map(|(grant, standing)| {
        let refresh_token = grant.is_offline().then_some(refresh_token);
        Granted { grant, standing, refresh_token }
    }))
}

struct Redeem {
    client: Arc<Client>,
    code: Digest,
    presented: Presented,
    refresh_token: Digest,
    now: Micros,
}

impl Work for Redeem {
    type Out = Result<(Grant, Standing), Refused>;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out> {
        let (client, now) = (&*self.client, self.now);
        let Some(mut grant) = store::lock_by_code(tx, client.organization.id, self.code).await? else {
            return Ok(Err(UNKNOWN_CODE));
        };
        if let Err(refused) = grant.check_code(&self.presented, now) {
            if refused.revoke {
                // A refusal that changes something is an answer, not an error: an error would roll it back.
                store::revoke(tx, &grant, now).await?;
            }
            return Ok(Err(refused));
        }
        let standing = match standing::load(tx, client, &grant, now).await? {
            Ok(standing) => standing,
            Err(reason) => return Ok(Err(Refused::quietly(reason))),
        };
        let mut expires_at = now.plus_s(client.oidc.access_token_ttl_s);
        if client.oidc.is_public() {
            grant.refresh_jkt.clone_from(&self.presented.jkt);
        }
        if grant.is_offline() {
            let refresh_expires_at = now.plus_s(client.oidc.refresh_token_ttl_s);
            store::insert_refresh_token(tx, &grant, self.refresh_token, now, refresh_expires_at).await?;
            expires_at = expires_at.max(refresh_expires_at);
        }
        store::set_redeemed(tx, &grant, now, expires_at).await?;
        // From here on the application has to hear of the session's end.
        logout::note::note(tx, grant.org, grant.session, grant.app, grant.user, now).await?;
        grant.redeemed_at = Some(now);
        Ok(Ok((grant, standing)))
    }
}
