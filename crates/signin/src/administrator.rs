//! The administrators' own sign-in. Federation admits people, never administrators.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_base::{Email, Secret};
use muster_directory::administrator::{self, Administrator, create, update};
use muster_directory::event::{self, Event};
use muster_directory::session::start::{Start, start};
use muster_directory::session::{Kind, Method};
use muster_directory::trace::Step;
use muster_directory::user::lockout::{self, Verdict};
use muster_directory::{Error, Result};
use muster_http::page::PageError;
use muster_http::{ApiError, Browser, Context, Site, cookie};
use serde::Deserialize;

use crate::view;

type Page = std::result::Result<Response, PageError>;

const REFUSED: &str = "This e-mail and password do not match, or this account cannot be used to sign in at the moment.";

/// What the address says.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    token: Option<String>,
}

/// `GET /login/admin`.
pub async fn show(Query(asked): Query<Asked>) -> Response {
    view::administrator(&console_path(asked.to.as_deref()), "", None)
}

/// Only the console is returned to.
fn console_path(to: Option<&str>) -> String {
    to.filter(|t| t.starts_with("/console/") && muster_http::destination::is_our_path(t))
        .unwrap_or("/console")
        .to_owned()
}

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    to: String,
}

/// `POST /login/admin`.
pub async fn submit(State(site): State<Site>, browser: Browser, context: Context, Form(typed): Form<Typed>) -> Page {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let directory = site.directory();
    let to = console_path(Some(&typed.to));
    let admin = match typed.username.parse::<Email>() {
        Ok(email) => administrator::store::by_email(&mut directory.read(), &email).await?,
        Err(_) => None,
    };
    let subject = admin.as_ref().map_or_else(|| lockout::unknown_subject(&typed.username), |a| a.id.text());
    let (now, prefix) = (directory.env().clock.now(), context.prefix());
    let verdict = directory.work(lockout::Attempt { org: None, subject, prefix, now }).await?;
    let hash = admin.as_ref().and_then(|a| a.password_hash.clone());
    let right = directory.hasher().verify(hash, &Secret::new(typed.password.clone())).await.map_err(Error::from)?;
    match admin.filter(|a| right && verdict == Verdict::GoOn && !a.suspended) {
        Some(admin) => Ok(sign_in(&site, browser, &context, &admin, &to).await?),
        None => {
            let mut detail = context.detail(false, "An administrator's sign-in was refused");
            let typed_name: String = typed.username.chars().filter(|c| !c.is_control()).take(254).collect();
            detail.trace = vec![Step::new("E-mail and password match an administrator", typed_name, false)];
            let env = directory.env();
            let kind = "admin_login_attempt".to_owned();
            let event = Event { org: None, id: env.id(), at: env.clock.now(), kind, user: None, detail };
            event::store::record(directory, &event).await?;
            Ok(view::administrator(&to, &typed.username, Some(REFUSED)))
        }
    }
}

/// Starts an administrator's session and goes on.
pub async fn sign_in(
    site: &Site,
    browser: Browser,
    context: &Context,
    admin: &Administrator,
    to: &str,
) -> Result<Response> {
    let env = site.directory().env();
    let event = Event {
        org: None,
        id: env.id(),
        at: env.clock.now(),
        kind: "admin_login_attempt".into(),
        user: Some(admin.id),
        detail: context.detail(true, "An administrator signed in"),
    };
    let start_with = Start {
        browser: browser.0,
        org: None,
        kind: Kind::Admin,
        principal: admin.id,
        method: Method::Password,
        idp: None,
        prefix: context.prefix(),
        client_ip: context.client_ip.to_string(),
        user_agent: context.user_agent.clone(),
        event,
    };
    let started = start(site.directory(), start_with).await?;
    Ok((cookie::set(site, Some(&started.cookie)), Redirect::to(to)).into_response())
}

/// `GET /activate/admin?token=`.
pub async fn show_activation(State(site): State<Site>, Query(asked): Query<Asked>) -> Page {
    form_of_link(&site, &Secret::new(asked.token.unwrap_or_default()), &[]).await
}

/// The form of a link that may be used, with what was wrong with the last password; else the page of a dead one.
async fn form_of_link(site: &Site, token: &Secret, errors: &[String]) -> Page {
    let now = site.directory().env().clock.now();
    let id = administrator::store::by_token(&mut site.directory().read(), token, now).await?;
    let Some(id) = id else { return Ok(crate::activate::dead_link()) };
    let admin = administrator::store::get(&mut site.directory().read(), id).await?;
    Ok(activation_form(token, &admin.email, errors))
}

fn activation_form(token: &Secret, email: &str, errors: &[String]) -> Response {
    view::new_password(&view::NewPassword {
        title: "Choose your password",
        lead: "You were made an administrator. Choose a password to begin.",
        action: "/activate/admin",
        token: token.expose(),
        username: email,
        rules: &[format!("at least {} characters", create::PASSWORD_MIN), "not easy to guess".to_owned()],
        errors,
        brand: None,
    })
}

/// The form that sets the first password.
#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// `POST /activate/admin`.
pub async fn submit_activation(
    State(site): State<Site>,
    browser: Browser,
    context: Context,
    Form(typed): Form<NewPassword>,
) -> Page {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let (token, password) = (Secret::new(typed.token), Secret::new(typed.password));
    match update::set_password_by_link(site.directory(), &token, &password).await {
        Ok(admin) => Ok(sign_in(&site, browser, &context, &admin, "/console").await?),
        Err(Error::Invalid(fields)) => {
            let errors: Vec<String> = fields.into_iter().map(|f| f.message).collect();
            form_of_link(&site, &token, &errors).await
        }
        Err(Error::Denied(_)) => Ok(crate::activate::dead_link()),
        Err(error) => Err(error.into()),
    }
}
