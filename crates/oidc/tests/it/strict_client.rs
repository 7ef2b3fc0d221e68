//! The crate `openidconnect` as the application: discovery, code flow with PKCE and nonce, ID token and userinfo, all
//! checked by somebody else's reading of the specifications.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use muster_directory::application::{ClientAuthentication, Oidc, SigningAlg};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};
use tower::ServiceExt as _;

use crate::harness::{Browser, Rp, Test, oidc, public};

/// Nothing goes wrong on the way within one process.
#[derive(Debug)]
struct NoWay;

impl fmt::Display for NoWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no way")
    }
}

impl std::error::Error for NoWay {}

async fn call(router: axum::Router, request: HttpRequest) -> Result<HttpResponse, NoWay> {
    let answer = router.oneshot(request.map(Body::from)).await.map_err(|_| NoWay)?;
    let (parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.map_err(|_| NoWay)?;
    Ok(http::Response::from_parts(parts, body.to_vec()))
}

/// A sign-in as `openidconnect` does it.
async fn sign_in(t: &Test, rp: &Rp, browser: &Browser, alg: CoreJwsSigningAlgorithm) {
    let http = |request: HttpRequest| call(t.router.clone(), request);
    let issuer = IssuerUrl::new(rp.issuer()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let secret = (rp.method != ClientAuthentication::None).then(|| ClientSecret::new(rp.secret.clone()));
    let auth_type = match rp.method {
        ClientAuthentication::ClientSecretBasic => AuthType::BasicAuth,
        _ => AuthType::RequestBody,
    };
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(rp.id.text()), secret)
        .set_redirect_uri(RedirectUrl::new(Rp::REDIRECT_URI.to_owned()).unwrap())
        .set_auth_type(auth_type);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("offline_access".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let params = browser.get(t, address.as_str()).await.redirected_to(Rp::REDIRECT_URI);
    assert_eq!(&params["state"], state.secret());

    let code = AuthorizationCode::new(params["code"].clone());
    let request = client.exchange_code(code).unwrap().set_pkce_verifier(verifier);
    let tokens = request.request_async(&http).await.unwrap();
    let id_token = tokens.id_token().unwrap();
    // Its clock is the system's, ours the test's.
    let now = UNIX_EPOCH + Duration::from_secs(t.clock.now().seconds().unsigned_abs());
    let verifier = client.id_token_verifier().set_time_fn(move || now.into()).set_allowed_algs([alg]);
    let claims = id_token.claims(&verifier, &nonce).unwrap();
    assert_eq!(claims.email().map(|e| e.as_str()), Some("ana@example.test"));
    let (signing_alg, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&verifier).unwrap());
    let hash = AccessTokenHash::from_token(tokens.access_token(), signing_alg, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));

    let subject = Some(claims.subject().clone());
    let userinfo = client.user_info(tokens.access_token().clone(), subject).unwrap();
    let userinfo: CoreUserInfoClaims = userinfo.request_async(&http).await.unwrap();
    assert_eq!(userinfo.email().map(|e| e.as_str()), Some("ana@example.test"));

    let refreshed = client.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap();
    let refreshed = refreshed.request_async(&http).await.unwrap();
    let no_nonce = |_: Option<&Nonce>| Ok(());
    let again = refreshed.id_token().unwrap().claims(&verifier, no_nonce).unwrap();
    assert_eq!(again.subject(), claims.subject());
}

both! {
    async fn a_strict_client_is_content(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let basic = Oidc { token_endpoint_auth_method: ClientAuthentication::ClientSecretBasic, ..oidc() };
        for oidc in [oidc(), basic, public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            sign_in(t, &rp, &browser, CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256).await;
        }
        let es256 = t.app_for(&t.acme, &ana, Oidc { id_token_signed_response_alg: SigningAlg::Es256, ..oidc() }).await;
        sign_in(t, &es256, &browser, CoreJwsSigningAlgorithm::EcdsaP256Sha256).await;
        let eddsa = t.app_for(&t.acme, &ana, Oidc { id_token_signed_response_alg: SigningAlg::EdDsa, ..oidc() }).await;
        sign_in(t, &eddsa, &browser, CoreJwsSigningAlgorithm::EdDsa).await;
    }
}
