//! Whether what a request asks for can be given by this application. Pure.

use muster_saml::assertion::class_ref;
use muster_saml::authn_request::{AuthnRequest, Comparison};
use muster_saml::{Code, Detail, NameIdFormat, Status};

use crate::application::saml::Saml;

/// Passwords over TLS are asked for by habit, also where people come from another provider: they are told what really
/// happened. Anything stronger is more than can be given.
const GIVEN: [&str; 3] = [class_ref::PASSWORD_PROTECTED_TRANSPORT, class_ref::PASSWORD, class_ref::UNSPECIFIED];

/// What the request asks for and the application does not give, as it is answered; `class` is how the person signed in.
#[must_use]
pub fn unfit(saml: &Saml, request: &AuthnRequest, class: &str) -> Option<Status> {
    let configured = saml.format();
    let wanted = request.name_id_format.as_deref().filter(|uri| {
        let format = NameIdFormat::from_uri(uri);
        format != Some(NameIdFormat::Unspecified) && format != Some(configured)
    });
    if wanted.is_some() {
        let words = format!("this application is set up for {}", configured.uri());
        return Some(Status::failure(Code::Requester, Detail::InvalidNameIdPolicy).with_message(words));
    }
    let asked = request.authn_context.as_ref()?;
    let given = |wanted: &String| GIVEN.contains(&wanted.as_str()) || wanted == class;
    let known = asked.class_refs.is_empty() || asked.class_refs.iter().any(given);
    if known && asked.comparison != Comparison::Better {
        return None;
    }
    Some(Status::failure(Code::Responder, Detail::NoAuthnContext))
}
