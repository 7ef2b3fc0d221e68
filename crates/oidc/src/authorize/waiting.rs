//! Requests that wait for the person, to sign in or to answer a question: kept for the browser that brought them (no login
//! CSRF), found again, used up once.

use http::StatusCode;
use muster_base::{Id, Secret};
use muster_directory::flow::{self, Flow};
use muster_directory::organization::Organization;
use muster_directory::{Error, Result as DirectoryResult};
use muster_http::{Browser, Context, Site};
use muster_oauth::Params;
use serde_json::{Value, json};

use super::Asked;
use super::target::Target;
use crate::page::{malformed, page};
use muster_http::stop::Stop;

/// How a request is kept.
#[derive(Debug, Default)]
pub struct Keep {
    /// Who is expected.
    pub login_hint: Option<String>,
    /// Only a sign-in from now on counts.
    pub fresh: bool,
    /// Whose question it is: the session that has to answer.
    pub session: Option<Id>,
    /// The authentication classes that the application would like, apart by spaces.
    pub acr_values: String,
    /// Where to go on, below the organization's address; `flow` is added.
    pub path: &'static str,
}

/// Keeps the request; the secret is a new browser's cookie.
pub async fn keep(
    asked: &Asked<'_>,
    target: &Target,
    params: &Params,
    keep: Keep,
) -> DirectoryResult<(Flow, Option<Secret>)> {
    let directory = asked.site.directory();
    let (browser, secret) = asked.browser.or_new(asked.site).await?;
    let id = directory.env().id();
    let flow = Flow {
        org: asked.organization.id,
        id,
        browser,
        app: Some(target.client.app.id),
        login_hint: keep.login_hint,
        payload: json!({ "request": params.to_query(), "session": keep.session, "acr_values": keep.acr_values }),
        return_to: asked.path(&format!("{}?flow={id}", keep.path)),
        fresh: keep.fresh,
        created_at: directory.env().clock.now(),
    };
    flow::create(directory, &flow).await?;
    Ok((flow, secret))
}

/// The session whose question it is.
pub fn session(flow: &Flow) -> Option<Id> {
    flow.payload.get("session").and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// The request of this browser that waits under an id, with its parameters as they counted when it came: what was pushed
/// or signed is not opened again.
pub async fn find(
    site: &Site,
    organization: &Organization,
    context: &Context,
    browser: Browser,
    id: Option<&str>,
) -> Result<(Flow, Params), Stop> {
    let id = id.and_then(|text| text.parse::<Id>().ok());
    let (Some(id), Some(browser)) = (id, browser.0) else { return Err(gone(organization, context)) };
    let directory = site.directory();
    let now = directory.env().clock.now();
    let flow = match flow::find(&mut directory.read(), organization.id, id, browser, now).await {
        Err(Error::Missing(_)) => return Err(gone(organization, context)),
        other => other?,
    };
    let Some(request) = flow.payload.get("request").and_then(Value::as_str) else {
        return Err(gone(organization, context));
    };
    let params = Params::parse(request).map_err(|error| malformed(organization, context, &error))?;
    Ok((flow, params))
}

/// Uses the request up; the second of two at once is told that it is over.
pub async fn take(asked: &Asked<'_>, flow: &Flow) -> Result<(), Stop> {
    if flow::take(asked.site.directory(), flow).await? {
        return Ok(());
    }
    Err(gone(asked.organization, asked.context))
}

/// The page for a request that waits no more.
pub fn gone(organization: &Organization, context: &Context) -> Stop {
    let paragraphs = [
        "It was finished already, it waited for longer than an hour, or it began in another browser.".to_owned(),
        "Open the application again to sign in to it.".to_owned(),
    ];
    page(organization, context, StatusCode::BAD_REQUEST, "This sign-in is over", &paragraphs)
}
