//! Telling the service providers of an ended session, one after the other in the person's browser: each is sent a request
//! and sends its answer back here. Best effort: who does not come back is not waited for, and the session here is over
//! before anybody is told.

use std::fmt::Display;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use muster_base::Id;
use muster_directory::application::saml::{Logout, Saml};
use muster_directory::application::saml_metadata::Addresses;
use muster_directory::application::{Application, store as applications};
use muster_directory::flow;
use muster_directory::organization::{self, Organization};
use muster_directory::saml_key::usage;
use muster_directory::saml_message::{Outcome, Part};
use muster_directory::saml_session::{Chain, Participant, Told};
use muster_directory::saml_sso::{Arrived, MAX_AGE_S, SKEW_S};
use muster_directory::trace::{Step, Trace};
use muster_directory::{Error, saml_key};
use muster_http::{ApiError, Browser, Site};
use muster_saml::binding::{Binding, MessageKind, Proof, Received, post, redirect};
use muster_saml::logout::{LogoutRequest, LogoutResponse, read_response, write_request};
use muster_saml::signature::Signer;
use muster_saml::{Arrival, Header, MessageError, NameId, Refusal};

use super::answer::{self, Asker};
use super::sender;
use super::state;
use crate::answer::posting;
use crate::kept::Keep;
use crate::page::see_other;
use crate::visit::Visit;
use muster_http::stop::Stop;

/// How long a service provider may take over a request, in seconds.
const REQUEST_TTL_S: i64 = 300;

/// One application with SAML to which a message about a logout is sent.
pub struct Carrier<'a> {
    site: &'a Site,
    organization: &'a Organization,
    app: Application,
    saml: Saml,
    to: Logout,
}

impl<'a> Carrier<'a> {
    /// `None` where no address is registered for it.
    pub fn new(site: &'a Site, organization: &'a Organization, app: Application) -> Option<Self> {
        let saml = app.saml()?;
        let to = saml.logout.clone()?;
        Some(Self { site, organization, app, saml, to })
    }

    /// The head of a message to it.
    pub fn header(&self) -> Header {
        let directory = self.site.directory();
        Header {
            id: format!("_{}", directory.env().secret().expose()),
            issue_instant_s: directory.env().clock.now().seconds(),
            destination: Some(self.to.url.clone()),
            issuer: Addresses::new(&self.site.issuer(&self.organization.slug), self.app.id).entity_id(&self.saml),
        }
    }

    /// Sends a message through the browser, signed.
    pub async fn send(
        &self,
        kind: MessageKind,
        relay_state: Option<&str>,
        write: impl Fn(Option<&Signer<'_>>) -> Result<String, MessageError> + Send,
    ) -> Result<Response, Stop> {
        let signing = self.saml.signature_algorithm;
        let pair = saml_key::signing(self.site.directory(), self.app.org, self.app.id, signing.kind()).await?;
        let signer = Signer { key: &pair.key, algorithm: signing.algorithm(), certificate: &pair.certificate };
        let failed = |error: &dyn Display| Stop::from(Error::Internal(format!("writing a logout message: {error}")));
        let plain = write(None).map_err(|error| failed(&error))?;
        self.note(kind, relay_state, plain.clone(), format!("signed with {:?}", signing.algorithm()));
        if self.to.binding() == Binding::Post {
            let xml = write(Some(&signer)).map_err(|error| failed(&error))?;
            return Ok(posting(self.organization, self.app.label(), &post(&self.to.url, kind, &xml, relay_state)));
        }
        let address = redirect(&self.to.url, kind, &plain, relay_state, Some(&signer));
        Ok(see_other(&address.map_err(|error| failed(&error))?))
    }

    fn note(&self, kind: MessageKind, relay_state: Option<&str>, xml: String, protection: String) {
        let summary = match kind {
            MessageKind::Request => "The service provider is told of a sign-out",
            MessageKind::Response => "The service provider's sign-out is answered",
        };
        let trace = Trace::new();
        let sent = Part::sent(kind, self.to.binding(), &self.to.url, relay_state, xml, protection);
        let keep = Keep { sent: Some(sent), ..Keep::sign_out(Outcome::Succeeded, summary, &trace) };
        keep.note_of(self.site.directory(), self.app.org, self.app.id);
    }
}

/// `GET /o/{slug}/saml/logout?flow={id}`: how far it is; with `&go={step}` it goes on from that step, whether or not the
/// service provider that was told answered.
pub async fn resume(
    State(site): State<Site>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    browser: Result<Browser, ApiError>,
) -> Result<Response, Stop> {
    let missing = || Stop::from(ApiError::not_found());
    let organization = organization::store::by_slug(&mut site.directory().read(), &slug).await?.ok_or_else(missing)?;
    let query = query.unwrap_or_default();
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let (Some(id), Some(browser)) = (value("flow").and_then(|text| text.parse::<Id>().ok()), browser?.0) else {
        return Ok(state::over(&site, &organization, &[], None).await?);
    };
    let Some(step) = value("go").and_then(|text| text.parse::<usize>().ok()) else {
        return state::shown(&site, &organization, browser, id).await;
    };
    let org = organization.id;
    let found = find(&site, org, browser, id).await?;
    match found {
        // The page was loaded again, or the browser went back: it shows how far it is.
        Some((_, chain)) if chain.step() != step => state::shown(&site, &organization, browser, id).await,
        _ => {
            go_on(&site, &organization, browser, id, |chain| {
                chain.told.extend(chain.waiting.take().map(|(app, _)| Told { app, done: false }));
                true
            })
            .await
        }
    }
}

/// The flow of a sign-out, and who is still to be told.
pub(super) async fn find(
    site: &Site,
    org: Id,
    browser: Id,
    id: Id,
) -> muster_directory::Result<Option<(flow::Flow, Chain)>> {
    let directory = site.directory();
    match flow::find(&mut directory.read(), org, id, browser, directory.env().clock.now()).await {
        Err(Error::Missing(_)) => Ok(None),
        Ok(flow) => Ok(Chain::of(&flow).map(|chain| (flow, chain))),
        Err(error) => Err(error),
    }
}

/// A service provider answers, then the next one is told.
pub async fn answered(visit: &Visit, arrived: &Arrived, received: &Received) -> Result<Response, Stop> {
    let id = received.relay_state().and_then(|state| state.parse::<Id>().ok());
    let (Some(id), Some(browser)) = (id, visit.browser.0) else {
        return Err(visit.refused(&"it answers a sign-out that nobody waits for"));
    };
    let read = read_response(received, &sender(visit));
    let mut accepted = false;
    let next = go_on(&visit.site, &visit.organization, browser, id, |chain| {
        let Some((app, request)) = chain.waiting.take().filter(|(app, _)| *app == visit.app.id) else { return false };
        let destination = visit.addresses().logout();
        let arrival = Arrival {
            destinations: &[&destination],
            now_s: visit.now().seconds(),
            skew_s: SKEW_S,
            max_age_s: MAX_AGE_S,
        };
        let answer = read.and_then(|(response, proof)| {
            good(visit, &response, &arrival, &request)?;
            accepted = proof != Proof::Unsigned;
            Ok(())
        });
        // Whatever is wrong with the answer: it is not known that the person is signed out there.
        let done = answer.is_ok();
        noted(visit, arrived, answer);
        chain.told.push(Told { app, done });
        true
    })
    .await?;
    if accepted {
        // It signed that our signed request was good: so it has the certificate of the key that signs.
        let (directory, org, app) = (visit.site.directory(), visit.organization.id, visit.app.id);
        let kind = visit.saml.signature_algorithm.kind();
        if let Some(active) = saml_key::published(directory, org, app, kind).await?.first() {
            usage::proved(directory, org, app, active.row.id).await?;
        }
    }
    Ok(next)
}

/// Whether an answer says that the person is signed out there.
fn good(visit: &Visit, response: &LogoutResponse, arrival: &Arrival<'_>, request: &str) -> Result<(), Refusal> {
    if response.header.issuer != visit.saml.sp_entity_id {
        return Err(Refusal::Issuer(response.header.issuer.chars().take(200).collect()));
    }
    response.header.check(arrival)?;
    if response.in_response_to.as_deref() != Some(request) {
        return Err(Refusal::InResponseTo);
    }
    if response.status.is_success() { Ok(()) } else { Err(Refusal::Status(response.status.clone())) }
}

/// Tells the administrator how it went.
fn noted(visit: &Visit, arrived: &Arrived, answer: Result<(), Refusal>) {
    let (outcome, saw) = match answer {
        Ok(()) => (Outcome::Succeeded, "signed out".to_owned()),
        Err(refusal) => (Outcome::Refused, refusal.to_string()),
    };
    let trace = vec![Step::new("The service provider signed the person out", saw, outcome == Outcome::Succeeded)];
    let keep = Keep::sign_out(outcome, "The service provider answered the sign-out", &trace);
    Keep { arrived: Some(arrived), ..keep }.note(visit);
}

/// Uses the flow up, lets `update` look at the chain, and tells the next one; at the end answers whoever asked.
async fn go_on(
    site: &Site,
    organization: &Organization,
    browser: Id,
    id: Id,
    update: impl FnOnce(&mut Chain) -> bool + Send,
) -> Result<Response, Stop> {
    let directory = site.directory();
    let found = find(site, organization.id, browser, id).await?;
    let Some((flow, mut chain)) = found else { return Ok(state::over(site, organization, &[], None).await?) };
    if !update(&mut chain) || !flow::take(directory, &flow).await? {
        return Ok(state::over(site, organization, &[], None).await?);
    }
    while !chain.rest.is_empty() {
        let next = chain.rest.remove(0);
        let app = applications::by_id(&mut directory.read(), organization.id, next.app).await?;
        let Some(carrier) = app.filter(|app| app.active).and_then(|app| Carrier::new(site, organization, app)) else {
            chain.told.push(Told { app: next.app, done: false });
            continue;
        };
        return tell(&carrier, chain, &next, browser, id).await;
    }
    let all = chain.told.iter().all(|told| told.done);
    match chain.asked.and_then(|asked| serde_json::from_value::<Asker>(asked).ok()) {
        Some(asker) => answer::to(site, organization, &asker, all).await,
        None => Ok(state::over(site, organization, &chain.told, chain.then.as_deref()).await?),
    }
}

async fn tell(
    carrier: &Carrier<'_>,
    mut chain: Chain,
    next: &Participant,
    browser: Id,
    id: Id,
) -> Result<Response, Stop> {
    let header = carrier.header();
    chain.waiting = Some((next.app, header.id.clone()));
    let directory = carrier.site.directory();
    chain.keep(directory, carrier.organization.id, browser, id).await?;
    let (name_qualifier, sp_name_qualifier) = (None, None);
    let name_id =
        NameId { value: next.name.clone(), format: Some(next.format.clone()), name_qualifier, sp_name_qualifier };
    let request = LogoutRequest {
        not_on_or_after_s: Some(header.issue_instant_s + REQUEST_TTL_S),
        header,
        name_id,
        session_indexes: vec![chain.session.text()],
    };
    carrier.send(MessageKind::Request, Some(&id.text()), |signer| write_request(&request, signer)).await
}
