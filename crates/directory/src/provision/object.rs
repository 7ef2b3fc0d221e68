//! A person or group at a target: what is known of it, and its last calls. Pure.

use muster_base::{Id, Micros};
use muster_scim::Resource;
use muster_scim::reconcile::State as Progress;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person, or a group: at an application that accounts are sent to, or in a directory that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = PersonOrGroup)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// A person.
    User,
    /// A group of people.
    Group,
}

impl ObjectKind {
    /// The word in the database and in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::User, Self::Group].into_iter().find(|k| k.word() == word)
    }
}

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionObjectState)]
pub enum ObjectState {
    /// Nothing is to be sent.
    #[serde(rename = "in step")]
    InStep,
    /// Something is to be sent.
    #[serde(rename = "waiting")]
    Waiting,
    /// It failed: it is tried again, or somebody has to change something.
    #[serde(rename = "failing")]
    Failing,
    /// It waits for an administrator.
    #[serde(rename = "held")]
    Held,
    /// It is not wanted there any more, and that was carried out.
    #[serde(rename = "gone")]
    Gone,
}

impl ObjectState {
    /// Every state, by the API's words.
    pub const ALL: [(&'static str, Self); 5] = [
        ("in step", Self::InStep),
        ("waiting", Self::Waiting),
        ("failing", Self::Failing),
        ("held", Self::Held),
        ("gone", Self::Gone),
    ];
}

/// An object at a target, as it is kept.
#[derive(Clone, Debug)]
pub struct Object {
    /// A person or a group.
    pub kind: ObjectKind,
    /// Which.
    pub id: Id,
    /// The name, also when the object is no more.
    pub name: String,
    /// The link and the rest of what a run needs.
    pub known: Known,
    /// It has to be looked at.
    pub dirty: bool,
    /// How often that was said.
    pub marks: i64,
    /// When what is to be sent was committed.
    pub dirty_at: Option<Micros>,
    /// Not before.
    pub next_at: Micros,
    /// When time alone changes what is to be done.
    pub due_at: Option<Micros>,
    /// It waits for an administrator.
    pub held: bool,
    /// An administrator said yes.
    pub approved: bool,
    /// Failed tries in a row.
    pub attempts: i64,
    /// What went wrong last.
    pub error: Option<String>,
    /// When it was last found or brought in step.
    pub synced_at: Option<Micros>,
}

/// What is known of an object there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The id that the receiver gave.
    pub remote_id: Option<String>,
    /// What was sent last and arrived.
    pub last_sent: Option<Map<String, Value>>,
    /// What was on its way when it was to be made.
    pub pending: Option<Map<String, Value>>,
    /// Not wanted any more, and that was carried out.
    pub away: bool,
    /// Since when it is not wanted.
    pub left_at: Option<Micros>,
}

impl Object {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> ObjectState {
        match () {
            () if self.held => ObjectState::Held,
            () if self.error.is_some() => ObjectState::Failing,
            () if self.dirty => ObjectState::Waiting,
            () if self.known.away && self.known.left_at.is_some() => ObjectState::Gone,
            () => ObjectState::InStep,
        }
    }

    /// The state that a run begins with: what may have been done is found out.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            remote_id: self.known.remote_id.clone(),
            last_sent: self.known.last_sent.clone(),
            attempt: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            ..Progress::default()
        }
    }

    /// What was sent last.
    #[must_use]
    pub fn last_sent(&self) -> Option<Resource> {
        self.known.last_sent.clone().map(Resource)
    }
}

/// One call, as the tape keeps it: nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionCall)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// When, in microseconds.
    #[serde(skip)]
    #[schema(ignore)]
    pub at: Micros,
    /// The method.
    pub method: String,
    /// The path below the base URL.
    pub path: String,
    /// The body that was sent.
    pub request: Option<String>,
    /// The status; none where no answer came.
    pub status: Option<u16>,
    /// The beginning of what was answered.
    pub answer: Option<String>,
    /// What it meant, in words.
    pub outcome: String,
    /// Which try it was, from 1.
    pub attempt: u32,
}

/// How many objects stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProvisionCounts)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Nothing is to be sent.
    pub in_step: i64,
    /// Something is to be sent.
    pub waiting: i64,
    /// It failed.
    pub failing: i64,
    /// It waits for an administrator.
    pub held: i64,
}
