//! A group that a directory keeps. Pure.

use muster_base::{Id, Micros};

/// A group and the bond to the directory that keeps it.
#[derive(Clone, Debug)]
pub struct FedGroup {
    /// The group.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The directory provider.
    pub provider: Id,
    /// The directory's own name for it.
    pub external_id: Option<String>,
    /// What mappings mean it by instead of its name, where its owner chooses the name; in lower case.
    pub address: Option<String>,
    /// Counts what the directory changed, members included.
    pub version: i64,
    /// Since when it keeps it.
    pub created_at: Micros,
    /// When it changed something last.
    pub updated_at: Micros,
}

/// One step of a change of members; an id is that of a person or of a group of the same directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberStep {
    /// These come in; who is in stays in.
    Add(Vec<Id>),
    /// These go; who is not in is passed over.
    Remove(Vec<Id>),
    /// All go.
    RemoveAll,
    /// These are the members, no others.
    Replace(Vec<Id>),
}
