//! Asks for people to be let in or kept out at a time to come.

use std::collections::BTreeSet;

use muster_base::{Id, Micros};
use serde_json::json;

use super::{Asked, PEOPLE_MAX, ScheduledState, Status, WAITING_MAX, store};
use crate::change::{Kind, Subject};
use crate::user::{self, State};
use crate::{Error, FieldError, Result, Verb, Write};

/// How far ahead it may be, in days.
const AHEAD_DAYS: i64 = 3_660;

/// People, what they will be, and when.
pub struct Schedule {
    /// Who.
    pub users: Vec<Id>,
    /// ACTIVATED or SUSPENDED.
    pub state: State,
    /// When.
    pub at: Micros,
    /// Whether whoever is let in without a password is asked by mail to choose one.
    pub mail: bool,
}

impl Verb for Schedule {
    type Out = Vec<ScheduledState>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Vec<ScheduledState>> {
        let mut problems = Vec::new();
        if self.users.is_empty() || self.users.len() > PEOPLE_MAX {
            problems
                .push(FieldError::new("user_ids", format!("1 to {PEOPLE_MAX} people: send more in several requests")));
        }
        if self.state == State::Staged {
            problems.push(FieldError::new("state", "ACTIVATED or SUSPENDED"));
        }
        if self.at <= w.now() {
            problems
                .push(FieldError::new("start_date", "a time to come; for now, change the state of the person itself"));
        } else if self.at > w.now().plus_s(AHEAD_DAYS * 86_400) {
            problems.push(FieldError::new("start_date", "at most ten years ahead"));
        }
        Error::unless_empty(problems)?;
        let org = w.org();
        let here: BTreeSet<Id> =
            user::store::by_ids(w, org, &self.users).await?.into_iter().map(|user| user.id).collect();
        let strangers = self.users.iter().enumerate().filter(|(_, id)| !here.contains(id));
        let problem = |(at, _)| FieldError::new(format!("user_ids[{at}]"), "there is no such person");
        Error::unless_empty(strangers.map(problem).collect())?;
        let users: BTreeSet<Id> = self.users.iter().copied().collect();
        let more = i64::try_from(users.len()).unwrap_or(i64::MAX);
        if store::count(w, (org, None), Status::Pending).await?.saturating_add(more) > WAITING_MAX {
            return Err(Error::Limit(format!("at most {WAITING_MAX} changes of state wait at a time: cancel some")));
        }
        let actor = w.actor().clone();
        let asked = Asked { actor: actor.kind, actor_id: actor.id, request_id: actor.request_id, mail: self.mail };
        let mut out = Vec::with_capacity(users.len());
        for user in users {
            let of = ScheduledState {
                id: w.env().id(),
                user,
                state: self.state,
                at: self.at,
                status: Status::Pending,
                message: String::new(),
                done_at: None,
                asked: asked.clone(),
            };
            store::insert(w, &of).await?;
            let fields = json!({"scheduled": of.id, "state": {"to": of.state}, "at": of.at.rfc3339()});
            w.log(Kind::UserStateSchedule, Subject::user(user), fields);
            out.push(of);
        }
        Ok(out)
    }
}
