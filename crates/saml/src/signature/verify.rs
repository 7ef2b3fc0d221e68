//! Verifying an enveloped signature. What comes out is the text that was digested, parsed again: nothing that the
//! signature does not cover can be read from it, whatever stood around it in the message (signature wrapping).

use super::{MAX_KEYS, SignatureAlgorithm, SignatureError, Trust, shape};
use crate::xml::canonical::{self, Extras};
use crate::xml::{Limits, Node, ParseError, Text, node};
use std::collections::HashSet;

/// An element whose signature was verified: its canonical text, without the signature, and who signed it.
///
/// It can only be made by [`verify`], and claims can only be read from it.
#[derive(Clone, Debug)]
pub struct Verified {
    text: Text,
    key: usize,
    algorithm: SignatureAlgorithm,
}

/// An element inside what was verified. It can only be had from [`Verified::read`] and from another one.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a, 'i>(Node<'a, 'i>);

impl Verified {
    /// Which of [`Trust::keys`] it is signed with.
    #[must_use]
    pub fn key(&self) -> usize {
        self.key
    }

    /// How it is signed.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The canonical text that the signature is over.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Hands the verified element to a reader.
    ///
    /// # Errors
    /// The reader's, and those of parsing, which do not happen to a canonical text within the limits.
    pub fn read<T, E: From<ParseError>>(&self, reader: impl FnOnce(Signed<'_, '_>) -> Result<T, E>) -> Result<T, E> {
        let document = self.text.parse()?;
        reader(Signed(document.root_element()))
    }
}

impl<'a, 'i> Signed<'a, 'i> {
    /// The element.
    #[must_use]
    pub fn node(self) -> Node<'a, 'i> {
        self.0
    }

    /// An element that was decrypted from what a verified signature covers.
    pub(crate) fn decrypted(node: Node<'a, 'i>, _from: &Verified) -> Self {
        Self(node)
    }

    /// The elements directly inside it: as signed as it is.
    pub fn children(self) -> impl Iterator<Item = Signed<'a, 'i>> {
        self.0.children().filter(Node::is_element).map(Signed)
    }
}

/// Whether a signature stands directly in the element. It says nothing about whose, or whether it is valid.
#[must_use]
pub fn is_signed(element: Node<'_, '_>) -> bool {
    !matches!(shape::of(element), Ok(None))
}

/// Verifies the signature that stands directly in the element and refers to it.
///
/// One signature, one reference, one digest; the signature value is checked before anything else that costs.
///
/// # Errors
/// If there is none, or it does not count.
pub fn verify(element: Node<'_, '_>, trust: &Trust<'_>) -> Result<Verified, SignatureError> {
    let signature = shape::of(element)?.ok_or(SignatureError::Missing)?;
    if trust.keys.is_empty() {
        return Err(SignatureError::NoKey);
    }
    let shape = shape::read(signature)?;
    if !trust.allow_sha1 {
        let digest_is_sha1 = shape.digest_algorithm == super::DigestAlgorithm::Sha1;
        if shape.algorithm == SignatureAlgorithm::RsaSha1 || digest_is_sha1 {
            return Err(SignatureError::Sha1);
        }
    }
    // The identifier by which the schema of SAML refers, and no other attribute that another reader could take.
    if node::optional(element, "ID") != Some(shape.reference) {
        return Err(SignatureError::Reference);
    }
    unique_ids(element)?;
    let info = canonical::canonicalize(shape.signed_info, &shape.signed_info_method, None, Extras::Refuse)?;
    let key =
        trust.keys.iter().take(MAX_KEYS).position(|key| key.verifies(shape.algorithm, info.as_bytes(), &shape.value));
    let key = key.ok_or(SignatureError::Signature)?;
    let text = canonical::canonicalize(element, &shape.method, Some(signature), Extras::Refuse)?;
    if shape.digest_algorithm.of(text.as_bytes()).as_ref() != shape.digest {
        return Err(SignatureError::Digest);
    }
    // Escapes make the canonical text longer than what was read; canonicalization has its own bound.
    let limits = Limits { bytes: canonical::MAX_BYTES * 2, ..Limits::METADATA };
    let text = Text::new(text.as_bytes(), limits).map_err(|_| SignatureError::Shape("what is signed is too large"))?;
    Ok(Verified { text, key, algorithm: shape.algorithm })
}

/// No identifier may be there twice in the whole document, under any name that a reader may take for one.
fn unique_ids(element: Node<'_, '_>) -> Result<(), SignatureError> {
    let mut seen = HashSet::new();
    for node in element.document().descendants().filter(Node::is_element) {
        for attribute in node.attributes().filter(|attribute| attribute.name().eq_ignore_ascii_case("id")) {
            if !seen.insert(attribute.value()) {
                return Err(SignatureError::DuplicateId(attribute.value().chars().take(100).collect()));
            }
        }
    }
    Ok(())
}
