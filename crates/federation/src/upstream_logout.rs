//! A provider tells us that a session there ended: server to server with a logout token (OpenID Connect Back-Channel Logout
//! 1.0 section 2.5), or by the person's browser with the session's name (Front-Channel Logout 1.0 section 2). The sessions
//! here that began with it end, and with them those of the applications.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use muster_base::{Digest, Id, Micros, digest, limits};
use muster_db::sql;
use muster_directory::actor::ActorKind;
use muster_directory::application::oidc::logout::origin;
use muster_directory::identity_provider::{self, IdentityProvider, Kind};
use muster_directory::session::{self, end::End};
use muster_directory::{Actor, Directory, Error, Result, Verb, Write, organization};
use muster_http::{ApiError, Context, Site};
use muster_jose::Alg;
use muster_oauth::Params;
use muster_oauth::relying_party::{LogoutChecks, LogoutClaims, SubjectRule, check_logout_token};
use serde::Deserialize;
use serde_json::json;

use crate::provider::Providers;
use crate::token;

const FORM: &str = "application/x-www-form-urlencoded";

sql! {
    LOGOUT_TOKEN_USE = "INSERT INTO federation_logout_tokens (org_id, idp_id, digest, expires_at) VALUES ($1, $2, $3, $4) \
                        ON CONFLICT (org_id, idp_id, digest) DO NOTHING";
    global LOGOUT_TOKENS_PRUNE = "DELETE FROM federation_logout_tokens WHERE expires_at < $1";
}

/// Removes the names of logout tokens that have expired by themselves.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    Ok(directory.db().exec(&LOGOUT_TOKENS_PRUNE, &[now.into()]).await?)
}

/// Why nothing was ended.
enum Refused {
    /// The token does not hold (section 2.6): 400.
    Token(String),
    /// The provider's keys cannot be read at the moment: it may try again.
    Later(String),
    /// No such organization or provider, or the database's.
    Other(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, why) = match self {
            Self::Token(why) => (StatusCode::BAD_REQUEST, why),
            Self::Later(why) => (StatusCode::SERVICE_UNAVAILABLE, why),
            Self::Other(error) => return ApiError::from(error).into_response(),
        };
        let body = json!({"error": "invalid_request", "error_description": why});
        (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

/// `POST /o/{slug}/federation/{idp}/backchannel-logout`
pub async fn back_channel(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    Path((slug, idp)): Path<(String, String)>,
    context: Context,
    headers: HeaderMap,
    bytes: std::result::Result<Bytes, BytesRejection>,
) -> Response {
    match by_token(&site, &providers, (&slug, &idp), &context, &headers, bytes).await {
        Ok(()) => (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn by_token(
    site: &Site,
    providers: &Providers,
    (slug, idp): (&str, &str),
    context: &Context,
    headers: &HeaderMap,
    bytes: std::result::Result<Bytes, BytesRejection>,
) -> std::result::Result<(), Refused> {
    let malformed = || Refused::Token(format!("send logout_token as a form: content-type {FORM}"));
    let idp = provider(site.directory(), slug, idp).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM)) {
        return Err(malformed());
    }
    let bytes = bytes.map_err(|_| malformed())?;
    let form = std::str::from_utf8(&bytes).ok().and_then(|text| Params::parse(text).ok()).ok_or_else(malformed)?;
    let logout_token = form.get("logout_token").ok_or_else(malformed)?;
    let documents = providers.documents(&idp.doc.url).await.map_err(Refused::Later)?;
    let opened = token::decrypted(site.directory(), &idp, logout_token).await?.map_err(Refused::Token)?;
    let (verified, documents) =
        token::verified(providers, &idp, documents, &opened, &Alg::ALL).await.map_err(Refused::Token)?;
    let checks = LogoutChecks {
        issuer: &documents.issuer,
        client_id: &idp.doc.client_id,
        now_s: site.directory().env().clock.now().seconds(),
        skew_s: limits::CLOCK_SKEW_S,
        subject: if idp.doc.kind == Kind::Azure { SubjectRule::TidOid } else { SubjectRule::Sub },
    };
    let claims = check_logout_token(verified.header.typ.as_deref(), &verified.claims, &checks);
    let claims = claims.map_err(|error| Refused::Token(error.to_string()))?;
    match site.directory().write(actor(&idp, context), idp.org, EndByToken { idp: idp.id, claims }).await {
        Ok(()) => Ok(()),
        Err(Error::Conflict(why)) => Err(Refused::Token(why)),
        Err(error) => Err(error.into()),
    }
}

/// What the browser says.
#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sid: String,
}

/// `GET /o/{slug}/federation/{idp}/frontchannel-logout?iss=...&sid=...`, in a frame of the provider's. Our cookie does not
/// come along there, so the session's name is what counts: only the provider and the person's browser know it.
pub async fn front_channel(
    State(site): State<Site>,
    Extension(providers): Extension<Arc<Providers>>,
    Path((slug, idp)): Path<(String, String)>,
    context: Context,
    Query(named): Query<Named>,
) -> std::result::Result<Response, ApiError> {
    let idp = provider(site.directory(), &slug, &idp).await?;
    let issuer = match providers.documents(&idp.doc.url).await {
        Ok(documents) => documents.issuer,
        Err(problem) => return Ok(Refused::Later(problem).into_response()),
    };
    if named.sid.is_empty() || named.sid.contains('\0') || issuer.as_str() != named.iss {
        return Ok(Refused::Token("iss and sid are needed, and iss has to be the provider's".into()).into_response());
    }
    let verb = EndBySession { idp: idp.id, sid: named.sid, user: None };
    site.directory().write(actor(&idp, &context), idp.org, verb).await?;
    let origin = origin(issuer.as_str()).unwrap_or_default();
    let headers = [
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, format!("default-src 'none'; frame-ancestors {origin}")),
    ];
    Ok((headers, Html("<!doctype html><title>Signed out</title>")).into_response())
}

async fn provider(directory: &Directory, slug: &str, idp: &str) -> Result<IdentityProvider> {
    let missing = || Error::Missing("identity provider");
    let organization = organization::store::by_slug(&mut directory.read(), slug).await?.ok_or_else(missing)?;
    let idp: Id = idp.parse().map_err(|_| missing())?;
    identity_provider::store::get(&mut directory.read(), organization.id, idp).await
}

fn actor(idp: &IdentityProvider, context: &Context) -> Actor {
    Actor { kind: ActorKind::Federation, id: Some(idp.id), request_id: Some(context.request_id.clone()) }
}

/// The token is used up and the sessions end in one transaction: one that is sent again after a crash still counts, one
/// that counted does not count again.
struct EndByToken {
    idp: Id,
    claims: LogoutClaims,
}

impl Verb for EndByToken {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let (org, claims) = (w.org(), &self.claims);
        let name: Digest = digest(format!("{}\0{}", claims.issuer, claims.jti).as_bytes());
        let expires_at = Micros(claims.expires_s.saturating_mul(1_000_000));
        let params = [(&org).into(), (&self.idp).into(), (&name).into(), expires_at.into()];
        if w.exec(&LOGOUT_TOKEN_USE, &params).await? == 0 {
            return Err(Error::Conflict("the logout token was used before (jti)".into()));
        }
        let user = match &claims.subject {
            None => None,
            Some(subject) => {
                let linked = identity_provider::store::linked(w, org, self.idp, &claims.issuer, subject).await?;
                let Some(user) = linked else { return Ok(()) };
                Some(user)
            }
        };
        match (&claims.sid, user) {
            (Some(sid), user) => EndBySession { idp: self.idp, sid: sid.clone(), user }.run(w).await,
            (None, Some(user)) => {
                let all = session::store::of_principal(w, Some(org), session::Kind::User, user).await?;
                end(w, all.into_iter().filter(|s| s.idp == Some(self.idp)).map(|s| s.id).collect()).await
            }
            (None, None) => Ok(()),
        }
    }
}

/// Ends what began with a session there; with `user`, only where it is theirs.
struct EndBySession {
    idp: Id,
    sid: String,
    user: Option<Id>,
}

impl Verb for EndBySession {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        let all = session::store::of_upstream(w, org, self.idp, &self.sid).await?;
        let theirs = all.into_iter().filter(|s| self.user.is_none_or(|user| s.principal == user));
        end(w, theirs.map(|s| s.id).collect()).await
    }
}

async fn end(w: &mut Write<'_>, sessions: BTreeSet<Id>) -> Result<()> {
    for session in sessions {
        End { session, principal: None }.run(w).await?;
    }
    Ok(())
}
