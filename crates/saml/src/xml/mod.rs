//! XML as SAML needs it: bounded parsing on `roxmltree` (the only XML parser in the binary), canonicalization, and a
//! writer whose output is canonical by construction. Never here: what an element means.

pub mod canonical;
mod escape;
mod indented;
pub mod measure;
pub mod node;
pub mod parse;
pub mod write;

pub use canonical::{CanonicalError, Method};
pub use indented::indented;
pub use measure::Limits;
pub use parse::{ParseError, Text};
pub use roxmltree::{Document, Node};
pub use write::{WriteError, Writer};

/// A namespace with the prefix that we write it with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The prefix, never empty.
    pub prefix: &'static str,
    /// The namespace's name.
    pub uri: &'static str,
}

/// SAML 2.0 assertions.
pub const SAML: Namespace = Namespace { prefix: "saml", uri: "urn:oasis:names:tc:SAML:2.0:assertion" };
/// SAML 2.0 protocol messages.
pub const SAMLP: Namespace = Namespace { prefix: "samlp", uri: "urn:oasis:names:tc:SAML:2.0:protocol" };
/// SAML 2.0 metadata.
pub const MD: Namespace = Namespace { prefix: "md", uri: "urn:oasis:names:tc:SAML:2.0:metadata" };
/// XML signatures.
pub const DS: Namespace = Namespace { prefix: "ds", uri: "http://www.w3.org/2000/09/xmldsig#" };
/// XML encryption.
pub const XENC: Namespace = Namespace { prefix: "xenc", uri: "http://www.w3.org/2001/04/xmlenc#" };
/// XML encryption 1.1: the mask generation functions of RSA-OAEP.
pub const XENC11: Namespace = Namespace { prefix: "xenc11", uri: "http://www.w3.org/2009/xmlenc11#" };
/// Exclusive canonicalization, whose `InclusiveNamespaces` has its own element.
pub const EXC_C14N: Namespace = Namespace { prefix: "ec", uri: "http://www.w3.org/2001/10/xml-exc-c14n#" };
/// The namespace that the prefix `xml` stands for in every document.
pub const XML_URI: &str = "http://www.w3.org/XML/1998/namespace";
