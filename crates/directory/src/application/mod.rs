//! Applications that people sign in to: what they are, who may use them, and their secrets.

pub mod access;
pub mod bind;
pub mod create;
pub mod delete;
pub mod logo;
pub mod model;
pub mod redirect_uri;
pub mod saml;
pub mod secret;
pub mod store;
pub mod update;

pub use model::{Application, ClientAuthentication, Doc, GrantType, GroupsClaim, Mapping, Oidc, SigningAlg};
