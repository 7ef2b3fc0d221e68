//! Whether the browser's session will do for this request, and what to do when not: wait for a sign-in, or say so.

use axum::response::{IntoResponse, Response};
use muster_base::Id;
use muster_directory::flow::{self, Flow};
use muster_directory::saml_message::Outcome;
use muster_directory::session::Session;
use muster_directory::trace::{Step, Trace};
use muster_directory::user::User;
use muster_http::{cookie, me};
use muster_saml::{Code, Detail, Status};

use super::ask::Asked;
use crate::answer::{self, To};
use crate::kept::Keep;
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
pub async fn required(visit: &Visit, asked: &Asked) -> Result<SignedIn, Stop> {
    let current = me::current(&visit.site, visit.browser.0, &visit.organization).await?;
    let (force, passive) = asked.request.as_ref().map_or((false, false), |r| (r.force_authn, r.is_passive));
    match current {
        Some((session, user)) if !force => Ok(SignedIn { session, user, waited: None }),
        _ if passive => {
            let words = "the person has to sign in, which IsPassive forbids";
            let status = Status::failure(Code::Responder, Detail::NoPassive).with_message(words);
            Err(Stop::with(fail(visit, asked, status, &Told::nobody(asked, words)).await?))
        }
        _ => Err(wait(visit, asked, force).await?),
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

/// What the administrator is told of an answer that says no.
pub struct Told {
    /// The person.
    pub user: Option<Id>,
    /// The flow that the request waited in.
    pub flow: Option<Id>,
    /// The outcome of each check.
    pub trace: Trace,
    /// One sentence.
    pub summary: String,
}

impl Told {
    fn nobody(asked: &Asked, why: &str) -> Self {
        let step = Step::new("The browser is signed in", why, false);
        let trace = asked.checks.iter().cloned().chain([step]).collect();
        Self { user: None, flow: None, trace, summary: format!("Refused: {why}") }
    }

    fn keep<'a>(&'a self, asked: &'a Asked) -> Keep<'a> {
        let keep = Keep::new(Outcome::Refused, &self.summary, &self.trace);
        Keep { user: self.user, flow: self.flow, arrived: Some(&asked.arrived), ..keep }
    }

    /// Notes that nothing was answered.
    pub fn note(&self, visit: &Visit, asked: &Asked) {
        self.keep(asked).note(visit);
    }
}

/// Tells the service provider that it did not work.
pub async fn fail(visit: &Visit, asked: &Asked, status: Status, told: &Told) -> Result<Response, Stop> {
    let to = To {
        acs_url: &asked.acs_url,
        in_response_to: asked.request.as_ref().map(|request| request.header.id.as_str()),
        relay_state: asked.relay_state.as_deref(),
    };
    let sent = answer::send(visit, &to, status, None).await?;
    Keep { sent: Some(sent.part), ..told.keep(asked) }.note(visit);
    Ok(sent.page)
}

/// Keeps the request and sends the person to the sign-in page. A browser that has no cookie yet gets one.
async fn wait(visit: &Visit, asked: &Asked, fresh: bool) -> muster_directory::Result<Stop> {
    let directory = visit.site.directory();
    let (browser, secret) = visit.browser.or_new(&visit.site).await?;
    let id = directory.env().id();
    let flow = Flow {
        org: visit.organization.id,
        id,
        browser,
        app: Some(visit.app.id),
        login_hint: asked.request.as_ref().and_then(|request| request.subject.clone()),
        payload: asked.arrived.to_payload(),
        return_to: visit.path(&format!("/sso/resume?flow={id}")),
        fresh,
        created_at: directory.env().clock.now(),
    };
    flow::create(directory, &flow).await?;
    let keep = Keep::new(Outcome::Waits, "Waits for the person to sign in", &asked.checks);
    Keep { flow: Some(id), arrived: Some(&asked.arrived), ..keep }.note(visit);
    let login = see_other(&format!("/o/{}/login?flow={id}", visit.organization.slug));
    Ok(Stop::with((cookie::set(&visit.site, secret.as_ref()), login).into_response()))
}
