//! Turns a grant into tokens: a JWT access token (RFC 9068), an ID token, and the refresh token that the grant brings.

use muster_base::Micros;
use muster_directory::{Error, Result, key};
use muster_http::Site;
use muster_jose::{SigningKey, half_hash};
use muster_oauth::Scope;
use muster_oauth::token::Response;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::discovery::SCOPES;
use crate::grant::redeem::Granted;
use crate::grant::standing::Standing;
use crate::{acr, claims, requested_claims};

/// The declared type of an access token (RFC 9068 section 2.1), by which nothing else of ours is taken for one.
pub const ACCESS_TOKEN_TYPE: &str = "at+jwt";
/// The declared type of an ID token.
pub const ID_TOKEN_TYPE: &str = "JWT";
/// How long an ID token is valid, in seconds: it is read once, when the person arrives.
const ID_TOKEN_TTL_S: i64 = 3600;

/// What the tokens are made from.
pub struct Issue<'a> {
    /// The site.
    pub site: &'a Site,
    /// To whom.
    pub client: &'a Client,
    /// The grant and whom it is about.
    pub granted: &'a Granted,
    /// The scope of this access token: the grant's or less.
    pub scope: Scope,
    /// What this access token is for: the grant's resources or some of them; none: this provider.
    pub resource: Vec<String>,
    /// The request's `nonce`; a refreshed ID token has none (OpenID Connect Core section 12.2).
    pub nonce: Option<&'a str>,
}

impl Issue<'_> {
    /// Signs the tokens.
    ///
    /// # Errors
    /// The database's, where the keys are read; the signing library's.
    pub async fn tokens(&self) -> Result<Response> {
        let oidc = &self.client.oidc;
        let directory = self.site.directory();
        let key = key::signing(directory, self.client.organization.id, oidc.id_token_signed_response_alg).await?;
        let issuer = self.site.issuer(&self.client.organization.slug);
        let now = directory.env().clock.now();
        let access_token = sign(&key, ACCESS_TOKEN_TYPE, &self.access_claims(&issuer, now))?;
        let id_token = match self.scope.contains("openid") {
            true => Some(sign(&key, ID_TOKEN_TYPE, &self.id_claims(&issuer, now, &key, &access_token))?),
            false => None,
        };
        Ok(Response {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in: u64::try_from(oidc.access_token_ttl_s).ok(),
            refresh_token: self.granted.refresh_token.as_ref().map(|token| token.expose().to_owned()),
            id_token,
            scope: Some(self.scope.to_string()),
        })
    }

    /// RFC 9068 section 2.2. The audience is the issuer: the token opens our own userinfo endpoint, and whatever else
    /// takes tokens of this issuer. A token that was asked for by resource is for that alone (RFC 8707 section 2.2): whoever
    /// it was sent to cannot use it here.
    fn access_claims(&self, issuer: &str, now: Micros) -> Value {
        let grant = &self.granted.grant;
        json!({
            "iss": issuer,
            "sub": grant.user,
            "aud": audience(issuer, &self.resource),
            "client_id": self.client.app.id,
            "scope": self.scope,
            "iat": now.seconds(),
            "exp": now.plus_s(self.client.oidc.access_token_ttl_s).seconds(),
            "jti": self.site.directory().env().id(),
            "auth_time": grant.auth_at.seconds(),
            "acr": acr::of(grant.method),
            "sid": grant.session,
            "grant_id": grant.id,
        })
    }

    /// OpenID Connect Core section 2. What the provider itself says is written last, over everything mapped.
    fn id_claims(&self, issuer: &str, now: Micros, key: &SigningKey, access_token: &str) -> Map<String, Value> {
        let grant = &self.granted.grant;
        let standing = &self.granted.standing;
        let mut claims = claims::about(&self.client.oidc, &standing.user, &standing.groups, &self.scope);
        let wanted = &grant.terms.claims.id_token;
        if !wanted.is_empty() {
            requested_claims::add(&mut claims, everything(self.client, standing), wanted);
        }
        let mut say = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        say("iss", issuer.into());
        say("sub", json!(grant.user));
        say("aud", json!(self.client.app.id));
        say("iat", now.seconds().into());
        say("exp", now.plus_s(ID_TOKEN_TTL_S).seconds().into());
        say("jti", json!(self.site.directory().env().id()));
        say("auth_time", grant.auth_at.seconds().into());
        say("acr", acr::of(grant.method).into());
        say("amr", json!(grant.method.amr()));
        say("sid", json!(grant.session));
        say("at_hash", half_hash(key.alg(), access_token).into());
        if let Some(nonce) = self.nonce {
            say("nonce", nonce.into());
        }
        claims
    }
}

/// One audience is written as a text, several as a list (RFC 7519 section 4.1.3).
fn audience(issuer: &str, resource: &[String]) -> Value {
    match resource {
        [] => issuer.into(),
        [one] => one.as_str().into(),
        several => json!(several),
    }
}

/// Everything that an application may learn of a person, whatever the scope.
pub fn everything(client: &Client, standing: &Standing) -> Map<String, Value> {
    let scope = Scope::parse(&SCOPES.join(" ")).unwrap_or_default();
    claims::about(&client.oidc, &standing.user, &standing.groups, &scope)
}

/// Signs claims under a declared type.
///
/// # Errors
/// The signing library's.
pub fn sign(key: &SigningKey, kind: &str, claims: &impl serde::Serialize) -> Result<String> {
    key.sign(Some(kind), claims).map_err(|error| Error::Internal(format!("signing a token: {error}")))
}
