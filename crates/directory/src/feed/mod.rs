//! Directories that we read: LDAP servers and Google Workspace. Each is a directory provider like those that push, and what
//! it brings goes through the same verbs ([`crate::fed_user`], [`crate::fed_group`]); here are its settings, its runs with
//! what came of each object, and the verb that takes a part of a run in.
//!
//! Never here: how a source is spoken to (that is `muster-feeds`).

pub mod decision;
mod employee;
mod hold;
mod managed_by;
pub mod mark;
pub mod model;
mod out;
pub mod run;
pub mod set;
pub mod source;
pub mod state;
pub mod store;
pub mod take;

pub use crate::provision::ObjectKind;
pub use model::{
    Action, Counts, Google, GuardLimits, Ldap, LdapFlavor, LdapSecurity, Outcome, Reads, RunDoc, RunKind, RunState,
    Settings,
};
pub use run::Run;
pub use source::Source;
