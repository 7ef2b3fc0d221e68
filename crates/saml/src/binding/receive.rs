//! A message as it arrived, and how its sender is made sure of. Never here: what the message says.

use super::query::Parameters;
use super::{Binding, MAX_RELAY_STATE_BYTES, MessageKind, form};
use crate::deflate;
use crate::encoded;
use crate::refusal::Refusal;
use crate::signature::{SignatureAlgorithm, SignatureError, Trust, is_signed, verify, verify_query};
use crate::xml::{Limits, Node, SAML, Text, node};

/// A message as it arrived. Nothing of it is believed yet.
#[derive(Clone, Debug)]
pub struct Received {
    binding: Binding,
    kind: MessageKind,
    text: Text,
    relay_state: Option<String>,
    query_signature: Option<QuerySignature>,
}

/// The signature of the Redirect binding: over these octets.
#[derive(Clone, Debug)]
struct QuerySignature {
    signed: String,
    algorithm: String,
    value: Vec<u8>,
}

/// What is known about the sender, from storage.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Whose signatures count.
    pub trust: Trust<'a>,
    /// Whether a message without a signature is refused.
    pub require_signed: bool,
}

/// How the sender was made sure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Not at all: anybody may have sent it. Also a signature of a sender without stored keys.
    Unsigned,
    /// By the key at this place of [`Trust::keys`].
    Signed {
        /// Which key.
        key: usize,
        /// How.
        algorithm: SignatureAlgorithm,
    },
}

impl Received {
    /// From the raw query of an address, as it was sent (without the `?`).
    ///
    /// # Errors
    /// Missing, doubled or malformed parameters, another encoding than DEFLATE, a message that inflates too far.
    pub fn from_query(query: &str) -> Result<Self, Refusal> {
        const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
        let parameters = Parameters::read(query)?;
        if parameters.value("SAMLEncoding").is_some_and(|encoding| encoding != DEFLATE) {
            return Err(Refusal::Binding("SAMLEncoding must be DEFLATE"));
        }
        let (kind, value) = message(&parameters)?;
        let inflated = deflate::inflate(&form::message(&value)?, Limits::MESSAGE.bytes)?;
        Ok(Self {
            binding: Binding::Redirect,
            kind,
            text: Text::message(&inflated)?,
            relay_state: relay_state(&parameters)?,
            query_signature: query_signature(kind, &parameters)?,
        })
    }

    /// From the body of a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// Missing, doubled or malformed fields.
    pub fn from_form(body: &str) -> Result<Self, Refusal> {
        let parameters = Parameters::read(body)?;
        let (kind, value) = message(&parameters)?;
        Ok(Self {
            binding: Binding::Post,
            kind,
            text: Text::message(&form::message(&value)?)?,
            relay_state: relay_state(&parameters)?,
            query_signature: None,
        })
    }

    /// From the XML itself, as if it had been posted.
    ///
    /// # Errors
    /// A text that is too large or not UTF-8.
    pub fn from_xml(kind: MessageKind, xml: &[u8]) -> Result<Self, Refusal> {
        Ok(Self { binding: Binding::Post, kind, text: Text::message(xml)?, relay_state: None, query_signature: None })
    }

    /// The binding it came by.
    #[must_use]
    pub fn binding(&self) -> Binding {
        self.binding
    }

    /// A request or a response.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// What is to be handed back unchanged.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// The XML, to show to an administrator.
    #[must_use]
    pub fn xml(&self) -> &str {
        self.text.as_str()
    }

    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    /// Who says to have sent it: by this the sender's keys are found. Nothing else may follow from it.
    ///
    /// # Errors
    /// A text that is not XML, or without an `Issuer`.
    pub fn claimed_issuer(&self) -> Result<String, Refusal> {
        let document = self.text.parse()?;
        let issuer = node::required(document.root_element(), SAML, "Issuer")?;
        Ok(node::required_text(issuer, "Issuer")?.to_owned())
    }

    /// The local name of the root element, such as `AuthnRequest`: by this a shared address tells messages apart.
    ///
    /// # Errors
    /// A text that is not XML.
    pub fn claimed_name(&self) -> Result<String, Refusal> {
        Ok(self.text.parse()?.root_element().tag_name().name().to_owned())
    }

    /// Makes sure of the sender, then hands the message to a reader: the signed text where there is a signature.
    ///
    /// A signature that is there must be right as soon as keys are stored, also where none is required.
    pub(crate) fn open<T>(
        &self,
        sender: &Sender<'_>,
        reader: impl FnOnce(Node<'_, '_>) -> Result<T, Refusal>,
    ) -> Result<(T, Proof), Refusal> {
        let document = self.text.parse()?;
        let root = document.root_element();
        let trust = &sender.trust;
        let has_signature = match self.binding {
            // On this binding an enveloped signature has no meaning (SAML bindings section 3.4.4.1).
            Binding::Redirect => self.query_signature.is_some(),
            Binding::Post => is_signed(root),
        };
        if !has_signature && sender.require_signed {
            return Err(Refusal::Unsigned);
        }
        if !has_signature || (trust.keys.is_empty() && !sender.require_signed) {
            return Ok((reader(root)?, Proof::Unsigned));
        }
        if let Some(signature) = &self.query_signature {
            let key = verify_query(&signature.signed, &signature.algorithm, &signature.value, trust)?;
            let algorithm = SignatureAlgorithm::from_uri(&signature.algorithm);
            let algorithm = algorithm.ok_or_else(|| SignatureError::Algorithm(signature.algorithm.clone()))?;
            return Ok((reader(root)?, Proof::Signed { key, algorithm }));
        }
        let verified = verify(root, trust)?;
        let message = verified.read(|signed| reader(signed.node()))?;
        Ok((message, Proof::Signed { key: verified.key(), algorithm: verified.algorithm() }))
    }
}

fn message(parameters: &Parameters<'_>) -> Result<(MessageKind, String), Refusal> {
    match (parameters.value("SAMLRequest"), parameters.value("SAMLResponse")) {
        (Some(value), None) => Ok((MessageKind::Request, value)),
        (None, Some(value)) => Ok((MessageKind::Response, value)),
        (None, None) => Err(Refusal::Binding("SAMLRequest or SAMLResponse is missing")),
        (Some(_), Some(_)) => Err(Refusal::Binding("SAMLRequest and SAMLResponse are both there")),
    }
}

fn relay_state(parameters: &Parameters<'_>) -> Result<Option<String>, Refusal> {
    match parameters.value("RelayState") {
        Some(state) if state.len() > MAX_RELAY_STATE_BYTES => Err(Refusal::Binding("RelayState is too long")),
        state => Ok(state.filter(|state| !state.is_empty())),
    }
}

fn query_signature(kind: MessageKind, parameters: &Parameters<'_>) -> Result<Option<QuerySignature>, Refusal> {
    let (algorithm, value) = match (parameters.value("SigAlg"), parameters.value("Signature")) {
        (None, None) => return Ok(None),
        (Some(algorithm), Some(value)) => (algorithm, value),
        _ => return Err(Refusal::Binding("SigAlg and Signature must be there together")),
    };
    // The order is the specification's, whatever it was in the query; the values are as they were sent.
    let mut signed = String::new();
    for name in [kind.parameter(), "RelayState", "SigAlg"] {
        if let Some(raw) = parameters.raw(name) {
            if !signed.is_empty() {
                signed.push('&');
            }
            signed.push_str(name);
            signed.push('=');
            signed.push_str(raw);
        }
    }
    let value = encoded::decode(&value).ok_or(Refusal::Binding("Signature is not base64"))?;
    Ok(Some(QuerySignature { signed, algorithm, value }))
}
