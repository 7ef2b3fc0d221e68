//! A message as an administrator reads it: decoded, one element on a line. Pure.

use muster_saml::binding::{Binding as Way, MessageKind, Received};
use muster_saml::xml::indented;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Part;
use crate::saml_sso::Arrived;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlBinding)]
pub enum Binding {
    /// In an address.
    #[serde(rename = "HTTP-Redirect")]
    Redirect,
    /// In a form.
    #[serde(rename = "HTTP-POST")]
    Post,
}

/// A message, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SamlMessage)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// From the service provider; else from us.
    came: bool,
    /// `AuthnRequest`, `Response`, `LogoutRequest`, ...; none where it cannot be read.
    name: Option<String>,
    /// How it travelled.
    binding: Option<Binding>,
    /// Where it was sent to, of ours.
    address: Option<String>,
    /// What is handed back.
    relay_state: Option<String>,
    /// The XML, one element on a line. What we send is shown without its signatures, and not encrypted.
    xml: Option<String>,
    /// As it came, where it cannot be read.
    raw: Option<String>,
    /// How it was protected, or why it is not here.
    note: String,
}

/// How much is shown of what cannot be read, in characters.
const RAW_MAX: usize = 4000;

impl Shown {
    /// Decodes a message.
    #[must_use]
    pub fn of(part: &Part) -> Self {
        match part {
            Part::Came(arrived) => came(arrived),
            Part::Sent { is_request, by_post, address, relay_state, xml, protection } => {
                let kind = if *is_request { MessageKind::Request } else { MessageKind::Response };
                let received = Received::from_xml(kind, xml.as_bytes()).ok();
                Self {
                    came: false,
                    name: received.and_then(|received| received.claimed_name().ok()),
                    binding: Some(if *by_post { Binding::Post } else { Binding::Redirect }),
                    address: Some(address.clone()),
                    relay_state: relay_state.clone(),
                    xml: Some(indented(xml).unwrap_or_else(|| xml.clone())),
                    raw: None,
                    note: protection.clone(),
                }
            }
            Part::TooLong { came } => Self { came: *came, ..nothing("too long to be kept".into()) },
        }
    }
}

fn nothing(note: String) -> Shown {
    Shown { came: true, name: None, binding: None, address: None, relay_state: None, xml: None, raw: None, note }
}

fn came(arrived: &Arrived) -> Shown {
    let (binding, raw) = match arrived {
        Arrived::Redirect(raw) => (Binding::Redirect, raw),
        Arrived::Post(raw) => (Binding::Post, raw),
        Arrived::Unasked => return nothing("the sign-in began here, without a request".into()),
    };
    let unreadable = |why: String| Shown {
        binding: Some(binding),
        raw: Some(raw.chars().take(RAW_MAX).collect()),
        ..nothing(format!("it cannot be read: {why}"))
    };
    let received = match arrived.received() {
        Some(Ok(received)) => received,
        Some(Err(refusal)) => return unreadable(refusal.to_string()),
        None => return unreadable("there is no message".into()),
    };
    let signed = match received.binding() {
        Way::Redirect if raw.contains("Signature=") => "with a signature in the address",
        Way::Post if received.xml().contains("SignatureValue") => "with a signature inside",
        _ => "without a signature",
    };
    Shown {
        came: true,
        name: received.claimed_name().ok(),
        binding: Some(binding),
        address: None,
        relay_state: received.relay_state().map(str::to_owned),
        xml: Some(indented(received.xml()).unwrap_or_else(|| received.xml().to_owned())),
        raw: None,
        note: signed.to_owned(),
    }
}
