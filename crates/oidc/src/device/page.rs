//! The page on which a person types the code that their device shows, and allows or denies (RFC 8628 section 3.3). It works
//! without JavaScript. The code is shown once more beside the application's name, so that nobody allows a device that is
//! not before them (section 5.4).

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use muster_base::Micros;
use muster_db::{Tx, Work};
use muster_directory::application::Consent;
use muster_directory::application::access::{self, Access};
use muster_directory::consent::{self, give};
use muster_directory::event::{self, Detail, Event, Named};
use muster_directory::flow::{self, Flow};
use muster_directory::organization::Organization;
use muster_directory::session::Session;
use muster_directory::user::User;
use muster_directory::{Actor, Error as DirectoryError, Result as DirectoryResult};
use muster_http::error::ApiError;
use muster_http::page::{Brand, page as frame, whom_to_ask};
use muster_http::{Browser, Context, Site, cookie, me};
use muster_oauth::{Params, device};
use serde_json::json;

use super::model::Allowed;
use super::{Request, store};
use crate::authorize::consent::sentences;
use crate::client::{self, Client};
use crate::page::{malformed, page, see_other};
use crate::{body, organization};
use muster_http::stop::Stop;

/// What every step looks at.
struct Asked<'a> {
    site: &'a Site,
    organization: &'a Organization,
    context: &'a Context,
    session: Session,
    user: User,
}

/// `GET /o/{slug}/device`
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
    let typed = params.get("user_code").unwrap_or_default();
    let browser = browser?;
    let Some((session, user)) = me::current(&site, browser.0, &organization).await? else {
        return sign_in(&site, &organization, browser, typed).await;
    };
    let asked = Asked { site: &site, organization: &organization, context: &context, session, user };
    if typed.is_empty() {
        return Ok(entry(&asked, StatusCode::OK, "", ""));
    }
    let (request, client) = find(&asked, typed).await?;
    Ok(question(&asked, &request, &client))
}

/// `POST /o/{slug}/device`: what the person says.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    browser: Result<Browser, ApiError>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let form = body::form(&headers, bytes).map_err(|error| malformed(&organization, &context, &error))?;
    let typed = form.get("user_code").unwrap_or_default();
    let browser = browser?;
    let Some((session, user)) = me::current(&site, browser.0, &organization).await? else {
        return sign_in(&site, &organization, browser, typed).await;
    };
    let asked = Asked { site: &site, organization: &organization, context: &context, session, user };
    let (request, client) = find(&asked, typed).await?;
    match form.get("decision") {
        Some("allow") => allow(&asked, &request, &client).await,
        Some("deny") => deny(&asked, &request, &client).await,
        _ => Ok(question(&asked, &request, &client)),
    }
}

/// Lets the person sign in, and come back with what they typed.
async fn sign_in(site: &Site, organization: &Organization, browser: Browser, typed: &str) -> Result<Response, Stop> {
    let directory = site.directory();
    let (browser, secret) = browser.or_new(site).await?;
    let code = device::typed(typed).map(|code| format!("?user_code={}", device::shown(&code))).unwrap_or_default();
    let flow = Flow {
        org: organization.id,
        id: directory.env().id(),
        browser,
        app: None,
        login_hint: None,
        payload: json!({}),
        return_to: format!("/o/{}/device{code}", organization.slug),
        fresh: false,
        created_at: directory.env().clock.now(),
    };
    flow::create(directory, &flow).await?;
    let address = format!("/o/{}/login?flow={}", organization.slug, flow.id);
    Ok((cookie::set(site, secret.as_ref()), see_other(&address)).into_response())
}

/// The request that waits under what was typed. Every try counts, so that codes cannot be guessed.
async fn find(asked: &Asked<'_>, typed: &str) -> Result<(Request, Client), Stop> {
    if let Err(seconds) = asked.site.rates().user_code(&asked.context.prefix()) {
        return Err(ApiError::too_often(seconds).into());
    }
    let unknown = || {
        let problem =
            "This code is not known, was used, or has expired. Look at your device, which may show a new one.";
        Stop::with(entry(asked, StatusCode::NOT_FOUND, typed, problem))
    };
    let code = device::typed(typed).ok_or_else(unknown)?;
    let (directory, now) = (asked.site.directory(), asked.site.directory().env().clock.now());
    let request = store::waiting(&mut directory.read(), asked.organization.id, &code, now).await?;
    let request = request.ok_or_else(unknown)?;
    let client = client::find(asked.site, asked.organization, &request.app.text()).await?;
    let client = client.filter(|client| client.app.active).ok_or_else(unknown)?;
    Ok((request, client))
}

async fn allow(asked: &Asked<'_>, request: &Request, client: &Client) -> Result<Response, Stop> {
    let access = access::load(&mut asked.site.directory().read(), &client.app, &asked.user).await?;
    let label = client.app.label();
    if !access.allowed {
        let event = event(asked, client, access, format!("Refused a device: may not use {label}"));
        event::store::record(asked.site.directory(), &event).await?;
        let paragraphs = [
            format!("None of your groups gives you access to {label}, so your device cannot have it either."),
            whom_to_ask(asked.organization),
        ];
        let title = format!("You do not have access to {label}");
        return Err(page(asked.organization, asked.context, StatusCode::FORBIDDEN, &title, &paragraphs));
    }
    if client.oidc.requests.consent == Consent::Required {
        // The page said what it is about; each use of the grant looks for what was allowed.
        let actor = Actor::user(asked.user.id, Some(asked.context.request_id.clone()));
        let verb = give::Give { user: asked.user.id, app: client.app.id, allowed: wanted(request) };
        asked.site.directory().write(actor, asked.organization.id, verb).await?;
    }
    let by = Allowed {
        user: asked.user.id,
        session: asked.session.id,
        method: asked.session.method,
        auth_at: asked.session.auth_at,
    };
    let event = event(asked, client, access, format!("Signed in a device to {label}"));
    decide(asked, request, Some(by), event).await?;
    let told = [format!("It uses {label} as you. You may close this page.")];
    Ok(page(asked.organization, asked.context, StatusCode::OK, "Your device is signed in", &told).into_response())
}

/// What the device asks for, as it is remembered.
fn wanted(request: &Request) -> consent::Allowed {
    consent::Allowed { scope: request.scope.iter().map(str::to_owned).collect(), ..consent::Allowed::default() }
}

async fn deny(asked: &Asked<'_>, request: &Request, client: &Client) -> Result<Response, Stop> {
    let label = client.app.label();
    let access = Access { allowed: false, trace: Vec::new().into_iter().collect() };
    let event = event(asked, client, access, format!("Denied a device that asked to sign in to {label}"));
    decide(asked, request, None, event).await?;
    let told = [format!(
        "It gets nothing of {label}. If you did not start this, whoever gave you the code may have tried to get in as you: \
         tell your administrator."
    )];
    Ok(page(asked.organization, asked.context, StatusCode::OK, "The device was refused", &told).into_response())
}

fn event(asked: &Asked<'_>, client: &Client, access: Access, summary: String) -> Event {
    let env = asked.site.directory().env();
    let detail = Detail {
        application: Some(Named { id: client.id(), name: client.app.label().to_owned() }),
        trace: access.trace,
        ..asked.context.detail(access.allowed, summary)
    };
    let (org, user) = (Some(asked.organization.id), Some(asked.user.id));
    Event { org, id: env.id(), at: env.clock.now(), kind: "sso_auth".to_owned(), user, detail }
}

/// Writes what the person said, with the event that tells of it; of two at once one counts.
async fn decide(asked: &Asked<'_>, request: &Request, allowed: Option<Allowed>, event: Event) -> Result<(), Stop> {
    let now = asked.site.directory().env().clock.now();
    let work = Decide { request: request.clone(), allowed, event, now };
    if asked.site.directory().db().write(work).await? {
        return Ok(());
    }
    let problem = "This code was used meanwhile, or has expired.";
    Err(Stop::with(entry(asked, StatusCode::CONFLICT, "", problem)))
}

struct Decide {
    request: Request,
    allowed: Option<Allowed>,
    event: Event,
    now: Micros,
}

impl Work for Decide {
    type Out = bool;
    type Err = DirectoryError;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> DirectoryResult<bool> {
        if !store::decide(tx, &self.request, self.allowed.as_ref(), self.now).await? {
            return Ok(false);
        }
        event::store::insert(tx, &self.event).await?;
        Ok(true)
    }
}

#[derive(Template)]
#[template(path = "device_code.html")]
struct Entry<'a> {
    action: &'a str,
    typed: &'a str,
    problem: &'a str,
}

/// Asks for the code.
fn entry(asked: &Asked<'_>, status: StatusCode, typed: &str, problem: &str) -> Response {
    let action = format!("/o/{}/device", asked.organization.slug);
    // Only what may be a code is repeated, so that nobody can write a message onto this page.
    let typed = device::typed(typed).map(|code| device::shown(&code)).unwrap_or_default();
    let body = Entry { action: &action, typed: &typed, problem }.render().unwrap_or_default();
    frame(status, "Connect a device", Some(&Brand::of(asked.organization)), &body)
}

#[derive(Template)]
#[template(path = "device_question.html")]
struct Question<'a> {
    action: &'a str,
    code: &'a str,
    label: &'a str,
    organization: &'a str,
    person: &'a str,
    email: &'a str,
    asks: &'a [String],
}

/// Asks whether the device may go on.
fn question(asked: &Asked<'_>, request: &Request, client: &Client) -> Response {
    let question = Question {
        action: &format!("/o/{}/device", asked.organization.slug),
        code: &device::shown(&request.user_code),
        label: client.app.label(),
        organization: &asked.organization.display_name,
        person: &asked.user.display(),
        email: &asked.user.email,
        asks: &match client.oidc.requests.consent {
            Consent::Trusted => Vec::new(),
            Consent::Required => sentences(&wanted(request)),
        },
    };
    let body = question.render().unwrap_or_default();
    frame(StatusCode::OK, "Allow this device?", Some(&Brand::of(asked.organization)), &body)
}
