//! A message as it is sent: the address to redirect to, or the fields of a form that posts itself. Never here: the page
//! that the form stands on (it escapes what is here).

use super::MessageKind;
use crate::deflate;
use crate::encoded;
use crate::key::KeyError;
use crate::signature::{Signer, sign_query};

/// A form that posts itself, with a button for browsers without scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostForm {
    /// Where to.
    pub action: String,
    /// Name and value of each hidden field.
    pub fields: Vec<(&'static str, String)>,
}

/// The fields for the POST binding. A signature is inside the XML.
#[must_use]
pub fn post(action: &str, kind: MessageKind, xml: &str, relay_state: Option<&str>) -> PostForm {
    let mut fields = vec![(kind.parameter(), encoded::encode(xml.as_bytes()))];
    if let Some(state) = relay_state {
        fields.push(("RelayState", state.to_owned()));
    }
    PostForm { action: action.to_owned(), fields }
}

/// The address for the Redirect binding. The XML must not be signed itself; the query is, where there is a signer.
///
/// # Errors
/// An algorithm that is not the key's.
pub fn redirect(
    location: &str,
    kind: MessageKind,
    xml: &str,
    relay_state: Option<&str>,
    signer: Option<&Signer<'_>>,
) -> Result<String, KeyError> {
    let escape = |value: &str| url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    let packed = encoded::encode(&deflate::deflate(xml.as_bytes()));
    let mut query = format!("{}={}", kind.parameter(), escape(&packed));
    if let Some(state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&escape(state));
    }
    if let Some(signer) = signer {
        query = sign_query(&query, signer)?;
    }
    let separator = if location.contains('?') { '&' } else { '?' };
    Ok(format!("{location}{separator}{query}"))
}
