//! What a person sees of a sign-out: who was told, who did not answer, who is still to be told, and the way on. A service
//! provider that does not send the browser back ends nothing: this page is behind it, and goes on without it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use muster_base::Id;
use muster_directory::Result;
use muster_directory::application::store as applications;
use muster_directory::organization::Organization;
use muster_directory::saml_session::Told;
use muster_http::Site;
use muster_http::page::{Brand, page};

use super::chain::find;
use muster_http::stop::Stop;

/// After how long the page goes on by itself, in seconds: long enough for browsers to remember it as a page to go back to.
const GO_ON_S: u64 = 2;

/// How it stands with an application.
struct Row {
    label: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "signing_out.html")]
struct SigningOut<'a> {
    organization: &'a str,
    rows: &'a [Row],
    waits: bool,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut<'a> {
    organization: &'a str,
    rows: &'a [Row],
    login: &'a str,
    then: Option<&'a str>,
}

/// How far the sign-out is. Nobody being told, it goes on by itself; else the person does, without the one that is waited
/// for.
pub async fn shown(
    site: &Site,
    organization: &Organization,
    browser: Id,
    id: Id,
) -> std::result::Result<Response, Stop> {
    let Some((_, chain)) = find(site, organization.id, browser, id).await? else {
        return Ok(over(site, organization, &[], None).await?);
    };
    let mut rows = told(site, organization, &chain.told).await?;
    let waiting = chain.waiting.as_ref().map(|(app, _)| (*app, "was asked, and did not answer"));
    let rest = chain.rest.iter().map(|one| (one.app, "is still to be told"));
    for (app, state) in waiting.into_iter().chain(rest) {
        rows.extend(row(site, organization.id, app, state).await?);
    }
    let next = format!("/o/{}/saml/logout?flow={id}&go={}", organization.slug, chain.step());
    let waits = chain.waiting.is_some();
    let body = SigningOut { organization: &organization.display_name, rows: &rows, waits, next: &next };
    let body = body.render().unwrap_or_default();
    let response = page(StatusCode::OK, "Signing you out", Some(&Brand::of(organization)), &body).into_response();
    Ok(if waits { response } else { going_on(response, &next) })
}

/// The page at the end: the person is signed out here, and how it went elsewhere; `then` is where it goes on to.
pub async fn over(site: &Site, organization: &Organization, all: &[Told], then: Option<&str>) -> Result<Response> {
    let rows = told(site, organization, all).await?;
    let login = format!("/o/{}/login", organization.slug);
    let body = SignedOut { organization: &organization.display_name, rows: &rows, login: &login, then };
    let body = body.render().unwrap_or_default();
    let response = page(StatusCode::OK, "You are signed out", Some(&Brand::of(organization)), &body).into_response();
    Ok(match then {
        Some(next) => going_on(response, next),
        None => response,
    })
}

fn going_on(mut response: Response, next: &str) -> Response {
    if let Ok(refresh) = HeaderValue::from_str(&format!("{GO_ON_S}; url={next}")) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}

async fn told(site: &Site, organization: &Organization, all: &[Told]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for one in all {
        let state = if one.done { "signed out" } else { "may still be signed in, sign out there" };
        rows.extend(row(site, organization.id, one.app, state).await?);
    }
    Ok(rows)
}

async fn row(site: &Site, org: Id, app: Id, state: &'static str) -> Result<Option<Row>> {
    let app = applications::by_id(&mut site.directory().read(), org, app).await?;
    Ok(app.map(|app| Row { label: app.label().to_owned(), state }))
}
