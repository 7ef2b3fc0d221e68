//! Writing our own metadata. Unsigned: it is fetched over TLS or carried by hand, and who imports it looks at the
//! fingerprint.

use super::{AcsEndpoint, Endpoint};
use crate::instant;
use crate::key::Certificate;
use crate::name_id::NameIdFormat;
use crate::xml::{DS, MD, SAMLP, WriteError, Writer, XENC};

/// What we say as an identity provider.
#[derive(Clone, Copy, Debug)]
pub struct IdpDescription<'a> {
    /// Our entity identifier.
    pub entity_id: &'a str,
    /// The signing certificates: the one in use, then the one that comes next.
    pub certificates: &'a [&'a Certificate],
    /// Where requests are taken.
    pub sso: &'a [Endpoint],
    /// Where logouts are taken.
    pub logout: &'a [Endpoint],
    /// The formats of name identifier that we give.
    pub name_id_formats: &'a [NameIdFormat],
    /// Whether requests have to be signed.
    pub wants_requests_signed: bool,
    /// Until when this may be used, in seconds since 1970.
    pub valid_until_s: Option<i64>,
}

/// What we say as a service provider.
#[derive(Clone, Copy, Debug)]
pub struct SpDescription<'a> {
    /// Our entity identifier.
    pub entity_id: &'a str,
    /// The certificates that we sign with.
    pub signing: &'a [&'a Certificate],
    /// The certificates to encrypt to.
    pub encryption: &'a [&'a Certificate],
    /// Where responses are taken, for the POST binding.
    pub acs: &'a [AcsEndpoint],
    /// Where logouts are taken.
    pub logout: &'a [Endpoint],
    /// The formats of name identifier that we want.
    pub name_id_formats: &'a [NameIdFormat],
    /// Whether we sign requests.
    pub signs_requests: bool,
}

/// The metadata document of an identity provider.
///
/// # Errors
/// A value that XML cannot carry.
pub fn write_idp(idp: &IdpDescription<'_>) -> Result<String, WriteError> {
    let mut to = Writer::new();
    entity(&mut to, idp.entity_id, idp.valid_until_s);
    let attributes = [
        ("WantAuthnRequestsSigned", Some(if idp.wants_requests_signed { "true" } else { "false" })),
        ("protocolSupportEnumeration", Some(SAMLP.uri)),
    ];
    to.open(MD, "IDPSSODescriptor", &attributes);
    keys(&mut to, "signing", idp.certificates);
    endpoints(&mut to, "SingleLogoutService", idp.logout);
    formats(&mut to, idp.name_id_formats);
    endpoints(&mut to, "SingleSignOnService", idp.sso);
    to.finish()
}

/// The metadata document of a service provider.
///
/// # Errors
/// A value that XML cannot carry.
pub fn write_sp(sp: &SpDescription<'_>) -> Result<String, WriteError> {
    let mut to = Writer::new();
    entity(&mut to, sp.entity_id, None);
    let attributes = [
        ("AuthnRequestsSigned", Some(if sp.signs_requests { "true" } else { "false" })),
        ("WantAssertionsSigned", Some("true")),
        ("protocolSupportEnumeration", Some(SAMLP.uri)),
    ];
    to.open(MD, "SPSSODescriptor", &attributes);
    keys(&mut to, "signing", sp.signing);
    keys(&mut to, "encryption", sp.encryption);
    endpoints(&mut to, "SingleLogoutService", sp.logout);
    formats(&mut to, sp.name_id_formats);
    for acs in sp.acs {
        let index = acs.index.to_string();
        let attributes = [
            ("Binding", Some(crate::binding::Binding::Post.uri())),
            ("Location", Some(acs.location.as_str())),
            ("index", Some(index.as_str())),
            ("isDefault", acs.is_default.then_some("true")),
        ];
        to.leaf(MD, "AssertionConsumerService", &attributes, "");
    }
    to.finish()
}

fn entity(to: &mut Writer, entity_id: &str, valid_until_s: Option<i64>) {
    let until = valid_until_s.map(instant::write);
    to.open(MD, "EntityDescriptor", &[("entityID", Some(entity_id)), ("validUntil", until.as_deref())]);
}

fn keys(to: &mut Writer, usage: &'static str, certificates: &[&Certificate]) {
    for certificate in certificates {
        to.open(MD, "KeyDescriptor", &[("use", Some(usage))]);
        to.open(DS, "KeyInfo", &[]).open(DS, "X509Data", &[]);
        to.leaf(DS, "X509Certificate", &[], &certificate.to_base64()).close().close();
        if usage == "encryption" {
            // What we can read, the better first: a sender that looks takes a cipher with authentication.
            for uri in ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm"] {
                to.leaf(MD, "EncryptionMethod", &[("Algorithm", Some(uri))], "");
            }
            let oaep = format!("{}rsa-oaep-mgf1p", XENC.uri);
            to.leaf(MD, "EncryptionMethod", &[("Algorithm", Some(&oaep))], "");
        }
        to.close();
    }
}

fn endpoints(to: &mut Writer, name: &'static str, endpoints: &[Endpoint]) {
    for endpoint in endpoints {
        let attributes = [
            ("Binding", Some(endpoint.binding.uri())),
            ("Location", Some(endpoint.location.as_str())),
            ("ResponseLocation", endpoint.response_location.as_deref()),
        ];
        to.leaf(MD, name, &attributes, "");
    }
}

fn formats(to: &mut Writer, formats: &[NameIdFormat]) {
    for format in formats {
        to.leaf(MD, "NameIDFormat", &[], format.uri());
    }
}
