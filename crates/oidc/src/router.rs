//! The routes.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use http::{Method, header};
use muster_http::Site;
use muster_oauth::params;
use tower_http::cors::{Any, CorsLayer};

use crate::{authorize, discovery, jwks, logout, par, revoke, token, userinfo};

/// How long a browser may remember what another origin is allowed, in seconds.
const PREFLIGHT_S: u64 = 3600;

/// Everything of this crate, to be mounted at the root.
pub fn router() -> Router<Site> {
    // What programs call, also those in a browser: any origin, and never with our cookie.
    let for_programs = Router::new()
        .route("/o/{slug}/.well-known/openid-configuration", get(discovery::get))
        .route("/.well-known/oauth-authorization-server/o/{slug}", get(discovery::get))
        .route("/o/{slug}/.well-known/jwks.json", get(jwks::get))
        .route("/o/{slug}/oauth2/token", post(token::post))
        .route("/o/{slug}/oauth2/par", post(par::post))
        .route("/o/{slug}/oauth2/revoke", post(revoke::post))
        .route("/o/{slug}/userinfo", get(userinfo::get).post(userinfo::post))
        .layer(cors());
    let for_people = Router::new()
        .route("/o/{slug}/oauth2/auth", get(authorize::get).post(authorize::post))
        .route("/o/{slug}/oauth2/auth/resume", get(authorize::resume::get))
        .route("/o/{slug}/oauth2/consent", get(authorize::consent::get).post(authorize::consent::post))
        .route("/o/{slug}/oauth2/sessions/logout", get(logout::get).post(logout::post))
        .route(authorize::FORM_POST_SCRIPT_PATH, get(authorize::form_post_script));
    for_programs.merge(for_people).layer(DefaultBodyLimit::max(params::MAX_BYTES))
}

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::WWW_AUTHENTICATE])
        .max_age(Duration::from_secs(PREFLIGHT_S))
}
