//! Goes on with a request that waited for a sign-in. It belongs to the browser that brought it (no login CSRF) and is
//! used up once.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::Error;
use muster_directory::flow::{self, Flow};
use muster_directory::organization::Organization;
use muster_http::error::ApiError;
use muster_http::{Browser, Context, Site};
use muster_oauth::Params;
use serde_json::Value;

use super::{Asked, run};
use crate::organization;
use crate::page::{malformed, page};
use crate::stop::Stop;

/// `GET /o/{slug}/oauth2/auth/resume?flow={id}`
pub async fn get(
    State(site): State<Site>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    context: Context,
    browser: Result<Browser, ApiError>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let (site, organization, context, browser) = (&site, &organization, &context, browser?);
    let id = Params::parse(query.as_deref().unwrap_or_default()).ok();
    let id = id.as_ref().and_then(|params| params.get("flow")).and_then(|text| text.parse::<Id>().ok());
    let (Some(id), Some(browser_id)) = (id, browser.0) else { return Err(gone(organization, context)) };
    let directory = site.directory();
    let now = directory.env().clock.now();
    let flow = match flow::find(&mut directory.read(), organization.id, id, browser_id, now).await {
        Err(Error::Missing(_)) => return Err(gone(organization, context)),
        other => other?,
    };
    let Some(request) = flow.payload.get("request").and_then(Value::as_str) else {
        return Err(gone(organization, context));
    };
    let params = Params::parse(request).map_err(|error| malformed(organization, context, &error))?;
    run(&Asked { site, organization, context, browser, params: &params }, Some(flow)).await
}

/// Uses the request up; the second of two at once is told that it is over.
pub(super) async fn take(asked: &Asked<'_>, flow: &Flow) -> Result<(), Stop> {
    if flow::take(asked.site.directory(), flow).await? {
        return Ok(());
    }
    Err(gone(asked.organization, asked.context))
}

fn gone(organization: &Organization, context: &Context) -> Stop {
    let paragraphs = [
        "It was finished already, it waited for longer than an hour, or it began in another browser.".to_owned(),
        "Open the application again to sign in to it.".to_owned(),
    ];
    page(organization, context, StatusCode::BAD_REQUEST, "This sign-in is over", &paragraphs)
}
