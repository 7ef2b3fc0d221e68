//! A forgotten password: asks for the e-mail and sends a link to whoever may set a password here. The answer is the same
//! for everybody, and what it costs happens after it.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use muster_base::{Email, Secret};
use muster_directory::user::token::{Purpose, SendLink};
use muster_directory::{Error, user};
use muster_http::page::{self, PageError};
use muster_http::{ApiError, Context, Site};
use serde::Deserialize;

use crate::activate::{self, Asked};
use crate::view;

type Page = std::result::Result<Response, PageError>;

/// `GET /reset`, with or without a link's token.
pub async fn show(State(site): State<Site>, Query(asked): Query<Asked>) -> Page {
    match asked.token.filter(|t| !t.is_empty()) {
        Some(token) => activate::show_link(&site, &Secret::new(token), Purpose::Reset).await,
        None => Ok(view::reset("", None)),
    }
}

/// Either form: the e-mail, or the new password with the link's token.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    username: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// `POST /reset`.
pub async fn submit(State(site): State<Site>, context: Context, Form(typed): Form<Typed>) -> Page {
    if !typed.token.is_empty() {
        let typed = (Secret::new(typed.token), Secret::new(typed.password));
        return activate::set(&site, &context, Purpose::Reset, typed).await;
    }
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let email = match typed.username.parse::<Email>() {
        Ok(email) => email,
        Err(error) => return Ok(view::reset(&typed.username, Some(&format!("{error}.")))),
    };
    let mut text = "This installation sends no mail. Ask your administrator for a link.";
    if site.config().mail {
        text = "If you can set a password here, a link is on its way to you. It works for one hour.";
        tokio::spawn(send(site.clone(), context, email));
    }
    let back = Some(("/login".to_owned(), "Back to login".to_owned()));
    Ok(page::message(StatusCode::OK, "Look into your mail", None, &[text.to_owned()], "", back))
}

/// Sends a link in each organization that knows the e-mail; what fails in one does not keep the others back. Never where
/// no mail is sent: a new link would end the one that an administrator handed over.
async fn send(site: Site, context: Context, email: Email) {
    let known = user::store::organizations_of(&mut site.directory().read(), &email).await;
    let known = known.inspect_err(warn).unwrap_or_default();
    for (org, id) in known {
        match site.directory().write(context.system(), org, SendLink { id, by_anyone: true }).await {
            // Not active, or no password here.
            Ok(()) | Err(Error::Denied(_) | Error::Missing(_)) => {}
            Err(error) => warn(&error),
        }
    }
}

fn warn(error: &Error) {
    tracing::error!(reason = error.private().unwrap_or("refused"), "a reset link could not be queued");
}
