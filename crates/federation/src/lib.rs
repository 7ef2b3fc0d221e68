//! Inbound federation: people sign in at an identity provider elsewhere, which tells us who they are.
//!
//! Never here: whom an identity belongs to (`directory::identity_provider::link` decides), and who is routed where
//! (`directory::routing`).

mod admit;
mod authenticate;
mod callback;
mod context;
mod departure;
mod jwks;
mod key;
mod provider;
mod redeem;
mod refuse;
mod saml;
mod start;
mod store;
mod token;
mod upstream_logout;
mod userinfo;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use muster_db::Migration;
use muster_directory::{Directory, Result};
use muster_http::Site;

pub use provider::Providers;

/// The federation's table.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration::new(3, "federation", include_str!("../../../migrations/0003_federation.sql")),
        Migration::new(16, "federation_saml", include_str!("../../../migrations/0016_federation_saml.sql")),
    ]
}

/// The routes of this crate. `providers` is also the site's [`muster_http::probe::Probe`].
pub fn router(providers: Arc<Providers>) -> Router<Site> {
    Router::new()
        .route("/o/{slug}/federate", get(start::start))
        .route("/oauth/callback", get(callback::shared))
        .route("/oauth/callback/{idp}", get(callback::own))
        .route("/o/{slug}/federation/jwks.json", get(jwks::get))
        .route("/o/{slug}/federation/{idp}/backchannel-logout", post(upstream_logout::back_channel))
        .route("/o/{slug}/federation/{idp}/frontchannel-logout", get(upstream_logout::front_channel))
        .route("/o/{slug}/federation/{idp}/saml/metadata", get(saml::metadata::get))
        .layer(DefaultBodyLimit::max(muster_oauth::params::MAX_BYTES))
        .merge(
            Router::new()
                .route("/o/{slug}/federation/{idp}/saml/acs", post(saml::acs::post).get(saml::acs::get))
                .layer(DefaultBodyLimit::max(muster_saml::binding::MAX_CARRIER_BYTES)),
        )
        .layer(Extension(providers))
}

/// Removes what no answer will come for any more, and the names of logout tokens that have expired.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    Ok(store::prune(directory).await? + upstream_logout::prune(directory).await?)
}
