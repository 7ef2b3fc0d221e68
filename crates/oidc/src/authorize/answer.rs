//! Hands the answer over to the application: in the query of its address, or by a form that the browser posts.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use muster_http::page::{Brand, page};
use muster_oauth::Error;
use muster_oauth::authorize::{Response as Answer, ResponseMode};

use super::Asked;
use super::target::Target;
use crate::page::see_other;

/// Where the script that posts the form is served; its name changes with its content.
pub const FORM_POST_SCRIPT_PATH: &str = "/oidc/form-post-1.js";

/// `GET /oidc/form-post-1.js`: posts the form of the page it is on. Without it the person presses the button.
pub async fn form_post_script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, "document.getElementById(\"form-post\").submit();\n")
}

/// Sends an error to the application.
pub fn error(asked: &Asked<'_>, target: &Target, mode: ResponseMode, error: &Error) -> Response {
    send(asked, target, mode, &Answer::error(error, target.state.as_deref(), &asked.issuer()))
}

/// Sends an answer to the application.
pub fn send(asked: &Asked<'_>, target: &Target, mode: ResponseMode, answer: &Answer) -> Response {
    match mode {
        ResponseMode::Query => see_other(&answer.redirect(&target.redirect_uri)),
        ResponseMode::FormPost => {
            let form = FormPost {
                action: &target.redirect_uri,
                label: target.client.app.label(),
                fields: answer.fields(),
                script: FORM_POST_SCRIPT_PATH,
            };
            let title = format!("Continue to {}", target.client.app.label());
            page(StatusCode::OK, &title, Some(&Brand::of(asked.organization)), &form.render().unwrap_or_default())
        }
    }
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    action: &'a str,
    label: &'a str,
    fields: &'a [(&'static str, String)],
    script: &'static str,
}
