//! The frame of the server-rendered pages: no script, one stylesheet, light and dark.

pub mod form_post;
pub mod frames;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use muster_directory::organization::Organization;

use crate::error::ApiError;

/// The stylesheet of these pages, served at [`STYLE_PATH`].
pub const STYLE: &str = include_str!("style.css");
/// Where the stylesheet is served.
pub const STYLE_PATH: &str = "/signin/style.css";

/// The mark of Muster, served at [`MARK_PATH`]: here too, since these pages are there without the console.
pub const MARK: &str = include_str!("mark.svg");
/// Where the mark is served.
pub const MARK_PATH: &str = "/signin/mark.svg";

/// The organization whose page it is.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// The name shown.
    pub name: String,
    /// The logo's address.
    pub logo: Option<String>,
}

impl Brand {
    /// The brand of an organization.
    #[must_use]
    pub fn of(organization: &Organization) -> Self {
        let logo = organization.has_logo.then(|| format!("/logos/{}", organization.id));
        Self { name: organization.display_name.clone(), logo }
    }

    /// What stands where there is no logo.
    fn initial(&self) -> String {
        self.name.trim().chars().next().map_or_else(|| "?".into(), |first| first.to_uppercase().collect())
    }
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame<'a> {
    title: &'a str,
    brand: Option<&'a Brand>,
    body: &'a str,
    style: &'static str,
    mark: &'static str,
}

/// A page: `body` is HTML that a template of the caller's made.
#[must_use]
pub fn page(status: StatusCode, title: &str, brand: Option<&Brand>, body: &str) -> Response {
    let html = Frame { title, brand, body, style: STYLE_PATH, mark: MARK_PATH }.render().unwrap_or_default();
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    paragraphs: &'a [String],
    request_id: &'a str,
    back: Option<&'a (String, String)>,
}

/// A page that tells something: what happened, and whom to ask. `back` is an address and its label.
#[must_use]
pub fn message(
    status: StatusCode,
    title: &str,
    brand: Option<&Brand>,
    paragraphs: &[String],
    request_id: &str,
    back: Option<(String, String)>,
) -> Response {
    let body = Message { title, paragraphs, request_id, back: back.as_ref() }.render().unwrap_or_default();
    page(status, title, brand, &body)
}

/// Whom to ask, in one sentence.
#[must_use]
pub fn whom_to_ask(organization: &Organization) -> String {
    let settings = &organization.settings;
    let name = settings.contact_name.as_deref().filter(|n| !n.is_empty());
    match (name, settings.contact_email.as_deref().filter(|e| !e.is_empty())) {
        (Some(name), Some(email)) => format!("If this should work, ask {name} ({email})."),
        (None, Some(email)) => format!("If this should work, ask {email}."),
        (Some(name), None) => format!("If this should work, ask {name}."),
        (None, None) => format!("If this should work, ask an administrator of {}.", organization.display_name),
    }
}

/// An error as a page, for addresses that people open.
pub struct PageError(pub ApiError);

impl<E: Into<ApiError>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = self.0.status();
        let title = match status {
            StatusCode::NOT_FOUND => "There is nothing here",
            StatusCode::TOO_MANY_REQUESTS => "Too many attempts",
            s if s.is_server_error() => "Something went wrong",
            _ => "This did not work",
        };
        let text = match status {
            StatusCode::NOT_FOUND => "The address is wrong, or what it led to is gone.".to_owned(),
            _ => self.0.message().to_owned(),
        };
        let mut response = message(status, title, None, &[text], "", None);
        let api = self.0.into_response();
        if let Some(after) = api.headers().get(header::RETRY_AFTER) {
            response.headers_mut().insert(header::RETRY_AFTER, after.clone());
        }
        response
    }
}
