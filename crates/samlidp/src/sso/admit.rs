//! Lets a signed-in person into the application, or says why not. Either way an event keeps the decision's trace.

use axum::response::Response;
use http::StatusCode;
use muster_directory::Result;
use muster_directory::application::access::{self, Access};
use muster_directory::event::{Event, store as events};
use muster_directory::saml_message::Outcome;
use muster_directory::saml_session::Participant;
use muster_directory::saml_sso::{ASSERTION_TTL_S, EARLIER_S, about, fit, groups};
use muster_directory::session::{Method, Session};
use muster_directory::trace::{Step, Trace};
use muster_http::page::whom_to_ask;
use muster_saml::assertion::{OutgoingAssertion, class_ref};
use muster_saml::{Code, Detail, NameId, NameIdFormat, Status};

use super::ask::Asked;
use super::sign_in::{SignedIn, Told, fail};
use super::take;
use super::told::Tell;
use crate::answer::{self, To};
use crate::kept::Keep;
use crate::name;
use crate::visit::Visit;
use muster_http::stop::Stop;

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
    if let Some(status) =
        asked.request.as_ref().and_then(|request| fit::unfit(&visit.saml, request, class(&signed_in.session)))
    {
        let summary = format!("Refused for {}: {status}", visit.app.label());
        access.trace.push(Step::new("What it asks for can be given", status.to_string(), false));
        let told = record(visit, &signed_in, access.trace, summary).await?;
        return fail(visit, asked, status, &told).await;
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
    let Some(name_id) = name_id else { return nameless(visit, asked, &signed_in, access).await };
    let groups = groups(&mut visit.site.directory().read(), &visit.app, &visit.saml, user.id).await?;
    let attributes = about::attributes(&visit.saml, user, groups);
    let tell = tell(visit, asked, &signed_in, &name_id, access.trace.clone());
    let (summary, trace) = (tell.event.detail.summary.clone(), tell.event.detail.trace.clone());
    if !visit.site.directory().work(tell).await? {
        return again(visit, asked, &signed_in, access).await;
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
    let sent = answer::send(visit, &to, Status::success(), Some(assertion)).await?;
    let keep = Keep::new(Outcome::Succeeded, &summary, &trace);
    let flow = signed_in.waited.as_ref().map(|flow| flow.id);
    Keep { user: Some(user.id), flow, arrived: Some(&asked.arrived), sent: Some(sent.part), ..keep }.note(visit);
    Ok(sent.page)
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

/// Keeps a refusal as an event; gives what the application's Test tab is told of it.
async fn record(visit: &Visit, signed_in: &SignedIn, access: Trace, summary: String) -> Result<Told> {
    let event = event(visit, signed_in, access, false, summary);
    events::record(visit.site.directory(), &event).await?;
    let flow = signed_in.waited.as_ref().map(|flow| flow.id);
    Ok(Told { user: event.user, flow, trace: event.detail.trace, summary: event.detail.summary })
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
    let told = record(visit, signed_in, access.trace, format!("Refused: may not use {label}")).await?;
    if asked.request.as_ref().is_some_and(|request| request.is_passive) {
        let status = Status::failure(Code::Responder, Detail::RequestDenied);
        return fail(visit, asked, status.with_message("the person may not use this application"), &told).await;
    }
    told.note(visit, asked);
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
async fn again(visit: &Visit, asked: &Asked, signed_in: &SignedIn, access: Access) -> Result<Response, Stop> {
    let mut trace = access.trace;
    trace.push(Step::new("The request is answered for the first time", "it was answered before", false));
    let summary = format!("Refused for {}: a request that was answered", visit.app.label());
    record(visit, signed_in, trace, summary).await?.note(visit, asked);
    let paragraphs =
        ["The application's request was answered already.".to_owned(), "Open it again to sign in.".to_owned()];
    Err(visit.page(StatusCode::BAD_REQUEST, "This sign-in is over", &paragraphs))
}

/// The person has no value for the attribute that names them.
async fn nameless(visit: &Visit, asked: &Asked, signed_in: &SignedIn, access: Access) -> Result<Response, Stop> {
    let (label, attribute) = (visit.app.label(), &visit.saml.name_id_attribute);
    let mut trace = access.trace;
    trace.push(Step::new(format!("The attribute \"{attribute}\" names the person"), "no value", false));
    let summary = format!("Refused for {label}: no value for {attribute}");
    record(visit, signed_in, trace, summary).await?.note(visit, asked);
    let paragraphs = [
        format!("{label} knows people by their attribute \"{attribute}\", and yours is empty."),
        "An administrator can fill it in.".to_owned(),
        whom_to_ask(&visit.organization),
    ];
    Err(visit.page(StatusCode::FORBIDDEN, &format!("{label} would not know who you are"), &paragraphs))
}
