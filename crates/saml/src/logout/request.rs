//! The request to sign a person out. Encrypted name identifiers are not read.

use crate::binding::{Proof, Received, Sender};
use crate::header::{self, Header};
use crate::instant;
use crate::message::{MessageError, signed};
use crate::name_id::NameId;
use crate::refusal::Refusal;
use crate::signature::Signer;
use crate::xml::node::{self, ShapeError};
use crate::xml::{Node, SAML, SAMLP, Writer};

/// The most sessions that one request names.
const MAX_SESSIONS: usize = 100;

/// A request to end sessions of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    /// Identifier, time, addressee, sender.
    pub header: Header,
    /// Who.
    pub name_id: NameId,
    /// Which sessions; none means all of them.
    pub session_indexes: Vec<String>,
    /// Until when the request may be used, in seconds since 1970.
    pub not_on_or_after_s: Option<i64>,
}

/// The request, and how its sender was made sure of.
///
/// # Errors
/// A text, signature or element that is not as it has to be.
pub fn read_request(received: &Received, sender: &Sender<'_>) -> Result<(LogoutRequest, Proof), Refusal> {
    received.open(sender, element)
}

fn element(request: Node<'_, '_>) -> Result<LogoutRequest, Refusal> {
    let header = Header::read(request, "LogoutRequest")?;
    let name_id = NameId::read(node::required(request, SAML, "NameID")?)?;
    let indexes = node::children(request, SAMLP, "SessionIndex");
    let session_indexes =
        indexes.map(|index| Ok(node::required_text(index, "SessionIndex")?.to_owned())).collect::<Result<Vec<_>, _>>();
    let session_indexes = session_indexes.map_err(|error: ShapeError| Refusal::from(error))?;
    if session_indexes.len() > MAX_SESSIONS {
        return Err(ShapeError::Value("SessionIndex").into());
    }
    let not_on_or_after_s = header::instant(request, "NotOnOrAfter")?;
    Ok(LogoutRequest { header, name_id, session_indexes, not_on_or_after_s })
}

/// The request as XML, signed inside for the POST binding.
///
/// # Errors
/// A value that XML cannot carry, or an algorithm that is not the key's.
pub fn write_request(request: &LogoutRequest, signer: Option<&Signer<'_>>) -> Result<String, MessageError> {
    let mut to = Writer::new();
    let until = request.not_on_or_after_s.map(instant::write);
    request.header.write(&mut to, "LogoutRequest", &[("NotOnOrAfter", until.as_deref())]);
    let at = to.position();
    request.name_id.write(&mut to);
    for index in &request.session_indexes {
        to.leaf(SAMLP, "SessionIndex", &[], index);
    }
    signed(to.finish()?, at, &request.header.id, signer)
}
