//! Service accounts: programs that use the administrators' API of one organization, with a role. They show a secret, which
//! ends by itself, and get a token for an hour.

pub mod create;
pub mod delete;
pub mod model;
pub mod secret;
pub mod store;
pub mod token;
pub mod update;

pub use crate::administrator::Role;
pub use model::ServiceAccount;
