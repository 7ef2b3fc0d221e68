//! A migration, an object of its source and what became of it. Pure.

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::actor::{Actor, ActorKind};

/// How far a migration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MigrationState)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The source is being read.
    Reading,
    /// What it would do is being worked out.
    Planning,
    /// The plan waits for an administrator.
    Planned,
    /// It is being carried out.
    Applying,
    /// It is carried out.
    Done,
    /// It could not go on.
    Failed,
    /// An administrator ended it.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Reading, Self::Planning, Self::Planned, Self::Applying, Self::Done, Self::Failed, Self::Cancelled];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Planning => "planning",
            Self::Planned => "planned",
            Self::Applying => "applying",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the server works on it.
    #[must_use]
    pub const fn is_going_on(self) -> bool {
        matches!(self, Self::Reading | Self::Planning | Self::Applying)
    }
}

/// What an item is. In the order in which items are taken in: each refers only to earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = MigrationKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person.
    User,
    /// Whose manager somebody is.
    Manager,
    /// A device.
    System,
    /// A group of people.
    UserGroup,
    /// A group of devices.
    SystemGroup,
    /// Who is in a group by hand.
    Member,
    /// Those of a group who left it there.
    MembersLeft,
    /// Who is in a group by its rule.
    Rule,
    /// An application.
    Application,
    /// Who may use an application.
    Binding,
    /// Those who may not any more.
    BindingsLeft,
    /// Something that was taken in before and is gone there.
    Gone,
    /// Something that cannot come.
    Notice,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::User,
        Self::Manager,
        Self::System,
        Self::UserGroup,
        Self::SystemGroup,
        Self::Member,
        Self::MembersLeft,
        Self::Rule,
        Self::Application,
        Self::Binding,
        Self::BindingsLeft,
        Self::Gone,
        Self::Notice,
    ];

    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Manager => "manager",
            Self::System => "system",
            Self::UserGroup => "user_group",
            Self::SystemGroup => "system_group",
            Self::Member => "member",
            Self::MembersLeft => "members_left",
            Self::Rule => "rule",
            Self::Application => "application",
            Self::Binding => "binding",
            Self::BindingsLeft => "bindings_left",
            Self::Gone => "gone",
            Self::Notice => "notice",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The first number of its items: they are taken in by kind.
    #[must_use]
    pub const fn first_seq(self) -> i64 {
        (self as i64 + 1) * 1_000_000_000
    }

    /// Whether there is something to be done with it.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        !matches!(self, Self::Gone | Self::Notice)
    }
}

/// What was read of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its place in the order.
    pub seq: i64,
    /// What it is.
    pub kind: Kind,
    /// What it belongs to there.
    pub parent: String,
    /// Its id there.
    pub remote_id: String,
    /// Its name, for people.
    pub name: String,
    /// What it says.
    pub doc: Value,
}

/// What became of an item, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MigrationOutcome)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// It was not here: it was made.
    Created,
    /// It was here and something of it changed.
    Updated,
    /// It was here before the first migration, as it is there: from now on it is known which it is.
    Linked,
    /// It is here as it is there.
    Unchanged,
    /// It is otherwise here, by hand: it was left so.
    Kept,
    /// It was taken in before and is gone there: it was taken out.
    Removed,
    /// It could not be taken in.
    Refused,
    /// It cannot come, whatever is done; `reason` says what to do instead.
    NotBrought,
    /// It is not there any more; it was left here.
    Gone,
    /// It was left there, as an administrator decided.
    Left,
}

impl Word {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Linked => "linked",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
            Self::Removed => "removed",
            Self::Refused => "refused",
            Self::NotBrought => "not_brought",
            Self::Gone => "gone",
            Self::Left => "left",
        }
    }
}

/// What became of an item, with the details.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// In a word.
    pub outcome: Word,
    /// The object here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_id: Option<Id>,
    /// What changed: `{field: {from, to}}`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub changes: Map<String, Value>,
    /// What differs and was left, since it was changed here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// What was left out, and why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Told {
    /// An outcome without details.
    #[must_use]
    pub fn new(outcome: Word) -> Self {
        Self { outcome, local_id: None, changes: Map::new(), kept: Vec::new(), reason: String::new() }
    }

    /// The same, of an object here.
    #[must_use]
    pub fn of(mut self, id: Id) -> Self {
        self.local_id = Some(id);
        self
    }

    /// The same, with words; after others with a semicolon.
    #[must_use]
    pub fn because(mut self, reason: impl AsRef<str>) -> Self {
        let reason = reason.as_ref();
        if !self.reason.is_empty() && !reason.is_empty() {
            self.reason.push_str("; ");
        }
        self.reason.push_str(reason);
        self
    }
}

/// What a migration may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Choices {
    /// What was changed here by hand is overwritten.
    pub overwrite: bool,
    /// It goes on without waiting for somebody who has seen the plan.
    pub at_once: bool,
}

/// How many come into a group and leave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// The group here.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// How many come.
    pub joins: i64,
    /// How many leave.
    pub leaves: i64,
}

/// A migration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The organization it goes into.
    pub org: Id,
    /// Its id.
    pub id: Id,
    /// How far it is.
    pub state: State,
    /// When it was asked for.
    pub created_at: i64,
    /// When it ended.
    pub done_at: Option<i64>,
    /// Who asked: administrator, service account or command line.
    pub actor: ActorKind,
    /// Which one.
    pub actor_id: Option<Id>,
    /// Where the source is.
    pub base_url: String,
    /// The organization there, where it was named.
    pub organization: Option<String>,
    /// What tells this source from another: its organization's id.
    pub source: String,
    /// The organization's name there.
    pub source_name: String,
    /// What it may do.
    pub choices: Choices,
    /// What is being read.
    pub at: String,
    /// Requests made.
    pub requests: u64,
    /// Why it could not go on.
    pub failure: Option<String>,
    /// The groups that people and devices would come into or leave, by the plan.
    pub groups: Vec<Moves>,
    /// Whether the plan was worked out in parts, so that what stands in two counts as new in both.
    pub in_parts: bool,
}

impl Job {
    /// Who asked for it, as the change log tells.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { kind: self.actor, id: self.actor_id, request_id: None }
    }

    /// A new one.
    #[must_use]
    pub fn new((org, id): (Id, Id), actor: &Actor, base_url: String, now: Micros) -> Self {
        Self {
            org,
            id,
            state: State::Reading,
            created_at: now.0,
            done_at: None,
            actor: actor.kind,
            actor_id: actor.id,
            base_url,
            organization: None,
            source: String::new(),
            source_name: String::new(),
            choices: Choices::default(),
            at: String::new(),
            requests: 0,
            failure: None,
            groups: Vec::new(),
            in_parts: false,
        }
    }
}
