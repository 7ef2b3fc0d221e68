//! A forgotten password: asks for the e-mail and sends a link to whoever may set a password here. The answer is the same
//! for everybody, and what it costs happens after it.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use muster_base::{Email, Secret};
use muster_directory::routing::Outcome;
use muster_directory::user::token::SendLink;
use muster_directory::user::{self, State as UserState};
use muster_directory::{Result, routing};
use muster_http::page::{self, PageError};
use muster_http::{ApiError, Context, Site};
use serde::Deserialize;

use crate::activate::{self, Asked};
use crate::view;

type Page = std::result::Result<Response, PageError>;

/// `GET /reset`, with or without a link's token.
pub async fn show(State(site): State<Site>, Query(asked): Query<Asked>) -> Page {
    match asked.token.filter(|t| !t.is_empty()) {
        Some(token) => activate::show_link(&site, &Secret::new(token)).await,
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
        return activate::set(&site, &context, Secret::new(typed.token), Secret::new(typed.password)).await;
    }
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let email = match typed.username.parse::<Email>() {
        Ok(email) => email,
        Err(error) => return Ok(view::reset(&typed.username, Some(&format!("{error}.")))),
    };
    let background = site.clone();
    tokio::spawn(async move {
        if let Err(error) = send(&background, &context, &email).await {
            tracing::error!(reason = error.private().unwrap_or("refused"), "a reset link could not be queued");
        }
    });
    let mut text =
        vec!["If you can set a password here, a link is on its way to you. It works for one hour.".to_owned()];
    if !site.config().mail {
        text = vec!["This installation sends no mail. Ask your administrator for a link.".to_owned()];
    }
    let back = Some(("/login".to_owned(), "Back to login".to_owned()));
    Ok(page::message(StatusCode::OK, "Look into your mail", None, &text, "", back))
}

async fn send(site: &Site, context: &Context, email: &Email) -> Result<()> {
    let directory = site.directory();
    for (org, id) in user::store::organizations_of(&mut directory.read(), email).await? {
        let user = user::store::get(&mut directory.read(), org, id).await?;
        let decision = routing::decide::load(&mut directory.read(), &user).await?;
        if user.state == UserState::Activated && decision.outcome == Outcome::Password {
            directory.write(context.system(), org, SendLink { id, by_anyone: true }).await?;
        }
    }
    Ok(())
}
