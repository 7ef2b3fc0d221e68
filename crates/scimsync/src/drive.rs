//! Brings one object to its goal: asks the wire crate for the next request, writes down what has to be known before it is
//! sent, sends it, and takes the answer, until nothing is left.

use std::collections::HashMap;

use muster_base::{Id, Micros};
use muster_directory::provision::record::{self, Which};
use muster_directory::provision::{Call, Object, store};
use muster_directory::{Directory, Result};
use muster_scim::patch::PatchPath;
use muster_scim::receiver::{Lesson, Profile};
use muster_scim::reconcile::{After, Goal, HttpMethod, Outcome, State, Step, Task};
use muster_scim::{Definition, Reading};
use serde_json::{Map, Value};

use crate::target::Run;

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// As it should be.
    Done,
    /// To be tried again.
    Later {
        /// When.
        at: Micros,
        /// Why.
        why: String,
    },
    /// Somebody has to say first that one that is there is taken over.
    Held(String),
    /// Somebody has to change something.
    Failed(String),
    /// It was not its turn any more.
    Closed,
}

/// The calls about one object.
pub struct Drive<'r> {
    /// The run.
    pub run: &'r Run,
    /// Which.
    pub which: Which,
    /// When what is to be sent was committed.
    pub dirty_at: Option<Micros>,
    /// What was called.
    pub calls: Vec<Call>,
    /// From the change to the first request.
    pub lag: Option<i64>,
    /// What was to be made there, once that was sent.
    pub pending: Option<Map<String, Value>>,
}

/// What is driven.
pub struct Aim<'a> {
    /// User or group.
    pub definition: &'a Definition,
    /// What should be there.
    pub goal: Goal<'a>,
    /// The paths that we are responsible for.
    pub managed: &'a [PatchPath],
    /// Whether one that is there already may be taken over.
    pub may_adopt: bool,
    /// Whether it may be made; otherwise it is only looked for.
    pub may_create: bool,
}

impl<'r> Drive<'r> {
    /// Of an object.
    pub fn new(run: &'r Run, object: &Object) -> Self {
        let which = Which {
            org: run.target.org,
            app: run.target.app,
            kind: object.kind,
            id: object.id,
            receiver: run.target.receiver,
        };
        Self { run, which, dirty_at: object.dirty_at, calls: Vec::new(), lag: None, pending: None }
    }

    fn directory(&self) -> &'r Directory {
        &self.run.directory
    }

    /// Notes that a request leaves now.
    pub fn leaves(&mut self) {
        if let (None, Some(at)) = (self.lag, self.dirty_at) {
            self.lag = Some((self.directory().env().clock.now().0 - at.0).max(0));
        }
    }

    /// To the end, as far as one gets.
    pub async fn finish(&mut self, state: &mut State, aim: &Aim<'_>) -> Result<Ended> {
        loop {
            let profile = self.run.profile();
            let nobody = |_: &str| false;
            let request = match task(aim, &profile, &nobody).next(state) {
                Step::Done(_) => return Ok(Ended::Done),
                Step::Send(request) => request,
            };
            let creates = request.method == HttpMethod::Post;
            if creates && !aim.may_create {
                return Ok(Ended::Done);
            }
            if !self.run.gate.pass(profile.per_second).await? {
                return Ok(Ended::Closed);
            }
            if creates && let Goal::Present { at_creation, .. } = aim.goal {
                // Once it is sure to leave: what was not sent is not there.
                if !record::pending(self.directory(), self.which, &at_creation.0).await? {
                    return Ok(Ended::Closed);
                }
                self.pending = Some(at_creation.0.clone());
            }
            self.leaves();
            let attempt = state.attempt.saturating_add(1);
            let outcome = self.run.client.send(&request, profile.version).await;
            let ids = task(aim, &profile, &nobody).ids(&outcome);
            let taken = self.taken(&ids).await?;
            let jitter = self.run.jitter();
            let others = |id: &str| taken.get(id).is_some_and(|of| *of != self.which.id);
            let after = self.run.redacted(task(aim, &profile, &others).answered(state, &outcome, jitter));
            self.run.gate.told(&after, jitter);
            let words = words(&after, &outcome);
            self.calls.push(self.run.client.taped(&request, &outcome, attempt, words));
            if creates {
                self.run.learn_unkept(aim, &outcome);
                if is_refused(&outcome) {
                    // Nothing was made: whoever is found of this name later is somebody else's.
                    self.pending = None;
                }
            }
            let now = self.directory().env().clock.now();
            match after {
                After::Continue => {}
                After::Learn(Lesson::NoGroups) => return self.no_groups(attempt, jitter).await,
                After::Learn(lesson) => self.run.learn(lesson),
                After::Done(_) => return Ok(Ended::Done),
                After::Wait { delay_ms, words, .. } => {
                    let at = Micros(now.0.saturating_add(i64::try_from(delay_ms).unwrap_or(i64::MAX / 2) * 1000));
                    return Ok(Ended::Later { at, why: words });
                }
                After::Stop(words) => {
                    return Ok(Ended::Later { at: now, why: words });
                }
                After::Ask(words) => return Ok(Ended::Held(words)),
                After::GiveUp(words) => return Ok(Ended::Failed(words)),
            }
        }
    }

    /// Of these ids those that objects of ours are linked to.
    async fn taken(&self, ids: &[String]) -> Result<HashMap<String, Id>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let Which { org, app, kind, .. } = self.which;
        let rows = store::taken(&mut self.directory().read(), org, app, kind, ids).await?;
        Ok(rows.into_iter().collect())
    }
}

fn task<'a>(aim: &Aim<'a>, profile: &'a Profile, taken: &'a dyn Fn(&str) -> bool) -> Task<'a> {
    let Aim { definition, goal, managed, may_adopt, .. } = *aim;
    Task { definition, profile, goal, managed, may_adopt, taken }
}

/// Whether a creation was plainly refused. One that timed out there (408), came too early (425), or ended in a 5xx may have
/// been carried out.
fn is_refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered(answer) if (400..500).contains(&answer.status) && !matches!(answer.status, 408 | 425))
}

/// What an answer meant, for the tape.
fn words(after: &After, outcome: &Outcome) -> String {
    match (after, outcome) {
        (After::Done(words) | After::GiveUp(words) | After::Ask(words) | After::Stop(words), _) => words.clone(),
        (After::Wait { words, .. }, _) => words.clone(),
        (After::Learn(lesson), _) => lesson.words().to_owned(),
        (After::Continue, Outcome::Answered(answer)) => format!("{}: it goes on", answer.status),
        (After::Continue, Outcome::Failed(_)) => "it goes on".to_owned(),
    }
}

impl Run {
    /// What follows an answer, without our secret in its words.
    pub fn redacted(&self, after: After) -> After {
        let without = |words: String| self.client.redacted(&words);
        match after {
            After::Wait { delay_ms, words, whole_target, broken } => {
                After::Wait { delay_ms, words: without(words), whole_target, broken }
            }
            After::Done(words) => After::Done(without(words)),
            After::Stop(words) => After::Stop(without(words)),
            After::GiveUp(words) => After::GiveUp(without(words)),
            After::Ask(words) => After::Ask(without(words)),
            After::Continue | After::Learn(_) => after,
        }
    }

    /// Learns from the answer to a creation which fields the receiver does not keep.
    fn learn_unkept(&self, aim: &Aim<'_>, outcome: &Outcome) {
        let (Goal::Present { at_creation, .. }, Outcome::Answered(answer)) = (aim.goal, outcome) else { return };
        if !(200..300).contains(&answer.status) {
            return;
        }
        let profile = self.profile();
        let read = answer.json().map(|v| profile.version.answer(v));
        let Some(made) = read.and_then(|v| aim.definition.read(v, Reading::ANSWER).ok()) else { return };
        let unkept = Profile::unkept(at_creation, &made, aim.managed, aim.definition);
        if unkept.iter().any(|path| !profile.not_kept.contains(path)) {
            self.change_profile(|p| {
                for path in unkept {
                    if !p.not_kept.contains(&path) {
                        p.not_kept.push(path);
                    }
                }
            });
        }
    }
}
