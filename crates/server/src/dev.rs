//! `/_dev/*`: exists only with `--dev`, which is only possible on loopback.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header;
use muster_directory::mail;
use muster_http::{ApiError, Site};
use serde::Deserialize;
use serde_json::json;

/// The routes.
pub fn router() -> Router<Site> {
    Router::new().route("/_dev/mail", get(caught))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    json: Option<String>,
}

/// The caught mail, newest first; `?json=1` for a program.
async fn caught(State(site): State<Site>, Query(asked): Query<Asked>) -> Result<Response, ApiError> {
    let mails = mail::recent(site.directory()).await?;
    if asked.json.is_some() {
        let list: Vec<_> = mails
            .iter()
            .map(|m| json!({"to": m.message.to, "subject": m.message.subject, "text": m.message.text(), "link": m.message.link}))
            .collect();
        return Ok(axum::Json(list).into_response());
    }
    let mut page = String::from("<!doctype html><html lang=\"en\"><title>Caught mail</title><h1>Caught mail</h1>");
    for mail in &mails {
        let html = mail.message.html();
        let body = html.split_once("<body").and_then(|(_, b)| b.split_once('>')).map_or("", |(_, b)| b);
        page.push_str("<hr><article>");
        page.push_str(body.trim_end_matches("</body></html>"));
        page.push_str("</article>");
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response())
}
