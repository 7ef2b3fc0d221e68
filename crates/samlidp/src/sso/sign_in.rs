//! Whether the browser's session will do for this request, and what to do when not: wait for a sign-in, or say so.

use axum::response::{IntoResponse, Response};
use muster_directory::flow::{self, Flow};
use muster_directory::session::Session;
use muster_directory::user::User;
use muster_http::{cookie, me};
use muster_saml::{Code, Detail, Status};

use super::ask::{Arrived, Asked};
use crate::answer::{self, To};
use crate::page::see_other;
use crate::visit::Visit;
use muster_http::stop::Stop;

/// A person whose session will do.
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
    /// The request that waited for the sign-in, to be used up.
    pub waited: Option<Flow>,
}

/// For a request that just came: the session, if it will do.
pub async fn required(visit: &Visit, arrived: &Arrived, asked: &Asked) -> Result<SignedIn, Stop> {
    let current = me::current(&visit.site, visit.browser.0, &visit.organization).await?;
    let (force, passive) = asked.request.as_ref().map_or((false, false), |r| (r.force_authn, r.is_passive));
    match current {
        Some((session, user)) if !force => Ok(SignedIn { session, user, waited: None }),
        _ if passive => {
            let words = "the person has to sign in, which IsPassive forbids";
            let status = Status::failure(Code::Responder, Detail::NoPassive).with_message(words);
            Err(Stop::with(fail(visit, asked, status).await?))
        }
        _ => Err(wait(visit, arrived, asked, force).await?),
    }
}

/// For a request that waited: the session that was made meanwhile, or back to the sign-in.
pub async fn done(visit: &Visit, flow: Flow) -> Result<SignedIn, Stop> {
    let current = me::current(&visit.site, visit.browser.0, &visit.organization).await?;
    match current.filter(|(session, _)| !flow.fresh || session.auth_at >= flow.created_at) {
        Some((session, user)) => Ok(SignedIn { session, user, waited: Some(flow) }),
        None => Err(Stop::with(see_other(&format!("/o/{}/login?flow={}", visit.organization.slug, flow.id)))),
    }
}

/// Tells the service provider that it did not work.
pub async fn fail(visit: &Visit, asked: &Asked, status: Status) -> Result<Response, Stop> {
    let to = To {
        acs_url: &asked.acs_url,
        in_response_to: asked.request.as_ref().map(|request| request.header.id.as_str()),
        relay_state: asked.relay_state.as_deref(),
    };
    answer::send(visit, &to, status, None).await
}

/// Keeps the request and sends the person to the sign-in page. A browser that has no cookie yet gets one.
async fn wait(visit: &Visit, arrived: &Arrived, asked: &Asked, fresh: bool) -> muster_directory::Result<Stop> {
    let directory = visit.site.directory();
    let (browser, secret) = visit.browser.or_new(&visit.site).await?;
    let id = directory.env().id();
    let flow = Flow {
        org: visit.organization.id,
        id,
        browser,
        app: Some(visit.app.id),
        login_hint: asked.request.as_ref().and_then(|request| request.subject.clone()),
        payload: arrived.to_payload(),
        return_to: visit.path(&format!("/sso/resume?flow={id}")),
        fresh,
        created_at: directory.env().clock.now(),
    };
    flow::create(directory, &flow).await?;
    let login = see_other(&format!("/o/{}/login?flow={id}", visit.organization.slug));
    Ok(Stop::with((cookie::set(&visit.site, secret.as_ref()), login).into_response()))
}
