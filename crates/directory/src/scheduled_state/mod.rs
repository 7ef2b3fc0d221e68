//! People let in or kept out at a time to come. What happens then is the verb by hand ([`crate::user::state`]), in the name of
//! whoever asked and only while they may still act.
//!
//! Never here: when a worker looks (the server's).

mod cancel;
mod carry_out;
mod schedule;
pub mod store;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, ActorKind};
use crate::user::State;

pub use cancel::Cancel;
pub use carry_out::{CarryOut, round};
pub use schedule::Schedule;

/// How many people one request is about.
pub const PEOPLE_MAX: usize = 1_000;
/// How many changes of an organization wait at a time.
pub const WAITING_MAX: i64 = 50_000;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its time.
    Pending,
    /// It was done.
    Finished,
    /// It could not be done.
    Failed,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Finished, Self::Failed];

    /// As it is kept and shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }
}

/// What is kept besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub actor: ActorKind,
    /// Which one.
    pub actor_id: Option<Id>,
    /// The request that asked.
    pub request_id: Option<String>,
    /// Whether whoever is let in without a password is asked by mail to choose one.
    pub mail: bool,
}

impl Asked {
    /// Who asked, as the change log tells.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { kind: self.actor, id: self.actor_id, request_id: self.request_id.clone() }
    }
}

/// A change of a person's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledState {
    /// The id.
    pub id: Id,
    /// Whose.
    pub user: Id,
    /// What they will be.
    pub state: State,
    /// When.
    pub at: Micros,
    /// What became of it.
    pub status: Status,
    /// Why it could not be done.
    pub message: String,
    /// When it was done, or could not be.
    pub done_at: Option<Micros>,
    /// Who asked, and how.
    pub asked: Asked,
}
