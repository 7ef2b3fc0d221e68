//! An exchange as it is noted. Pure.

use muster_base::{Id, Micros};
use muster_saml::binding::{Binding, MessageKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PART_MAX_BYTES;
use crate::saml_sso::Arrived;
use crate::saml_test::Claims;
use crate::trace::Trace;

/// What an exchange is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlExchangePurpose)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A sign-in.
    SignIn,
    /// A sign-out.
    SignOut,
    /// An administrator's test: sent to nobody.
    Test,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlExchangeOutcome)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    Succeeded,
    /// The person, or the service provider, was told no.
    Refused,
    /// The person has yet to sign in.
    Waits,
}

/// A message of an exchange, as it is noted: read only when somebody looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What came.
    Came(Arrived),
    /// What was sent.
    Sent {
        /// A request or a response.
        is_request: bool,
        /// By a form, else by redirect.
        by_post: bool,
        /// Where to.
        address: String,
        /// What was handed back.
        relay_state: Option<String>,
        /// The message, not encrypted; without signatures once it is kept.
        xml: String,
        /// How it was protected, in words.
        protection: String,
    },
    /// A message that is too long to keep.
    TooLong {
        /// It came from the service provider.
        came: bool,
    },
}

impl Part {
    /// What came.
    #[must_use]
    pub fn came(arrived: &Arrived) -> Option<Self> {
        match arrived {
            Arrived::Unasked => None,
            Arrived::Redirect(raw) | Arrived::Post(raw) if raw.len() > PART_MAX_BYTES => {
                Some(Self::TooLong { came: true })
            }
            _ => Some(Self::Came(arrived.clone())),
        }
    }

    /// As it is kept: without signatures.
    pub(super) fn unsigned(self) -> Self {
        match self {
            Self::Sent { is_request, by_post, address, relay_state, xml, protection } => {
                let xml = without_signatures(&xml);
                Self::Sent { is_request, by_post, address, relay_state, xml, protection }
            }
            other => other,
        }
    }

    /// What is sent. Its signatures are taken out before it is written anywhere.
    #[must_use]
    pub fn sent(
        kind: MessageKind,
        binding: Binding,
        address: &str,
        relay_state: Option<&str>,
        xml: String,
        protection: String,
    ) -> Self {
        if xml.len() > PART_MAX_BYTES {
            return Self::TooLong { came: false };
        }
        Self::Sent {
            is_request: kind == MessageKind::Request,
            by_post: binding == Binding::Post,
            address: address.to_owned(),
            relay_state: relay_state.map(str::to_owned),
            xml,
            protection,
        }
    }
}

/// A message of ours without its signatures. In what we write a `<` is escaped in every value, so each one begins a tag.
fn without_signatures(xml: &str) -> String {
    const END: &str = "</ds:Signature>";
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some((before, signature)) = rest.split_once("<ds:Signature ") {
        out.push_str(before);
        rest = signature.split_once(END).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// What is encrypted at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is about.
    pub purpose: Purpose,
    /// How it went.
    pub outcome: Outcome,
    /// One sentence for a person.
    pub summary: String,
    /// The outcome of each check.
    pub trace: Trace,
    /// The messages in their order.
    pub parts: Vec<Part>,
    /// The administrator or service account that made a test.
    pub by: Option<String>,
    /// When the request of a test came, in seconds since 1970.
    #[serde(default)]
    pub came_at_s: Option<i64>,
    /// What arrived at the service provider of a test.
    pub claims: Option<Claims>,
}

/// An exchange of an application with somebody's browser.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The organization.
    pub org: Id,
    /// Its id; a request that waits for a sign-in keeps it.
    pub id: Id,
    /// The application.
    pub app: Id,
    /// The person, where known.
    pub user: Option<Id>,
    /// When.
    pub at: Micros,
    /// The rest.
    pub content: Content,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_taken_out() {
        let xml = "<a><ds:Signature xmlns:ds=\"x\"><ds:SignatureValue>s</ds:SignatureValue></ds:Signature><b>1</b>\
                   <ds:Signature xmlns:ds=\"x\">t</ds:Signature></a>";
        assert_eq!(without_signatures(xml), "<a><b>1</b></a>");
        assert_eq!(without_signatures("<a>&lt;ds:Signature </a>"), "<a>&lt;ds:Signature </a>");
        assert_eq!(without_signatures("<a><ds:Signature cut"), "<a>");
    }
}
