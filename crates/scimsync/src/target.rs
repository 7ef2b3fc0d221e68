//! One run at one target: what it is about, what an object is decided by, and writing down what became of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use muster_base::{Id, Micros};
use muster_directory::provision::decision::{self, Decisions};
use muster_directory::provision::record::{self, Record, Verdict};
use muster_directory::provision::{Known, Object, ObjectKind, Target, guard, store};
use muster_directory::user::{self, User};
use muster_directory::{Directory, Error, Result};
use muster_scim::Definition;
use muster_scim::mapping::{Mapping, Purpose};
use muster_scim::patch::PatchPath;
use muster_scim::receiver::{Lesson, Profile};
use muster_scim::reconcile::delay_ms;

use crate::client::{Client, log};
use crate::drive::{Drive, Ended};
use crate::gate::Gate;
use crate::provisioner::Turns;
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

    /// As long as something is due, and no longer than its turn where others wait.
    ///
    /// # Errors
    /// The database's.
    pub async fn go(self, turns: &Turns, turn: Duration) -> Result<()> {
        let begun = Instant::now();
        let outcome = self.supply(&|| turns.others_wait() && begun.elapsed() >= turn).await;
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
        let now = self.now();
        let times = (now.minus_s(GUARD_WINDOW_S), now, self.target.settings.deleted_if_left_by(now));
        let (taken, linked) = guard::leaving(&mut source, (org, app), times).await?;
        let decisions = decision::all(&mut source, org, app).await?;
        Ok(Batch { users, reach, managers, guard: self.target.settings.guard.holds(taken, linked), decisions })
    }

    /// One object; false when nothing more is sent.
    pub(crate) async fn one(&self, object: Object, batch: &Batch) -> Result<bool> {
        if self.gate.is_closed() {
            return Ok(false);
        }
        // It may have waited for its turn: what was read of it is not what is true of it now.
        if !store::is_still(&mut self.directory.read(), &self.target, &object).await? {
            return Ok(true);
        }
        let was = object.clone();
        let brought = match object.kind {
            ObjectKind::User => person::bring(self, object, batch).await,
            ObjectKind::Group => group::bring(self, object, batch).await,
        };
        match brought {
            Err(error) => self.put_off(&was, &error).await.map(|()| true),
            brought => brought,
        }
    }

    /// Whatever of an object cannot be read or written down here keeps no other one waiting, and is not asked for again at once.
    async fn put_off(&self, object: &Object, error: &Error) -> Result<()> {
        log(error, "an object could not be brought in step");
        let why = match error {
            // Two of ours found the same one there at the same time: the first has it.
            Error::Conflict(_) => "the one there belongs to another object here already",
            _ => "something went wrong on our side: it is in the server's log",
        };
        let attempt = u32::try_from(object.attempts).unwrap_or(u32::MAX).saturating_add(1);
        let delay_ms = i64::try_from(delay_ms(attempt, self.jitter(), None)).unwrap_or(3_600_000);
        let at = Micros(self.now().0.saturating_add(delay_ms * 1000));
        record::put_off(&self.directory, Drive::new(self, object).which, object, (at, why)).await
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
        record.keep(&self.directory).await.map(|()| !closed)
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
