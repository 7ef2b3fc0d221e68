//! Turns a grant into tokens: an access token, an ID token, and the refresh token that the grant brings.

use muster_base::Micros;
use muster_directory::application::subject;
use muster_directory::session::Session;
use muster_directory::{Result, key};
use muster_http::Site;
use muster_jose::{SigningKey, half_hash};
use muster_oauth::Scope;
use muster_oauth::token::Response;
use serde_json::{Map, Value, json};

use crate::access_token::issue::{Made, New};
use crate::client::Client;
use crate::discovery::SCOPES;
use crate::grant::redeem::Granted;
use crate::grant::standing::Standing;
use crate::holder::Holder;
use crate::{access_token, acr, claims, protect, requested_claims};

/// The declared type of an ID token.
pub const ID_TOKEN_TYPE: &str = "JWT";

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
        let org = self.client.organization.id;
        let key = key::signing(directory, org, oidc.id_token_signed_response_alg).await?;
        let said = Said {
            issuer: self.site.issuer(&self.client.organization.slug),
            subject: subject::of(directory, org, oidc, self.granted.grant.user).await?,
            now: directory.env().clock.now(),
        };
        let access_token = self.access_token(&said).await?;
        let id_token = match self.scope.contains("openid") {
            true => {
                let claims = self.id_claims(&said, &key, &access_token.token);
                let signed = protect::sign(&key, Some(ID_TOKEN_TYPE), &claims)?;
                Some(protect::token(self.site, self.client, oidc.tokens.id_token_encryption(), signed).await?)
            }
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
    /// issuer. A token that was asked for by resource is for that alone (RFC 8707 section 2.2): whoever it was sent to
    /// cannot use it here.
    async fn access_token(&self, said: &Said) -> Result<Made> {
        let issuer = [said.issuer.clone()];
        let new = New {
            client: self.client,
            subject: &said.subject,
            scope: &self.scope,
            audience: if self.resource.is_empty() { &issuer } else { &self.resource },
            grant: Some(&self.granted.grant),
            acr: Some(self.acr()),
            holder: self.holder,
            exchanged: false,
            act: None,
            ends_by_s: None,
        };
        access_token::issue::issue(self.site, new).await
    }

    /// What the session knows of the very sign-in that the grant began with; of another one it says nothing.
    fn session(&self) -> Option<&Session> {
        let Granted { standing, grant, .. } = self.granted;
        standing.session.as_ref().filter(|session| session.auth_at == grant.auth_at)
    }

    fn acr(&self) -> &str {
        self.session().map_or_else(|| acr::of(self.granted.grant.method), Session::acr)
    }

    /// OpenID Connect Core section 2. What the provider itself says is written last, over everything mapped.
    fn id_claims(&self, said: &Said, key: &SigningKey, access_token: &str) -> Map<String, Value> {
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
        say("iss", said.issuer.as_str().into());
        say("sub", said.subject.as_str().into());
        say("aud", json!(self.client.app.id));
        say("iat", said.now.seconds().into());
        say("exp", said.now.plus_s(self.client.oidc.tokens.id_token_lifetime_seconds).seconds().into());
        say("jti", json!(self.site.directory().env().id()));
        say("auth_time", grant.auth_at.seconds().into());
        say("acr", self.acr().into());
        match self.session() {
            Some(session) => say("amr", json!(session.amr())),
            None => say("amr", json!(grant.method.amr())),
        }
        say("sid", json!(grant.session));
        say("at_hash", half_hash(key.alg(), access_token).into());
        if let Some(nonce) = self.nonce {
            say("nonce", nonce.into());
        }
        claims
    }
}

/// Everything that an application may learn of a person, whatever the scope.
pub fn everything(client: &Client, standing: &Standing) -> Map<String, Value> {
    let scope = Scope::parse(&SCOPES.join(" ")).unwrap_or_default();
    claims::about(&client.oidc, &standing.user, &standing.groups, &scope)
}

/// What all tokens of one answer say alike.
struct Said {
    issuer: String,
    subject: String,
    now: Micros,
}
