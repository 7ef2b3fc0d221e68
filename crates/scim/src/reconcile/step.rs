//! The next request of one object.

use serde_json::Value;

use super::request::{HttpMethod, Request, encoded, lookup, page, without_members};
use super::state::{Goal, Made, Phase, State};
use crate::patch::PatchPath;
use crate::receiver::{Profile, UpdateBy};
use crate::resource::Resource;
use crate::schema::Definition;

/// One object and what is known of its receiver.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// User or group.
    pub definition: &'a Definition,
    /// The receiver.
    pub profile: &'a Profile,
    /// What should be there.
    pub goal: Goal<'a>,
    /// The paths that we are responsible for.
    pub managed: &'a [PatchPath],
    /// Whether one that is there already may be taken over.
    pub may_adopt: bool,
    /// Whether an id there belongs to another object of ours.
    pub taken: &'a dyn Fn(&str) -> bool,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send this, and tell [`Task::answered`] of the outcome.
    Send(Request),
    /// Nothing: why.
    Done(String),
}

impl Task<'_> {
    /// The next step. The state is to be stored before the request is sent.
    pub fn next(&self, state: &mut State) -> Step {
        if state.phase == Phase::Start {
            match self.begin(state) {
                Ok(phase) => state.phase = phase,
                Err(words) => return Step::Done(words.into()),
            }
        }
        if matches!(state.phase, Phase::FindByName | Phase::FindByExternalId) && !self.profile.filter {
            state.phase = Phase::Scan { start: 1 };
        }
        // What is changed by PUT is read first.
        let whole = self.profile.update_by() == UpdateBy::Put;
        if whole && state.theirs.is_none() && matches!(state.phase, Phase::Write | Phase::Deactivate) {
            state.phase = Phase::Read;
        }
        let slim = self.definition.top("members").is_some() && self.profile.update_by() == UpdateBy::Patch;
        let request = self.request(state);
        let Some(request) = request.map(|r| if slim && r.method == HttpMethod::Get { without_members(r) } else { r })
        else {
            let words = "it is in step already";
            self.arrived(state);
            return Step::Done(words.into());
        };
        Step::Send(request)
    }

    /// Where a run begins; in words when there is nothing to do.
    fn begin(&self, state: &State) -> Result<Phase, &'static str> {
        let unread = state.last_sent.is_none() || self.profile.if_match && state.version.is_none();
        match (self.goal, &state.remote_id) {
            (Goal::Present { .. }, None) => Ok(Phase::FindByName),
            (Goal::Present { .. }, Some(_)) if unread => Ok(Phase::Read),
            (Goal::Present { .. }, Some(_)) => Ok(Phase::Write),
            (Goal::Inactive | Goal::Absent, None) => Err("it was never sent"),
            (Goal::Absent, Some(_)) if self.profile.delete => Ok(Phase::Delete),
            // A group has nothing to deactivate.
            (Goal::Inactive | Goal::Absent, Some(_)) if self.definition.top("active").is_none() => {
                Err("groups cannot be deleted there: it stays, and is left alone")
            }
            (Goal::Inactive | Goal::Absent, Some(_)) => Ok(Phase::Deactivate),
        }
    }

    fn request(&self, state: &State) -> Option<Request> {
        let endpoint = self.definition.endpoint.as_str();
        let id = state.remote_id.as_deref().unwrap_or_default();
        let one = |method| Request::new(method, format!("{endpoint}/{}", encoded(id)));
        match &state.phase {
            Phase::Start => None,
            Phase::FindByName => Some(lookup(endpoint, self.naming(), self.name())),
            Phase::FindByExternalId => {
                Some(lookup(endpoint, "externalId", self.wanted().and_then(Resource::external_id).unwrap_or_default()))
            }
            Phase::Scan { start } => Some(page(endpoint, *start, self.profile.page_size)),
            Phase::Create => {
                let Goal::Present { at_creation, .. } = self.goal else { return None };
                let body = self.profile.version.request(at_creation, self.definition);
                Some(Request::new(HttpMethod::Post, endpoint).with(self.truths(body)))
            }
            Phase::Read => Some(one(HttpMethod::Get)),
            Phase::Write => self.write(state),
            Phase::Deactivate => Some(self.deactivate(state)),
            Phase::Delete => Some(one(HttpMethod::Delete).of_version(self.version_of(state))),
            Phase::Missed { by_name: true } => Some(lookup(endpoint, self.naming(), self.name_there(state)?)),
            Phase::Missed { by_name: false } => Some(page(endpoint, 1, 1)),
        }
    }

    /// The resource that should be there.
    pub(super) fn wanted(&self) -> Option<&Resource> {
        match self.goal {
            Goal::Present { ours, .. } => Some(ours),
            Goal::Inactive | Goal::Absent => None,
        }
    }

    pub(super) fn naming(&self) -> &'static str {
        if self.definition.top("userName").is_some() { "userName" } else { "displayName" }
    }

    pub(super) fn name(&self) -> &str {
        self.wanted().and_then(|w| w.text(self.naming())).unwrap_or_default()
    }

    /// The version to send in `If-Match`: when the receiver asks for it, and with a PUT, which would undo what others
    /// changed meanwhile.
    pub(super) fn version_of<'s>(&self, state: &'s State) -> Option<&'s str> {
        let by_put = self.profile.etags && self.profile.update_by() == UpdateBy::Put;
        if self.profile.if_match || by_put { state.version.as_deref() } else { None }
    }

    /// What is there now is what we sent.
    pub(super) fn arrived(&self, state: &mut State) {
        match self.goal {
            Goal::Present { ours, .. } => state.last_sent = Some(ours.0.clone()),
            Goal::Inactive => {
                if let Some(last) = &mut state.last_sent {
                    last.insert("active".into(), Value::Bool(false));
                }
            }
            Goal::Absent if state.phase == Phase::Deactivate => {
                if let Some(last) = &mut state.last_sent {
                    last.insert("active".into(), Value::Bool(false));
                }
            }
            Goal::Absent => {
                state.remote_id = None;
                state.last_sent = None;
            }
        }
        *state = std::mem::take(state).anew();
        state.made = Made::No;
        state.attempt = 0;
    }
}
