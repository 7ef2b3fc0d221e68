//! What every protocol message begins with (SAML core section 3.2.1): identifier, version, time, addressee, sender. Never
//! here: what follows it.

use crate::instant;
use crate::refusal::Refusal;
use crate::xml::node::{self, ShapeError};
use crate::xml::{Node, SAML, SAMLP, Writer};

/// The longest identifier that is read, in bytes.
const MAX_ID_BYTES: usize = 256;
/// The longest entity identifier (SAML core section 8.3.6).
pub(crate) const MAX_ENTITY_BYTES: usize = 1024;

/// The head of a request or response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its identifier, unique to its sender. When we write: a letter or `_`, then letters, digits, `.`, `-`, `_`.
    pub id: String,
    /// When it was made, in seconds since 1970.
    pub issue_instant_s: i64,
    /// The address that it was meant for.
    pub destination: Option<String>,
    /// The entity that says to have sent it.
    pub issuer: String,
}

/// Where a message may be addressed, and how old it may be.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Our addresses that the message may name.
    pub destinations: &'a [&'a str],
    /// Now, in seconds since 1970.
    pub now_s: i64,
    /// How far clocks may differ, in seconds.
    pub skew_s: i64,
    /// How old a message may be, in seconds, the skew apart.
    pub max_age_s: i64,
}

impl Header {
    /// Reads the head of a message of this name.
    pub(crate) fn read(element: Node<'_, '_>, name: &'static str) -> Result<Self, Refusal> {
        if !node::is(element, SAMLP, name) {
            let found = element.tag_name().name().chars().take(60).collect();
            return Err(Refusal::Message { expected: name, found });
        }
        if node::optional(element, "Version") != Some("2.0") {
            return Err(Refusal::Version);
        }
        let issuer = node::required(element, SAML, "Issuer")?;
        Ok(Self {
            id: id(element)?,
            issue_instant_s: instant(element, "IssueInstant")?.ok_or(ShapeError::Attribute("IssueInstant"))?,
            destination: node::optional(element, "Destination").filter(|text| !text.is_empty()).map(str::to_owned),
            issuer: entity(issuer, "Issuer")?,
        })
    }

    /// Begins a message of this name and writes its issuer. Where a signature belongs is where the writer stands then.
    pub(crate) fn write(&self, to: &mut Writer, name: &'static str, more: &[(&'static str, Option<&str>)]) {
        let issued = instant::write(self.issue_instant_s);
        let mut attributes = vec![
            ("ID", Some(self.id.as_str())),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(issued.as_str())),
            ("Destination", self.destination.as_deref()),
        ];
        attributes.extend_from_slice(more);
        to.open(SAMLP, name, &attributes).leaf(SAML, "Issuer", &[], &self.issuer);
    }

    /// Whether the message was meant for us, and now. A message without a destination may be for anybody.
    ///
    /// # Errors
    /// [`Refusal::Destination`], [`Refusal::Expired`] or [`Refusal::NotYet`].
    pub fn check(&self, arrival: &Arrival<'_>) -> Result<(), Refusal> {
        match &self.destination {
            Some(named) if !arrival.destinations.contains(&named.as_str()) => {
                return Err(Refusal::Destination(named.chars().take(300).collect()));
            }
            _ => {}
        }
        if self.issue_instant_s > arrival.now_s.saturating_add(arrival.skew_s) {
            return Err(Refusal::NotYet("IssueInstant"));
        }
        let oldest_s = arrival.now_s.saturating_sub(arrival.max_age_s).saturating_sub(arrival.skew_s);
        if self.issue_instant_s < oldest_s {
            Err(Refusal::Expired("the time in which to use the message"))
        } else {
            Ok(())
        }
    }
}

/// The `ID` of an element.
pub(crate) fn id(element: Node<'_, '_>) -> Result<String, ShapeError> {
    let id = node::attribute(element, "ID")?;
    if id.len() > MAX_ID_BYTES { Err(ShapeError::Value("ID")) } else { Ok(id.to_owned()) }
}

/// An entity identifier as the text of an element.
pub(crate) fn entity(element: Node<'_, '_>, name: &'static str) -> Result<String, ShapeError> {
    let value = node::required_text(element, name)?;
    if value.len() > MAX_ENTITY_BYTES { Err(ShapeError::Value(name)) } else { Ok(value.to_owned()) }
}

/// A time in an attribute; absent is `None`.
pub(crate) fn instant(element: Node<'_, '_>, name: &'static str) -> Result<Option<i64>, ShapeError> {
    let Some(value) = node::optional(element, name) else { return Ok(None) };
    instant::read(value.trim_matches(node::WHITE_SPACE)).map(Some).ok_or(ShapeError::Value(name))
}
