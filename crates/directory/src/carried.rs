//! What one part of a long plan leaves to the next: a plan is worked out by changes that are undone, part by part, and what a
//! part took and let go is gone with it. So that a conflict between two parts is seen, the names and addresses are carried:
//! those that were taken are refused to others, those that were let go are free.
//!
//! Used in trials alone: what was let go is taken away from the rows, which only a transaction that is undone may do.

use std::collections::{BTreeSet, HashMap, HashSet};

use muster_base::Id;
use muster_db::{V, sql};
use serde_json::{Map, Value};

use crate::{Result, Write};

sql! {
    CARRIED_USERNAMES = "UPDATE users SET username_norm = '~' || id WHERE org_id = $1 AND id IN {each $2}";
    CARRIED_EMAILS = "UPDATE users SET email_norm = '~' || id WHERE org_id = $1 AND id IN {each $2}";
    CARRIED_GROUPS = "UPDATE groups SET name_norm = '~' || id WHERE org_id = $1 AND id IN {each $2}";
}

/// Who has a name by an earlier part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user name.
    pub username: String,
    /// The e-mail.
    pub email: String,
}

/// What the parts so far took and let go.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    usernames: HashMap<String, Owner>,
    emails: HashMap<String, Owner>,
    groups: HashSet<(&'static str, String)>,
    /// Objects that were made or taken over, by the kind and the source's names.
    made: HashSet<(&'static str, String)>,
    freed_usernames: BTreeSet<Id>,
    freed_emails: BTreeSet<Id>,
    freed_groups: BTreeSet<Id>,
}

/// What one step took, to be carried when its part ended.
#[derive(Clone, Debug)]
pub(crate) enum Claim {
    /// A person: who they are now, whether they were made, or what changed.
    Person {
        /// The source's name.
        source: String,
        /// Who they are.
        owner: Owner,
        /// Whom it changed, and what; none: they were made.
        changed: Option<(Id, Map<String, Value>)>,
    },
    /// A group of a kind and a name.
    Group {
        /// The source's name.
        source: String,
        /// The kind.
        kind: &'static str,
        /// The name.
        name: String,
        /// Which was renamed; none: it was made.
        renamed: Option<Id>,
    },
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Carried {
    /// Who has a user name.
    #[must_use]
    pub fn username(&self, name: &str) -> Option<&Owner> {
        self.usernames.get(&folded(name))
    }

    /// Who has an address.
    #[must_use]
    pub fn email(&self, email: &str) -> Option<&Owner> {
        self.emails.get(&folded(email))
    }

    /// Whether a group of this kind has a name.
    #[must_use]
    pub fn has_group(&self, kind: &'static str, name: &str) -> bool {
        self.groups.contains(&(kind, folded(name)))
    }

    /// Whether an object was made or taken over.
    #[must_use]
    pub fn was_made(&self, kind: &'static str, source: &str) -> bool {
        self.made.contains(&(kind, source.to_owned()))
    }

    /// Takes up what a part took.
    pub(crate) fn take(&mut self, claims: Vec<Claim>) {
        for claim in claims {
            match claim {
                Claim::Person { source, owner, changed: None } => {
                    self.made.insert((PERSON, source));
                    if !owner.email.is_empty() {
                        self.emails.insert(folded(&owner.email), owner.clone());
                    }
                    self.usernames.insert(folded(&owner.username), owner);
                }
                Claim::Person { source, owner, changed: Some((id, fields)) } => {
                    // One who was adopted is known by the source's name from now on; of the others the rows say so.
                    self.made.insert((PERSON, source));
                    if fields.contains_key("username") {
                        self.freed_usernames.insert(id);
                        self.usernames.insert(folded(&owner.username), owner.clone());
                    }
                    if fields.contains_key("email") {
                        self.freed_emails.insert(id);
                        self.emails.insert(folded(&owner.email), owner);
                    }
                }
                Claim::Group { source, kind, name, renamed } => {
                    match renamed {
                        Some(id) => drop(self.freed_groups.insert(id)),
                        None => drop(self.made.insert((kind, source))),
                    }
                    self.groups.insert((kind, folded(&name)));
                }
            }
        }
    }

    /// Takes away what was let go, in a transaction that is undone.
    pub(crate) async fn free(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        let all = [
            (&CARRIED_USERNAMES, &self.freed_usernames),
            (&CARRIED_EMAILS, &self.freed_emails),
            (&CARRIED_GROUPS, &self.freed_groups),
        ];
        for (statement, ids) in all.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            w.exec(statement, &[(&org).into(), V::list(ids)]).await?;
        }
        Ok(())
    }
}

/// The kind of people.
pub(crate) const PERSON: &str = "user";
/// The kind of groups of people.
pub(crate) const USER_GROUP: &str = "user_group";
