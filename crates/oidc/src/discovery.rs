//! The provider's metadata (OpenID Connect Discovery section 3, RFC 8414).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use muster_directory::application::{GrantType, SigningAlg};
use muster_directory::organization::Organization;
use muster_directory::organization::settings::RegistrationMode;
use muster_http::Site;
use muster_jose::{Alg, Enc, KeyAlg};
use muster_oauth::authorize::ResponseMode;
use muster_oauth::client_auth::Method;
use muster_oauth::discovery::Metadata;

use crate::document::Documents;
use crate::error::Refusal;
use crate::grant::model::OFFLINE_ACCESS;
use crate::{acr, organization};

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
pub async fn get(
    State(site): State<Site>,
    Extension(documents): Extension<Arc<Documents>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let organization = organization::for_program(&site, &slug).await?;
    let document = documents.metadata(&organization, || metadata(&site, &organization));
    Ok(document.answer(&headers, "application/json"))
}

fn metadata(site: &Site, organization: &Organization) -> Metadata {
    let issuer = &site.issuer(&organization.slug);
    let at = |path: &str| Some(format!("{issuer}{path}"));
    let list = |items: &[&str]| Some(items.iter().map(|&item| item.to_owned()).collect());
    let by_proxy = site.config().client_certificate.as_ref();
    let with_secret = [Method::ClientSecretBasic, Method::ClientSecretPost, Method::PrivateKeyJwt];
    // Claimed only where a proxy is there to see the certificates.
    let checked = by_proxy.and_then(|names| names.verified.as_ref()).map(|_| Method::TlsClientAuth);
    let own = by_proxy.map(|_| Method::SelfSignedTlsClientAuth);
    let confidential: Vec<&str> = with_secret.into_iter().chain(checked).chain(own).map(Method::as_str).collect();
    let methods: Vec<&str> = confidential.iter().copied().chain([Method::None.as_str()]).collect();
    let algs = Alg::ALL.map(Alg::name);
    let registration = organization.settings.client_registration.mode != RegistrationMode::Off;
    Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: at("/oauth2/auth"),
        token_endpoint: at("/oauth2/token"),
        userinfo_endpoint: at("/userinfo"),
        jwks_uri: at("/.well-known/jwks.json"),
        pushed_authorization_request_endpoint: at("/oauth2/par"),
        require_pushed_authorization_requests: Some(false),
        revocation_endpoint: at("/oauth2/revoke"),
        introspection_endpoint: at("/oauth2/introspect"),
        device_authorization_endpoint: at("/oauth2/device/auth"),
        registration_endpoint: at("/oauth2/register").filter(|_| registration),
        end_session_endpoint: at("/oauth2/sessions/logout"),
        scopes_supported: list(&SCOPES),
        response_types_supported: list(&["code"]),
        response_modes_supported: list(&ResponseMode::ALL.map(|(name, _)| name)),
        grant_types_supported: list(&GrantType::ALL.map(GrantType::word)),
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
        introspection_endpoint_auth_methods_supported: list(&confidential),
        token_endpoint_auth_signing_alg_values_supported: list(&algs),
        revocation_endpoint_auth_signing_alg_values_supported: list(&algs),
        introspection_endpoint_auth_signing_alg_values_supported: list(&algs),
        introspection_signing_alg_values_supported: list(&SigningAlg::ALL.map(SigningAlg::word)),
        dpop_signing_alg_values_supported: list(&algs),
        tls_client_certificate_bound_access_tokens: Some(by_proxy.is_some()),
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
