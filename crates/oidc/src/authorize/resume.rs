//! Goes on with a request that waited for a sign-in.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use muster_http::error::ApiError;
use muster_http::{Browser, Context, Site};
use muster_oauth::Params;

use super::{Asked, admit, read, sign_in, target, waiting};
use crate::organization;
use muster_http::stop::Stop;

/// Where a sign-in goes on, below the organization's address.
pub const PATH: &str = "/oauth2/auth/resume";

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
    let address = Params::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let (flow, params) = waiting::find(site, organization, context, browser, address.get("flow")).await?;
    let asked = &Asked { site, organization, context, browser, params: &params };
    let client = target::client(asked).await?;
    let (target, request) = match read(asked, client).await? {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal),
    };
    let signed_in = sign_in::done(asked, &target, &request, flow).await?;
    admit::admit(asked, &target, &request, signed_in).await
}
