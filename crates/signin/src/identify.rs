//! The first step: the e-mail. It leads to an identity provider or to the password page; unknown, staged, suspended,
//! locked and password people are answered alike.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_base::Email;
use muster_directory::application::Application;
use muster_directory::identity_provider;
use muster_directory::organization::{self, Organization};
use muster_directory::routing::Outcome;
use muster_directory::user::{self, State as UserState, User};
use muster_directory::{Result, routing};
use muster_http::page::PageError;
use muster_http::{Browser, Site, me};
use serde::Deserialize;

use crate::door::{Asked, Door};
use crate::view;

type Page = std::result::Result<Response, PageError>;

/// `GET /o/{slug}/login`: the e-mail form; with a hint the password form beside it; on at once when already signed in.
pub async fn show(
    State(site): State<Site>,
    Path(slug): Path<String>,
    browser: Browser,
    Query(asked): Query<Asked>,
) -> Page {
    let door = Door::of(&site, &slug, browser, &asked).await?;
    let Some(organization) = &door.organization else { return Ok(view::email(&door, "", None)) };
    let wants_fresh = door.flow.as_ref().is_some_and(|f| f.fresh);
    if !wants_fresh && me::current(&site, browser.0, organization).await?.is_some() {
        return Ok(Redirect::to(&door.destination(organization)).into_response());
    }
    let hint = door.flow.as_ref().and_then(|f| f.login_hint.clone()).or(asked.username);
    match hint.filter(|h| h.parse::<Email>().is_ok()) {
        Some(hint) => match routed(&site, organization, door.app.as_ref(), &hint).await? {
            true => Ok(Redirect::to(&door.federate(organization, &hint)).into_response()),
            false => Ok(view::password(&door, &hint, None, true, None)),
        },
        None => Ok(view::email(&door, "", None)),
    }
}

/// `GET /login`.
pub async fn show_anywhere(Query(asked): Query<Asked>) -> Response {
    let door = Door { to: asked.to.filter(|to| muster_http::destination::is_our_path(to)), ..Door::default() };
    view::email(&door, asked.username.as_deref().unwrap_or(""), None)
}

/// The e-mail form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    username: String,
    /// Typed where the e-mail is known in several organizations.
    #[serde(default)]
    organization: Option<String>,
}

/// `POST /o/{slug}/login`.
pub async fn submit(
    State(site): State<Site>,
    Path(slug): Path<String>,
    browser: Browser,
    Query(asked): Query<Asked>,
    Form(typed): Form<Typed>,
) -> Page {
    let door = Door::of(&site, &slug, browser, &asked).await?;
    let email = match typed.username.parse::<Email>() {
        Ok(email) => email,
        Err(error) => return Ok(view::email(&door, &typed.username, Some(&sentence(&error.to_string())))),
    };
    let Some(organization) = &door.organization else { return Ok(view::email(&door, "", None)) };
    if routed(&site, organization, door.app.as_ref(), email.written()).await? {
        return Ok(Redirect::to(&door.federate(organization, email.written())).into_response());
    }
    Ok(view::password(&door, email.written(), None, false, None))
}

/// `POST /login`: finds the organization by the e-mail.
pub async fn submit_anywhere(State(site): State<Site>, Query(asked): Query<Asked>, Form(typed): Form<Typed>) -> Page {
    let door = Door { to: asked.to.filter(|to| muster_http::destination::is_our_path(to)), ..Door::default() };
    let email = match typed.username.parse::<Email>() {
        Ok(email) => email,
        Err(error) => return Ok(view::email(&door, &typed.username, Some(&sentence(&error.to_string())))),
    };
    let name = typed.organization.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let organizations = candidates(&site, &email, name).await?;
    match (organizations.as_slice(), name) {
        ([one], _) if routed(&site, one, None, email.written()).await? => {
            Ok(Redirect::to(&door.federate(one, email.written())).into_response())
        }
        (several, None) if several.len() > 1 => Ok(view::organization(&door, email.written())),
        // Nobody, somebody, or not of the organization typed: the same page, which repeats what was typed and no more.
        (_, name) => Ok(view::password(&door, email.written(), name, false, None)),
    }
}

/// The organizations that know an e-mail; with a name or short name typed, only those that bear it.
pub async fn candidates(site: &Site, email: &Email, typed: Option<&str>) -> Result<Vec<Organization>> {
    let directory = site.directory();
    let ids: Vec<_> =
        user::store::organizations_of(&mut directory.read(), email).await?.into_iter().map(|(org, _)| org).collect();
    let mut found = organization::store::by_ids(&mut directory.read(), &ids).await?;
    if let Some(typed) = typed.map(str::trim).filter(|t| !t.is_empty()) {
        let typed = typed.to_lowercase();
        found.retain(|o| o.slug == typed || o.display_name.to_lowercase() == typed);
    }
    Ok(found)
}

/// Whether someone signs in elsewhere. That a routed e-mail leads to its provider is inherent in routing.
async fn routed(site: &Site, organization: &Organization, app: Option<&Application>, typed: &str) -> Result<bool> {
    let directory = site.directory();
    match user::resolve::by_identifier(&mut directory.read(), organization.id, app, typed).await? {
        Some(user) => is_routed(site, &user).await,
        None => may_be_created(site, organization, typed).await,
    }
}

async fn is_routed(site: &Site, user: &User) -> Result<bool> {
    if user.state != UserState::Activated {
        return Ok(false);
    }
    let decision = routing::decide::load(&mut site.directory().read(), user).await?;
    Ok(matches!(decision.outcome, Outcome::Provider(_)))
}

/// Whether an unknown e-mail is of a domain whose people a provider may bring in.
async fn may_be_created(site: &Site, organization: &Organization, typed: &str) -> Result<bool> {
    let Ok(email) = typed.parse::<Email>() else { return Ok(false) };
    let providers = identity_provider::store::all(&mut site.directory().read(), organization.id).await?;
    Ok(providers.iter().any(|p| p.brings_in(email.domain())))
}

/// A message as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    format!("{}{}.", first.map(|f| f.collect::<String>()).unwrap_or_default(), chars.as_str())
}
