//! Putting a signature into a message that was written in canonical form. Never here: what the message says.

use crate::key::KeyError;
use crate::signature::{Signer, enveloped};
use crate::xml::WriteError;

/// Why a message of ours cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A value that XML cannot carry.
    #[error("{0}")]
    Write(#[from] WriteError),
    /// The signing key.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// An identifier that a reference cannot name.
    #[error("an identifier must begin with a letter or \"_\" and have letters, digits, \".\", \"-\" and \"_\" only")]
    Id,
    /// The certificate of a recipient cannot be encrypted to.
    #[error("assertions can only be encrypted to an RSA certificate")]
    Recipient,
}

/// The message with its signature at the given place (behind the `Issuer`, where the schema has it).
pub(crate) fn signed(
    mut canonical: String,
    at: usize,
    id: &str,
    signer: Option<&Signer<'_>>,
) -> Result<String, MessageError> {
    check_id(id)?;
    if let Some(signer) = signer {
        let signature = enveloped(&canonical, id, signer)?;
        canonical.insert_str(at, &signature);
    }
    Ok(canonical)
}

/// An `xs:ID` of the characters that we make identifiers from.
fn check_id(id: &str) -> Result<(), MessageError> {
    let starts = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let rest = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if starts && rest { Ok(()) } else { Err(MessageError::Id) }
}
