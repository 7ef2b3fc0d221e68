//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core 3.1.2) as a list of steps:
//!
//! organization, [`parameters`] (from the address, pushed or signed), [`target`] (whatever is wrong up to here is a page),
//! the request (from here on errors go to the application), [`sign_in`] (session, `prompt`, `max_age`, hints), [`admit`]
//! (access, [`consent`], the code), [`answer`].

mod admit;
mod answer;
pub mod consent;
mod parameters;
pub mod resume;
mod sign_in;
mod target;
mod waiting;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use muster_base::Id;
use muster_directory::organization::Organization;
use muster_http::error::ApiError;
use muster_http::{Browser, Context, Site};
use muster_oauth::Params;
use muster_oauth::authorize::{Request, ResponseMode};

use crate::client::Client;
use crate::page::{malformed, page, see_other};
use crate::{body, organization, request};
use muster_http::stop::Stop;
use target::Target;

/// What every step looks at.
#[derive(Clone, Copy)]
struct Asked<'a> {
    site: &'a Site,
    organization: &'a Organization,
    context: &'a Context,
    browser: Browser,
    params: &'a Params,
}

impl Asked<'_> {
    fn browser_id(&self) -> Option<Id> {
        self.browser.0
    }

    fn path(&self, rest: &str) -> String {
        format!("/o/{}{rest}", self.organization.slug)
    }

    fn issuer(&self) -> String {
        self.site.issuer(&self.organization.slug)
    }

    /// A page that tells what is wrong; where nothing may be redirected.
    fn page(&self, status: StatusCode, title: &str, paragraphs: &[String]) -> Stop {
        page(self.organization, self.context, status, title, paragraphs)
    }
}

/// `GET /o/{slug}/oauth2/auth`
pub async fn get(
    State(site): State<Site>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    context: Context,
    browser: Result<Browser, ApiError>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let params = Params::parse(query.as_deref().unwrap_or_default());
    let params = params.map_err(|error| malformed(&organization, &context, &error))?;
    let (site, organization, context) = (&site, &organization, &context);
    begin(&Asked { site, organization, context, browser: browser?, params: &params }).await
}

/// `POST /o/{slug}/oauth2/auth` (OpenID Connect Core 3.1.2.1). A form that another site posts comes without our cookie
/// (`SameSite=Lax`), so it is turned into a GET, which brings it.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let query = body::as_query(&headers, bytes).map_err(|error| malformed(&organization, &context, &error))?;
    Ok(see_other(&format!("/o/{slug}/oauth2/auth?{query}")))
}

/// The steps of a request that just came.
async fn begin(asked: &Asked<'_>) -> Result<Response, Stop> {
    let client = target::client(asked).await?;
    let params = parameters::gather(asked, &client).await?;
    let asked = &Asked { params: &params, ..*asked };
    let (target, request) = match read(asked, client).await? {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal),
    };
    let signed_in = sign_in::required(asked, &target, &request).await?;
    admit::admit(asked, &target, &request, signed_in).await
}

/// Who asks for what; the inner error is an answer that tells the application what is wrong.
async fn read(asked: &Asked<'_>, client: Client) -> Result<Result<(Target, Request), Response>, Stop> {
    let target = target::resolve(asked, client)?;
    match request::read(&target.client, asked.params) {
        Ok(request) => Ok(Ok((target, request))),
        Err(error) => {
            // The way that was asked for, if it can be read; else the usual one.
            let mode = ResponseMode::read(asked.params).unwrap_or_default();
            Ok(Err(answer::error(asked, &target, mode, &error).await?))
        }
    }
}
