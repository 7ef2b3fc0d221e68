//! The introspection endpoint (RFC 7662), with signed answers for who asks for them (RFC 9701).

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use muster_base::Secret;
use muster_directory::application::subject;
use muster_directory::{Error as DirectoryError, key};
use muster_http::Site;
use muster_oauth::introspect::{self, Request, SIGNED, SIGNED_TYPE};
use muster_oauth::revoke::Hint;
use muster_oauth::{Error, ErrorCode};
use serde_json::{Map, Value, json};

use crate::access_token::{self, Read, Subject};
use crate::client::Client;
use crate::error::Refusal;
use crate::grant::{standing, store};
use crate::holder::Holder;
use crate::{body, client, organization};

/// What an answer hands on of an access token's claims.
const CLAIMS: [&str; 13] =
    ["iss", "sub", "aud", "client_id", "scope", "exp", "iat", "jti", "cnf", "act", "sid", "auth_time", "acr"];

/// `POST /o/{slug}/oauth2/introspect`. A token that does not hold, is unknown, or is none of the asker's business gets one
/// answer (section 2.2).
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let form = body::form(&headers, bytes)?;
    let client = client::authenticate(&site, &organization, &headers, &form).await?;
    if client.oidc.is_public() {
        let why = "a public client may not introspect: it cannot show that it is itself";
        return Err(Error::new(ErrorCode::InvalidClient, why).into());
    }
    let request = Request::read(&form)?;
    let answer = tell(&site, &client, &request).await?.unwrap_or_else(introspect::inactive);
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if introspect::wants_signed(accept) {
        return signed(&site, &client, answer).await;
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// What the asker may know; the hint only says where to look first (section 2.1).
async fn tell(site: &Site, asker: &Client, request: &Request) -> Result<Option<Map<String, Value>>, Refusal> {
    if request.token_type_hint == Some(Hint::RefreshToken)
        && let Some(answer) = refresh_token(site, asker, &request.token).await?
    {
        return Ok(Some(answer));
    }
    match access_token::read(site, &asker.organization, &request.token).await {
        Ok(read) => Ok(may_know(asker, &read).then(|| about(&read))),
        Err(Refusal::Protocol(error)) if error.code == ErrorCode::InvalidToken => {
            refresh_token(site, asker, &request.token).await
        }
        Err(other) => Err(other),
    }
}

/// A token's own client, those for whom it is, and those that an administrator lets ask about all.
fn may_know(asker: &Client, read: &Read) -> bool {
    let id = asker.id();
    asker.oidc.access.introspect_all_tokens || read.client.id() == id || read.audience().contains(&id)
}

fn about(read: &Read) -> Map<String, Value> {
    let mut answer = Map::from_iter([("active".to_owned(), Value::Bool(true))]);
    let told = CLAIMS.iter().filter_map(|name| read.claims.get_key_value(*name));
    answer.extend(told.map(|(name, value)| (name.clone(), value.clone())));
    answer.insert("token_type".to_owned(), Holder::of(&read.claims).token_type().into());
    if let Subject::Person(granted) = &read.subject {
        answer.insert("username".to_owned(), granted.standing.user.username.clone().into());
    }
    answer
}

/// A refresh token of the asker's own; another's is nobody's business.
async fn refresh_token(site: &Site, asker: &Client, token: &str) -> Result<Option<Map<String, Value>>, Refusal> {
    let (directory, org) = (site.directory(), asker.organization.id);
    let (mut read, now) = (directory.read(), directory.env().clock.now());
    let kept = store::refresh_token(&mut read, org, Secret::new(token).digest()).await?;
    let Some(kept) = kept.filter(|kept| kept.used_at.is_none() && now < kept.expires_at) else { return Ok(None) };
    let grant = store::by_id(&mut read, org, kept.grant).await?;
    let grant = grant.filter(|grant| grant.app == asker.app.id && grant.revoked_at.is_none());
    let Some(grant) = grant else { return Ok(None) };
    let Ok(standing) = standing::load(&mut read, asker, &grant, now).await? else { return Ok(None) };
    let sub = subject::of(directory, org, &asker.oidc, grant.user).await?;
    let answer = json!({
        "active": true,
        "iss": site.issuer(&asker.organization.slug),
        "sub": sub,
        "client_id": asker.app.id,
        "scope": grant.scope,
        "iat": kept.created_at.seconds(),
        "exp": kept.expires_at.seconds(),
        "sid": grant.session,
        "username": standing.user.username,
    });
    Ok(match answer {
        Value::Object(members) => Some(members),
        _ => None,
    })
}

/// RFC 9701 section 5.
async fn signed(site: &Site, client: &Client, answer: Map<String, Value>) -> Result<Response, Refusal> {
    let directory = site.directory();
    let alg = client.oidc.access.introspection_signed_response_alg;
    let alg = alg.unwrap_or(client.oidc.id_token_signed_response_alg);
    let key = key::signing(directory, client.organization.id, alg).await?;
    let issuer = site.issuer(&client.organization.slug);
    let claims = introspect::signed_claims(&issuer, &client.id(), directory.env().clock.now().seconds(), answer);
    let failed = |error| DirectoryError::Internal(format!("signing an introspection answer: {error}"));
    let token = key.sign(Some(SIGNED_TYPE), &claims).map_err(failed)?;
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, SIGNED)], token).into_response())
}
