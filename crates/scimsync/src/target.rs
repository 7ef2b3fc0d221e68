//! One run at one target: what it is about, what an object is decided by, and writing down what became of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use muster_base::{Id, Micros};
use muster_directory::provision::decision::{self, Decisions};
use muster_directory::provision::record::{Record, Verdict};
use muster_directory::provision::{Known, Object, ObjectKind, Target, store};
use muster_directory::user::{self, User};
use muster_directory::{Directory, Result};
use muster_scim::Definition;
use muster_scim::mapping::{Mapping, Purpose};
use muster_scim::patch::PatchPath;
use muster_scim::receiver::{Lesson, Profile};

use crate::client::Client;
use crate::drive::{Drive, Ended};
use crate::gate::Gate;
use crate::{group, user as person};

/// The guard counts what was taken away within so many seconds.
const GUARD_WINDOW_S: i64 = 3600;

/// A run.
pub struct Run {
    /// The directory.
    pub directory: Directory,
    /// The target.
    pub target: Target,
    /// The receiver.
    pub client: Client,
    /// What all calls pass.
    pub gate: Gate,
    /// The mapping.
    pub mapping: Mapping,
    /// What a user is.
    pub user: Definition,
    /// What a group is.
    pub group: Definition,
    /// The paths of a user that we are responsible for.
    pub managed: Vec<PatchPath>,
    profile: Mutex<Profile>,
}

/// What a batch of people is decided by.
pub struct Batch {
    /// The people.
    pub users: HashMap<Id, User>,
    /// Those of them who reach the application.
    pub reach: HashSet<Id>,
    /// What the receiver calls their managers.
    pub managers: HashMap<Id, String>,
    /// Why what takes accounts away has to wait.
    pub guard: Option<String>,
    /// What an administrator decided.
    pub decisions: Decisions,
}

impl Run {
    /// A run at a target.
    pub fn new(directory: &Directory, target: Target, client: Client, gate: Gate) -> Self {
        let mapping = target.settings.mapping();
        let managed = mapping.managed(Purpose::Update);
        let profile = Mutex::new(target.profile());
        let (user, group) = (Definition::user(), Definition::group());
        Self { directory: directory.clone(), target, client, gate, mapping, user, group, managed, profile }
    }

    /// What is known of the receiver.
    pub fn profile(&self) -> Profile {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes what is known of the receiver.
    pub fn change_profile(&self, change: impl FnOnce(&mut Profile)) {
        change(&mut self.profile.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes a lesson.
    pub fn learn(&self, lesson: Lesson) {
        self.change_profile(|p| *p = p.clone().learnt(lesson));
    }

    /// Random, from 0 to 1.
    pub fn jitter(&self) -> f64 {
        let [byte] = self.directory.env().rng.bytes::<1>();
        f64::from(byte) / 255.0
    }

    /// The time.
    pub fn now(&self) -> Micros {
        self.directory.env().clock.now()
    }

    /// As long as something is due.
    ///
    /// # Errors
    /// The database's.
    pub async fn go(self) -> Result<()> {
        let outcome = self.supply().await;
        let profile = self.profile();
        if self.target.learnt.as_ref() != Some(&profile) && profile != self.target.settings.first_profile() {
            let at = (self.target.org, self.target.app);
            store::set_profile(&self.directory, at, &self.target.settings, &profile).await?;
        }
        self.gate.close(&self.target).await?;
        outcome
    }

    /// What the people of a batch are decided by.
    pub(crate) async fn batch(&self, due: &[Object]) -> Result<Batch> {
        let (org, app) = (self.target.org, self.target.app);
        let mut source = self.directory.read();
        let ids: Vec<Id> = due.iter().filter(|o| o.kind == ObjectKind::User).map(|o| o.id).collect();
        let users: HashMap<Id, User> =
            user::store::by_ids(&mut source, org, &ids).await?.into_iter().map(|u| (u.id, u)).collect();
        let reach = store::reach(&mut source, org, app, &ids).await?.into_iter().collect();
        let bosses: Vec<Id> = users.values().filter_map(manager).collect();
        let managers = store::remote_of(&mut source, org, app, &bosses).await?.into_iter().collect();
        let since = self.now().minus_s(GUARD_WINDOW_S);
        let (taken, linked) = store::leaving(&mut source, org, app, since).await?;
        let decisions = decision::all(&mut source, org, app).await?;
        Ok(Batch { users, reach, managers, guard: self.target.settings.guard.holds(taken, linked), decisions })
    }

    /// One object; false when nothing more is sent.
    pub(crate) async fn one(&self, object: Object, batch: &Batch) -> Result<bool> {
        if self.gate.is_closed() {
            return Ok(false);
        }
        match object.kind {
            ObjectKind::User => person::bring(self, object, batch).await,
            ObjectKind::Group => group::bring(self, object, batch).await,
        }
    }

    /// Writes down what became of an object; false when nothing more is sent.
    pub async fn keep(&self, object: Object, drive: Drive<'_>, after: (String, Known, Outcome)) -> Result<bool> {
        let (name, mut known, outcome) = after;
        known.pending = match &outcome {
            Outcome::Verdict(Verdict::InStep { .. }) | Outcome::Ended(Ended::Done) => None,
            _ if known.remote_id.is_some() && object.kind == ObjectKind::User => None,
            _ => drive.pending.clone().or(known.pending),
        };
        let attempts = match &outcome {
            Outcome::Ended(Ended::Later { .. }) => object.attempts.saturating_add(1),
            // Nothing came of it that would be a reason to try sooner.
            Outcome::Verdict(Verdict::NotNow) => object.attempts,
            _ => 0,
        };
        let closed = matches!(outcome, Outcome::Ended(Ended::Closed));
        if closed && drive.calls.is_empty() {
            return Ok(false);
        }
        let verdict = match outcome {
            Outcome::Verdict(verdict) => verdict,
            Outcome::Ended(Ended::Done) => Verdict::InStep { due_at: None },
            Outcome::Ended(Ended::Later { at, why }) => Verdict::Later { at, why },
            Outcome::Ended(Ended::Held(why)) => Verdict::Held(why),
            Outcome::Ended(Ended::Failed(why)) => Verdict::Failed(why),
            Outcome::Ended(Ended::Closed) => Verdict::NotNow,
        };
        let record = Record {
            which: drive.which,
            marks: object.marks,
            name: (name != object.name).then_some(name),
            before: object.known,
            known,
            verdict,
            attempts,
            calls: drive.calls,
            lag: drive.lag,
        };
        match record.keep(&self.directory).await {
            Err(muster_directory::Error::Conflict(_)) => {
                // Two of ours found the same one there at the same time: the first has it.
                tracing::warn!(app = %self.target.app, "an account there belongs to another person here already");
                Ok(false)
            }
            other => other.map(|()| !closed),
        }
    }
}

/// What became of an object.
pub enum Outcome {
    /// Nothing was sent.
    Verdict(Verdict),
    /// Something was.
    Ended(Ended),
}

/// Somebody's manager.
pub fn manager(user: &User) -> Option<Id> {
    user.profile.manager.as_deref().and_then(|m| m.parse().ok())
}
