//! What an administrator decided about a person or group of a directory that we read: that the one who is here is taken
//! over, or that the source's is left alone. It holds in every run until it is taken back.

use std::collections::HashMap;

use muster_base::{Id, Micros};
use muster_db::sql;
use serde_json::json;

use super::{ObjectKind, store};
use crate::change::{Kind, Subject};
use crate::provision::decision::Answer;
use crate::{Error, Result, Source, Verb, Write, fed_group, fed_user};

/// Decisions about one directory.
const DECISIONS_MAX: i64 = 10_000;
/// The longest of the source's names that is kept, in bytes.
const NAME_MAX: usize = 1_024;

sql! {
    FEED_DECISIONS = "SELECT kind, external_id, decision, name, decided_at FROM feed_decisions \
                      WHERE org_id = $1 AND provider_id = $2 ORDER BY kind, external_id LIMIT $3";
    FEED_DECISION_PUT = "INSERT INTO feed_decisions (org_id, provider_id, kind, external_id, decision, name, decided_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, provider_id, kind, external_id) \
                         DO UPDATE SET decision = $5, name = $6, decided_at = $7";
    FEED_DECISION_DROP = "DELETE FROM feed_decisions WHERE org_id = $1 AND provider_id = $2 AND kind = $3 AND external_id = $4";
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to be done.
    pub answer: Answer,
    /// The name by which it was decided about.
    pub name: String,
    /// When it was decided.
    pub at: Micros,
}

/// The decisions about a directory, by kind and the source's name.
pub type Decisions = HashMap<(&'static str, String), Decision>;

/// All decisions about a directory.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id, provider: Id) -> Result<Decisions> {
    type Raw = (String, String, String, String, Micros);
    let rows: Vec<Raw> = s.all(&FEED_DECISIONS, &[(&org).into(), (&provider).into(), DECISIONS_MAX.into()]).await?;
    let read = |(kind, external_id, answer, name, at): Raw| {
        let kind = [ObjectKind::User, ObjectKind::Group].into_iter().find(|of| of.word() == kind)?;
        Some(((kind.word(), external_id), Decision { answer: Answer::from_word(&answer)?, name, at }))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Decides about one of a source's objects, or takes a decision back.
pub struct Decide {
    /// The directory provider.
    pub provider: Id,
    /// A person or a group.
    pub kind: ObjectKind,
    /// The source's name for it.
    pub external_id: String,
    /// Its name, for people.
    pub name: String,
    /// What is to be done; `None`: as the settings say.
    pub answer: Option<Answer>,
}

impl Verb for Decide {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        store::get(w, org, self.provider).await?;
        let texts = [("externalId", &self.external_id, 1), ("name", &self.name, 0)];
        for (field, text, least) in texts {
            if text.len() < least || text.len() > NAME_MAX || text.chars().any(char::is_control) {
                return Err(Error::field(field, "at most 1024 characters, no control characters"));
            }
        }
        let key = [(&org).into(), (&self.provider).into(), self.kind.word().into(), self.external_id.as_str().into()];
        match self.answer {
            None => drop(w.exec(&FEED_DECISION_DROP, &key).await?),
            Some(Answer::TakeOver) if self.kind == ObjectKind::Group => {
                let message = "a group here is not taken over: rename one of the two, or leave it alone";
                return Err(Error::field("decision", message));
            }
            Some(answer) => {
                if self.is_known(w).await? {
                    let message = "it comes from this directory already: keep it out there, by a filter or a query";
                    return Err(Error::Conflict(message.into()));
                }
                if i64::try_from(all(w, org, self.provider).await?.len()).unwrap_or(i64::MAX) >= DECISIONS_MAX {
                    return Err(Error::Limit(format!("at most {DECISIONS_MAX} decisions about one directory")));
                }
                let now = w.now();
                let [org, provider, kind, external] = key;
                let params =
                    [org, provider, kind, external, answer.word().into(), self.name.as_str().into(), now.into()];
                w.exec(&FEED_DECISION_PUT, &params).await?;
            }
        }
        let told = json!({"type": self.kind, "externalId": self.external_id, "decision": self.answer});
        w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(self.provider), json!({"planDecision": told}));
        Ok(())
    }
}

impl Decide {
    /// Whether the directory has something of this object.
    async fn is_known(&self, w: &mut Write<'_>) -> Result<bool> {
        let (org, external) = (w.org(), [self.external_id.as_str()]);
        let known = match self.kind {
            ObjectKind::User => fed_user::store::of_externals(w, org, self.provider, &external).await?.len(),
            ObjectKind::Group => fed_group::store::of_externals(w, org, self.provider, &external).await?.len(),
        };
        Ok(known > 0)
    }
}
