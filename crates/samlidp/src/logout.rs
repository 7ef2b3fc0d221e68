//! Single logout that a service provider begins (SAML profiles section 4.4): ends the session of this browser, and answers.
//! Never here: telling the other service providers.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use http::StatusCode;
use muster_directory::session::{Session, end};
use muster_directory::user::User;
use muster_directory::{Actor, Error};
use muster_http::me;
use muster_saml::binding::{Binding, MessageKind, Received, post as post_form, redirect};
use muster_saml::logout::{LogoutRequest, LogoutResponse, read_request, write_response};
use muster_saml::{Arrival, Header, NameIdFormat, Refusal, Status};

use crate::about;
use crate::answer::{self, form};
use crate::name;
use crate::page::see_other;
use crate::sso::as_query;
use crate::stop::Stop;
use crate::visit::Visit;

/// How old a request may be, in seconds.
const MAX_AGE_S: i64 = 300;
/// How far clocks may differ, in seconds.
const SKEW_S: i64 = 120;

/// `GET .../slo`: a request by redirect.
pub async fn get(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    let received = Received::from_query(&query.unwrap_or_default()).map_err(|refusal| visit.refused(&refusal))?;
    run(&visit, &received).await
}

/// `POST .../slo`: a request by form. It comes without our cookie (`SameSite=Lax`), so it is turned into a GET.
pub async fn post(visit: Visit, bytes: Result<Bytes, BytesRejection>) -> Result<Response, Stop> {
    Ok(see_other(&visit.path(&format!("/slo/posted?{}", as_query(&visit, bytes)?))))
}

/// `GET .../slo/posted`: the form as a query.
pub async fn posted(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    let received = Received::from_form(&query.unwrap_or_default()).map_err(|refusal| visit.refused(&refusal))?;
    run(&visit, &received).await
}

async fn run(visit: &Visit, received: &Received) -> Result<Response, Stop> {
    let request = read(visit, received).map_err(|refusal| visit.refused(&refusal))?;
    if let Some((session, user)) = me::current(&visit.site, visit.browser.0, &visit.organization).await?
        && means(visit, &request, &session, &user).await?
    {
        let actor = Actor::user(user.id, Some(visit.context.request_id.clone()));
        let verb = end::End { session: session.id, principal: Some(user.id) };
        match visit.site.directory().write(actor, visit.organization.id, verb).await {
            // It ended meanwhile: what was asked for.
            Ok(()) | Err(Error::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    answer(visit, received, &request).await
}

/// The request, from whom it has to be. Where certificates are registered it has to be signed: ending somebody's session is
/// not for everybody to ask.
fn read(visit: &Visit, received: &Received) -> Result<LogoutRequest, Refusal> {
    if received.kind() != MessageKind::Request {
        return Err(Refusal::Binding("a SAMLRequest is expected here"));
    }
    let mut sender = visit.sender();
    sender.require_signed |= !visit.sp_keys.is_empty();
    let (request, _proof) = read_request(received, &sender)?;
    if request.header.issuer != visit.saml.sp_entity_id {
        return Err(Refusal::Issuer(request.header.issuer.chars().take(200).collect()));
    }
    let destination = visit.addresses().logout();
    let now_s = visit.now().seconds();
    request.header.check(&Arrival { destinations: &[&destination], now_s, skew_s: SKEW_S, max_age_s: MAX_AGE_S })?;
    if request.not_on_or_after_s.is_some_and(|until| until <= now_s - SKEW_S) {
        return Err(Refusal::Expired("NotOnOrAfter"));
    }
    Ok(request)
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

async fn answer(visit: &Visit, received: &Received, request: &LogoutRequest) -> Result<Response, Stop> {
    let Some(to) = &visit.saml.logout else {
        let paragraphs = [format!("This browser is not signed in to {} any more.", visit.organization.display_name)];
        return Err(visit.page(StatusCode::OK, "You are signed out", &paragraphs));
    };
    let response = LogoutResponse {
        header: Header {
            id: visit.fresh_id(),
            issue_instant_s: visit.now().seconds(),
            destination: Some(to.url.clone()),
            issuer: visit.entity_id(),
        },
        in_response_to: Some(request.header.id.clone()),
        status: Status::success(),
    };
    let pair = answer::signing(visit).await?;
    let signer = answer::signer(visit, &pair);
    let failed =
        |error: &dyn std::fmt::Display| Stop::from(Error::Internal(format!("writing a LogoutResponse: {error}")));
    let state = received.relay_state();
    if to.binding() == Binding::Post {
        let xml = write_response(&response, Some(&signer)).map_err(|error| failed(&error))?;
        return Ok(form(visit, &post_form(&to.url, MessageKind::Response, &xml, state)));
    }
    let xml = write_response(&response, None).map_err(|error| failed(&error))?;
    let address =
        redirect(&to.url, MessageKind::Response, &xml, state, Some(&signer)).map_err(|error| failed(&error))?;
    Ok(see_other(&address))
}
