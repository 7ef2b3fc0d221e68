//! Applications that people sign in to: what they are, who may use them, and their secrets.

pub mod access;
pub mod bind;
pub mod create;
pub mod delete;
pub mod logo;
pub mod model;
pub mod oidc;
mod page;
pub mod registry;
pub mod saml;
pub mod saml_metadata;
pub mod secret;
pub mod store;
pub mod subject;
pub mod update;

pub use model::{Application, Doc, OIDC, SAML, SCIM};
pub use oidc::{
    AccessTokenFormat, AccessTokens, Authentication, ClientAuthentication, ClientKey, ClientKeys, Consent,
    ContentEncryption, GrantType, GroupsClaim, KeyEncryption, Logout, Mapping, Oidc, Requests, SigningAlg, SubjectType,
    Tokens,
};
