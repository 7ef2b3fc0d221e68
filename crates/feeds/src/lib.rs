//! Directories that we read: LDAP servers and Google Workspace. A reader brings everything that a source has; what is to be
//! done about it is decided purely (`plan`); a run carries it out through the directory's own verbs, step by step.
//!
//! Never here: SQL, a route, and what follows for people and groups (that is `muster-directory`).

mod feeder;
mod found;
mod google;
#[cfg(any(test, fuzzing))]
pub mod hostile;
mod ldap;
mod memberships;
mod names;
mod plan;
mod read;
mod report;
mod room;
mod runner;

pub use feeder::{Feeder, Round};
