//! Reading a response that arrived at our assertion consumer service. Claims come from what a signature covers, and from
//! nothing beside it. Never here: remembering identifiers, linking people.

use crate::assertion::{self, Addressee, SignedIn};
use crate::binding::Received;
use crate::encryption::decrypt;
use crate::header;
use crate::key::DecryptionKey;
use crate::refusal::Refusal;
use crate::signature::{Signed, Trust, Verified, is_signed, verify};
use crate::status::Status;
use crate::xml::{Node, SAML, SAMLP, Text, node};

/// What a response has to be to count.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// To whom it is addressed, and when.
    pub addressee: Addressee<'a>,
    /// Whose signatures count. Without keys nothing does.
    pub trust: Trust<'a>,
    /// Our key for encrypted assertions.
    pub decryption: Option<&'a DecryptionKey>,
    /// Whether a cipher without authentication is read.
    pub allow_cbc: bool,
}

/// A response that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingResponse {
    /// Its identifier.
    pub id: String,
    /// What the assertion says.
    pub signed_in: SignedIn,
    /// Which of [`Trust::keys`] the claims are signed with.
    pub key: usize,
    /// Whether the assertion was encrypted.
    pub was_encrypted: bool,
}

/// Checks and reads a response (SAML profiles section 4.1.4.3). Each signature that is there must be right, and at least
/// one must cover the assertion.
///
/// # Errors
/// Whatever is not as it has to be.
pub fn read(received: &Received, expected: &Expected<'_>) -> Result<IncomingResponse, Refusal> {
    let document = received.text().parse()?;
    let root = document.root_element();
    let outer = if is_signed(root) { Some(verify(root, &expected.trust)?) } else { None };
    let id = match &outer {
        Some(outer) => outer.read(|signed| head(signed.node(), &expected.addressee))?,
        None => head(root, &expected.addressee)?,
    };
    let element = only_assertion(root)?;
    if assertion::readable(element) {
        let (signed_in, key) = plain(element, outer.as_ref(), expected)?;
        return Ok(IncomingResponse { id, signed_in, key, was_encrypted: false });
    }
    let key = expected.decryption.ok_or(Refusal::Decryption)?;
    let text = decrypt(element, key, expected.allow_cbc).ok_or(Refusal::Decryption)?;
    let (signed_in, key) = inside(&text, outer.as_ref(), expected)?;
    Ok(IncomingResponse { id, signed_in, key, was_encrypted: true })
}

/// Checks the head of the response and that it went well; gives its identifier.
fn head(response: Node<'_, '_>, addressee: &Addressee<'_>) -> Result<String, Refusal> {
    if !node::is(response, SAMLP, "Response") {
        let found = response.tag_name().name().chars().take(60).collect();
        return Err(Refusal::Message { expected: "Response", found });
    }
    if node::optional(response, "Version") != Some("2.0") {
        return Err(Refusal::Version);
    }
    if let Some(named) = node::optional(response, "Destination").filter(|named| *named != addressee.recipient) {
        return Err(Refusal::Destination(named.chars().take(300).collect()));
    }
    // Here the issuer may be missing (SAML core section 3.2.2); the assertion's may not.
    if let Some(issuer) = node::child(response, SAML, "Issuer")? {
        let issuer = header::entity(issuer, "Issuer")?;
        if issuer != addressee.issuer {
            return Err(Refusal::Issuer(issuer));
        }
    }
    let status = Status::read(response)?;
    if !status.is_success() {
        return Err(Refusal::Status(status));
    }
    if node::optional(response, "InResponseTo") != addressee.in_response_to {
        return Err(Refusal::InResponseTo);
    }
    Ok(header::id(response)?)
}

/// The one assertion, plain or encrypted: directly in the response, and the only one in the whole document.
fn only_assertion<'a, 'i>(root: Node<'a, 'i>) -> Result<Node<'a, 'i>, Refusal> {
    let is_one =
        |found: &Node<'_, '_>| node::is(*found, SAML, "Assertion") || node::is(*found, SAML, "EncryptedAssertion");
    let mut all = root.descendants().filter(is_one);
    let first = all.next().ok_or(Refusal::Assertion("the response has no assertion"))?;
    if all.next().is_some() {
        return Err(Refusal::Assertion("the response has more than one assertion"));
    }
    if first.parent() != Some(root) {
        return Err(Refusal::Assertion("the assertion does not stand directly in the response"));
    }
    Ok(first)
}

/// A plain assertion: covered by its own signature, or by the response's.
fn plain(
    element: Node<'_, '_>,
    outer: Option<&Verified>,
    expected: &Expected<'_>,
) -> Result<(SignedIn, usize), Refusal> {
    if is_signed(element) {
        let verified = verify(element, &expected.trust)?;
        let signed_in = verified.read(|signed| assertion::read(signed, &expected.addressee))?;
        return Ok((signed_in, verified.key()));
    }
    let outer = outer.ok_or(Refusal::Unsigned)?;
    let signed_in = outer.read(|response| {
        let mut found = response.children().filter(|child| assertion::readable(child.node()));
        let only = found.next().ok_or(Refusal::Assertion("the signed response has no assertion"))?;
        assertion::read(only, &expected.addressee)
    })?;
    Ok((signed_in, outer.key()))
}

/// A decrypted assertion: covered by its own signature, or by the response's, which is over what was decrypted.
fn inside(text: &Text, outer: Option<&Verified>, expected: &Expected<'_>) -> Result<(SignedIn, usize), Refusal> {
    // What was decrypted by a cipher without authentication may be anything: it fails as decryption does.
    let document = text.parse().map_err(|_| Refusal::Decryption)?;
    let mut elements = document.root_element().children();
    let (Some(element), None) = (elements.next(), elements.next()) else { return Err(Refusal::Decryption) };
    if !assertion::readable(element) {
        return Err(Refusal::Decryption);
    }
    if is_signed(element) {
        let verified = verify(element, &expected.trust)?;
        let signed_in = verified.read(|signed| assertion::read(signed, &expected.addressee))?;
        return Ok((signed_in, verified.key()));
    }
    let outer = outer.ok_or(Refusal::Unsigned)?;
    Ok((assertion::read(Signed::decrypted(element, outer), &expected.addressee)?, outer.key()))
}
