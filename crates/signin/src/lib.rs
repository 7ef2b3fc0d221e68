//! The sign-in pages: server-rendered forms that work without script. E-mail first, then the password or the redirect
//! to an identity provider; activation, reset, sign-out, and the first run.
//!
//! Never here: a protocol's message; what is behind a sign-in (the console and the portal).

mod activate;
mod administrator;
mod door;
mod entrance;
mod identify;
mod logout;
mod password;
mod reset;
mod setup;
mod view;

use axum::Router;
use axum::routing::{get, post};
use http::header;
use muster_http::page::{MARK, MARK_PATH, STYLE, STYLE_PATH};
use muster_http::page::{form_post, frames};
use muster_http::site::Site;
use tower_http::csrf::CsrfLayer;

/// The routes of this crate.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/login", get(identify::show_anywhere).post(identify::submit_anywhere))
        .route("/login/password", post(password::submit_anywhere))
        .route("/login/admin", get(administrator::show).post(administrator::submit))
        .route("/o/{slug}/login", get(identify::show).post(identify::submit))
        .route("/o/{slug}/login/password", post(password::submit))
        .route("/logout", get(logout::show).post(logout::submit))
        .route("/activate", get(activate::show).post(activate::submit))
        .route("/activate/admin", get(administrator::show_activation).post(administrator::submit_activation))
        .route("/reset", get(reset::show).post(reset::submit))
        .route("/setup", get(setup::show).post(setup::submit))
        // A page of another site cannot submit these forms (login CSRF): Sec-Fetch-Site, else Origin, decides.
        .layer(CsrfLayer::new())
        .route("/", get(entrance::root))
        .route("/portal", get(entrance::portal))
        .route("/console", get(entrance::console))
        .route(STYLE_PATH, get(style))
        .route(frames::SCRIPT_PATH, get(frames::script))
        .route(form_post::SCRIPT_PATH, get(form_post::script))
        .route(MARK_PATH, get(mark))
}

async fn style() -> ([(header::HeaderName, &'static str); 2], &'static str) {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, STYLE)
}

async fn mark() -> ([(header::HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], MARK)
}
