//! Sign-out that an application asks for (OpenID Connect RP-Initiated Logout 1.0). An ID token of ours for the person who
//! is signed in ends the session at once; without one the person is asked. Never a redirect to an address that is not
//! registered for the application.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use muster_directory::logout::front;
use muster_directory::organization::Organization;
use muster_directory::session::{Session, end};
use muster_directory::user::User;
use muster_directory::{Actor, Error};
use muster_http::error::ApiError;
use muster_http::page::{self as frame, Brand, frames, message};
use muster_http::{Browser, Context, Site, me};
use muster_oauth::logout::Request;
use muster_oauth::{Params, redirect_uri};

use crate::client::{self, Client};
use crate::id_token_hint::{self, Hint};
use crate::page::{malformed, page, see_other};
use crate::same_origin::is_same_origin;
use crate::{body, organization};
use muster_http::stop::Stop;

/// The field of our own form that says that the person was asked.
const CONFIRMED: &str = "confirmed";

/// Who asks, and what was found of it.
struct Asked<'a> {
    site: &'a Site,
    organization: &'a Organization,
    context: &'a Context,
    hint: Option<Hint>,
    client: Option<Client>,
    return_to: Option<String>,
    state: Option<String>,
}

/// `GET /o/{slug}/oauth2/sessions/logout`
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
    let asked = read(&site, &organization, &context, &params).await?;
    let Some((session, user)) = me::current(&site, browser?.0, &organization).await? else { return Ok(over(&asked)) };
    if asked.hint.as_ref().is_some_and(|hint| hint.user == user.id) {
        return sign_out(&asked, &session).await;
    }
    Ok(ask(&asked, &user))
}

/// `POST /o/{slug}/oauth2/sessions/logout`: our own form, or an application's, which comes without our cookie
/// (`SameSite=Lax`) and is turned into a GET, which brings it.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    browser: Result<Browser, ApiError>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let query = body::as_query(&headers, bytes).map_err(|error| malformed(&organization, &context, &error))?;
    let params = Params::parse(&query).map_err(|error| malformed(&organization, &context, &error))?;
    if params.get(CONFIRMED).is_none() || !is_same_origin(&site, &headers) {
        let others = params.iter().filter(|(name, _)| *name != CONFIRMED);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
        return Ok(see_other(&format!("{}?{query}", path(&organization))));
    }
    let asked = read(&site, &organization, &context, &params).await?;
    match me::current(&site, browser?.0, &organization).await? {
        Some((session, _)) => sign_out(&asked, &session).await,
        None => Ok(over(&asked)),
    }
}

fn path(organization: &Organization) -> String {
    format!("/o/{}/oauth2/sessions/logout", organization.slug)
}

/// Reads the request and looks up whom it names (section 2).
async fn read<'a>(
    site: &'a Site,
    organization: &'a Organization,
    context: &'a Context,
    params: &Params,
) -> Result<Asked<'a>, Stop> {
    let request = Request::read(params).map_err(|error| malformed(organization, context, &error))?;
    let hint = match &request.id_token_hint {
        Some(token) => id_token_hint::read(site, organization, token).await?,
        None => None,
    };
    let hinted = hint.as_ref().map(|hint| &hint.client_id);
    if let (Some(named), Some(hinted)) = (&request.client_id, hinted)
        && named != hinted
    {
        let error = muster_oauth::Error::invalid_request("client_id is not the audience of id_token_hint");
        return Err(malformed(organization, context, &error));
    }
    let client = match request.client_id.as_ref().or(hinted) {
        Some(id) => client::find(site, organization, id).await?,
        None => None,
    };
    let return_to = request.post_logout_redirect_uri;
    let registered = |uri: &String| {
        let own = client.as_ref().map(|c| c.oidc.post_logout_redirect_uris.as_slice()).unwrap_or_default();
        redirect_uri::registered(uri, own, false)
    };
    if return_to.as_ref().is_some_and(|uri| !registered(uri)) {
        return Err(unregistered(organization, context));
    }
    Ok(Asked { site, organization, context, hint, client, return_to, state: request.state })
}

fn unregistered(organization: &Organization, context: &Context) -> Stop {
    let paragraphs = [
        "The application asks to return to an address that is not registered for it.".to_owned(),
        "For its administrator: add it to the application's post-logout redirect URIs, exactly as it is sent; for its \
         developer: send id_token_hint or client_id with it."
            .to_owned(),
    ];
    page(organization, context, StatusCode::BAD_REQUEST, "You are not signed out", &paragraphs)
}

async fn sign_out(asked: &Asked<'_>, session: &Session) -> Result<Response, Stop> {
    let directory = asked.site.directory();
    let issuer = asked.site.issuer(&asked.organization.slug);
    let frames = front::addresses(&mut directory.read(), asked.organization.id, &issuer, session).await?;
    let actor = Actor::user(session.principal, Some(asked.context.request_id.clone()));
    let verb = end::End { session: session.id, principal: Some(session.principal) };
    match directory.write(actor, asked.organization.id, verb).await {
        // Missing: another tab was quicker.
        Ok(()) | Err(Error::Missing(_)) if frames.is_empty() => Ok(over(asked)),
        Ok(()) | Err(Error::Missing(_)) => Ok(over_by_way_of(asked, &frames)),
        Err(error) => Err(error.into()),
    }
}

/// By way of the applications that want to be told in the browser (Front-Channel Logout).
fn over_by_way_of(asked: &Asked<'_>, addresses: &[String]) -> Response {
    let next = match &asked.return_to {
        Some(uri) => Request::return_to(uri, asked.state.as_deref()),
        None => path(asked.organization),
    };
    frames::frames("Signing you out", Some(&Brand::of(asked.organization)), addresses, &next, "Continue")
}

/// Back to the application, or a page that says it.
fn over(asked: &Asked<'_>) -> Response {
    if let Some(uri) = &asked.return_to {
        return see_other(&Request::return_to(uri, asked.state.as_deref()));
    }
    let brand = Brand::of(asked.organization);
    let paragraphs = [format!("This browser is not signed in to {} any more.", asked.organization.display_name)];
    let back = (format!("/o/{}/login", asked.organization.slug), "Sign in again".to_owned());
    message(StatusCode::OK, "You are signed out", Some(&brand), &paragraphs, "", Some(back))
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct Confirmation<'a> {
    organization: &'a str,
    person: &'a str,
    email: &'a str,
    label: Option<&'a str>,
    action: &'a str,
    fields: &'a [(&'static str, String)],
    stay: &'a str,
}

/// Asks the person.
fn ask(asked: &Asked<'_>, user: &User) -> Response {
    let mut fields = vec![(CONFIRMED, "yes".to_owned())];
    fields.extend(asked.client.as_ref().map(|client| ("client_id", client.app.id.text())));
    fields.extend(asked.return_to.clone().map(|uri| ("post_logout_redirect_uri", uri)));
    fields.extend(asked.state.clone().map(|state| ("state", state)));
    let confirmation = Confirmation {
        organization: &asked.organization.display_name,
        person: &user.display(),
        email: &user.email,
        label: asked.client.as_ref().map(|client| client.app.label()),
        action: &path(asked.organization),
        fields: &fields,
        stay: &format!("/portal/{}", asked.organization.slug),
    };
    let body = confirmation.render().unwrap_or_default();
    frame::page(StatusCode::OK, "Sign out?", Some(&Brand::of(asked.organization)), &body)
}
