//! User groups: static, and dynamic by a rule whose memberships are right at commit.

pub mod create;
pub mod delete;
pub mod derive;
pub mod members;
pub mod model;
pub mod preview;
pub mod store;
pub mod update;
pub mod verify;

pub use model::{Attributes, Exemption, ExemptionMode, Group, Input, Method, Via, decide, everyone_query, read_query};
