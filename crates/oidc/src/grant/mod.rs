//! Grants: from the code through refresh tokens to the end. A folder like those of the directory: `model` is pure,
//! `store` holds the statements, a file per verb.
//!
//! A grant is no change of the directory, so its transactions take no lock of the organization.

pub mod begin;
pub mod model;
pub mod redeem;
pub mod refresh;
pub mod revoke;
pub mod standing;
pub mod store;

pub use model::Grant;
