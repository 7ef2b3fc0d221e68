//! The routes.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use http::{HeaderName, Method, header};
use muster_http::Site;
use muster_oauth::params;
use tower_http::cors::{Any, CorsLayer};
use tower_http::csrf::CsrfLayer;

use crate::client::certificate;
use crate::{
    authorize, device, discovery, introspect, jwks, logout, par, register, revoke, service_account, token, userinfo,
};

/// How long a browser may remember what another origin is allowed, in seconds.
const PREFLIGHT_S: u64 = 3600;

/// Everything of this crate, to be mounted at the root. The site is the one it will be served with.
pub fn router(site: &Site) -> Router<Site> {
    // What programs call, also those in a browser: any origin, and never with our cookie.
    let for_programs = Router::new()
        .route("/o/{slug}/.well-known/openid-configuration", get(discovery::get))
        .route("/.well-known/oauth-authorization-server/o/{slug}", get(discovery::get))
        .route("/o/{slug}/.well-known/jwks.json", get(jwks::get))
        .route("/o/{slug}/oauth2/token", post(token::post))
        .route("/o/{slug}/oauth2/par", post(par::post))
        .route("/o/{slug}/oauth2/revoke", post(revoke::post))
        .route("/o/{slug}/oauth2/introspect", post(introspect::post))
        .route("/o/{slug}/oauth2/register", post(register::post))
        .route("/o/{slug}/oauth2/register/{client_id}", get(register::get).put(register::put).delete(register::delete))
        .route("/oauth2/token", post(service_account::post))
        .route("/o/{slug}/oauth2/device/auth", post(device::begin::post))
        .route("/o/{slug}/userinfo", get(userinfo::get).post(userinfo::post))
        .layer(cors());
    let for_people = Router::new()
        .route("/o/{slug}/oauth2/auth", get(authorize::get).post(authorize::post))
        .route("/o/{slug}/oauth2/auth/resume", get(authorize::resume::get))
        .route("/o/{slug}/oauth2/consent", get(authorize::consent::get).post(authorize::consent::post))
        .route("/o/{slug}/oauth2/sessions/logout", get(logout::get).post(logout::post))
        .merge(
            Router::new()
                .route("/o/{slug}/device", get(device::page::get).post(device::page::post))
                .layer(CsrfLayer::new()),
        );
    for_programs
        .merge(for_people)
        .layer(DefaultBodyLimit::max(params::MAX_BYTES))
        .layer(from_fn_with_state(site.clone(), certificate::guard))
}

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("dpop")])
        .expose_headers([header::WWW_AUTHENTICATE, token::NONCE])
        .max_age(Duration::from_secs(PREFLIGHT_S))
}
