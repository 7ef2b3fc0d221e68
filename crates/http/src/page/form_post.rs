//! The page that posts a form to another site: an answer to an application, or a request to an identity provider. It works
//! without scripts by its button.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::{Brand, page};

/// Where the script that posts the form is served; its name changes with its content.
pub const SCRIPT_PATH: &str = "/signin/form-post-1.js";

const SCRIPT: &str = "document.getElementById(\"form-post\").submit();\n";

/// `GET` [`SCRIPT_PATH`].
pub async fn script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, SCRIPT)
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    action: &'a str,
    label: &'a str,
    fields: &'a [(&'static str, String)],
    script: &'static str,
}

/// The page; `action` is an address that the caller has checked, `label` the name of what is there.
#[must_use]
pub fn form_post(brand: &Brand, label: &str, action: &str, fields: &[(&'static str, String)]) -> Response {
    let body = FormPost { action, label, fields, script: SCRIPT_PATH }.render().unwrap_or_default();
    page(StatusCode::OK, &format!("Continue to {label}"), Some(brand), &body)
}
