//! Sign-out of everything in this browser.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use muster_directory::session::{self, Kind};
use muster_directory::{Actor, Error, Result};
use muster_http::page::PageError;
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
    if let Some(id) = browser.0 {
        end_all(&site, id, &context).await?;
    }
    Ok(Redirect::to("/logout").into_response())
}

async fn end_all(site: &Site, browser: muster_base::Id, context: &Context) -> Result<()> {
    let directory = site.directory();
    for session in session::store::of_browser(&mut directory.read(), browser, Kind::User).await? {
        let Some(org) = session.org else { continue };
        let actor = Actor::user(session.principal, Some(context.request_id.clone()));
        let verb = session::end::End { session: session.id, principal: Some(session.principal) };
        match directory.write(actor, org, verb).await {
            Ok(()) | Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
    }
    for session in session::store::of_browser(&mut directory.read(), browser, Kind::Admin).await? {
        session::end::admin(directory, session.id).await?;
    }
    Ok(())
}
