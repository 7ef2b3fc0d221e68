//! Writing our own authentication request, as a service provider. Never here: choosing what to ask for.

use super::RequestedAuthnContext;
use crate::binding::Binding;
use crate::header::Header;
use crate::message::{MessageError, signed};
use crate::signature::Signer;
use crate::xml::{SAML, SAMLP, Writer};

/// What we ask an identity provider for.
#[derive(Clone, Debug)]
pub struct OutgoingRequest<'a> {
    /// Identifier, time, addressee and our entity.
    pub header: Header,
    /// Where to answer.
    pub acs_url: &'a str,
    /// Whether the person has to sign in again.
    pub force_authn: bool,
    /// Whether the person must not be asked anything.
    pub is_passive: bool,
    /// The format of name identifier that we want.
    pub name_id_format: Option<&'a str>,
    /// What we want of how the person signs in.
    pub authn_context: Option<&'a RequestedAuthnContext>,
}

/// The request as XML, signed inside for the POST binding. For the Redirect binding the query is signed instead.
///
/// # Errors
/// A value that XML cannot carry, or an algorithm that is not the key's.
pub fn write(request: &OutgoingRequest<'_>, signer: Option<&Signer<'_>>) -> Result<String, MessageError> {
    let mut to = Writer::new();
    let flag = |on: bool| on.then_some("true");
    request.header.write(
        &mut to,
        "AuthnRequest",
        &[
            ("AssertionConsumerServiceURL", Some(request.acs_url)),
            ("ProtocolBinding", Some(Binding::Post.uri())),
            ("ForceAuthn", flag(request.force_authn)),
            ("IsPassive", flag(request.is_passive)),
        ],
    );
    let at = to.position();
    to.open(SAMLP, "NameIDPolicy", &[("AllowCreate", Some("true")), ("Format", request.name_id_format)]).close();
    if let Some(asked) = request.authn_context {
        to.open(SAMLP, "RequestedAuthnContext", &[("Comparison", Some(asked.comparison.word()))]);
        for class in &asked.class_refs {
            to.leaf(SAML, "AuthnContextClassRef", &[], class);
        }
        to.close();
    }
    signed(to.finish()?, at, &request.header.id, signer)
}
