//! Lets a signed-in person into the application, or says why not. Either way an event keeps the decision's trace.

use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::application::access::{self, Access};
use muster_directory::application::store as applications;
use muster_directory::event::{Event, store as events};
use muster_directory::saml_session::Participant;
use muster_directory::session::{Method, Session};
use muster_directory::trace::{Step, Trace};
use muster_directory::{Result, Source, group};
use muster_http::page::whom_to_ask;
use muster_saml::assertion::{OutgoingAssertion, class_ref};
use muster_saml::authn_request::{AuthnRequest, Comparison};
use muster_saml::{Code, Detail, NameId, NameIdFormat, Status};

use super::ask::Asked;
use super::sign_in::{SignedIn, fail};
use super::take;
use super::told::Tell;
use crate::about;
use crate::answer::{self, To};
use crate::name;
use crate::visit::Visit;
use muster_http::stop::Stop;

/// How long an assertion may be delivered, in seconds.
const ASSERTION_TTL_S: i64 = 300;
/// How far the service provider's clock may be behind ours, in seconds.
const EARLIER_S: i64 = 60;

/// Decides whether the person may use the application, and answers.
pub async fn admit(visit: &Visit, asked: &Asked, signed_in: SignedIn) -> Result<Response, Stop> {
    let mut access = access::load(&mut visit.site.directory().read(), &visit.app, &signed_in.user).await?;
    access.trace = asked.checks.iter().cloned().chain(access.trace).collect();
    if !access.allowed {
        return refuse(visit, asked, &signed_in, access).await;
    }
    if let Some(flow) = &signed_in.waited {
        take(visit, flow).await?;
    }
    if let Some(status) = asked.request.as_ref().and_then(|request| unfit(visit, request, &signed_in.session)) {
        let summary = format!("Refused for {}: {status}", visit.app.label());
        access.trace.push(Step::new("What it asks for can be given", status.to_string(), false));
        record(visit, &signed_in, access.trace, false, summary).await?;
        return fail(visit, asked, status).await;
    }
    let user = &signed_in.user;
    let opaque = match visit.saml.format() {
        NameIdFormat::Transient => Some(visit.fresh_id()),
        NameIdFormat::Persistent => {
            let directory = visit.site.directory();
            Some(name::persistent(directory, visit.organization.id, visit.app.id, user.id).await?)
        }
        _ => None,
    };
    let name_id = about::name_id(&visit.saml, user, &visit.entity_id(), opaque);
    let Some(name_id) = name_id else { return nameless(visit, &signed_in, access).await };
    let groups = groups(&mut visit.site.directory().read(), visit, user.id).await?;
    let attributes = about::attributes(&visit.saml, user, groups);
    let tell = tell(visit, asked, &signed_in, &name_id, access.trace.clone());
    if !visit.site.directory().work(tell).await? {
        return again(visit, &signed_in, access).await;
    }
    let now_s = visit.now().seconds();
    let (id, session_index) = (visit.fresh_id(), signed_in.session.id.text());
    let assertion = OutgoingAssertion {
        id: &id,
        name_id,
        audience: &visit.saml.sp_entity_id,
        recipient: &asked.acs_url,
        not_before_s: now_s - EARLIER_S,
        not_on_or_after_s: now_s + ASSERTION_TTL_S,
        authn_instant_s: signed_in.session.auth_at.seconds(),
        session_index: &session_index,
        session_not_on_or_after_s: Some(signed_in.session.expires_at.seconds()),
        class_ref: class(&signed_in.session),
        attributes: &attributes,
    };
    let to = To {
        acs_url: &asked.acs_url,
        in_response_to: asked.request.as_ref().map(|request| request.header.id.as_str()),
        relay_state: asked.relay_state.as_deref(),
    };
    answer::send(visit, &to, Status::success(), Some(assertion)).await
}

/// What is written down of the answer.
fn tell(visit: &Visit, asked: &Asked, signed_in: &SignedIn, name_id: &NameId, access: Trace) -> Tell {
    let format = name_id.format.clone().unwrap_or_default();
    Tell {
        org: visit.organization.id,
        session: signed_in.session.id,
        request: asked.request.as_ref().map(|request| request.header.id.clone()),
        participant: Participant { app: visit.app.id, name: name_id.value.clone(), format },
        event: event(visit, signed_in, access, true, format!("Signed in to {}", visit.app.label())),
        now: visit.now(),
    }
}

/// How the person signed in, as it is told: at another provider it is not known how, unless that one's word on it is
/// believed.
fn class(session: &Session) -> &str {
    match (&session.upstream.acr, session.method) {
        (Some(acr), _) => acr,
        (None, Method::Password) => class_ref::PASSWORD_PROTECTED_TRANSPORT,
        (None, Method::Federated) => class_ref::UNSPECIFIED,
    }
}

/// What the request asks for and this application does not give.
fn unfit(visit: &Visit, request: &AuthnRequest, session: &Session) -> Option<Status> {
    let configured = visit.saml.format();
    let wanted = request.name_id_format.as_deref().filter(|uri| {
        let format = NameIdFormat::from_uri(uri);
        format != Some(NameIdFormat::Unspecified) && format != Some(configured)
    });
    if wanted.is_some() {
        let words = format!("this application is set up for {}", configured.uri());
        return Some(Status::failure(Code::Requester, Detail::InvalidNameIdPolicy).with_message(words));
    }
    // Passwords over TLS are asked for by habit, also where people come from another provider: they are told what really
    // happened. Anything stronger is more than can be given.
    const GIVEN: [&str; 3] = [class_ref::PASSWORD_PROTECTED_TRANSPORT, class_ref::PASSWORD, class_ref::UNSPECIFIED];
    let asked = request.authn_context.as_ref()?;
    let given = |wanted: &String| GIVEN.contains(&wanted.as_str()) || wanted == class(session);
    let known = asked.class_refs.is_empty() || asked.class_refs.iter().any(given);
    if known && asked.comparison != Comparison::Better {
        return None;
    }
    Some(Status::failure(Code::Responder, Detail::NoAuthnContext))
}

/// The names of the person's groups that are bound to the application.
async fn groups(s: &mut impl Source, visit: &Visit, user: Id) -> Result<Vec<String>> {
    if visit.saml.groups_attribute.is_none() {
        return Ok(Vec::new());
    }
    let org = visit.organization.id;
    let ways = applications::ways(s, org, visit.app.id, user).await?;
    let of_user = group::store::of_user(s, org, user).await?;
    let bound = |id: Id| ways.iter().any(|(kind, way)| kind == "user_group" && *way == id);
    Ok(of_user.into_iter().filter(|group| bound(group.id)).map(|group| group.name).collect())
}

async fn record(visit: &Visit, signed_in: &SignedIn, access: Trace, success: bool, summary: String) -> Result<()> {
    events::record(visit.site.directory(), &event(visit, signed_in, access, success, summary)).await
}

fn event(visit: &Visit, signed_in: &SignedIn, access: Trace, success: bool, summary: String) -> Event {
    let session = &signed_in.session;
    let how = match session.method {
        Method::Password => "with the password",
        Method::Federated => "at an identity provider",
    };
    let step = Step::new("The browser is signed in", format!("{how} at {}", session.auth_at.rfc3339()), true);
    let trace = std::iter::once(step).chain(access).collect();
    visit.event(Some(signed_in.user.id), success, summary, trace)
}

/// A page that says what to do; with `IsPassive` the service provider is told.
async fn refuse(visit: &Visit, asked: &Asked, signed_in: &SignedIn, access: Access) -> Result<Response, Stop> {
    let label = visit.app.label();
    record(visit, signed_in, access.trace, false, format!("Refused: may not use {label}")).await?;
    if asked.request.as_ref().is_some_and(|request| request.is_passive) {
        let status = Status::failure(Code::Responder, Detail::RequestDenied);
        return fail(visit, asked, status.with_message("the person may not use this application")).await;
    }
    let user = &signed_in.user;
    let paragraphs = [
        format!(
            "You are signed in as {} ({}), but none of your groups gives access to {label}.",
            user.display(),
            user.email
        ),
        "An administrator can give you access: by adding you to one of its groups, or one of your groups to it."
            .to_owned(),
        whom_to_ask(&visit.organization),
    ];
    Err(visit.page(StatusCode::FORBIDDEN, &format!("You do not have access to {label}"), &paragraphs))
}

/// The request was answered before: an answer to it that is wanted a second time is somebody else's, or of a page that was
/// loaded again.
async fn again(visit: &Visit, signed_in: &SignedIn, access: Access) -> Result<Response, Stop> {
    let mut trace = access.trace;
    trace.push(Step::new("The request is answered for the first time", "it was answered before", false));
    record(visit, signed_in, trace, false, format!("Refused for {}: a request that was answered", visit.app.label()))
        .await?;
    let paragraphs =
        ["The application's request was answered already.".to_owned(), "Open it again to sign in.".to_owned()];
    Err(visit.page(StatusCode::BAD_REQUEST, "This sign-in is over", &paragraphs))
}

/// The person has no value for the attribute that names them.
async fn nameless(visit: &Visit, signed_in: &SignedIn, access: Access) -> Result<Response, Stop> {
    let (label, attribute) = (visit.app.label(), &visit.saml.name_id_attribute);
    let mut trace = access.trace;
    trace.push(Step::new(format!("The attribute \"{attribute}\" names the person"), "no value", false));
    record(visit, signed_in, trace, false, format!("Refused for {label}: no value for {attribute}")).await?;
    let paragraphs = [
        format!("{label} knows people by their attribute \"{attribute}\", and yours is empty."),
        "An administrator can fill it in.".to_owned(),
        whom_to_ask(&visit.organization),
    ];
    Err(visit.page(StatusCode::FORBIDDEN, &format!("{label} would not know who you are"), &paragraphs))
}
