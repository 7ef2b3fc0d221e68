//! Inbound federation: people sign in at an identity provider elsewhere, which tells us who they are.
//!
//! Never here: whom an identity belongs to (`directory::identity_provider::link` decides), and who is routed where
//! (`directory::routing`).

mod callback;
mod provider;
mod refuse;
mod start;
mod store;
mod userinfo;

use std::sync::{Arc, LazyLock};

use axum::routing::get;
use axum::{Extension, Router};
use muster_db::Migration;
use muster_http::Site;

pub use provider::Providers;
pub use store::prune;

/// The federation's table.
pub static MIGRATION: LazyLock<Migration> =
    LazyLock::new(|| Migration::new(3, "federation", include_str!("../../../migrations/0003_federation.sql")));

/// The routes of this crate. `providers` is also the site's [`muster_http::probe::Probe`].
pub fn router(providers: Arc<Providers>) -> Router<Site> {
    Router::new()
        .route("/o/{slug}/federate", get(start::start))
        .route("/oauth/callback", get(callback::shared))
        .route("/oauth/callback/{idp}", get(callback::own))
        .layer(Extension(providers))
}
