//! The decision about one user or group.

use serde::{Deserialize, Serialize};

use super::compare::{Cause, FieldChange, Three, compare};
use super::find::Found;
use crate::patch::PatchPath;
use crate::resource::Resource;
use crate::schema::Definition;

/// What should be there.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// This.
    In(&'a Resource),
    /// Nothing any more.
    Out {
        /// Since when, in seconds.
        since_s: i64,
    },
}

/// The object there that ours is linked to.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The id that the receiver gave.
    pub remote_id: &'a str,
    /// What was sent last.
    pub last_sent: Option<&'a Resource>,
}

/// What is there.
#[derive(Clone, Debug)]
pub enum Theirs<'a> {
    /// It was not read.
    Unread,
    /// The linked object was read, and is not there.
    Missing,
    /// The linked object.
    There(&'a Resource),
    /// There is no link; this is what a search found.
    Searched(Found<'a>),
}

/// What becomes of the account of someone who leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Leaving {
    /// `active: false`.
    #[default]
    Deactivate,
    /// It is deleted.
    Delete,
    /// It is deactivated, and deleted after so many days.
    #[serde(rename_all = "camelCase")]
    DeleteAfter {
        /// The days.
        days: u32,
    },
}

/// What is done about changes that were made there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Repair {
    /// They are reported.
    #[default]
    Report,
    /// They are undone.
    Automatically,
}

/// An application's choices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// Who leaves.
    pub leaving: Leaving,
    /// Changes made there.
    pub repair: Repair,
    /// Whether an object that is there already is taken over only after somebody said so.
    pub ask_before_adopting: bool,
}

/// Everything that is known of one object.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What should be there.
    pub wanted: Wanted<'a>,
    /// What ours is linked to.
    pub link: Option<Link<'a>>,
    /// What is there.
    pub theirs: Theirs<'a>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Make it.
    Create,
    /// Take the one that is there, and bring it up to date.
    #[serde(rename_all = "camelCase")]
    Adopt {
        /// Its id.
        remote_id: String,
        /// Whether somebody has to say so first.
        ask: bool,
    },
    /// Change fields.
    Update,
    /// Set `active` to false; other fields change with it.
    Deactivate,
    /// Set `active` to true; other fields change with it.
    Reactivate,
    /// Delete it.
    Delete,
    /// It is gone there and not wanted here: drop the link.
    Forget,
    /// Somebody has to decide.
    Conflict,
}

/// The decision about one object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// What is to be done.
    pub action: Action,
    /// Why, in a sentence.
    pub reason: String,
    /// The fields that differ; with [`Action::Nothing`] those that are only reported.
    pub fields: Vec<FieldChange>,
    /// When the decision will be another without any change, in seconds.
    pub due_s: Option<i64>,
}

impl Decision {
    fn new(action: Action, reason: impl Into<String>) -> Self {
        Self { action, reason: reason.into(), fields: Vec::new(), due_s: None }
    }

    fn with(mut self, fields: Vec<FieldChange>) -> Self {
        self.fields = fields;
        self
    }
}

/// Decides about one object. `managed` are the paths that we are responsible for, `now_s` the time in seconds.
#[must_use]
pub fn decide(
    facts: &Facts<'_>,
    policy: Policy,
    managed: &[PatchPath],
    definition: &Definition,
    now_s: i64,
) -> Decision {
    match facts.wanted {
        Wanted::Out { since_s } => {
            let decision = leave(facts, policy.leaving, since_s, now_s);
            if decision.action == Action::Deactivate && definition.top("active").is_none() {
                return Decision::new(Action::Nothing, "it is not wanted any more: it stays there, and is left alone");
            }
            decision
        }
        Wanted::In(ours) => {
            let differ = |theirs: Option<&Resource>, last: Option<&Resource>| {
                compare(&Three { ours, theirs, last }, managed, definition)
            };
            match (&facts.link, &facts.theirs) {
                (None, Theirs::Unread | Theirs::Searched(Found::Nobody)) if ours.active() == Some(false) => {
                    Decision::new(
                        Action::Nothing,
                        "it is not active here and not there: it is created once it is active",
                    )
                }
                (None, Theirs::Searched(found)) => unlinked(found, policy, &|theirs| differ(Some(theirs), None)),
                (None, _) => Decision::new(Action::Create, "it was never sent: it is looked for there, then created"),
                (Some(_), Theirs::Missing) => {
                    Decision::new(Action::Create, "it was deleted there: it is created again")
                }
                (Some(link), Theirs::Unread | Theirs::Searched(_)) => changed(differ(None, link.last_sent), policy),
                (Some(link), Theirs::There(theirs)) => changed(differ(Some(theirs), link.last_sent), policy),
            }
        }
    }
}

fn unlinked(found: &Found<'_>, policy: Policy, differ: &dyn Fn(&Resource) -> Vec<FieldChange>) -> Decision {
    match found {
        Found::Nobody => Decision::new(Action::Create, "it is not there yet"),
        Found::One(theirs, by) => {
            let remote_id = theirs.id().unwrap_or_default().to_owned();
            let asked = if policy.ask_before_adopting { ": it is taken over once you approve" } else { "" };
            let reason = format!("one with the same {by} is there already{asked}");
            Decision::new(Action::Adopt { remote_id, ask: policy.ask_before_adopting }, reason).with(differ(theirs))
        }
        Found::Taken(theirs) => {
            let id = crate::error::shown(theirs.id().unwrap_or_default());
            let reason = format!(
                "one of this name is there ({id}), and another one here is linked to it: give one of the two another name"
            );
            Decision::new(Action::Conflict, reason)
        }
        Found::Several(theirs) => {
            let count = theirs.len();
            Decision::new(
                Action::Conflict,
                format!("{count} of this name are there: remove all but one, or link one by hand"),
            )
        }
    }
}

/// What the differing fields ask for.
fn changed(fields: Vec<FieldChange>, policy: Policy) -> Decision {
    let drifted = |f: &FieldChange| f.cause == Cause::Drift;
    if fields.is_empty() {
        return Decision::new(Action::Nothing, "it is in step");
    }
    if fields.iter().all(drifted) && policy.repair == Repair::Report {
        let count = fields.len();
        let reason = format!(
            "{count} {} changed there: repair it, or leave it",
            if count == 1 { "field was" } else { "fields were" }
        );
        return Decision::new(Action::Nothing, reason).with(fields);
    }
    let sent: Vec<_> = fields.into_iter().filter(|f| policy.repair == Repair::Automatically || !drifted(f)).collect();
    let active = sent.iter().find(|f| f.path.eq_ignore_ascii_case("active"));
    let action = match active.and_then(|f| f.ours.as_ref()).and_then(serde_json::Value::as_bool) {
        Some(true) => Action::Reactivate,
        Some(false) => Action::Deactivate,
        None => Action::Update,
    };
    let ours = sent.iter().filter(|f| f.cause != Cause::Drift).count();
    let there = sent.len() - ours;
    let reason = match (ours, there) {
        (_, 0) if sent.iter().any(|f| f.cause == Cause::Both) => "changed here and there: ours is sent".to_owned(),
        (ours, 0) => format!("changed here ({ours})"),
        (0, there) => format!("changed there ({there}): ours is sent again"),
        (ours, there) => format!("changed here ({ours}) and there ({there}): ours is sent"),
    };
    Decision::new(action, reason).with(sent)
}

fn leave(facts: &Facts<'_>, leaving: Leaving, since_s: i64, now_s: i64) -> Decision {
    let Some(link) = &facts.link else {
        return Decision::new(Action::Nothing, "it is not wanted, and was never sent");
    };
    let active = match &facts.theirs {
        Theirs::Missing => return Decision::new(Action::Forget, "it is not wanted, and not there any more"),
        Theirs::There(theirs) => theirs.active(),
        _ => link.last_sent.and_then(Resource::active),
    };
    let deactivate = |due_s: Option<i64>, words: &str| {
        let decision = match active {
            Some(false) => Decision::new(Action::Nothing, format!("it is deactivated{words}")),
            _ => Decision::new(Action::Deactivate, format!("it is not wanted any more{words}")),
        };
        Decision { due_s, ..decision }
    };
    match leaving {
        Leaving::Deactivate => deactivate(None, ""),
        Leaving::Delete => Decision::new(Action::Delete, "it is not wanted any more"),
        Leaving::DeleteAfter { days } => {
            let due = since_s.saturating_add(i64::from(days) * 86_400);
            if now_s >= due {
                return Decision::new(Action::Delete, format!("it has not been wanted for {days} days"));
            }
            deactivate(Some(due), &format!(": it is deleted after {days} days"))
        }
    }
}
