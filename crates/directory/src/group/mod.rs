//! Groups of people and of devices: static, decided by rules, or both with an administrator between; their memberships are
//! right at commit.

mod affected;
pub mod copy;
pub mod create;
pub mod decide;
pub mod delete;
pub mod derive;
pub mod due;
pub mod exemption;
pub mod explain;
mod facts;
pub mod lag;
pub mod matching;
pub mod members;
pub mod membership;
pub mod model;
pub(crate) mod moved;
mod notify;
mod past;
pub mod preview;
pub mod progress;
mod relation;
pub mod rule;
pub mod ruleset;
pub mod store;
pub mod suggestion;
mod table;
pub mod update;
pub mod verify;

pub use decide::{Outcome, Standing, Suggestion, decide};
pub use membership::Membership;
pub use model::{
    Attributes, Exempt, Exemption, ExemptionMode, Group, GroupKind, Input, Method, Via, everyone_query, read_query,
};
pub use moved::Moved;
