//! `/`, `/portal` and `/console` without an organization: on to the one that the browser is signed in to.

use axum::extract::State;
use axum::response::Redirect;
use muster_directory::session::{self, Kind};
use muster_directory::{Result, administrator, organization};
use muster_http::page::PageError;
use muster_http::{Browser, Site, me};

/// `GET /`.
pub async fn root(State(site): State<Site>, browser: Browser) -> std::result::Result<Redirect, PageError> {
    if organization::store::count(&mut site.directory().read()).await? == 0 {
        return Ok(Redirect::to("/setup"));
    }
    if console_of(&site, browser).await?.is_some() {
        return Ok(Redirect::to("/console"));
    }
    Ok(Redirect::to("/portal"))
}

/// `GET /portal`: the organization signed in to last, of those where the sign-in still holds.
pub async fn portal(State(site): State<Site>, browser: Browser) -> std::result::Result<Redirect, PageError> {
    let Some(id) = browser.0 else { return Ok(Redirect::to("/login")) };
    let sessions = session::store::of_browser(&mut site.directory().read(), id, Kind::User).await?;
    for org in sessions.into_iter().filter_map(|s| s.org) {
        let organization = organization::store::get(&mut site.directory().read(), org).await?;
        if me::current(&site, browser.0, &organization).await?.is_some() {
            return Ok(Redirect::to(&format!("/portal/{}/", organization.slug)));
        }
    }
    Ok(Redirect::to("/login"))
}

/// `GET /console`: the administrator's first organization.
pub async fn console(State(site): State<Site>, browser: Browser) -> std::result::Result<Redirect, PageError> {
    match console_of(&site, browser).await? {
        Some(slug) => Ok(Redirect::to(&format!("/console/{slug}/"))),
        None => Ok(Redirect::to("/login/admin")),
    }
}

async fn console_of(site: &Site, browser: Browser) -> Result<Option<String>> {
    let Some((_, admin)) = muster_http::admin::current(site, browser.0).await? else { return Ok(None) };
    let directory = site.directory();
    let ids = administrator::store::organizations(&mut directory.read(), admin.id).await?;
    let organizations = organization::store::by_ids(&mut directory.read(), &ids).await?;
    Ok(organizations.into_iter().next().map(|o| o.slug))
}
