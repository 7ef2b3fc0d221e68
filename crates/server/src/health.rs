//! Whether the process lives, and whether it can serve.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use muster_http::Site;
use serde_json::json;

/// `GET /healthz`: the process answers.
pub async fn alive() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(json!({"status": "ok"}))).into_response()
}

/// `GET /readyz`: the database answers too.
pub async fn ready(State(site): State<Site>) -> Response {
    let (status, body) = match site.directory().db().ping().await {
        Ok(()) => (StatusCode::OK, json!({"status": "ok", "database": "ok"})),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, json!({"status": "unavailable", "database": "does not answer"}))
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}
