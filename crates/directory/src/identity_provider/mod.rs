//! Identity providers elsewhere, and the links from their subjects to people here.

pub mod create;
pub mod delete;
pub mod link;
pub mod model;
pub mod store;
pub mod update;

pub use model::{Doc, IdentityProvider, Jit, Kind, Match};
