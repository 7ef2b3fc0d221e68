//! Whether a request is accepted, and where its answer may go: an answer goes only to an address that is registered. Each
//! check is a step of the trace, also where one fails. Pure.

use muster_saml::authn_request::{self, AuthnRequest};
use muster_saml::binding::{Binding, MessageKind, Proof, Received, Sender};
use muster_saml::key::PublicKey;
use muster_saml::signature::{SignatureAlgorithm, Trust};
use muster_saml::{Arrival, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::application::Application;
use crate::application::saml::Saml;
use crate::application::saml_metadata::Addresses;
use crate::trace::{Step, Trace};

/// A request as it arrived: what is kept while a person signs in, and for the administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "saml", content = "raw", rename_all = "lowercase")]
pub enum Arrived {
    /// A query of the Redirect binding.
    Redirect(String),
    /// A form of the POST binding.
    Post(String),
    /// None: the person began here.
    Unasked,
}

impl Arrived {
    /// As it is kept.
    #[must_use]
    pub fn to_payload(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// What was kept.
    #[must_use]
    pub fn from_payload(payload: &Value) -> Option<Self> {
        serde_json::from_value(payload.clone()).ok()
    }

    /// The message in it; `None` where there is none.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn received(&self) -> Option<Result<Received, Refusal>> {
        match self {
            Self::Redirect(raw) => Some(Received::from_query(raw)),
            Self::Post(raw) => Some(Received::from_form(raw)),
            Self::Unasked => None,
        }
    }
}

/// What a request is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The application.
    pub app: &'a Application,
    /// Its SAML side.
    pub saml: &'a Saml,
    /// The keys that the service provider's signatures are checked with.
    pub sp_keys: &'a [PublicKey],
    /// Our addresses for it.
    pub addresses: &'a Addresses,
}

impl Parties<'_> {
    /// What is known of the service provider as a sender.
    #[must_use]
    pub fn sender(&self) -> Sender<'_> {
        let trust = Trust { keys: self.sp_keys, allow_sha1: self.saml.allow_sha1_requests };
        Sender { trust, require_signed: self.saml.require_signed_requests }
    }
}

/// A request that is accepted, and where its answer goes.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request; `None` where the person began here.
    pub request: Option<AuthnRequest>,
    /// The assertion consumer service, one that is registered.
    pub acs_url: String,
    /// What is handed back.
    pub relay_state: Option<String>,
}

/// Why a request is not accepted.
#[derive(Clone, Debug)]
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

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inactive => f.write_str("the application is not active"),
            Self::Message(refusal) => write!(f, "{refusal}"),
            Self::Acs(named) => {
                let why = "it asks for an answer at an ACS URL that is not registered: add it, exactly as it is sent";
                write!(f, "{why} ({})", named.chars().take(200).collect::<String>())
            }
        }
    }
}

/// Judges what arrived at `now_s`, when it may be `max_age_s` old (both in seconds; the age without the skew). The steps
/// end with the one that failed.
pub fn judge(to: &Parties<'_>, arrived: &Arrived, now_s: i64, max_age_s: i64) -> (Trace, Result<Asked, Refused>) {
    let mut trace = Trace::new();
    let judged = steps(to, arrived, now_s, max_age_s, &mut trace);
    (trace, judged)
}

fn steps(to: &Parties<'_>, arrived: &Arrived, now_s: i64, max_age_s: i64, trace: &mut Trace) -> Result<Asked, Refused> {
    if !to.app.active {
        let step = Step::new("The application is active", "not active", false);
        trace.push(step.with("activate the application", page(to, "general")));
        return Err(Refused::Inactive);
    }
    let Some(received) = arrived.received() else { return unasked(to, trace) };
    let received = received.and_then(|received| match received.kind() {
        MessageKind::Request => Ok(received),
        MessageKind::Response => Err(Refusal::Binding("a SAMLRequest is expected here")),
    });
    let received = checked(trace, "The request can be read", received, |_| None)?;
    let request = opened(to, &received, trace)?;
    let issuer = &request.header.issuer;
    let is_known =
        if *issuer == to.saml.sp_entity_id { Ok(()) } else { Err(Refusal::Issuer(issuer.chars().take(200).collect())) };
    let sso = |step: Step| step.with("SP Entity ID", page(to, "sso"));
    checked_with(trace, "Its Issuer is the SP Entity ID", is_known, |()| Some(issuer.clone()), sso)?;
    let destination = to.addresses.sso();
    let arrival = Arrival { destinations: &[&destination], now_s, skew_s: super::SKEW_S, max_age_s };
    let named = request.header.destination.clone().unwrap_or_else(|| "none named".into());
    let arrives = request.header.check(&arrival);
    checked(trace, "Its Destination is ours, and it is not too old", arrives, |()| Some(named))?;
    if request.protocol_binding.as_deref().is_some_and(|binding| binding != Binding::Post.uri()) {
        let refusal = Refusal::Binding("ProtocolBinding: answers are sent by HTTP-POST only");
        return checked(trace, "It asks for an answer by HTTP-POST", Err(refusal), |_: &Asked| None);
    }
    let acs_url = acs(to.saml, &request);
    let acs_url = checked_with(
        trace,
        "Its ACS URL is registered",
        acs_url,
        |url: &String| Some(url.clone()),
        |step| step.with("ACS URLs", page(to, "sso")),
    )?;
    let relay_state = received.relay_state().map(str::to_owned);
    Ok(Asked { request: Some(request), acs_url, relay_state })
}

/// What the message says, and the steps about its text and its signature.
fn opened(to: &Parties<'_>, received: &Received, trace: &mut Trace) -> Result<AuthnRequest, Refused> {
    let way = if received.binding() == Binding::Post { "HTTP-POST" } else { "HTTP-Redirect" };
    let signature = "Its signature is as set up";
    match authn_request::read(received, &to.sender()) {
        Ok((request, proof)) => {
            let said = format!("by {way}: {} {}", request.header.id, wants(&request));
            if let Some(step) = trace.last_mut() {
                step.saw = said;
            }
            trace.push(Step::new(signature, shown(proof), true));
            Ok(request)
        }
        Err(refusal @ (Refusal::Signature(_) | Refusal::Unsigned)) => {
            if let Some(step) = trace.last_mut() {
                let claimed = received.claimed_issuer().unwrap_or_else(|_| "nobody".into());
                step.saw = format!("by {way}: it says to be of {}", claimed.chars().take(200).collect::<String>());
            }
            let step = Step::new(signature, refusal.to_string(), false);
            trace.push(step.with("SP Certificate", page(to, "sso")));
            Err(refusal.into())
        }
        Err(refusal) => {
            if let Some(step) = trace.last_mut() {
                step.saw = refusal.to_string();
                step.passed = false;
            }
            Err(refusal.into())
        }
    }
}

fn wants(request: &AuthnRequest) -> &'static str {
    match (request.force_authn, request.is_passive) {
        (false, false) => "a sign-in, or the session that is there",
        (true, false) => "a sign-in from now on (ForceAuthn)",
        (false, true) => "the session that is there (IsPassive)",
        (true, true) => "a sign-in from now on without a page (ForceAuthn, IsPassive)",
    }
}

fn shown(proof: Proof) -> String {
    match proof {
        Proof::Unsigned => "not signed, or by a service provider without a registered certificate".to_owned(),
        Proof::Signed { key, algorithm: SignatureAlgorithm::RsaSha1 } => {
            format!("by SP certificate {} with RSA-SHA1, which is weak: it is allowed for this application", key + 1)
        }
        Proof::Signed { key, algorithm } => format!("by SP certificate {} with {algorithm:?}", key + 1),
    }
}

fn unasked(to: &Parties<'_>, trace: &mut Trace) -> Result<Asked, Refused> {
    let name = "The sign-in begins here, without a request";
    let acs = to.saml.default_acs().ok_or_else(|| Refused::Acs("none is set up".to_owned()));
    let acs = checked(trace, name, acs, |acs| Some(acs.url.clone()))?;
    let state = &to.saml.default_relay_state;
    let relay_state = (!state.is_empty()).then(|| state.clone());
    Ok(Asked { request: None, acs_url: acs.url.clone(), relay_state })
}

/// Only what is registered, compared exactly (SAML profiles section 4.1.4.1).
fn acs(saml: &Saml, request: &AuthnRequest) -> Result<String, Refused> {
    let found = match (&request.acs_url, request.acs_index) {
        (Some(url), _) => saml.acs.iter().find(|acs| acs.url == *url),
        (None, Some(index)) => saml.acs.iter().find(|acs| acs.index == index),
        (None, None) => saml.default_acs(),
    };
    let named = || request.acs_url.clone().unwrap_or_else(|| format!("{:?}", request.acs_index));
    found.map(|acs| acs.url.clone()).ok_or_else(|| Refused::Acs(named()))
}

fn checked<T, E: Into<Refused>>(
    trace: &mut Trace,
    name: &str,
    result: Result<T, E>,
    saw: impl FnOnce(&T) -> Option<String>,
) -> Result<T, Refused> {
    checked_with(trace, name, result, saw, |step| step)
}

/// The outcome as a step; `setting` adds where to mend it.
fn checked_with<T, E: Into<Refused>>(
    trace: &mut Trace,
    name: &str,
    result: Result<T, E>,
    saw: impl FnOnce(&T) -> Option<String>,
    setting: impl FnOnce(Step) -> Step,
) -> Result<T, Refused> {
    match result {
        Ok(value) => {
            trace.push(Step::new(name, saw(&value).unwrap_or_default(), true));
            Ok(value)
        }
        Err(error) => {
            let refused = error.into();
            trace.push(setting(Step::new(name, refused.to_string(), false)));
            Err(refused)
        }
    }
}

fn page(to: &Parties<'_>, tab: &str) -> String {
    format!("sso-applications/{}?tab={tab}", to.app.id)
}
