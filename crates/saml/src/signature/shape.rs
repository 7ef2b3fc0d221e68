//! Reading a signature of the one shape that is accepted (SAML core section 5.4, narrowed): one reference to the element
//! it stands in, the enveloped transform, at most one canonicalization, closed lists of algorithms. Whatever else is there
//! refuses it. Never here: keys, digests.

use super::{DigestAlgorithm, SignatureAlgorithm, SignatureError};
use crate::encoded;
use crate::xml::{DS, EXC_C14N, Method, Node, node};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
/// The most prefixes of an `InclusiveNamespaces`.
const MAX_PREFIXES: usize = 64;

/// A signature that has the accepted shape; nothing is checked yet.
pub(super) struct Shape<'a, 'i> {
    /// What the signature value is over.
    pub signed_info: Node<'a, 'i>,
    /// How that is canonicalized.
    pub signed_info_method: Method,
    pub algorithm: SignatureAlgorithm,
    pub value: Vec<u8>,
    /// The reference's `URI`, without the `#`.
    pub reference: &'a str,
    /// How what is referred to is canonicalized.
    pub method: Method,
    pub digest_algorithm: DigestAlgorithm,
    pub digest: Vec<u8>,
}

/// Reads the shape of a `ds:Signature`.
pub(super) fn read<'a, 'i>(signature: Node<'a, 'i>) -> Result<Shape<'a, 'i>, SignatureError> {
    let [signed_info, value, ..] = elements(signature, &["SignedInfo", "SignatureValue", "KeyInfo"], 2)?[..] else {
        return Err(SignatureError::Shape("SignedInfo and SignatureValue are required"));
    };
    let parts = elements(signed_info, &["CanonicalizationMethod", "SignatureMethod", "Reference"], 3)?;
    let [canonicalization, signature_method, reference] = parts[..] else {
        return Err(SignatureError::Shape("one Reference is required"));
    };
    let parts = elements(reference, &["Transforms", "DigestMethod", "DigestValue"], 3)?;
    let [transforms, digest_method, digest_value] = parts[..] else {
        return Err(SignatureError::Shape("Transforms, DigestMethod and DigestValue are required"));
    };
    let uri = node::optional(reference, "URI").and_then(|uri| uri.strip_prefix('#')).filter(|id| !id.is_empty());
    let algorithm = algorithm(signature_method)?;
    let digest_algorithm = algorithm_uri(digest_method)?;
    Ok(Shape {
        signed_info,
        signed_info_method: method(canonicalization)?,
        algorithm: SignatureAlgorithm::from_uri(algorithm).ok_or_else(|| unknown(algorithm))?,
        value: bytes(value)?,
        reference: uri.ok_or(SignatureError::Reference)?,
        method: transformed(transforms)?,
        digest_algorithm: DigestAlgorithm::from_uri(digest_algorithm).ok_or_else(|| unknown(digest_algorithm))?,
        digest: bytes(digest_value)?,
    })
}

/// The child elements, which have to be these in this order; those behind the first `required` ones may be missing.
fn elements<'a, 'i>(
    parent: Node<'a, 'i>,
    names: &[&'static str],
    least: usize,
) -> Result<Vec<Node<'a, 'i>>, SignatureError> {
    let found: Vec<Node<'a, 'i>> = parent.children().filter(Node::is_element).collect();
    let in_order = found.iter().zip(names).all(|(found, name)| node::is(*found, DS, name));
    if found.len() < least || found.len() > names.len() || !in_order {
        return Err(SignatureError::Shape("an element is missing, unknown, or there twice"));
    }
    Ok(found)
}

/// The enveloped transform, then at most one canonicalization.
fn transformed(transforms: Node<'_, '_>) -> Result<Method, SignatureError> {
    let listed: Vec<Node<'_, '_>> = transforms.children().filter(Node::is_element).collect();
    if listed.iter().any(|transform| !node::is(*transform, DS, "Transform")) {
        return Err(SignatureError::Shape("Transforms holds something else"));
    }
    match listed[..] {
        [enveloped, canonicalization] if algorithm_uri(enveloped)? == ENVELOPED => method(canonicalization),
        // Without one the result is canonicalized inclusively (XML Signature 1.1 section 4.4.3.2).
        [enveloped] if algorithm_uri(enveloped)? == ENVELOPED => Ok(Method::Inclusive),
        _ => Err(SignatureError::Shape("the transforms must be enveloped-signature, then a canonicalization")),
    }
}

/// A canonicalization: exclusive with its list of prefixes, or inclusive. Those with comments are refused.
fn method(element: Node<'_, '_>) -> Result<Method, SignatureError> {
    let uri = algorithm_uri(element)?;
    let inside: Vec<Node<'_, '_>> = element.children().filter(Node::is_element).collect();
    match (uri, &inside[..]) {
        (INCLUSIVE, []) => Ok(Method::Inclusive),
        (EXCLUSIVE, []) => Ok(Method::EXCLUSIVE),
        (EXCLUSIVE, [list]) if node::is(*list, EXC_C14N, "InclusiveNamespaces") => {
            let prefixes = node::optional(*list, "PrefixList").unwrap_or_default();
            let prefixes: Vec<String> = prefixes.split_ascii_whitespace().map(str::to_owned).collect();
            if prefixes.len() > MAX_PREFIXES {
                return Err(SignatureError::Shape("the PrefixList is too long"));
            }
            Ok(Method::Exclusive(prefixes))
        }
        (INCLUSIVE | EXCLUSIVE, _) => Err(SignatureError::Shape("the canonicalization has unknown parameters")),
        _ => Err(unknown(uri)),
    }
}

fn algorithm<'a>(element: Node<'a, '_>) -> Result<&'a str, SignatureError> {
    // HMACOutputLength and its kin change what an algorithm means.
    if element.children().any(|child| child.is_element()) {
        return Err(SignatureError::Shape("the SignatureMethod has parameters"));
    }
    algorithm_uri(element)
}

fn algorithm_uri<'a>(element: Node<'a, '_>) -> Result<&'a str, SignatureError> {
    Ok(node::attribute(element, "Algorithm")?)
}

fn unknown(uri: &str) -> SignatureError {
    SignatureError::Algorithm(uri.chars().take(200).collect())
}

fn bytes(element: Node<'_, '_>) -> Result<Vec<u8>, SignatureError> {
    encoded::decode(node::text(element)?).ok_or(SignatureError::Shape("a value is not base64"))
}

/// The signature that stands directly in the element.
pub(super) fn of<'a, 'i>(element: Node<'a, 'i>) -> Result<Option<Node<'a, 'i>>, SignatureError> {
    Ok(node::child(element, DS, "Signature")?)
}
