//! Taking a query or a form body apart without decoding it: each parameter once, as it was sent. Never here: what a
//! parameter holds.

use crate::refusal::Refusal;

/// The parameters that mean something to us.
const NAMES: [&str; 6] = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"];

/// The parameters as they were sent.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    values: [Option<&'a str>; NAMES.len()],
}

impl<'a> Parameters<'a> {
    /// Takes the text apart. One of our parameters that is there twice, or under a name that only decodes to one of ours,
    /// is refused: what was signed and what is read must not differ (parameter pollution).
    pub(super) fn read(text: &'a str) -> Result<Self, Refusal> {
        if text.len() > super::MAX_CARRIER_BYTES {
            return Err(Refusal::Binding("the message is too large"));
        }
        let mut found = Self::default();
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = decoded(name);
            let Some(slot) = NAMES.iter().position(|known| *known == plain) else { continue };
            if name != plain {
                return Err(Refusal::Binding("the name of a SAML parameter is disguised by percent-encoding"));
            }
            match found.values.get_mut(slot) {
                Some(place @ None) => *place = Some(value),
                _ => return Err(Refusal::Binding("a SAML parameter is there more than once")),
            }
        }
        Ok(found)
    }

    /// The value as it was sent.
    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        NAMES.iter().zip(self.values).find(|(known, _)| **known == name).and_then(|(_, value)| value)
    }

    /// The value.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.raw(name).map(decoded)
    }
}

/// Percent-decoded, with `+` as a space, as forms are.
fn decoded(text: &str) -> String {
    // The text holds no `&` and no `=` that would split it again: escape the latter.
    let pair = text.replace('=', "%3D");
    url::form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}
