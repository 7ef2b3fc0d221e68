//! The page that opens addresses of applications in frames while a person is signed out (OpenID Connect Front-Channel
//! Logout 1.0), and then goes on. Nothing but those origins may be framed by it.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use url::Url;

use super::{Brand, page};

/// Where the script that goes on is served; its name changes with its content.
pub const SCRIPT_PATH: &str = "/signin/frames-1.js";
/// How long a browser without scripts, or a frame that never loads, keeps the person here, in seconds.
const PATIENCE_S: u64 = 5;

/// Goes on as soon as every frame has loaded.
const SCRIPT: &str = r#"const frames = [...document.querySelectorAll("iframe")];
let open = frames.length;
const next = () => location.replace(document.getElementById("frames-next").href);
const done = () => { open -= 1; if (open <= 0) next(); };
for (const frame of frames) frame.addEventListener("load", done);
setTimeout(next, 4000);
"#;

/// `GET` [`SCRIPT_PATH`].
pub async fn script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, SCRIPT)
}

#[derive(Template)]
#[template(path = "frames.html")]
struct Frames<'a> {
    title: &'a str,
    addresses: &'a [String],
    next: &'a str,
    label: &'a str,
    script: &'static str,
}

/// The page; `next` is where it goes on to, which the caller has checked.
#[must_use]
pub fn frames(title: &str, brand: Option<&Brand>, addresses: &[String], next: &str, label: &str) -> Response {
    let body = Frames { title, addresses, next, label, script: SCRIPT_PATH }.render().unwrap_or_default();
    let mut response = page(StatusCode::OK, title, brand, &body);
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(addresses)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(refresh) = HeaderValue::from_str(&format!("{PATIENCE_S}; url={next}")) {
        headers.insert(header::REFRESH, refresh);
    }
    response
}

/// What the page may load: its own style and script, and frames of just these origins.
fn policy(addresses: &[String]) -> String {
    let origins: BTreeSet<String> = addresses
        .iter()
        .filter_map(|address| Url::parse(address).ok())
        .filter(|url| url.origin().is_tuple())
        .map(|url| url.origin().ascii_serialization())
        .collect();
    let origins = origins.into_iter().collect::<Vec<_>>().join(" ");
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; frame-src {origins}; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_origins_are_framed() {
        let addresses = [
            "https://a.example/out?x=1;script-src *".to_owned(),
            "https://a.example/other".to_owned(),
            "http://127.0.0.1:3000/out".to_owned(),
            "data:text/html,x".to_owned(),
        ];
        let policy = policy(&addresses);
        assert!(policy.contains("frame-src http://127.0.0.1:3000 https://a.example; form-action"), "{policy}");
        assert!(!policy.contains('*') && !policy.contains("data:text"));
    }
}
