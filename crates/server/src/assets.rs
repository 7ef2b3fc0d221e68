//! The embedded console and portal: one page for all their addresses, and its files.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

const PLACEHOLDER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Muster</title>\
<body style=\"font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem\">\
<h1>The console is not built</h1><p>This binary was built without Node. Run <code>make build</code>, or use the API.</p></body></html>";

/// The one page of console and portal.
pub async fn page() -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    match Dist::get("index.html") {
        Some(file) => (headers, Html(String::from_utf8_lossy(&file.data).into_owned())).into_response(),
        None => (StatusCode::NOT_FOUND, headers, Html(PLACEHOLDER)).into_response(),
    }
}

/// A file of theirs; its name changes with its content.
pub async fn file(Path(path): Path<String>) -> Response {
    serve(&format!("assets/{path}"), "public, max-age=31536000, immutable")
}

/// The icon.
pub async fn icon() -> Response {
    serve("favicon.svg", "public, max-age=3600")
}

fn serve(path: &str, keep: &'static str) -> Response {
    match Dist::get(path) {
        Some(file) => {
            let kind = file.metadata.mimetype().to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep.to_owned())], file.data.into_owned())
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
