//! The sign-on settings of an application as v2 shows and reads them.

use muster_directory::application::store::KeptSecret;
use muster_directory::application::{
    AccessTokens, Application, Authentication, ClientAuthentication, GrantType, GroupsClaim, Logout, Mapping, Oidc,
    Requests, SigningAlg, Tokens,
};
use muster_http::ApiError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lifespan;
use crate::id::{ObjectId, Time};

/// A client secret as it can be told apart.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClientSecret)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretOut {
    id: ObjectId,
    /// Its last characters.
    hint: String,
    created_at: Time,
}

/// The OpenID Connect settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Oidc)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OidcOut {
    client_id: String,
    /// Only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    grant_types: Vec<GrantType>,
    token_endpoint_auth_method: ClientAuthentication,
    /// Login URL: where the portal's tile leads.
    relying_party_url: String,
    /// Claims from attributes.
    dynamic_claims: Vec<Mapping>,
    /// Claims with one value for everybody.
    constant_claims: Vec<Mapping>,
    groups_claim: Option<GroupsClaim>,
    id_token_signed_response_alg: SigningAlg,
    /// How long an access token may be used: `1h`.
    access_token_lifespan: String,
    /// How long a refresh token may be used after its last use: `720h`.
    refresh_token_lifespan: String,
    /// The issuer that the application trusts.
    issuer: String,
    secrets: Vec<SecretOut>,
    #[serde(flatten)]
    authentication: Authentication,
    #[serde(flatten)]
    requests: Requests,
    #[serde(flatten)]
    tokens: Tokens,
    #[serde(flatten)]
    logout: Logout,
    #[serde(flatten)]
    access: AccessTokens,
}

/// How people sign in to an application.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ApplicationSso)]
pub(crate) struct SsoOut {
    /// `oidc`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Not shown in the portal.
    hidden: bool,
    oidc: OidcOut,
}

impl SsoOut {
    /// Shows the settings; `client_secret` only in the answer that made it.
    pub(super) fn new(
        app: &Application,
        oidc: &Oidc,
        secrets: &[KeptSecret],
        issuer: String,
        client_secret: Option<String>,
    ) -> Self {
        let secrets = secrets
            .iter()
            .map(|s| SecretOut { id: s.id.into(), hint: s.hint.clone(), created_at: s.created_at.into() })
            .collect();
        let o = oidc.clone();
        let oidc = OidcOut {
            client_id: app.id.text(),
            client_secret,
            redirect_uris: o.redirect_uris,
            post_logout_redirect_uris: o.post_logout_redirect_uris,
            grant_types: o.grant_types,
            token_endpoint_auth_method: o.token_endpoint_auth_method,
            relying_party_url: o.relying_party_url,
            dynamic_claims: o.dynamic_claims,
            constant_claims: o.constant_claims,
            groups_claim: o.groups_claim,
            id_token_signed_response_alg: o.id_token_signed_response_alg,
            access_token_lifespan: lifespan::write(o.access_token_ttl_s),
            refresh_token_lifespan: lifespan::write(o.refresh_token_ttl_s),
            issuer,
            secrets,
            authentication: o.authentication,
            requests: o.requests,
            tokens: o.tokens,
            logout: o.logout,
            access: o.access,
        };
        Self { kind: "oidc", hidden: app.doc.hidden, oidc }
    }
}

/// The OpenID Connect settings as written; what is left out is its default.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OidcWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OidcWrite {
    /// Compared exactly; at least one.
    #[serde(default)]
    redirect_uris: Vec<String>,
    /// Where a sign-out may return to, compared exactly.
    #[serde(default)]
    post_logout_redirect_uris: Option<Vec<String>>,
    /// `authorization_code`, and `refresh_token` where it is wanted.
    #[serde(default)]
    grant_types: Option<Vec<GrantType>>,
    /// How it authenticates; `client_secret_post` when left out.
    #[serde(default)]
    token_endpoint_auth_method: Option<ClientAuthentication>,
    /// Login URL: where the portal's tile leads.
    #[serde(default)]
    relying_party_url: Option<String>,
    /// Claims from attributes; the value `groups` stands for the groups claim in JumpCloud's form. Blank rows are passed
    /// over.
    #[serde(default)]
    dynamic_claims: Option<Vec<Mapping>>,
    /// Claims with one value for everybody.
    #[serde(default)]
    constant_claims: Option<Vec<Mapping>>,
    /// The claim with the names of the person's groups that are bound to the application.
    #[serde(default)]
    groups_claim: Option<GroupsClaim>,
    /// How tokens are signed; `RS256` when left out.
    #[serde(default)]
    id_token_signed_response_alg: Option<SigningAlg>,
    /// How long an access token may be used: from `1m` to `24h`.
    #[serde(default)]
    access_token_lifespan: Option<String>,
    /// How long a refresh token may be used after its last use: from `5m`.
    #[serde(default)]
    refresh_token_lifespan: Option<String>,
    #[serde(flatten)]
    authentication: Authentication,
    #[serde(flatten)]
    requests: Requests,
    #[serde(flatten)]
    tokens: Tokens,
    #[serde(flatten)]
    logout: Logout,
    #[serde(flatten)]
    access: AccessTokens,
}

/// How people sign in to an application, as written.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationSsoWrite)]
pub(crate) struct SsoWrite {
    /// `oidc`.
    #[serde(rename = "type")]
    #[schema(pattern = "^oidc$")]
    kind: String,
    /// Not shown in the portal; stays when left out.
    #[serde(default)]
    pub(super) hidden: Option<bool>,
    oidc: OidcWrite,
}

impl SsoWrite {
    /// The settings; their own rules are the directory's.
    ///
    /// # Errors
    /// 400 on `type` and the lifespans.
    pub(crate) fn read(self) -> Result<Oidc, ApiError> {
        if self.kind != "oidc" {
            return Err(ApiError::field("type", "this kind of sign-on is not available yet: use \"oidc\""));
        }
        let (w, default) = (self.oidc, Oidc::default());
        let lifespan = |field: &str, text: Option<String>, default: i64| {
            text.filter(|t| !t.is_empty()).map_or(Ok(default), |t| lifespan::read(field, &t))
        };
        let filled = |rows: Option<Vec<Mapping>>| {
            let mut rows = rows.unwrap_or_default();
            rows.retain(|m| !(m.name.trim().is_empty() && m.value.trim().is_empty()));
            rows
        };
        let mut dynamic_claims = filled(w.dynamic_claims);
        let groups = dynamic_claims.iter().position(|m| m.value == "groups").map(|at| dynamic_claims.remove(at).name);
        let groups = groups.map(|name| GroupsClaim { name, string_when_one: true });
        Ok(Oidc {
            redirect_uris: w.redirect_uris.into_iter().filter(|u| !u.is_empty()).collect(),
            post_logout_redirect_uris: w.post_logout_redirect_uris.unwrap_or_default(),
            grant_types: w.grant_types.unwrap_or(default.grant_types),
            token_endpoint_auth_method: w.token_endpoint_auth_method.unwrap_or_default(),
            relying_party_url: w.relying_party_url.unwrap_or_default(),
            dynamic_claims,
            constant_claims: filled(w.constant_claims),
            groups_claim: w.groups_claim.or(groups),
            id_token_signed_response_alg: w.id_token_signed_response_alg.unwrap_or_default(),
            access_token_ttl_s: lifespan(
                "oidc.accessTokenLifespan",
                w.access_token_lifespan,
                default.access_token_ttl_s,
            )?,
            refresh_token_ttl_s: lifespan(
                "oidc.refreshTokenLifespan",
                w.refresh_token_lifespan,
                default.refresh_token_ttl_s,
            )?,
            authentication: w.authentication,
            requests: w.requests,
            tokens: w.tokens,
            logout: w.logout,
            access: w.access,
        })
    }
}
