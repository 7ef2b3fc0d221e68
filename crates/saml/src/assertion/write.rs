//! Writing an assertion. Never here: signing and encrypting it (see `response`).

use super::Attribute;
use crate::instant;
use crate::message::{MessageError, signed};
use crate::name_id::NameId;
use crate::signature::Signer;
use crate::xml::{SAML, Writer};

/// What we say about a person to one service provider.
#[derive(Clone, Debug)]
pub struct OutgoingAssertion<'a> {
    /// A fresh identifier.
    pub id: &'a str,
    /// Who.
    pub name_id: NameId,
    /// The service provider's entity identifier.
    pub audience: &'a str,
    /// Where the assertion may be delivered: the assertion consumer service.
    pub recipient: &'a str,
    /// From when it is valid, in seconds since 1970: now, less the skew that is allowed for.
    pub not_before_s: i64,
    /// Until when it may be delivered, in seconds since 1970.
    pub not_on_or_after_s: i64,
    /// When the person signed in, in seconds since 1970.
    pub authn_instant_s: i64,
    /// The session, by the name under which it can be ended.
    pub session_index: &'a str,
    /// When the session has to end, in seconds since 1970.
    pub session_not_on_or_after_s: Option<i64>,
    /// How the person signed in (see [`super::class_ref`]).
    pub class_ref: &'a str,
    /// What else is told.
    pub attributes: &'a [Attribute],
}

/// The assertion as canonical XML, perhaps signed. Issuer, time and the answered request are its response's.
pub(crate) fn write(
    assertion: &OutgoingAssertion<'_>,
    issuer: &str,
    issue_instant_s: i64,
    in_response_to: Option<&str>,
    signer: Option<&Signer<'_>>,
) -> Result<String, MessageError> {
    let mut to = Writer::new();
    let (issued, until) = (instant::write(issue_instant_s), instant::write(assertion.not_on_or_after_s));
    let attributes = [("ID", Some(assertion.id)), ("Version", Some("2.0")), ("IssueInstant", Some(issued.as_str()))];
    to.open(SAML, "Assertion", &attributes).leaf(SAML, "Issuer", &[], issuer);
    let at = to.position();
    to.open(SAML, "Subject", &[]);
    assertion.name_id.write(&mut to);
    to.open(SAML, "SubjectConfirmation", &[("Method", Some("urn:oasis:names:tc:SAML:2.0:cm:bearer"))]);
    let data = [
        ("InResponseTo", in_response_to),
        ("NotOnOrAfter", Some(until.as_str())),
        ("Recipient", Some(assertion.recipient)),
    ];
    to.leaf(SAML, "SubjectConfirmationData", &data, "").close().close();
    let from = instant::write(assertion.not_before_s);
    to.open(SAML, "Conditions", &[("NotBefore", Some(from.as_str())), ("NotOnOrAfter", Some(until.as_str()))]);
    to.open(SAML, "AudienceRestriction", &[]).leaf(SAML, "Audience", &[], assertion.audience).close().close();
    let authenticated = instant::write(assertion.authn_instant_s);
    let session_until = assertion.session_not_on_or_after_s.map(instant::write);
    let statement = [
        ("AuthnInstant", Some(authenticated.as_str())),
        ("SessionIndex", Some(assertion.session_index)),
        ("SessionNotOnOrAfter", session_until.as_deref()),
    ];
    to.open(SAML, "AuthnStatement", &statement).open(SAML, "AuthnContext", &[]);
    to.leaf(SAML, "AuthnContextClassRef", &[], assertion.class_ref).close().close();
    write_attributes(&mut to, assertion.attributes);
    signed(to.finish()?, at, assertion.id, signer)
}

/// Values carry no `xsi:type`: text is what every service provider takes them for, and the type's prefix, used in a value
/// only, is what canonical forms trip over.
fn write_attributes(to: &mut Writer, attributes: &[Attribute]) {
    // A statement without an attribute is not valid (SAML core section 2.7.3).
    if attributes.is_empty() {
        return;
    }
    to.open(SAML, "AttributeStatement", &[]);
    for attribute in attributes {
        let names = [
            ("Name", Some(attribute.name.as_str())),
            ("NameFormat", Some(attribute.name_format.uri())),
            ("FriendlyName", attribute.friendly_name.as_deref()),
        ];
        to.open(SAML, "Attribute", &names);
        for value in &attribute.values {
            to.leaf(SAML, "AttributeValue", &[], value);
        }
        to.close();
    }
    to.close();
}
