//! What an administrator decided about a person or group at a target, before it is sent for the first time: that what is
//! there is taken over, or that it is left alone. It holds in every run until it is taken back.

use std::collections::HashMap;

use muster_base::{Id, Micros};
use muster_db::sql;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::object::ObjectKind;
use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Source, Verb, Write, application, group, user};

/// Decisions about one target.
const DECISIONS_MAX: i64 = 10_000;
/// The longest id of a receiver, in bytes.
const REMOTE_MAX: usize = 1_024;

sql! {
    PROVISION_DECISIONS = "SELECT kind, object_id, decision, remote_id, decided_at FROM provision_decisions \
                           WHERE org_id = $1 AND app_id = $2 ORDER BY kind, object_id LIMIT $3";
    PROVISION_DECISION_PUT = "INSERT INTO provision_decisions (org_id, app_id, kind, object_id, decision, remote_id, decided_at) \
                              VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, app_id, kind, object_id) \
                              DO UPDATE SET decision = $5, remote_id = $6, decided_at = $7";
    PROVISION_DECISION_DROP = "DELETE FROM provision_decisions WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    PROVISION_DECIDED = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, next_at = 0, attempts = 0, held = 0, approved = 0, error = NULL \
                         WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
}

/// What is to be done about one that is there already, or about the whole object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanDecision)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// What is there is taken over.
    TakeOver,
    /// It is left alone: nothing is made, changed or taken away.
    Leave,
}

impl Answer {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TakeOver => "takeOver",
            Self::Leave => "leave",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::TakeOver, Self::Leave].into_iter().find(|answer| answer.word() == word)
    }
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done.
    pub answer: Answer,
    /// Which account there is taken over, where one was chosen.
    pub remote_id: Option<String>,
    /// When it was decided.
    pub at: Micros,
}

/// The decisions about a target, by object.
pub type Decisions = HashMap<(ObjectKind, Id), Decision>;

/// All decisions about a target.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id, app: Id) -> Result<Decisions> {
    type Raw = (String, Id, String, Option<String>, Micros);
    let rows: Vec<Raw> = s.all(&PROVISION_DECISIONS, &[(&org).into(), (&app).into(), DECISIONS_MAX.into()]).await?;
    let read = |(kind, id, answer, remote_id, at): Raw| {
        let decision = Decision { answer: Answer::from_word(&answer)?, remote_id, at };
        Some(((ObjectKind::from_word(&kind)?, id), decision))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Decides about an object, or takes a decision back.
pub struct Decide {
    /// The application.
    pub app: Id,
    /// A person or a group.
    pub kind: ObjectKind,
    /// Which.
    pub id: Id,
    /// What is to be done; `None`: it is asked again.
    pub answer: Option<Answer>,
    /// Of a person who is taken over: which account there.
    pub remote_id: Option<String>,
}

impl Verb for Decide {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        application::store::get(w, org, self.app).await?;
        store::get(w, org, self.app).await?;
        match self.kind {
            ObjectKind::User => drop(user::store::get(w, org, self.id).await?),
            ObjectKind::Group => drop(group::store::get(w, org, self.id).await?),
        }
        let key = [(&org).into(), (&self.app).into(), self.kind.word().into(), (&self.id).into()];
        match self.answer {
            None => drop(w.exec(&PROVISION_DECISION_DROP, &key).await?),
            Some(answer) => {
                self.check(w, answer).await?;
                let now = w.now();
                let [org, app, kind, id] = key.clone();
                let params = [org, app, kind, id, answer.word().into(), self.remote_id.as_deref().into(), now.into()];
                w.exec(&PROVISION_DECISION_PUT, &params).await?;
            }
        }
        w.exec(&PROVISION_DECIDED, &key).await?;
        let fields = json!({"op": "decide", "type": self.kind, "id": self.id, "decision": self.answer, "remoteId": self.remote_id});
        w.log(Kind::ProvisionState, Subject::application(self.app), fields);
        Ok(())
    }
}

impl Decide {
    async fn check(&self, w: &mut Write<'_>, answer: Answer) -> Result<()> {
        let org = w.org();
        let known = store::object(w, org, self.app, self.kind, self.id).await?;
        if known.is_some_and(|object| object.known.remote_id.is_some()) {
            let message = "it is linked to what is there already: unbind it from the application to end that";
            return Err(Error::Conflict(message.into()));
        }
        match (self.kind, answer, &self.remote_id) {
            (_, Answer::Leave, Some(_)) => return Err(Error::field("remoteId", "only for what is taken over")),
            (ObjectKind::Group, Answer::TakeOver, Some(_)) => {
                return Err(Error::field("remoteId", "a group is taken over by its name"));
            }
            (ObjectKind::User, Answer::TakeOver, None) => {
                return Err(Error::field("remoteId", "the id of the account there that is taken over"));
            }
            (ObjectKind::User, Answer::TakeOver, Some(remote)) => {
                if remote.is_empty() || remote.len() > REMOTE_MAX || remote.chars().any(char::is_control) {
                    return Err(Error::field("remoteId", "1 to 1024 characters, no control characters"));
                }
                if !store::taken(w, org, self.app, self.kind, std::slice::from_ref(remote)).await?.is_empty() {
                    return Err(Error::field("remoteId", "another person here is linked to this account"));
                }
            }
            _ => {}
        }
        if i64::try_from(all(w, org, self.app).await?.len()).unwrap_or(i64::MAX) >= DECISIONS_MAX {
            return Err(Error::Limit(format!("at most {DECISIONS_MAX} decisions about one application")));
        }
        Ok(())
    }
}
