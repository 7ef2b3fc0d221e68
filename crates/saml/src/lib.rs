//! SAML 2.0 on the wire: messages, assertions, metadata, signatures, encryption and bindings, as an identity provider
//! and as a service provider.
//!
//! Here: what a message says, whether its signature is a known key's, and how ours are written. Never here: clocks and
//! identifiers (passed in), storage, sessions, who may sign in, HTML, fetching. Key material comes from stored metadata;
//! what a message says about its own key is not looked at.

pub mod xml;

pub mod binding;
pub mod deflate;
mod encoded;
pub mod instant;
pub mod key;
mod name_id;
mod refusal;
pub mod signature;
mod status;

pub use name_id::{NameId, NameIdFormat};
pub use refusal::Refusal;
pub use status::{Code, Detail, Status};
pub mod assertion;
pub mod authn_request;
pub mod encryption;
mod header;
pub mod logout;
mod message;
pub mod response;
pub use header::{Arrival, Header};
pub use message::MessageError;
pub mod metadata;
