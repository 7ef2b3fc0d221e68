//! A token becomes another one, for less (RFC 8693).

use muster_directory::application::subject;
use muster_oauth::token::Response;
use muster_oauth::token_exchange::{self, ACCESS_TOKEN, Exchange};
use muster_oauth::{Error, ErrorCode};
use serde_json::Value;

use super::Asked;
use crate::access_token::issue::{self, New};
use crate::access_token::{self, Read, Subject};
use crate::client::Client;
use crate::error::Refusal;
use crate::grant::Grant;
use crate::grant::store;
use crate::holder::Holder;

pub(super) async fn answer(asked: &Asked<'_>, exchange: &Exchange) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &*asked.client);
    let about = read(asked, "subject_token", &exchange.subject_token).await?;
    if !may_exchange(client, &about) {
        let why = "the subject_token was given to another client and is not for this one: name that client in \
                   tokenExchangeClients";
        return Err(Error::new(ErrorCode::InvalidRequest, why).into());
    }
    let was_bound = Holder::of(&about.claims).confirmation().is_some();
    if was_bound && asked.holder.confirmation().is_none() {
        return Err(Error::invalid_request("the subject_token is bound to a key: prove one in the header DPoP").into());
    }
    let actor = actor(asked, exchange).await?;
    let before = token_exchange::Subject {
        scope: about.scope.clone(),
        audience: about.audience(),
        expires_at_s: about.claims.get("exp").and_then(Value::as_i64).unwrap_or_default(),
        act: about.claims.get("act").cloned(),
    };
    let now_s = site.directory().env().clock.now().seconds();
    let exchanged = token_exchange::shrink(&before, exchange, client.oidc.access_token_ttl_s, now_s)?;
    let act = match &actor {
        Some(actor) => Some(token_exchange::act(actor, before.act.as_ref())?),
        None => before.act,
    };
    let grant = grant(asked, &about).await?;
    let sub = named(asked, &about).await?;
    let new = New {
        client,
        subject: &sub,
        scope: &exchanged.scope,
        audience: &exchanged.audience,
        grant: grant.as_ref(),
        acr: about.claims.get("acr").and_then(Value::as_str),
        holder: &asked.holder,
        exchanged: true,
        act: act.as_ref(),
        ends_by_s: Some(exchanged.expires_at_s),
    };
    let made = issue::issue(site, new).await?;
    Ok(Response {
        access_token: made.token,
        token_type: asked.holder.token_type().to_owned(),
        issued_token_type: Some(ACCESS_TOKEN.to_owned()),
        expires_in: u64::try_from(made.expires_in_s).ok(),
        scope: Some(exchanged.scope.to_string()),
        ..Response::default()
    })
}

/// A token that holds; one that does not is a fault of the request (section 2.2.2).
async fn read(asked: &Asked<'_>, name: &str, token: &str) -> Result<Read, Refusal> {
    match access_token::read(asked.site, &asked.client.organization, token).await {
        Err(Refusal::Protocol(error)) if error.code == ErrorCode::InvalidToken => {
            Err(Error::invalid_request(format!("{name}: {}", error.description)).into())
        }
        other => other,
    }
}

/// A client exchanges its own tokens, those that are for it, and those of the clients that an administrator named.
fn may_exchange(client: &Client, subject: &Read) -> bool {
    let own = client.id();
    let from = subject.client.id();
    from == own || subject.audience().contains(&own) || client.oidc.access.token_exchange_clients.contains(&from)
}

/// Who acts: the one of the `actor_token`, which was given to this client; else the client, unless it may do without.
async fn actor(asked: &Asked<'_>, exchange: &Exchange) -> Result<Option<String>, Refusal> {
    let client = &asked.client;
    let Some(token) = &exchange.actor_token else {
        return Ok((!client.oidc.access.token_exchange_impersonation).then(|| client.id()));
    };
    let actor = read(asked, "actor_token", token).await?;
    if actor.client.app.id != client.app.id {
        return Err(Error::invalid_request("actor_token: it was given to another client").into());
    }
    Ok(Some(actor.sub().to_owned()))
}

/// The one whom the new token is about, by the name under which this client knows them.
async fn named(asked: &Asked<'_>, about: &Read) -> Result<String, Refusal> {
    match &about.subject {
        Subject::Client => Ok(about.sub().to_owned()),
        Subject::Person(granted) => {
            let (directory, client) = (asked.site.directory(), &asked.client);
            Ok(subject::of(directory, client.organization.id, &client.oidc, granted.standing.user.id).await?)
        }
    }
}

/// The grant on which the subject's token stands: the new one ends with it.
async fn grant(asked: &Asked<'_>, subject: &Read) -> Result<Option<Grant>, Refusal> {
    let Subject::Person(_) = subject.subject else { return Ok(None) };
    let id = subject.claims.get("grant_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    let org = asked.client.organization.id;
    Ok(store::by_id(&mut asked.site.directory().read(), org, id).await?)
}
