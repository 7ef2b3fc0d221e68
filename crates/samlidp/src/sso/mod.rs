//! The single sign-on service (SAML profiles section 4.1) as a list of steps:
//!
//! the visit (organization, application), [`ask`] (what arrived, whether it is accepted, where the answer goes),
//! [`sign_in`] (session, `ForceAuthn`, `IsPassive`), [`admit`] (access, the assertion), [`told`] (what is kept of it).

mod admit;
mod ask;
mod sign_in;
mod told;

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::Error;
use muster_directory::flow::{self, Flow};
use muster_directory::saml_sso::Arrived;

use crate::page::see_other;
use crate::visit::Visit;
use muster_http::stop::Stop;

/// The longest query to which a posted form is turned, in bytes: browsers and proxies take no longer addresses.
pub const QUERY_MAX_BYTES: usize = 16 * 1024;

/// `GET .../sso`: a request by redirect; without one the sign-in begins here (IdP-initiated).
pub async fn get(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    let raw = query.unwrap_or_default();
    let asks = raw.split('&').any(|pair| pair.split('=').next().is_some_and(|name| name.contains("SAML")));
    let arrived = if asks { Arrived::Redirect(raw) } else { Arrived::Unasked };
    run(&visit, arrived, None).await
}

/// `POST .../sso`: a request by form. It comes without our cookie (`SameSite=Lax`), so it is turned into a GET, which
/// brings it.
pub async fn post(visit: Visit, bytes: Result<Bytes, BytesRejection>) -> Result<Response, Stop> {
    Ok(see_other(&visit.path(&format!("/sso/posted?{}", as_query(&visit, bytes)?))))
}

/// `GET .../sso/posted`: the form as a query.
pub async fn posted(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    run(&visit, Arrived::Post(query.unwrap_or_default()), None).await
}

/// `GET .../sso/resume?flow={id}`: a request that waited for a sign-in. It belongs to the browser that brought it (no
/// login CSRF) and is used up once.
pub async fn resume(RawQuery(query): RawQuery, visit: Visit) -> Result<Response, Stop> {
    let id = query.as_deref().and_then(|query| query.strip_prefix("flow=")).and_then(|text| text.parse::<Id>().ok());
    let (Some(id), Some(browser)) = (id, visit.browser.0) else { return Err(gone(&visit)) };
    let org = visit.organization.id;
    let flow = match flow::find(&mut visit.site.directory().read(), org, id, browser, visit.now()).await {
        Err(Error::Missing(_)) => return Err(gone(&visit)),
        other => other?,
    };
    let arrived = Arrived::from_payload(&flow.payload).filter(|_| flow.app == Some(visit.app.id));
    let arrived = arrived.ok_or_else(|| gone(&visit))?;
    run(&visit, arrived, Some(flow)).await
}

/// The steps, for a request that just came or one that waited for a sign-in.
async fn run(visit: &Visit, arrived: Arrived, waited: Option<Flow>) -> Result<Response, Stop> {
    let asked = ask::read(visit, arrived, waited.is_none()).await?;
    let signed_in = match waited {
        None => sign_in::required(visit, &asked).await?,
        Some(flow) => sign_in::done(visit, flow).await?,
    };
    admit::admit(visit, &asked, signed_in).await
}

/// A form as a query.
pub fn as_query(visit: &Visit, bytes: Result<Bytes, BytesRejection>) -> Result<String, Stop> {
    let bytes = bytes.map_err(|_| visit.refused(&"the form is too large"))?;
    // Only what a query may hold: the text becomes part of an address.
    let text = std::str::from_utf8(&bytes).ok().filter(|text| text.bytes().all(|b| b.is_ascii_graphic() && b != b'#'));
    let text = text.ok_or_else(|| visit.refused(&"the form is not application/x-www-form-urlencoded"))?;
    if text.len() > QUERY_MAX_BYTES {
        return Err(visit.refused(&"the form is longer than 16384 bytes: use the Redirect binding"));
    }
    Ok(text.to_owned())
}

/// Uses the request up; the second of two at once is told that it is over.
async fn take(visit: &Visit, flow: &Flow) -> Result<(), Stop> {
    if flow::take(visit.site.directory(), flow).await? { Ok(()) } else { Err(gone(visit)) }
}

fn gone(visit: &Visit) -> Stop {
    let paragraphs = [
        "It was finished already, it waited for longer than an hour, or it began in another browser.".to_owned(),
        "Open the application again to sign in to it.".to_owned(),
    ];
    visit.page(StatusCode::BAD_REQUEST, "This sign-in is over", &paragraphs)
}
