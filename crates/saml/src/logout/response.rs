//! The answer to a request to sign a person out.

use crate::binding::{Proof, Received, Sender};
use crate::header::Header;
use crate::message::{MessageError, signed};
use crate::refusal::Refusal;
use crate::signature::Signer;
use crate::status::Status;
use crate::xml::{Node, Writer, node};

/// How a logout went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutResponse {
    /// Identifier, time, addressee, sender.
    pub header: Header,
    /// The request that is answered.
    pub in_response_to: Option<String>,
    /// How it went.
    pub status: Status,
}

/// The response, and how its sender was made sure of.
///
/// # Errors
/// A text, signature or element that is not as it has to be.
pub fn read_response(received: &Received, sender: &Sender<'_>) -> Result<(LogoutResponse, Proof), Refusal> {
    received.open(sender, element)
}

fn element(response: Node<'_, '_>) -> Result<LogoutResponse, Refusal> {
    Ok(LogoutResponse {
        header: Header::read(response, "LogoutResponse")?,
        in_response_to: node::optional(response, "InResponseTo").map(str::to_owned),
        status: Status::read(response)?,
    })
}

/// The response as XML, signed inside for the POST binding.
///
/// # Errors
/// A value that XML cannot carry, or an algorithm that is not the key's.
pub fn write_response(response: &LogoutResponse, signer: Option<&Signer<'_>>) -> Result<String, MessageError> {
    let mut to = Writer::new();
    response.header.write(&mut to, "LogoutResponse", &[("InResponseTo", response.in_response_to.as_deref())]);
    let at = to.position();
    response.status.write(&mut to);
    signed(to.finish()?, at, &response.header.id, signer)
}
