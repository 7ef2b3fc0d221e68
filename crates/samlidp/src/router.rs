//! The routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use muster_http::Site;
use muster_saml::binding::MAX_CARRIER_BYTES;

use crate::{logout, metadata, sso};

/// Everything of this crate, to be mounted at the root.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/o/{slug}/saml/{app}/metadata", get(metadata::get))
        .route("/o/{slug}/saml/{app}/sso", get(sso::get).post(sso::post))
        .route("/o/{slug}/saml/{app}/sso/posted", get(sso::posted))
        .route("/o/{slug}/saml/{app}/sso/resume", get(sso::resume))
        .route("/o/{slug}/saml/{app}/slo", get(logout::get).post(logout::post))
        .route("/o/{slug}/saml/{app}/slo/posted", get(logout::posted))
        .route("/o/{slug}/saml/logout", get(logout::resume))
        .layer(DefaultBodyLimit::max(MAX_CARRIER_BYTES))
}
