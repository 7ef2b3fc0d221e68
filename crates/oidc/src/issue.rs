//! Turns a grant into tokens: an access token, an ID token, and the refresh token that the grant brings.

use muster_base::Micros;
use muster_directory::{Error, Result, key};
use muster_http::Site;
use muster_jose::{SigningKey, half_hash};
use muster_oauth::Scope;
use muster_oauth::token::Response;
use serde_json::{Map, Value, json};

use crate::access_token::issue::{Made, New};
use crate::client::Client;
use crate::grant::redeem::Granted;
use crate::holder::Holder;
use crate::{access_token, claims};

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
    /// Who holds it.
    pub holder: &'a Holder,
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
        let access_token = self.access_token(&issuer).await?;
        let id_token = match self.scope.contains("openid") {
            true => Some(sign(&key, ID_TOKEN_TYPE, &self.id_claims(&issuer, now, &key, &access_token.token))?),
            false => None,
        };
        Ok(Response {
            access_token: access_token.token,
            token_type: self.holder.token_type().to_owned(),
            issued_token_type: None,
            expires_in: u64::try_from(access_token.expires_in_s).ok(),
            refresh_token: self.granted.refresh_token.as_ref().map(|token| token.expose().to_owned()),
            id_token,
            scope: Some(self.scope.to_string()),
        })
    }

    /// The audience is the issuer: the token opens our own userinfo endpoint, and whatever else takes tokens of this
    /// issuer.
    async fn access_token(&self, issuer: &str) -> Result<Made> {
        let grant = &self.granted.grant;
        let new = New {
            client: self.client,
            subject: &grant.user.text(),
            scope: &self.scope,
            audience: &[issuer.to_owned()],
            grant: Some(grant),
            holder: self.holder,
            exchanged: false,
            act: None,
            ends_by_s: None,
        };
        access_token::issue::issue(self.site, new).await
    }

    /// OpenID Connect Core section 2. What the provider itself says is written last, over everything mapped.
    fn id_claims(&self, issuer: &str, now: Micros, key: &SigningKey, access_token: &str) -> Map<String, Value> {
        let grant = &self.granted.grant;
        let standing = &self.granted.standing;
        let mut claims = claims::about(&self.client.oidc, &standing.user, &standing.groups, &self.scope);
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
        say("amr", json!(grant.method.amr()));
        say("sid", json!(grant.session));
        say("at_hash", half_hash(key.alg(), access_token).into());
        if let Some(nonce) = self.nonce {
            say("nonce", nonce.into());
        }
        claims
    }
}

fn sign(key: &SigningKey, kind: &str, claims: &impl serde::Serialize) -> Result<String> {
    key.sign(Some(kind), claims).map_err(|error| Error::Internal(format!("signing a token: {error}")))
}
