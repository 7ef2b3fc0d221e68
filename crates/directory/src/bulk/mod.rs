//! Many people made or changed at once, in a job that outlives the request and the node. Here: the jobs and their items; what
//! an item does are the verbs of people.
//!
//! Never here: the shape of a body (`admin` reads it).

mod store;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::{Actor, ActorKind};
use crate::user::State;

pub use store::{begin, close, due, failed, finished, get, next, open, prune, results};

/// How many people one job is about.
pub const ITEMS_MAX: usize = 1_000;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// Whether people are made; they are changed otherwise.
    pub creates: bool,
    /// Who asked.
    pub actor: ActorKind,
    /// Which one.
    pub actor_id: Option<Id>,
    /// The request that asked.
    pub request_id: Option<String>,
    /// The state of new people of whom none is said.
    pub state: Option<State>,
}

impl Job {
    /// Who asked for it, as the change log tells.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { kind: self.actor, id: self.actor_id, request_id: self.request_id.clone() }
    }
}

/// One person of a job that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its place.
    pub seq: i64,
    /// What was asked.
    pub body: Value,
}

/// What became of one person of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The result's id.
    pub id: Id,
    /// When the job was asked for.
    pub created_at: Micros,
    /// When it was last looked at.
    pub updated_at: Micros,
    /// `pending`, `finished` or `failed`.
    pub status: String,
    /// Why it failed.
    pub message: String,
    /// Username, e-mail and id.
    pub shown: Value,
}
