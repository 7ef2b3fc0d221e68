//! Decides about what a rule suggests, in a group whose administrators decide.

use muster_base::Id;
use serde_json::json;

use super::{GroupKind, Method, Suggestion, Via, membership, preview, store};
use crate::change::Kind;
use crate::{Error, Result, Verb, Write};

/// Accepts or rejects suggestions.
pub struct Decide {
    /// What the group holds.
    pub kind: GroupKind,
    /// The group.
    pub group: Id,
    /// Whom; all that wait where nobody is named.
    pub members: Vec<Id>,
    /// Accept, or reject.
    pub accept: bool,
    /// Whether it is to be done however many join or leave.
    pub confirmed: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Those who are members now.
    pub added: Vec<Id>,
    /// Those who no longer are.
    pub removed: Vec<Id>,
    /// Those of whom nothing is suggested.
    pub unknown: Vec<Id>,
}

impl Verb for Decide {
    type Out = Decided;

    async fn run(&self, w: &mut Write<'_>) -> Result<Decided> {
        let group = store::of_kind(w, w.org(), self.kind, self.group).await?;
        if group.method != Method::DynamicReviewRequired {
            let message = "nothing is suggested in this group: its method is not DYNAMIC_REVIEW_REQUIRED";
            return Err(Error::field("membershipMethod", message));
        }
        let waiting = membership::suggestions(w, w.org(), group.id).await?;
        let is_meant = |id: &Id, rejected: bool| {
            if self.members.is_empty() { !rejected } else { self.members.contains(id) }
        };
        let meant: Vec<(Id, Suggestion)> =
            waiting.iter().filter(|(id, of)| is_meant(id, of.rejected)).map(|(id, of)| (*id, of.op)).collect();
        let of = |op| meant.iter().filter(move |(_, of)| *of == op).map(|(id, _)| *id).collect::<Vec<Id>>();
        let (add, remove) = (of(Suggestion::Add), of(Suggestion::Remove));
        let known = |id: &&Id| !waiting.iter().any(|(of, _)| of == *id);
        let unknown = self.members.iter().filter(known).copied().collect();
        let all: Vec<Id> = meant.iter().map(|(id, _)| *id).collect();
        if all.is_empty() {
            return Ok(Decided { unknown, ..Decided::default() });
        }
        if self.accept && !self.confirmed && all.len() > 1 {
            preview::refuse_many(w, self.kind, (add.len(), remove.len())).await?;
        }
        let told = json!({"accepted": self.accept, "add": add, "remove": remove, "members": all});
        w.log(Kind::GroupUpdate, group.subject(), json!({"memberSuggestions": told}));
        if !self.accept {
            membership::reject_suggestions(w, group.id, &all).await?;
            return Ok(Decided { unknown, ..Decided::default() });
        }
        membership::drop_suggestions(w, group.id, &all).await?;
        let cause = w.cause_seq();
        if !add.is_empty() {
            membership::begin(w, group.id, &add, Via::Rule, cause).await?;
        }
        if !remove.is_empty() {
            membership::end(w, group.id, &remove, cause).await?;
        }
        Ok(Decided { added: add, removed: remove, unknown })
    }
}
