//! The administrators' API in JumpCloud's shape (v1 and v2) and the portal's own (`/api/v2/me/*`). The console and the
//! portal use nothing else.
//!
//! A folder per noun, a file per verb: its OpenAPI text, its input type and its handler. `model.rs` holds the shapes
//! that a noun is shown in.
//!
//! Never here: SQL, a decision (those are the directory's), a page.

mod administrator;
mod application;
mod attention;
mod attribute;
mod directory_provider;
mod document;
mod failure;
mod graph;
mod group;
mod id;
mod identity_provider;
mod key;
mod listed;
mod logos;
mod me;
pub mod migration;
mod organization;
mod page;
mod registration_token;
mod routes;
mod routing;
mod search;
mod service_account;
mod session;
mod system;
mod system_group;
mod user;
mod user_group;

pub use user::bulk::{round as bulk_round, turn as bulk_turn};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use muster_base::limits::BODY_MAX_BYTES;
use muster_http::Site;
use utoipa::OpenApi;

use document::Document;
use routes::Routes;

fn all() -> Routes {
    user::routes()
        .merge(user_group::routes())
        .merge(system_group::routes())
        .merge(system::routes())
        .merge(search::routes())
        .merge(application::routes())
        .merge(attention::routes())
        .merge(attribute::routes())
        .merge(identity_provider::routes())
        .merge(routing::routes())
        .merge(session::routes())
        .merge(organization::routes())
        .merge(administrator::routes())
        .merge(key::routes())
        .merge(service_account::routes())
        .merge(registration_token::routes())
        .merge(directory_provider::routes())
        .merge(migration::routes())
        .merge(me::routes())
}

/// The routes. The server adds what holds for all of them: request ids, security headers, the refusal of cross-site
/// requests.
pub fn router() -> Router<Site> {
    all().into_router().merge(logos::router()).layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
}

/// The OpenAPI document of [`router`].
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    all().describe(&mut document);
    document::finish(&mut document);
    document
}
