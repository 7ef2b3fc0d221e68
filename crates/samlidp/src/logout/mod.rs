//! Single logout (SAML profiles section 4.4). Here: what arrives. A service provider's request ends the session of this
//! browser; the others of the session are told ([`chain`]), then it is answered ([`answer`]).

mod answer;
mod chain;
mod state;

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use muster_directory::saml_message::Outcome;
use muster_directory::saml_sso::{Arrived, MAX_AGE_S, SKEW_S, about};
use muster_directory::session::{Session, end};
use muster_directory::trace::Step;
use muster_directory::user::User;
use muster_directory::{Actor, Error, saml_session};
use muster_http::me;
use muster_saml::binding::{MessageKind, Proof, Received, Sender};
use muster_saml::logout::{LogoutRequest, read_request};
use muster_saml::signature::Trust;
use muster_saml::{Arrival, NameIdFormat, Refusal};

use crate::kept::Keep;
use crate::name;
use crate::page::see_other;
use crate::sso::as_query;
use crate::visit::Visit;
use answer::Asker;
use muster_http::stop::Stop;

pub use chain::resume;

/// `GET .../slo`: a request by redirect.
pub async fn get(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    run(&visit, Arrived::Redirect(query.unwrap_or_default())).await
}

/// `POST .../slo`: a request by form. It comes without our cookie (`SameSite=Lax`), so it is turned into a GET.
pub async fn post(visit: Visit, bytes: Result<Bytes, BytesRejection>) -> Result<Response, Stop> {
    Ok(see_other(&visit.path(&format!("/slo/posted?{}", as_query(&visit, bytes)?))))
}

/// `GET .../slo/posted`: the form as a query.
pub async fn posted(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    run(&visit, Arrived::Post(query.unwrap_or_default())).await
}

async fn run(visit: &Visit, arrived: Arrived) -> Result<Response, Stop> {
    let received = match arrived.received() {
        Some(Ok(received)) => received,
        Some(Err(refusal)) => return Err(refused(visit, &arrived, &refusal)),
        None => return Err(visit.refused(&"there is no message")),
    };
    if received.kind() == MessageKind::Response {
        return chain::answered(visit, &arrived, &received).await;
    }
    let (request, proof) = read(visit, &received).map_err(|refusal| refused(visit, &arrived, &refusal))?;
    let signature = if proof == Proof::Unsigned { "not signed" } else { "by an SP certificate" };
    let checks = vec![
        Step::new("The request can be read", request.header.id.clone(), true),
        Step::new("Its signature is as set up", signature, true),
        Step::new("Its Issuer, Destination and times are right", request.header.issuer.clone(), true),
    ];
    let keep = Keep::sign_out(Outcome::Succeeded, "The service provider asked for a sign-out", &checks);
    Keep { arrived: Some(&arrived), ..keep }.note(visit);
    let asker = Asker {
        app: visit.app.id,
        request: request.header.id.clone(),
        relay_state: received.relay_state().map(str::to_owned),
    };
    let Some(browser) = visit.browser.0 else {
        return answer::to(&visit.site, &visit.organization, &asker, true).await;
    };
    let org = visit.organization.id;
    if let Some((session, user)) = me::current(&visit.site, Some(browser), &visit.organization).await?
        && means(visit, &request, &session, &user).await?
    {
        let directory = visit.site.directory();
        let actor = Actor::user(user.id, Some(visit.context.request_id.clone()));
        let verb = end::End { session: session.id, principal: Some(user.id) };
        match directory.write(actor, org, verb).await {
            // Missing: it ended meanwhile, which is what was asked for.
            Ok(()) | Err(Error::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let asked = serde_json::to_value(&asker).ok();
        let (session, but) = (session.id, Some(visit.app.id));
        let ended = saml_session::Ended { org, browser, session, but, asked, then: None };
        let waits = saml_session::begin(directory, ended).await?;
        if let Some(flow) = waits {
            return Ok(see_other(&format!("/o/{}/saml/logout?flow={flow}", visit.organization.slug)));
        }
    }
    answer::to(&visit.site, &visit.organization, &asker, true).await
}

/// The page for a message that is refused; the administrator sees it, too.
fn refused(visit: &Visit, arrived: &Arrived, refusal: &Refusal) -> Stop {
    let trace = vec![Step::new("The message is accepted", refusal.to_string(), false)];
    let summary = format!("Refused a sign-out message: {refusal}");
    Keep { arrived: Some(arrived), ..Keep::sign_out(Outcome::Refused, &summary, &trace) }.note(visit);
    visit.refused(refusal)
}

/// The request, from whom it has to be. Where certificates are registered it has to be signed: ending somebody's session is
/// not for everybody to ask.
fn read(visit: &Visit, received: &Received) -> Result<(LogoutRequest, Proof), Refusal> {
    let (request, proof) = read_request(received, &sender(visit))?;
    if request.header.issuer != visit.saml.sp_entity_id {
        return Err(Refusal::Issuer(request.header.issuer.chars().take(200).collect()));
    }
    let destination = visit.addresses().logout();
    let now_s = visit.now().seconds();
    request.header.check(&Arrival { destinations: &[&destination], now_s, skew_s: SKEW_S, max_age_s: MAX_AGE_S })?;
    if request.not_on_or_after_s.is_some_and(|until| until <= now_s - SKEW_S) {
        return Err(Refusal::Expired("NotOnOrAfter"));
    }
    Ok((request, proof))
}

/// Where certificates are registered every message about a logout has to be signed.
fn sender(visit: &Visit) -> Sender<'_> {
    let trust = Trust { keys: &visit.sp_keys, allow_sha1: visit.saml.allow_sha1_requests };
    let mut sender = Sender { trust, require_signed: visit.saml.require_signed_requests };
    sender.require_signed |= !visit.sp_keys.is_empty();
    sender
}

/// Whether the request is about the session of this browser: by its index, or by the name that the application knows the
/// person by.
async fn means(visit: &Visit, request: &LogoutRequest, session: &Session, user: &User) -> Result<bool, Stop> {
    let index = session.id.text();
    if !request.session_indexes.is_empty() {
        return Ok(request.session_indexes.contains(&index));
    }
    let given = match visit.saml.format() {
        NameIdFormat::Persistent => {
            name::given(visit.site.directory(), visit.organization.id, visit.app.id, user.id).await?
        }
        _ => None,
    };
    let known = about::name_id(&visit.saml, user, &visit.entity_id(), given);
    Ok(known.is_some_and(|name| !name.value.is_empty() && name.value == request.name_id.value))
}
