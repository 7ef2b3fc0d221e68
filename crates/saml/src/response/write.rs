//! Writing a response: the assertion signed, then encrypted, then the response signed; each as chosen. Written in
//! canonical form throughout, so nothing is parsed.

use crate::assertion::{self, OutgoingAssertion};
use crate::encryption::{ContentCipher, EncryptionRandom, KeyTransport, encrypt};
use crate::header::Header;
use crate::key::PublicKey;
use crate::message::{MessageError, signed};
use crate::signature::Signer;
use crate::status::Status;
use crate::xml::Writer;

/// What we answer.
#[derive(Clone, Debug)]
pub struct OutgoingResponse<'a> {
    /// Identifier, time, the assertion consumer service as addressee, and our entity.
    pub header: Header,
    /// The request that is answered; `None` where we begin (IdP-initiated).
    pub in_response_to: Option<&'a str>,
    /// How it went.
    pub status: Status,
    /// What we say, if it went well.
    pub assertion: Option<OutgoingAssertion<'a>>,
}

/// How the answer is protected.
#[derive(Clone, Copy, Debug)]
pub struct Security<'a> {
    /// The key and algorithm.
    pub signer: &'a Signer<'a>,
    /// Whether the assertion is signed.
    pub sign_assertion: bool,
    /// Whether the response is signed. One without an assertion always is.
    pub sign_response: bool,
    /// To whom the assertion is encrypted, if it is.
    pub encrypt: Option<Encrypt<'a>>,
}

/// How an assertion is encrypted.
#[derive(Clone, Copy, Debug)]
pub struct Encrypt<'a> {
    /// The service provider's key, RSA.
    pub to: &'a PublicKey,
    /// The cipher of the content.
    pub cipher: ContentCipher,
    /// How the content's key is wrapped.
    pub transport: KeyTransport,
    /// Fresh random bytes.
    pub random: &'a EncryptionRandom,
}

/// The response as XML, for the POST binding. If neither part was chosen to be signed, the assertion is: an answer that
/// nobody can check is never sent.
///
/// # Errors
/// A value that XML cannot carry, an algorithm that is not the key's, a recipient that cannot be encrypted to.
pub fn write(response: &OutgoingResponse<'_>, security: &Security<'_>) -> Result<String, MessageError> {
    let sign = security.sign_assertion || !security.sign_response;
    let (xml, at) = compose(response, sign.then_some(security.signer), security.encrypt.as_ref())?;
    let sign = security.sign_response || response.assertion.is_none();
    signed(xml, at, &response.header.id, sign.then_some(security.signer))
}

/// The response as it reads, to be shown: without signatures and not encrypted, so that nobody takes it.
///
/// # Errors
/// A value that XML cannot carry.
pub fn write_unsigned(response: &OutgoingResponse<'_>) -> Result<String, MessageError> {
    compose(response, None, None).map(|(xml, _)| xml)
}

/// The response without its own signature, and where that belongs.
fn compose(
    response: &OutgoingResponse<'_>,
    signer: Option<&Signer<'_>>,
    encrypted: Option<&Encrypt<'_>>,
) -> Result<(String, usize), MessageError> {
    let header = &response.header;
    let mut to = Writer::new();
    header.write(&mut to, "Response", &[("InResponseTo", response.in_response_to)]);
    let at = to.position();
    response.status.write(&mut to);
    if let Some(assertion) = &response.assertion {
        let (issuer, issued) = (&header.issuer, header.issue_instant_s);
        let written = assertion::write(assertion, issuer, issued, response.in_response_to, signer)?;
        match encrypted {
            Some(how) => to.element(&encrypt(&written, how.to, how.cipher, how.transport, how.random)?),
            None => to.element(&written),
        };
    }
    Ok((to.finish()?, at))
}
