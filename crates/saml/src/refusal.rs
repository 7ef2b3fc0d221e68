//! Why a message is not accepted, in words for an administrator. Never here: what a stranger is shown.

use crate::deflate::InflateError;
use crate::signature::SignatureError;
use crate::status::Status;
use crate::xml::ParseError;
use crate::xml::node::ShapeError;

/// Why a message is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A parameter of the binding is missing, there twice, or malformed.
    #[error("{0}")]
    Binding(&'static str),
    /// The Redirect binding's compression.
    #[error("SAMLRequest or SAMLResponse: {0}")]
    Inflate(#[from] InflateError),
    /// The XML.
    #[error("{0}")]
    Parse(#[from] ParseError),
    /// An element or attribute.
    #[error("{0}")]
    Shape(#[from] ShapeError),
    /// The signature.
    #[error("{0}")]
    Signature(#[from] SignatureError),
    /// Not signed although it has to be.
    #[error("the message must be signed")]
    Unsigned,
    /// Another message than the address takes.
    #[error("a {expected} is expected here, not <{found}>")]
    Message {
        /// What is expected.
        expected: &'static str,
        /// The root element.
        found: String,
    },
    /// Another version than 2.0.
    #[error("Version must be 2.0")]
    Version,
    /// Sent to somebody else.
    #[error("the Destination is \"{0}\", which is none of ours")]
    Destination(String),
    /// From somebody else.
    #[error("the Issuer is \"{0}\", which is not the expected one")]
    Issuer(String),
    /// For somebody else.
    #[error("the Audience does not name us")]
    Audience,
    /// To be delivered elsewhere.
    #[error("no bearer SubjectConfirmation is addressed to us and valid now: {0}")]
    Confirmation(&'static str),
    /// An answer to another request, or to none.
    #[error("InResponseTo is not the request that this browser was sent with")]
    InResponseTo,
    /// Too old.
    #[error("{0} is over")]
    Expired(&'static str),
    /// From the future.
    #[error("{0} is not reached yet: compare the clocks")]
    NotYet(&'static str),
    /// A response without the one assertion it has to have.
    #[error("{0}")]
    Assertion(&'static str),
    /// What is encrypted cannot be read. Never says more, so that nobody can ask step by step.
    #[error(
        "the encrypted assertion cannot be read: it has to be encrypted to our certificate, with an accepted algorithm"
    )]
    Decryption,
    /// The other side says that it did not work.
    #[error("the identity provider answered {0}")]
    Status(Status),
}
