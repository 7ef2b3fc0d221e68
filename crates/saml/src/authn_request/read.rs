//! Reading an authentication request. Never here: whether what it asks for is granted.

use super::{AuthnRequest, Comparison, RequestedAuthnContext};
use crate::binding::{Proof, Received, Sender};
use crate::header::Header;
use crate::name_id::NameId;
use crate::refusal::Refusal;
use crate::xml::node::{self, ShapeError};
use crate::xml::{Node, SAML, SAMLP};

/// The longest address that is read, in bytes.
const MAX_URL_BYTES: usize = 2048;
/// The most classes of a requested authentication context.
const MAX_CLASSES: usize = 20;

/// The request, and how its sender was made sure of. Destination and age are checked by [`Header::check`].
///
/// # Errors
/// A text, signature or element that is not as it has to be.
pub fn read(received: &Received, sender: &Sender<'_>) -> Result<(AuthnRequest, Proof), Refusal> {
    received.open(sender, element)
}

fn element(request: Node<'_, '_>) -> Result<AuthnRequest, Refusal> {
    let policy = node::child(request, SAMLP, "NameIDPolicy")?;
    let policy_attribute =
        |name| policy.and_then(|policy| node::optional(policy, name)).filter(|text| !text.is_empty());
    let acs_url = node::optional(request, "AssertionConsumerServiceURL").filter(|url| !url.is_empty());
    if acs_url.is_some_and(|url| url.len() > MAX_URL_BYTES) {
        return Err(ShapeError::Value("AssertionConsumerServiceURL").into());
    }
    let asked = node::child(request, SAMLP, "RequestedAuthnContext")?;
    Ok(AuthnRequest {
        header: Header::read(request, "AuthnRequest")?,
        acs_url: acs_url.map(str::to_owned),
        acs_index: node::index(request, "AssertionConsumerServiceIndex")?,
        protocol_binding: node::optional(request, "ProtocolBinding").map(str::to_owned),
        force_authn: node::boolean(request, "ForceAuthn")?.unwrap_or(false),
        is_passive: node::boolean(request, "IsPassive")?.unwrap_or(false),
        name_id_format: policy_attribute("Format").map(str::to_owned),
        sp_name_qualifier: policy_attribute("SPNameQualifier").map(str::to_owned),
        authn_context: asked.map(authn_context).transpose()?,
        subject: subject(request)?,
    })
}

fn authn_context(asked: Node<'_, '_>) -> Result<RequestedAuthnContext, Refusal> {
    let comparison = match node::optional(asked, "Comparison") {
        None | Some("exact") => Comparison::Exact,
        Some("minimum") => Comparison::Minimum,
        Some("maximum") => Comparison::Maximum,
        Some("better") => Comparison::Better,
        Some(_) => return Err(ShapeError::Value("Comparison").into()),
    };
    let classes = node::children(asked, SAML, "AuthnContextClassRef").take(MAX_CLASSES);
    let class_refs = classes.map(|class| Ok(node::text(class)?.to_owned())).collect::<Result<_, ShapeError>>()?;
    Ok(RequestedAuthnContext { comparison, class_refs })
}

/// A hint, so an encrypted or another kind of identifier is simply none.
fn subject(request: Node<'_, '_>) -> Result<Option<String>, Refusal> {
    let Some(subject) = node::child(request, SAML, "Subject")? else { return Ok(None) };
    let Some(name) = node::child(subject, SAML, "NameID")? else { return Ok(None) };
    Ok(Some(NameId::read(name)?.value))
}
