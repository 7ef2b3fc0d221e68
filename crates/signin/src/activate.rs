//! Setting a password by a link that was mailed: the first one (`/activate`), or a new one (`/reset`).

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use muster_base::Secret;
use muster_directory::organization::{self, Organization, PasswordPolicy};
use muster_directory::routing::Outcome;
use muster_directory::user::set_password::{Proof, SetPassword};
use muster_directory::user::token::{self, Link, Purpose};
use muster_directory::user::{self, State as UserState, User};
use muster_directory::{Actor, Error, Result, password, routing};
use muster_http::page::{self, Brand, PageError};
use muster_http::{ApiError, Context, Site};
use serde::Deserialize;

use crate::view;

type Page = std::result::Result<Response, PageError>;

/// What the address says.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    pub token: Option<String>,
}

/// `GET /activate?token=`.
pub async fn show(State(site): State<Site>, Query(asked): Query<Asked>) -> Page {
    show_link(&site, &Secret::new(asked.token.unwrap_or_default()), Purpose::Activate).await
}

/// The page of a link, or one that says it is dead.
pub async fn show_link(site: &Site, token: &Secret, purpose: Purpose) -> Page {
    match valid(site, token, purpose).await? {
        Some((link, organization, user)) => Ok(form(&link, &organization, &user, token, &[])),
        None => Ok(dead_link()),
    }
}

/// The link, when it may be used for this: the person is active and signs in with a password here.
async fn valid(site: &Site, token: &Secret, purpose: Purpose) -> Result<Option<(Link, Organization, User)>> {
    let directory = site.directory();
    let now = directory.env().clock.now();
    let link = token::find(&mut directory.read(), token, now).await?.filter(|l| l.purpose == purpose);
    let Some(link) = link else { return Ok(None) };
    let user = user::store::by_id(&mut directory.read(), link.org, link.user).await?;
    let Some(user) = user else { return Ok(None) };
    let organization = organization::store::get(&mut directory.read(), link.org).await?;
    let decision = routing::decide::load(&mut directory.read(), &user).await?;
    let may = user.state == UserState::Activated && decision.outcome == Outcome::Password;
    Ok(may.then_some((link, organization, user)))
}

fn form(link: &Link, organization: &Organization, user: &User, token: &Secret, errors: &[String]) -> Response {
    let (title, lead, action) = match link.purpose {
        Purpose::Activate => ("Choose your password", "Welcome. Choose a password to begin.", "/activate"),
        Purpose::Reset => ("Choose a new password", "All your sessions end when it is changed.", "/reset"),
    };
    view::new_password(&view::NewPassword {
        title,
        lead,
        action,
        token: token.expose(),
        username: &user.email,
        rules: &rules(&organization.settings.password_policy),
        errors,
        brand: Some(&Brand::of(organization)),
    })
}

/// The organization's rules before anything is typed.
fn rules(policy: &PasswordPolicy) -> Vec<String> {
    let least = if policy.enable_min_length { policy.min_length.max(8) } else { 8 };
    let mut out = vec![format!("at least {least} characters")];
    for (on, rule) in [
        (policy.needs_lowercase, "a lower-case letter"),
        (policy.needs_uppercase, "an upper-case letter"),
        (policy.needs_numeric, "a digit"),
        (policy.needs_symbolic, "a symbol"),
        (!policy.allow_username_substring, "not your user name"),
        (policy.disallow_commonly_used_passwords, "not easy to guess: a few unrelated words are best"),
        (policy.enable_max_history, "not one you used lately"),
    ] {
        if on {
            out.push(rule.to_owned());
        }
    }
    out
}

/// The form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// `POST /activate`.
pub async fn submit(State(site): State<Site>, context: Context, Form(typed): Form<Typed>) -> Page {
    set(&site, &context, Purpose::Activate, (Secret::new(typed.token), Secret::new(typed.password))).await
}

/// Sets the password by the link's proof: the token and what was typed.
pub async fn set(site: &Site, context: &Context, purpose: Purpose, (token, new): (Secret, Secret)) -> Page {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let Some((link, organization, user)) = valid(site, &token, purpose).await? else { return Ok(dead_link()) };
    let hash = match password::prepare(site.directory(), &user, &new).await {
        Ok(hash) => hash,
        Err(Error::Invalid(fields)) => {
            let errors: Vec<String> = fields.into_iter().map(|f| f.message).collect();
            return Ok(form(&link, &organization, &user, &token, &errors));
        }
        Err(error) => return Err(error.into()),
    };
    let verb = SetPassword { id: user.id, hash, proof: Proof::Link(token.digest()) };
    let actor = Actor::user(user.id, Some(context.request_id.clone()));
    match site.directory().write(actor, user.org, verb).await {
        Ok(_) => {
            let login = format!("/o/{}/login", organization.slug);
            let text = ["Your password is set. You can log in now.".to_owned()];
            let back = Some((login, "Log in".to_owned()));
            let brand = Brand::of(&organization);
            Ok(page::message(StatusCode::OK, "Password set", Some(&brand), &text, "", back))
        }
        Err(Error::Denied(_) | Error::Missing(_)) => Ok(dead_link()),
        Err(error) => Err(error.into()),
    }
}

/// The page of a link that cannot be used (any more).
pub fn dead_link() -> Response {
    let text = [
        "It was used already, is too old, or a newer one was sent.".to_owned(),
        "Ask for a new one, or ask your administrator.".to_owned(),
    ];
    let back = Some(("/reset".to_owned(), "Ask for a new link".to_owned()));
    page::message(StatusCode::NOT_FOUND, "This link does not work any more", None, &text, "", back)
}
