//! Whether an object that was answered 404 is gone. During a deployment the proxy in front of the receiver says 404 to
//! everything, as a page or as JSON, and whoever believed it would let go of an account that is still active there. So the
//! receiver has to list something first.

use super::answer::Answer;
use super::answered::later;
use super::state::{After, Goal, Phase, State};
use super::step::Task;
use crate::message::ListResponse;
use crate::resource::Resource;

impl Task<'_> {
    /// It was said not to be there.
    pub(super) fn look_whether_gone(&self, state: &mut State) -> After {
        state.phase = Phase::Missed { by_name: self.profile.filter && self.name_there(state).is_some() };
        After::Continue
    }

    /// The name that it has there, as far as we know.
    pub(super) fn name_there<'s>(&self, state: &'s State) -> Option<&'s str> {
        let name = state.last_sent.as_ref()?.get(self.naming())?.as_str()?;
        Some(name).filter(|name| !name.is_empty())
    }

    /// What the receiver lists.
    pub(super) fn missed(&self, state: &mut State, answer: &Answer, by_name: bool, jitter: f64) -> After {
        let endpoint = &self.definition.endpoint;
        match answer.status {
            200..=299 => match ListResponse::read(&answer.body) {
                Ok(list) if self.is_listed(state, &list) => {
                    later(state, "the receiver answers 404 to it, and lists it".into(), jitter)
                }
                Ok(_) => self.gone(state),
                Err(error) => After::Stop(error.detail),
            },
            // Some answer a search that finds nobody so, and not all search.
            400 | 403 | 404 | 405 | 410 | 422 | 501 if by_name => {
                state.phase = Phase::Missed { by_name: false };
                After::Continue
            }
            // It does not list everything, which only the receiver itself says.
            400 | 405 | 422 | 501 => self.gone(state),
            403 => After::Stop(format!("the token may not list {endpoint} (403)")),
            404 | 410 if self.naming() == "userName" => {
                After::Stop(format!("{endpoint} is not there ({}): check the Base URL", answer.status))
            }
            // People are brought though there are no groups.
            status => later(state, format!("{endpoint} is not there ({status}): {}", answer.error().detail), jitter),
        }
    }

    /// Whether the very object is among these. One that is not active and not to be is as good as gone: some keep what
    /// was deleted so.
    fn is_listed(&self, state: &State, list: &ListResponse) -> bool {
        let is_wanted = matches!(self.goal, Goal::Present { .. });
        let is_it = |r: &Resource| r.id().is_some() && r.id() == state.remote_id.as_deref();
        let mut theirs = list.resources.iter().filter_map(|v| self.canonical(v.clone()));
        theirs.any(|r| is_it(&r) && (is_wanted || r.active() != Some(false)))
    }

    /// The object is not there any more.
    fn gone(&self, state: &mut State) -> After {
        state.remote_id = None;
        state.last_sent = None;
        match self.goal {
            Goal::Present { .. } => {
                *state = State { turns: state.turns, ..std::mem::take(state).anew() };
                After::Continue
            }
            Goal::Inactive | Goal::Absent => {
                self.arrived(state);
                After::Done("it was gone already".into())
            }
        }
    }
}
