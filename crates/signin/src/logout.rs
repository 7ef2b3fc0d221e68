//! Sign-out of everything in this browser, and of the applications that want to be told in it.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use muster_directory::logout::front;
use muster_directory::session::{self, Kind};
use muster_directory::{Actor, Error, Result, organization, saml_session};
use muster_http::page::{PageError, frames};
use muster_http::{Browser, Context, Site};

use crate::view;

/// `GET /logout`: asks first, so that a link elsewhere cannot sign anybody out.
pub async fn show(State(site): State<Site>, browser: Browser) -> std::result::Result<Response, PageError> {
    let Some(id) = browser.0 else { return Ok(view::logout(false)) };
    let mut source = site.directory().read();
    let people = session::store::of_browser(&mut source, id, Kind::User).await?;
    let administrators = session::store::of_browser(&mut source, id, Kind::Admin).await?;
    Ok(view::logout(!people.is_empty() || !administrators.is_empty()))
}

/// `POST /logout`.
pub async fn submit(
    State(site): State<Site>,
    browser: Browser,
    context: Context,
) -> std::result::Result<Response, PageError> {
    let (addresses, saml) = match browser.0 {
        Some(id) => end_all(&site, id, &context).await?,
        None => (Vec::new(), None),
    };
    let next = saml.as_deref().unwrap_or("/logout");
    if addresses.is_empty() {
        return Ok(Redirect::to(next).into_response());
    }
    Ok(frames::frames("Signing you out", None, &addresses, next, "Continue"))
}

/// Ends every session; tells which addresses of applications the browser is to open, and where the service providers of
/// SAML are told: those of one organization after those of the other.
async fn end_all(site: &Site, browser: muster_base::Id, context: &Context) -> Result<(Vec<String>, Option<String>)> {
    let mut ended = Vec::new();
    let directory = site.directory();
    let mut addresses = Vec::new();
    for session in session::store::of_browser(&mut directory.read(), browser, Kind::User).await? {
        let Some(org) = session.org else { continue };
        let organization = organization::store::get(&mut directory.read(), org).await?;
        let issuer = site.issuer(&organization.slug);
        addresses.extend(front::addresses(&mut directory.read(), org, &issuer, &session).await?);
        let actor = Actor::user(session.principal, Some(context.request_id.clone()));
        let verb = session::end::End { session: session.id, principal: Some(session.principal) };
        match directory.write(actor, org, verb).await {
            Ok(()) | Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
        ended.push((organization, session.id));
    }
    let mut saml = None;
    for (organization, session) in ended.into_iter().rev() {
        let (org, then) = (organization.id, saml.clone());
        let ended = saml_session::Ended { org, browser, session, but: None, asked: None, then };
        let waits = saml_session::begin(directory, ended).await?;
        saml = waits.map(|flow| format!("/o/{}/saml/logout?flow={flow}", organization.slug)).or(saml);
    }
    for session in session::store::of_browser(&mut directory.read(), browser, Kind::Admin).await? {
        session::end::admin(directory, session.id).await?;
    }
    Ok((addresses, saml))
}
