//! Reading claims, from a verified assertion and nothing else. Never here: whom the claims stand for.

use super::{Attribute, NameFormat};
use crate::header::{self, entity};
use crate::name_id::NameId;
use crate::refusal::Refusal;
use crate::signature::Signed;
use crate::xml::node::{self, ShapeError};
use crate::xml::{Node, SAML};

/// The most attributes, and values of one, that are read.
const MAX_ATTRIBUTES: usize = 500;
/// The longest value, in bytes.
const MAX_VALUE_BYTES: usize = 16 * 1024;
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// To whom an assertion has to be addressed, and when.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    /// The identity provider's entity identifier.
    pub issuer: &'a str,
    /// Our own entity identifier.
    pub audience: &'a str,
    /// Our assertion consumer service, where the response arrived.
    pub recipient: &'a str,
    /// The request that this browser was sent away with; `None` is a sign-in that we did not ask for.
    pub in_response_to: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub now_s: i64,
    /// How far clocks may differ, in seconds.
    pub skew_s: i64,
}

/// What a verified assertion says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The assertion's identifier, to be remembered until `usable_until_s`, so that it counts once.
    pub assertion_id: String,
    /// Until when it could be delivered again, in seconds since 1970, the skew included.
    pub usable_until_s: i64,
    /// Who.
    pub name_id: NameId,
    /// When the person signed in, in seconds since 1970.
    pub authn_instant_s: Option<i64>,
    /// The session, by the identity provider's name.
    pub session_index: Option<String>,
    /// When the session has to end, in seconds since 1970.
    pub session_not_on_or_after_s: Option<i64>,
    /// How the person signed in.
    pub class_ref: Option<String>,
    /// What else is told.
    pub attributes: Vec<Attribute>,
}

/// Checks and reads an assertion that lies inside something verified.
pub(crate) fn read(assertion: Signed<'_, '_>, expected: &Addressee<'_>) -> Result<SignedIn, Refusal> {
    let element = assertion.node();
    if node::optional(element, "Version") != Some("2.0") {
        return Err(Refusal::Version);
    }
    let issuer = entity(node::required(element, SAML, "Issuer")?, "Issuer")?;
    if issuer != expected.issuer {
        return Err(Refusal::Issuer(issuer));
    }
    if header::instant(element, "IssueInstant")?.is_none_or(|issued| issued > expected.now_s + expected.skew_s) {
        return Err(Refusal::NotYet("IssueInstant"));
    }
    conditions(element, expected)?;
    let subject = node::required(element, SAML, "Subject")?;
    let usable_until_s = confirmation(subject, expected)?;
    let statement = node::child(element, SAML, "AuthnStatement")?
        .ok_or(Refusal::Assertion("the assertion has no AuthnStatement: it does not say that somebody signed in"))?;
    let session_until = header::instant(statement, "SessionNotOnOrAfter")?;
    if session_until.is_some_and(|until| until <= expected.now_s - expected.skew_s) {
        return Err(Refusal::Expired("SessionNotOnOrAfter"));
    }
    let class_ref = node::child(statement, SAML, "AuthnContext")?
        .map(|context| node::child(context, SAML, "AuthnContextClassRef"))
        .transpose()?
        .flatten();
    Ok(SignedIn {
        assertion_id: header::id(element)?,
        usable_until_s,
        name_id: NameId::read(node::required(subject, SAML, "NameID")?)?,
        authn_instant_s: header::instant(statement, "AuthnInstant")?,
        session_index: node::optional(statement, "SessionIndex").map(str::to_owned),
        session_not_on_or_after_s: session_until,
        class_ref: class_ref.map(node::text).transpose()?.map(str::to_owned),
        attributes: attributes(element)?,
    })
}

/// Whether an assertion could be read at all: it has to be the one that is asked for.
pub(crate) fn readable(element: Node<'_, '_>) -> bool {
    node::is(element, SAML, "Assertion")
}

/// Times, and that we are meant. An assertion without an audience is for anybody, so it is refused.
fn conditions(assertion: Node<'_, '_>, expected: &Addressee<'_>) -> Result<(), Refusal> {
    let conditions = node::required(assertion, SAML, "Conditions")?;
    within(conditions, expected, "Conditions")?;
    let mut restrictions = node::children(conditions, SAML, "AudienceRestriction").peekable();
    if restrictions.peek().is_none() {
        return Err(Refusal::Audience);
    }
    // Each restriction has to be met, by one of its audiences (SAML core section 2.5.1.4).
    for restriction in restrictions {
        let mut audiences = node::children(restriction, SAML, "Audience");
        if !audiences.any(|audience| node::text(audience) == Ok(expected.audience)) {
            return Err(Refusal::Audience);
        }
    }
    Ok(())
}

/// A bearer confirmation that is addressed to us and valid now (SAML profiles section 4.1.4.2), and until when.
fn confirmation(subject: Node<'_, '_>, expected: &Addressee<'_>) -> Result<i64, Refusal> {
    let mut why = Refusal::Confirmation("there is none");
    for confirmation in node::children(subject, SAML, "SubjectConfirmation").take(10) {
        if node::optional(confirmation, "Method") != Some(BEARER) {
            continue;
        }
        match confirmed(confirmation, expected) {
            Ok(until) => return Ok(until),
            Err(refusal) => why = refusal,
        }
    }
    Err(why)
}

fn confirmed(confirmation: Node<'_, '_>, expected: &Addressee<'_>) -> Result<i64, Refusal> {
    let data = node::required(confirmation, SAML, "SubjectConfirmationData")?;
    if node::optional(data, "Recipient") != Some(expected.recipient) {
        return Err(Refusal::Confirmation("the Recipient is another"));
    }
    if node::optional(data, "InResponseTo") != expected.in_response_to {
        return Err(Refusal::InResponseTo);
    }
    let until = header::instant(data, "NotOnOrAfter")?.ok_or(Refusal::Confirmation("NotOnOrAfter is missing"))?;
    within(data, expected, "SubjectConfirmationData")?;
    Ok(until + expected.skew_s)
}

/// `NotBefore` and `NotOnOrAfter` of the element.
fn within(element: Node<'_, '_>, expected: &Addressee<'_>, name: &'static str) -> Result<(), Refusal> {
    if header::instant(element, "NotBefore")?.is_some_and(|from| expected.now_s + expected.skew_s < from) {
        return Err(Refusal::NotYet(name));
    }
    if header::instant(element, "NotOnOrAfter")?.is_some_and(|until| expected.now_s - expected.skew_s >= until) {
        return Err(Refusal::Expired(name));
    }
    Ok(())
}

fn attributes(assertion: Node<'_, '_>) -> Result<Vec<Attribute>, ShapeError> {
    let mut attributes = Vec::new();
    for statement in node::children(assertion, SAML, "AttributeStatement") {
        for attribute in node::children(statement, SAML, "Attribute") {
            let format = node::optional(attribute, "NameFormat").map(NameFormat::from_uri);
            let mut values = Vec::new();
            for value in node::children(attribute, SAML, "AttributeValue") {
                values.extend(attribute_value(value)?);
            }
            attributes.push(Attribute {
                name: node::attribute(attribute, "Name")?.to_owned(),
                name_format: format.unwrap_or_default(),
                friendly_name: node::optional(attribute, "FriendlyName").map(str::to_owned),
                values,
            });
            if attributes.len() > MAX_ATTRIBUTES || attributes.last().is_some_and(|a| a.values.len() > MAX_ATTRIBUTES) {
                return Err(ShapeError::Value("AttributeStatement"));
            }
        }
    }
    Ok(attributes)
}

/// Text, or the text of the one name identifier inside (eduPersonTargetedID); other structure is no value for us.
fn attribute_value(value: Node<'_, '_>) -> Result<Option<String>, ShapeError> {
    let inner = match node::child(value, SAML, "NameID")? {
        Some(name) => NameId::read(name)?.value,
        None if value.children().any(|child| child.is_element()) => return Ok(None),
        None => node::text(value)?.to_owned(),
    };
    if inner.len() > MAX_VALUE_BYTES { Err(ShapeError::Value("AttributeValue")) } else { Ok(Some(inner)) }
}
