//! Administrators: principals of their own, with an e-mail that is unique over the installation. They reach the
//! organizations they were given, each with a role, and all of their provider's. Some are people of an organization, by the
//! groups that a directory pushes ([`crate::derived_administrator`]).

pub mod api_key;
pub mod create;
pub mod grant;
mod guard;
pub mod model;
pub mod role;
pub mod set_role;
pub mod store;
pub mod update;

pub use model::{Administrator, Derived};
pub use role::Role;
