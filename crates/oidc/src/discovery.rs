//! The provider's metadata (OpenID Connect Discovery section 3, RFC 8414).

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use muster_directory::application::SigningAlg;
use muster_http::Site;
use muster_jose::{Alg, Enc, KeyAlg};
use muster_oauth::authorize::ResponseMode;
use muster_oauth::client_auth::Method;
use muster_oauth::discovery::Metadata;

use crate::error::Refusal;
use crate::grant::model::OFFLINE_ACCESS;
use crate::{acr, jwks, organization};

/// The scopes that mean something here.
pub const SCOPES: [&str; 7] = ["openid", "profile", "email", "phone", "address", "groups", OFFLINE_ACCESS];

/// The claims that a token may carry without a mapping.
const CLAIMS: [&str; 22] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "jti",
    "auth_time",
    "nonce",
    "at_hash",
    "acr",
    "amr",
    "sid",
    "email",
    "email_verified",
    "name",
    "given_name",
    "middle_name",
    "family_name",
    "preferred_username",
    "phone_number",
    "address",
    "groups",
];

/// `GET /o/{slug}/.well-known/openid-configuration`
pub async fn get(State(site): State<Site>, Path(slug): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    Ok(jwks::document(&headers, &metadata(&site.issuer(&organization.slug)), "application/json"))
}

fn metadata(issuer: &str) -> Metadata {
    let at = |path: &str| Some(format!("{issuer}{path}"));
    let list = |items: &[&str]| Some(items.iter().map(|&item| item.to_owned()).collect());
    let methods = [Method::ClientSecretBasic, Method::ClientSecretPost, Method::None].map(Method::as_str);
    Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: at("/oauth2/auth"),
        token_endpoint: at("/oauth2/token"),
        userinfo_endpoint: at("/userinfo"),
        jwks_uri: at("/.well-known/jwks.json"),
        pushed_authorization_request_endpoint: at("/oauth2/par"),
        require_pushed_authorization_requests: Some(false),
        revocation_endpoint: at("/oauth2/revoke"),
        end_session_endpoint: at("/oauth2/sessions/logout"),
        scopes_supported: list(&SCOPES),
        response_types_supported: list(&["code"]),
        response_modes_supported: list(&ResponseMode::ALL.map(|(name, _)| name)),
        grant_types_supported: list(&["authorization_code", "refresh_token"]),
        subject_types_supported: list(&["public", "pairwise"]),
        id_token_signing_alg_values_supported: list(&SigningAlg::ALL.map(SigningAlg::word)),
        id_token_encryption_alg_values_supported: list(&KeyAlg::ALL.map(KeyAlg::name)),
        id_token_encryption_enc_values_supported: list(&Enc::ALL.map(Enc::name)),
        userinfo_signing_alg_values_supported: list(&SigningAlg::ALL.map(SigningAlg::word)),
        userinfo_encryption_alg_values_supported: list(&KeyAlg::ALL.map(KeyAlg::name)),
        userinfo_encryption_enc_values_supported: list(&Enc::ALL.map(Enc::name)),
        backchannel_logout_supported: Some(true),
        backchannel_logout_session_supported: Some(true),
        frontchannel_logout_supported: Some(true),
        frontchannel_logout_session_supported: Some(true),
        token_endpoint_auth_methods_supported: list(&methods),
        revocation_endpoint_auth_methods_supported: list(&methods),
        acr_values_supported: list(&acr::ALL),
        request_object_signing_alg_values_supported: list(&Alg::ALL.map(Alg::name)),
        require_signed_request_object: Some(false),
        authorization_signing_alg_values_supported: list(&SigningAlg::ALL.map(SigningAlg::word)),
        display_values_supported: list(&["page"]),
        ui_locales_supported: list(&["en"]),
        prompt_values_supported: list(&["none", "login", "consent", "select_account"]),
        claim_types_supported: list(&["normal"]),
        claims_supported: list(&CLAIMS),
        code_challenge_methods_supported: list(&["S256"]),
        authorization_response_iss_parameter_supported: Some(true),
        claims_parameter_supported: Some(true),
        request_parameter_supported: Some(true),
        request_uri_parameter_supported: Some(false),
        ..Metadata::default()
    }
}
