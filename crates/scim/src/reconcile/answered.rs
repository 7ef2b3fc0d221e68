//! What an answer means for one object.

use serde_json::{Map, Value};

use super::answer::{Answer, Outcome, Trouble};
use super::backoff::delay_ms;
use super::ids::{is_id, of_made};
use super::state::{After, Goal, Made, Phase, State};
use super::step::Task;
use crate::error::ScimType;
use crate::message::ListResponse;
use crate::plan::{Found, find};
use crate::receiver::{Lesson, UpdateBy};
use crate::resource::{Reading, Resource};

/// Turns of one run.
const TURNS_MAX: u32 = 10;
/// How far is listed to find one.
const SCAN_MAX: u64 = 200_000;
/// What is said of an id that cannot be kept.
const UNKEPT: &str = "the receiver gave no id, or one of more than 1024 bytes or with control characters";
/// Failed tries before what may have been made already is made again: some fifteen seconds.
const LOOKS: u32 = 4;
/// Failed tries before a taken name is believed to be somebody else's, where it may be ours: some minutes.
const TAKEN_TRIES: u32 = 9;

impl Task<'_> {
    /// Takes the outcome of the request that [`Task::next`] gave. `jitter` is random between 0 and 1.
    pub fn answered(&self, state: &mut State, outcome: &Outcome, jitter: f64) -> After {
        let answer = match outcome.sorted() {
            Ok(answer) => answer,
            Err(trouble) => return self.trouble(state, trouble, jitter),
        };
        state.turns = state.turns.saturating_add(u32::from(!matches!(state.phase, Phase::Scan { .. })));
        if state.turns > TURNS_MAX {
            return give_up(state, "the receiver's answers contradict each other: it was asked ten times".into());
        }
        match state.phase.clone() {
            Phase::Start => After::Continue,
            Phase::FindByName | Phase::FindByExternalId | Phase::Scan { .. } => self.found(state, answer, jitter),
            Phase::Create => self.created(state, answer, jitter),
            Phase::Read => self.read(state, answer),
            Phase::Write | Phase::Deactivate => self.written(state, answer),
            Phase::Delete => self.deleted(state, answer),
            Phase::Missed { by_name } => self.missed(state, answer, by_name, jitter),
        }
    }

    /// Trouble that is not about this object. What may have been done is found out next time.
    fn trouble(&self, state: &mut State, trouble: Trouble, jitter: f64) -> After {
        let attempt = state.attempt.saturating_add(1);
        if !matches!(state.phase, Phase::Scan { .. }) {
            *state = std::mem::take(state).anew();
        }
        state.attempt = attempt;
        match trouble {
            Trouble::Connection(words) => After::Stop(words),
            Trouble::Passing { words, retry_after_s, whole_target, broken } => {
                After::Wait { delay_ms: delay_ms(attempt, jitter, retry_after_s), words, whole_target, broken }
            }
        }
    }

    /// After a search.
    fn found(&self, state: &mut State, answer: &Answer, jitter: f64) -> After {
        let by_external_id = state.phase == Phase::FindByExternalId;
        let is_scan = matches!(state.phase, Phase::Scan { .. });
        let list = match answer.status {
            200..=299 => match ListResponse::read(&answer.body) {
                Ok(list) => list,
                Err(error) => return After::Stop(error.detail),
            },
            // Some answer a search that finds nobody so.
            404 if !is_scan && answer.json().is_some() => ListResponse::default(),
            400 | 403 | 404 | 405 | 422 | 501 if by_external_id => {
                state.phase = without_external_id(state);
                return After::Learn(Lesson::ExternalIdFilterRefused);
            }
            400 | 405 | 422 | 501 if !is_scan => {
                state.phase = Phase::Scan { start: 1 };
                return After::Learn(Lesson::FilterRefused);
            }
            403 => return After::Stop(format!("the token may not list {} (403)", self.definition.endpoint)),
            404 if self.naming() == "userName" => {
                return After::Stop(format!("{} is not there (404): check the Base URL", self.definition.endpoint));
            }
            404 | 501 => return After::Learn(Lesson::NoGroups),
            _ => return self.refused(state, answer),
        };
        let theirs: Vec<Resource> = list.resources.iter().filter_map(|v| self.canonical(v.clone())).collect();
        let Some(wanted) = self.wanted() else { return self.finished(state, "it was never sent") };
        match find(wanted, &theirs, self.taken) {
            Found::One(one, _) if !one.id().is_some_and(is_id) => give_up(state, UNKEPT.into()),
            Found::One(one, _) if self.may_adopt => {
                state.remote_id = one.id().map(str::to_owned);
                state.version = one.version().map(str::to_owned);
                state.last_sent = None;
                // A list may tell less than the object: only a full answer may be laid under a PUT.
                let whole = self.profile.update_by() == UpdateBy::Put;
                state.theirs = if whole { None } else { Some(self.kept(one.0.clone())) };
                state.phase = if whole { Phase::Read } else { Phase::Write };
                After::Continue
            }
            Found::One(one, by) => {
                let id = crate::error::shown(one.id().unwrap_or_default());
                begin_anew(state);
                After::Ask(format!("one with the same {by} is there already ({id}): approve that it is taken over"))
            }
            Found::Taken(one) => {
                let id = crate::error::shown(one.id().unwrap_or_default());
                give_up(state, format!("the one of this name there ({id}) is linked to another one here"))
            }
            Found::Several(several) => give_up(
                state,
                format!("{} of this name are there: remove all but one, or link one by hand", several.len()),
            ),
            // A search that yields others did not search.
            Found::Nobody if !is_scan && !theirs.is_empty() && by_external_id => {
                state.phase = without_external_id(state);
                After::Learn(Lesson::ExternalIdFilterRefused)
            }
            Found::Nobody if !is_scan && !theirs.is_empty() => {
                state.phase = Phase::Scan { start: 1 };
                After::Learn(Lesson::FilterRefused)
            }
            Found::Nobody => self.not_found(state, &list, theirs.len(), jitter),
        }
    }

    fn not_found(&self, state: &mut State, list: &ListResponse, seen: usize, jitter: f64) -> After {
        if let Phase::Scan { start } = state.phase {
            let next = start.saturating_add(list.resources.len() as u64);
            let ended = match list.total {
                Some(total) => next > total,
                None => list.resources.len() < self.profile.page_size as usize,
            };
            if !ended && seen > 0 && next <= SCAN_MAX {
                state.phase = Phase::Scan { start: next };
                return After::Continue;
            }
            if next > SCAN_MAX {
                return give_up(state, format!("not among the first {SCAN_MAX}, and the receiver does not filter"));
            }
        }
        let taken = || format!("the receiver says that the {} is taken, and finds nobody of it", self.naming());
        if state.name_taken {
            let is_ours = state.made != Made::No && state.attempt < TAKEN_TRIES;
            return if is_ours { later(state, taken(), jitter) } else { give_up(state, taken()) };
        }
        let asks = self.profile.filter_external_id && self.wanted().is_some_and(|w| w.external_id().is_some());
        if state.phase == Phase::FindByName && asks && self.naming() == "userName" {
            state.phase = Phase::FindByExternalId;
            return After::Continue;
        }
        // A list of everything has no index that could be behind.
        let by_search = !matches!(state.phase, Phase::Scan { .. });
        match state.made {
            Made::JustNow => {
                later(state, "it was made, without an id in the answer, and is not found yet".into(), jitter)
            }
            Made::Perhaps if by_search && state.attempt < LOOKS => {
                later(state, "it may have been made, and is not found yet: it is looked for again first".into(), jitter)
            }
            Made::No | Made::Perhaps => {
                state.phase = Phase::Create;
                After::Continue
            }
        }
    }

    fn created(&self, state: &mut State, answer: &Answer, jitter: f64) -> After {
        match answer.status {
            200..=299 => {
                let made = answer.json().and_then(|v| self.canonical(v));
                match of_made(made.as_ref(), answer) {
                    Some(id) if !is_id(&id) => give_up(state, UNKEPT.into()),
                    Some(id) if (self.taken)(&id) => {
                        give_up(state, "the receiver gave the id of another object of ours".into())
                    }
                    Some(id) => {
                        state.remote_id = Some(id);
                        self.finished(state, "created")
                    }
                    // Made, it seems, and not said as what: look for it.
                    None => {
                        state.made = Made::JustNow;
                        state.phase = Phase::FindByName;
                        After::Continue
                    }
                }
            }
            409 if !state.name_taken => {
                state.name_taken = true;
                state.phase = Phase::FindByName;
                After::Continue
            }
            400 if answer.error().scim_type == Some(ScimType::Uniqueness) && !state.name_taken => {
                state.name_taken = true;
                state.phase = Phase::FindByName;
                After::Continue
            }
            404 | 501 if self.naming() == "displayName" => After::Learn(Lesson::NoGroups),
            // The place is missing, which is nothing of this one's: somebody on the way may have said so.
            404 => later(
                state,
                format!("{} is not there (404): {}", self.definition.endpoint, answer.error().detail),
                jitter,
            ),
            _ => self.refused(state, answer),
        }
    }

    fn read(&self, state: &mut State, answer: &Answer) -> After {
        match answer.status {
            200..=299 => {
                let Some(theirs) = answer.json().and_then(|v| self.canonical(v)) else {
                    return give_up(state, "the answer is not the object that was asked for".into());
                };
                if theirs.id().is_some_and(|id| Some(id) != state.remote_id.as_deref()) {
                    return give_up(state, "the receiver answered with another object than was asked for".into());
                }
                state.version = answer.etag.clone().or_else(|| theirs.version().map(str::to_owned));
                state.theirs = Some(self.kept(theirs.0));
                state.phase = match self.goal {
                    Goal::Present { .. } => Phase::Write,
                    Goal::Absent if self.profile.delete => Phase::Delete,
                    Goal::Inactive | Goal::Absent => Phase::Deactivate,
                };
                After::Continue
            }
            404 | 410 => self.look_whether_gone(state),
            _ => self.refused(state, answer),
        }
    }

    fn written(&self, state: &mut State, answer: &Answer) -> After {
        let by_put = self.profile.update_by() == UpdateBy::Put;
        let words = if state.phase == Phase::Deactivate { "deactivated" } else { "updated" };
        match answer.status {
            200..=299 => self.finished(state, words),
            404 | 410 => self.look_whether_gone(state),
            405 | 501 => {
                *state = State { turns: state.turns, ..std::mem::take(state).anew() };
                After::Learn(if by_put { Lesson::PutRefused } else { Lesson::PatchRefused })
            }
            412 => self.read_again(state),
            428 => {
                state.phase = Phase::Read;
                After::Learn(Lesson::VersionAsked)
            }
            400 if !by_put && self.profile.value_paths && self.uses_value_paths(state) => {
                After::Learn(Lesson::ValuePathRefused)
            }
            400 if !by_put && !self.profile.pathless && answer.error().scim_type == Some(ScimType::InvalidPath) => {
                After::Learn(Lesson::PathRefused)
            }
            // What was sent last may not be what is there.
            400 if state.theirs.is_none() && state.phase == Phase::Write => self.read_again(state),
            _ => self.refused(state, answer),
        }
    }

    fn deleted(&self, state: &mut State, answer: &Answer) -> After {
        match answer.status {
            200..=299 => self.finished(state, "deleted"),
            404 | 410 => self.look_whether_gone(state),
            405 | 501 => {
                *state = State { turns: state.turns, ..std::mem::take(state).anew() };
                After::Learn(Lesson::DeleteRefused)
            }
            412 => self.read_again(state),
            428 => {
                state.phase = Phase::Read;
                After::Learn(Lesson::VersionAsked)
            }
            _ => self.refused(state, answer),
        }
    }

    fn read_again(&self, state: &mut State) -> After {
        state.theirs = None;
        state.version = None;
        state.phase = Phase::Read;
        After::Continue
    }

    fn finished(&self, state: &mut State, words: &str) -> After {
        self.arrived(state);
        After::Done(words.into())
    }

    /// The receiver does not want it; in its own words.
    fn refused(&self, state: &mut State, answer: &Answer) -> After {
        let error = answer.error();
        let keyword = error.scim_type.map(|t| format!(" {}", t.word())).unwrap_or_default();
        give_up(state, format!("the receiver refused it ({}{keyword}): {}", answer.status, error.detail))
    }

    fn uses_value_paths(&self, state: &State) -> bool {
        let body = self.write(state).and_then(|r| r.body).unwrap_or_default();
        let paths = body.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default();
        paths.iter().any(|o| o.get("path").and_then(Value::as_str).is_some_and(|p| p.contains('[')))
    }

    /// What is kept of what was read: members are sent apart, and only a PUT has to repeat them.
    fn kept(&self, mut theirs: Map<String, Value>) -> Map<String, Value> {
        if self.profile.update_by() == UpdateBy::Patch {
            theirs.shift_remove("members");
        }
        theirs
    }

    /// What was answered, in canonical form.
    pub(super) fn canonical(&self, value: Value) -> Option<Resource> {
        self.definition.read(self.profile.version.answer(value), Reading::ANSWER).ok()
    }
}

/// What follows a search by `externalId` that was refused: where it may be there already, the name is asked again.
fn without_external_id(state: &State) -> Phase {
    if state.made == Made::No { Phase::Create } else { Phase::FindByName }
}

fn give_up(state: &mut State, words: String) -> After {
    begin_anew(state);
    After::GiveUp(words)
}

/// Another try, without counting against the target.
pub(super) fn later(state: &mut State, words: String, jitter: f64) -> After {
    begin_anew(state);
    if state.made == Made::JustNow {
        state.made = Made::Perhaps;
    }
    After::Wait { delay_ms: delay_ms(state.attempt, jitter, None), words, whole_target: false, broken: false }
}

fn begin_anew(state: &mut State) {
    let attempt = state.attempt.saturating_add(1);
    *state = State { attempt, ..std::mem::take(state).anew() };
}
