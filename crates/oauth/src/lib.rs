//! OAuth 2.0 and OpenID Connect as values in, values out: what a request says, whether it may say that, and how the
//! answer is written.
//!
//! Both sides are here: the provider's ([`authorize`], [`par`], [`resource`], [`token`], [`device`], [`token_exchange`],
//! [`introspect`], [`revoke`], [`registration`], [`logout`], [`client_auth`], [`assertion`], [`bearer`], [`dpop`]) and, in
//! [`relying_party`], the client's towards a foreign provider. RFC 6749, 6750, 7009, 7523, 7591, 7636, 7662, 8252, 8414,
//! 8628, 8693, 8707, 9101, 9126, 9207, 9449, 9700 and 9701, JARM, OpenID Connect Core, Discovery and RP-Initiated Logout.
//!
//! Never here: I/O, clocks or randomness (times and random texts are passed in), signatures (`muster-jose`), and who
//! the people or applications are.

#![forbid(unsafe_code)]

pub mod assertion;
pub mod authorize;
pub mod bearer;
pub mod client_auth;
pub mod device;
pub mod discovery;
pub mod dpop;
pub mod error;
mod form;
pub mod introspect;
pub mod logout;
pub mod par;
pub mod params;
pub mod pkce;
pub mod redirect_uri;
pub mod registration;
pub mod relying_party;
pub mod resource;
pub mod revoke;
pub mod scope;
pub mod token;
pub mod token_exchange;

pub use error::{Error, ErrorCode};
pub use params::Params;
pub use scope::Scope;
