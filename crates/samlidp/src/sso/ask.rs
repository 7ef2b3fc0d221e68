//! What arrived, and where the answer may go. Whatever is wrong up to here is shown to the person and never sent on: an
//! answer goes only to an address that is registered.

use http::StatusCode;
use muster_directory::event;
use muster_directory::trace::{Step, Trace};
use muster_http::page::whom_to_ask;
use muster_saml::authn_request::{self, AuthnRequest};
use muster_saml::binding::{Binding, MessageKind, Proof, Received};
use muster_saml::{Arrival, Refusal};
use serde_json::{Value, json};

use crate::visit::Visit;
use muster_http::stop::Stop;

/// How old a request may be when it arrives, in seconds.
pub const MAX_AGE_S: i64 = 300;
/// How far clocks may differ, in seconds.
pub const SKEW_S: i64 = 120;

/// A request as it arrived: what is kept while a person signs in.
pub enum Arrived {
    /// A query of the Redirect binding.
    Redirected(String),
    /// A form of the POST binding.
    Posted(String),
    /// None: the person began here.
    Unasked,
}

impl Arrived {
    /// As it is kept.
    pub fn to_payload(&self) -> Value {
        match self {
            Self::Redirected(raw) => json!({"saml": "redirect", "raw": raw}),
            Self::Posted(raw) => json!({"saml": "post", "raw": raw}),
            Self::Unasked => json!({"saml": "unasked"}),
        }
    }

    /// What was kept.
    pub fn from_payload(payload: &Value) -> Option<Self> {
        let raw = || payload.get("raw").and_then(Value::as_str).map(str::to_owned);
        match payload.get("saml").and_then(Value::as_str)? {
            "redirect" => Some(Self::Redirected(raw()?)),
            "post" => Some(Self::Posted(raw()?)),
            "unasked" => Some(Self::Unasked),
            _ => None,
        }
    }
}

/// A request that is accepted, and where its answer goes.
pub struct Asked {
    /// The request; `None` where the person began here.
    pub request: Option<AuthnRequest>,
    /// The assertion consumer service, one that is registered.
    pub acs_url: String,
    /// What is handed back.
    pub relay_state: Option<String>,
    /// What was looked at, for the event.
    pub checks: Trace,
}

/// Why a request is not accepted.
pub enum Refused {
    /// The application is not active.
    Inactive,
    /// The message.
    Message(Refusal),
    /// The assertion consumer service is not registered.
    Acs(String),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Message(refusal)
    }
}

/// Reads what arrived. `fresh` is false for a request that waited: its age was looked at when it came.
pub fn read(visit: &Visit, arrived: &Arrived, fresh: bool) -> Result<Asked, Refused> {
    if !visit.app.active {
        return Err(Refused::Inactive);
    }
    let received = match arrived {
        Arrived::Redirected(raw) => Received::from_query(raw)?,
        Arrived::Posted(raw) => Received::from_form(raw)?,
        Arrived::Unasked => return unasked(visit),
    };
    if received.kind() != MessageKind::Request {
        return Err(Refusal::Binding("a SAMLRequest is expected here").into());
    }
    let (request, proof) = authn_request::read(&received, &visit.sender())?;
    if request.header.issuer != visit.saml.sp_entity_id {
        return Err(Refusal::Issuer(request.header.issuer.chars().take(200).collect()).into());
    }
    let destination = visit.addresses().sso();
    let now_s = visit.now().seconds();
    let max_age_s = if fresh { MAX_AGE_S } else { muster_directory::flow::FLOW_TTL_S + MAX_AGE_S };
    request.header.check(&Arrival { destinations: &[&destination], now_s, skew_s: SKEW_S, max_age_s })?;
    let wants_another = request.protocol_binding.as_deref().is_some_and(|binding| binding != Binding::Post.uri());
    if wants_another {
        return Err(Refusal::Binding("ProtocolBinding: answers are sent by HTTP-POST only").into());
    }
    let acs_url = acs(visit, &request)?;
    let relay_state = received.relay_state().map(str::to_owned);
    let checks = checks(&request, proof, received.binding(), &acs_url);
    Ok(Asked { request: Some(request), acs_url, relay_state, checks })
}

/// What an accepted request said, check by check.
fn checks(request: &AuthnRequest, proof: Proof, binding: Binding, acs_url: &str) -> Trace {
    let way = if binding == Binding::Post { "HTTP-POST" } else { "HTTP-Redirect" };
    let signature = match proof {
        Proof::Unsigned => "not signed, or by a service provider without a registered certificate".to_owned(),
        Proof::Signed { key, algorithm } => format!("by SP certificate {} with {algorithm:?}", key + 1),
    };
    let destination = request.header.destination.clone().unwrap_or_else(|| "none named".into());
    let asked = match (request.force_authn, request.is_passive) {
        (false, false) => "a sign-in, or the session that is there",
        (true, false) => "a sign-in from now on (ForceAuthn)",
        (false, true) => "the session that is there (IsPassive)",
        (true, true) => "a sign-in from now on without a page (ForceAuthn, IsPassive)",
    };
    vec![
        Step::new(format!("The request by {way} can be read"), format!("{} {asked}", request.header.id), true),
        Step::new("Its Issuer is the SP Entity ID", request.header.issuer.clone(), true),
        Step::new("Its signature is as set up", signature, true),
        Step::new("Its Destination is ours, and it is not too old", destination, true),
        Step::new("Its ACS URL is registered", acs_url.to_owned(), true),
    ]
}

fn unasked(visit: &Visit) -> Result<Asked, Refused> {
    let acs = visit.saml.default_acs().ok_or_else(|| Refused::Acs(String::new()))?;
    let state = &visit.saml.default_relay_state;
    let relay_state = (!state.is_empty()).then(|| state.clone());
    let checks = vec![Step::new("The sign-in begins here, without a request", acs.url.clone(), true)];
    Ok(Asked { request: None, acs_url: acs.url.clone(), relay_state, checks })
}

/// Only what is registered, compared exactly (SAML profiles section 4.1.4.1).
fn acs(visit: &Visit, request: &AuthnRequest) -> Result<String, Refused> {
    let saml = &visit.saml;
    let found = match (&request.acs_url, request.acs_index) {
        (Some(url), _) => saml.acs.iter().find(|acs| acs.url == *url),
        (None, Some(index)) => saml.acs.iter().find(|acs| acs.index == index),
        (None, None) => saml.default_acs(),
    };
    let named = || request.acs_url.clone().unwrap_or_else(|| format!("{:?}", request.acs_index));
    found.map(|acs| acs.url.clone()).ok_or_else(|| Refused::Acs(named()))
}

/// The page that says why, and an event that keeps it.
pub async fn refuse(visit: &Visit, refused: &Refused) -> muster_directory::Result<Stop> {
    let label = visit.app.label();
    let (why, stop) = match refused {
        Refused::Inactive => {
            let paragraphs = [
                format!(
                    "Nobody can sign in to it with {} until an administrator activates it.",
                    visit.organization.display_name
                ),
                whom_to_ask(&visit.organization),
            ];
            let stop = visit.page(StatusCode::FORBIDDEN, &format!("{label} is not active"), &paragraphs);
            ("the application is not active".to_owned(), stop)
        }
        Refused::Message(refusal) => (refusal.to_string(), visit.refused(refusal)),
        Refused::Acs(named) => {
            let why = "it asks for an answer at an ACS URL that is not registered: add it, exactly as it is sent";
            (format!("{why} ({})", named.chars().take(200).collect::<String>()), visit.refused(&why))
        }
    };
    let trace = vec![Step::new("The request is accepted", why.clone(), false)];
    let summary = format!("Refused a request of {label}: {why}");
    event::store::record(visit.site.directory(), &visit.event(None, false, summary, trace)).await?;
    Ok(stop)
}
