//! Identity providers elsewhere, and the links from their subjects to people here.

pub mod create;
pub mod delete;
mod just_in_time;
pub mod link;
mod matching;
pub mod model;
pub mod saml;
pub mod store;
pub mod update;

pub use model::{ClientProof, Doc, IdentityProvider, Jit, Kind, Match, Options};
pub use saml::{Saml, SsoBinding};
