//! Asks the person before an application of somebody else learns of them: a page without script, for the session and the
//! browser that brought the request. What is allowed is remembered; what each grant stands on looks for it.

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use muster_directory::application::oidc::RESERVED_CLAIMS;
use muster_directory::application::{Consent, Oidc, access};
use muster_directory::consent::{Allowed, give, store};
use muster_directory::{Actor, event};
use muster_http::error::ApiError;
use muster_http::page::{self as frame, Brand};
use muster_http::{Browser, Context, Site, headers};
use muster_oauth::authorize::Request;
use muster_oauth::{Error, ErrorCode, Params, Scope};

use super::sign_in::{self, SignedIn};
use super::target::{self, Target};
use super::waiting::{self, Keep};
use super::{Asked, admit, answer, read, resume};
use crate::page::{malformed, see_other};
use crate::same_origin::is_same_origin;
use crate::{body, organization, scope};
use muster_http::stop::Stop;

/// Where the question is asked, below the organization's address.
const PATH: &str = "/oauth2/consent";

/// What the application asks for, as it is remembered.
pub(super) fn wanted(scope: &Scope, request: &Request) -> Allowed {
    let claims = request.claims.names().into_iter().filter(|name| !RESERVED_CLAIMS.contains(name));
    Allowed {
        scope: scope.iter().map(str::to_owned).collect(),
        claims: claims.map(str::to_owned).collect(),
        resources: request.resource.iter().cloned().collect(),
    }
}

/// Whether the person has to be asked.
pub(super) async fn is_missing(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    signed_in: &SignedIn,
    wanted: &Allowed,
) -> muster_directory::Result<bool> {
    if target.client.oidc.requests.consent == Consent::Trusted || signed_in.consented {
        return Ok(false);
    }
    if request.prompt.consent {
        return Ok(true);
    }
    let (mut read, user, app) = (asked.site.directory().read(), signed_in.user.id, target.client.app.id);
    let found = store::of(&mut read, asked.organization.id, user, app).await?;
    Ok(found.is_none_or(|consent| !consent.allowed.covers(wanted)))
}

/// Keeps the request until the person has answered; with `prompt=none` the application is told.
pub(super) async fn ask(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    signed_in: &SignedIn,
) -> Result<Response, Stop> {
    if request.prompt.none {
        let why = "the person has to allow this application first, which prompt=none forbids";
        let error = Error::new(ErrorCode::ConsentRequired, why);
        return Ok(answer::error(asked, target, request.response_mode, &error).await?);
    }
    if let Some(flow) = &signed_in.waited {
        waiting::take(asked, flow).await?;
    }
    let keep = Keep { session: Some(signed_in.session.id), path: PATH, ..Keep::default() };
    let (flow, _) = waiting::keep(asked, target, asked.params, keep).await?;
    Ok(see_other(&flow.return_to))
}

/// `GET /o/{slug}/oauth2/consent?flow={id}`: the question.
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
    let (target, request, signed_in) = question(asked, flow).await?;
    show(asked, &target, &request, &signed_in)
}

/// `POST /o/{slug}/oauth2/consent`: the answer, from our own page only.
pub async fn post(
    State(site): State<Site>,
    Path(slug): Path<String>,
    context: Context,
    browser: Result<Browser, ApiError>,
    sent: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Stop> {
    let organization = organization::for_person(&site, &slug).await?;
    let form = body::form(&sent, bytes).map_err(|error| malformed(&organization, &context, &error))?;
    let (site, organization, context, browser) = (&site, &organization, &context, browser?);
    let (flow, params) = waiting::find(site, organization, context, browser, form.get("flow")).await?;
    if !is_same_origin(site, &sent) {
        return Ok(see_other(&flow.return_to));
    }
    let asked = &Asked { site, organization, context, browser, params: &params };
    let (target, request, signed_in) = question(asked, flow).await?;
    match form.get("decision") {
        Some("allow") => allow(asked, &target, &request, signed_in).await,
        Some("deny") => deny(asked, &target, &request, &signed_in).await,
        _ => show(asked, &target, &request, &signed_in),
    }
}

/// The request that waits for this session's answer. Another session of the browser is asked anew.
async fn question(asked: &Asked<'_>, flow: muster_directory::flow::Flow) -> Result<(Target, Request, SignedIn), Stop> {
    let (session, id) = (waiting::session(&flow), flow.id);
    let client = target::client(asked).await?;
    let (target, request) = read(asked, client).await?.map_err(Stop::with)?;
    let signed_in = sign_in::done(asked, &target, &request, flow).await?;
    if session != Some(signed_in.session.id) {
        return Err(Stop::with(see_other(&asked.path(&format!("{}?flow={id}", resume::PATH)))));
    }
    Ok((target, request, signed_in))
}

async fn allow(asked: &Asked<'_>, target: &Target, request: &Request, signed_in: SignedIn) -> Result<Response, Stop> {
    let (user, app) = (signed_in.user.id, target.client.app.id);
    let scope = scope::for_person(&target.client, &request.scope)?;
    let actor = Actor::user(user, Some(asked.context.request_id.clone()));
    let verb = give::Give { user, app, allowed: wanted(&scope, request) };
    asked.site.directory().write(actor, asked.organization.id, verb).await?;
    admit::admit(asked, target, request, SignedIn { consented: true, ..signed_in }).await
}

async fn deny(asked: &Asked<'_>, target: &Target, request: &Request, signed_in: &SignedIn) -> Result<Response, Stop> {
    if let Some(flow) = &signed_in.waited {
        waiting::take(asked, flow).await?;
    }
    let directory = asked.site.directory();
    let mut access = access::load(&mut directory.read(), &target.client.app, &signed_in.user).await?;
    access.allowed = false;
    let summary = format!("Did not allow {} to sign them in", target.client.app.label());
    event::store::record(directory, &admit::event(asked, target, signed_in, access, summary)).await?;
    let error = Error::new(ErrorCode::AccessDenied, "the person did not allow it");
    Ok(answer::error(asked, target, request.response_mode, &error).await?)
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Question<'a> {
    label: &'a str,
    organization: &'a str,
    person: &'a str,
    email: &'a str,
    asks: &'a [String],
    shared: &'a [&'a str],
    place: &'a str,
    action: &'a str,
    flow: &'a str,
    portal: &'a str,
}

fn show(asked: &Asked<'_>, target: &Target, request: &Request, signed_in: &SignedIn) -> Result<Response, Stop> {
    let app = &target.client.app;
    let scope = scope::for_person(&target.client, &request.scope)?;
    let body = Question {
        label: app.label(),
        organization: &asked.organization.display_name,
        person: &signed_in.user.display(),
        email: &signed_in.user.email,
        asks: &sentences(&wanted(&scope, request)),
        shared: &shared(&target.client.oidc),
        place: &place(&target.redirect_uri),
        action: &asked.path(PATH),
        flow: &signed_in.waited.as_ref().map(|flow| flow.id.text()).unwrap_or_default(),
        portal: &format!("/portal/{}/", asked.organization.slug),
    };
    let title = format!("Allow {}?", app.label());
    let brand = Brand::of(asked.organization);
    let mut page = frame::page(StatusCode::OK, &title, Some(&brand), &body.render().unwrap_or_default());
    headers::protect(page.headers_mut());
    Ok(page)
}

/// What is asked for, in words.
pub fn sentences(wanted: &Allowed) -> Vec<String> {
    let known = [
        ("openid", "Know who you are, by an identifier that stays the same"),
        ("profile", "See your name and user name"),
        ("email", "See your e-mail address"),
        ("phone", "See your phone number"),
        ("address", "See your postal address"),
        ("groups", "See which groups you are in"),
        ("offline_access", "Act for you while you are away, until you take this back"),
    ];
    let of_scopes = known.into_iter().filter(|(scope, _)| wanted.scope.contains(*scope)).map(|(_, s)| s.to_owned());
    let others = wanted.scope.iter().filter(|scope| known.iter().all(|(name, _)| name != scope));
    let others = others.map(|scope| format!("Use the permission \u{201c}{scope}\u{201d}"));
    let claims = wanted.claims.iter().map(|claim| format!("See your attribute \u{201c}{claim}\u{201d}"));
    let resources = wanted.resources.iter().map(|resource| format!("Use {resource} in your name"));
    of_scopes.chain(others).chain(claims).chain(resources).collect()
}

/// What an administrator chose to send in any case.
fn shared(oidc: &Oidc) -> Vec<&str> {
    let mapped = oidc.dynamic_claims.iter().map(|mapping| mapping.name.as_str());
    let names: BTreeSet<&str> = mapped.chain(oidc.groups_claim.iter().map(|groups| groups.name.as_str())).collect();
    names.into_iter().collect()
}

/// Where the person goes on, as they can tell it from another place: the host, or an application's own scheme.
fn place(redirect_uri: &str) -> String {
    let url = url::Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(|url| url.host_str().map(str::to_owned));
    host.or_else(|| url.map(|url| url.scheme().to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_asked_for_is_said() {
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let wanted = Allowed {
            scope: set(&["openid", "email", "later"]),
            claims: set(&["department"]),
            resources: set(&["https://api.example/"]),
        };
        let said = sentences(&wanted).join("\n");
        for words in ["who you are", "e-mail", "later", "department", "https://api.example/"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert_eq!(sentences(&wanted).len(), 5);
        assert_eq!(place("https://app.example.test:8443/cb"), "app.example.test");
        assert_eq!(place("com.example.app:/cb"), "com.example.app");
    }
}
