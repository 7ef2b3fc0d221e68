//! The message inside a form field: base64 of the XML. Nothing else.

use crate::encoded;
use crate::refusal::Refusal;

/// The XML inside `SAMLRequest` or `SAMLResponse`.
pub(super) fn message(value: &str) -> Result<Vec<u8>, Refusal> {
    encoded::decode(value).ok_or(Refusal::Binding("SAMLRequest or SAMLResponse is not base64"))
}
