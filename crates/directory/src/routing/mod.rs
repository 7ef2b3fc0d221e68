//! Routing policies: who signs in with which identity provider. First match wins; none means Muster's own password.

pub mod create;
pub mod decide;
pub mod delete;
pub mod model;
pub mod store;
pub mod update;

pub use decide::{Decision, Outcome};
pub use model::{Input, Policy, Target};
