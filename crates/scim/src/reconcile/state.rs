//! The state of one object between two steps. It is stored as JSON beside the object's link; a state of an older
//! version or none at all starts from the beginning, which is always safe.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::receiver::Lesson;
use crate::resource::Resource;

/// What should be there.
#[derive(Clone, Copy, Debug)]
pub enum Goal<'a> {
    /// This.
    Present {
        /// As it should be.
        ours: &'a Resource,
        /// As it is made, with what is sent only then.
        at_creation: &'a Resource,
    },
    /// The account, not active.
    Inactive,
    /// Nothing.
    Absent,
}

/// Where the object stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "name")]
pub enum Phase {
    /// Not begun, or to be begun anew.
    #[default]
    Start,
    /// To be looked for by its name.
    FindByName,
    /// To be looked for by its `externalId`.
    FindByExternalId,
    /// To be looked for on every page, from this index.
    Scan {
        /// From 1.
        start: u64,
    },
    /// To be made: it is not there.
    Create,
    /// To be read before it is changed.
    Read,
    /// To be changed.
    Write,
    /// To be deactivated.
    Deactivate,
    /// To be deleted.
    Delete,
    /// Said not to be there, by the receiver or by anybody on the way to it: what is there is asked before that is
    /// believed.
    Missed {
        /// Looked for by the name that was sent last; otherwise the receiver is to list anything at all.
        by_name: bool,
    },
}

/// Whether it may be there though no search finds it yet: some index what they made a moment later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Made {
    /// Not by us.
    #[default]
    No,
    /// It was sent before, and nobody said that it was refused.
    Perhaps,
    /// A moment ago, and nobody said as what.
    JustNow,
}

/// The state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    /// The id that the receiver gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<String>,
    /// What was sent last and arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sent: Option<Map<String, Value>>,
    /// What was read there, during one run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Map<String, Value>>,
    /// The version of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where it stands.
    pub phase: Phase,
    /// The receiver said that the name is taken when it was to be made.
    pub name_taken: bool,
    /// Whether it may be there though it is not found.
    pub made: Made,
    /// Failed tries in a row.
    pub attempt: u32,
    /// Turns taken in this run (found again, read again): bounded, so that a receiver that contradicts itself does not
    /// keep us for ever.
    pub turns: u32,
}

impl State {
    /// The state of an object that is linked already.
    #[must_use]
    pub fn linked(remote_id: impl Into<String>, last_sent: Option<&Resource>) -> Self {
        Self { remote_id: Some(remote_id.into()), last_sent: last_sent.map(|r| r.0.clone()), ..Self::default() }
    }

    /// What was sent last.
    #[must_use]
    pub fn last_sent(&self) -> Option<Resource> {
        self.last_sent.clone().map(Resource)
    }

    /// The same object, begun anew: after a change here, or when somebody says "retry now".
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.phase = Phase::Start;
        self.theirs = None;
        self.version = None;
        self.name_taken = false;
        self.turns = 0;
        self
    }
}

/// What follows an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum After {
    /// There is more to send at once.
    Continue,
    /// The object is in step; in words for the tape.
    Done(String),
    /// Try again later.
    Wait {
        /// In milliseconds.
        delay_ms: u64,
        /// Why.
        words: String,
        /// Whether all requests to the target should wait so long.
        whole_target: bool,
        /// Whether it counts for the target's breaker.
        broken: bool,
    },
    /// Nothing more is sent to the target until somebody has mended the connection.
    Stop(String),
    /// This object is left alone until it changes or somebody says so; the others go on.
    GiveUp(String),
    /// One that may not be ours is there: it is taken over once somebody says so.
    Ask(String),
    /// The profile is to be changed, then go on as with [`After::Continue`].
    Learn(Lesson),
}
