//! Copies a group: what is ticked of its rule, exclusions, exemptions, groups it holds, members and bindings.

use muster_base::Id;
use serde_json::json;

use super::{Exemption, Group, GroupKind, Input, Method, Via, membership, store};
use crate::change::Kind;
use crate::{Result, Verb, Write, application};

/// What of a group is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "tick boxes")]
pub struct Parts {
    /// The rule, and the method with it.
    pub rule: bool,
    /// The rule of who is kept out.
    pub exclusions: bool,
    /// Whom the rule does not decide.
    pub exemptions: bool,
    /// The groups that it holds.
    pub nested: bool,
    /// Who is in by hand.
    pub members: bool,
    /// The applications that it opens.
    pub bindings: bool,
}

/// Copies a group under another name.
pub struct Copy {
    /// What it holds.
    pub kind: GroupKind,
    /// Which.
    pub id: Id,
    /// The copy's name.
    pub name: String,
    /// What is copied.
    pub parts: Parts,
    /// Whether it is to be made however many join.
    pub confirmed: bool,
}

impl Verb for Copy {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let org = w.org();
        let of = store::of_kind(w, org, self.kind, self.id).await?;
        let parts = self.parts;
        let exemptions = if parts.exemptions {
            let now = w.now();
            let all = store::exemptions(w, org, of.id).await?;
            Some(all.iter().filter(|e| e.holds(now)).map(Exemption::asked).collect())
        } else {
            None
        };
        let nested = if parts.nested { store::nested(w, org).await?.remove(&of.id) } else { None };
        let input = Input {
            name: Some(self.name.clone()),
            description: Some(of.doc.description.clone()),
            attributes: Some(of.doc.attributes.clone()),
            suggestions_notify: Some(of.doc.suggestions_notify),
            method: Some(if parts.rule { of.method } else { Method::Static }),
            member_query: parts.rule.then(|| of.member_query.clone()),
            exclude_query: parts.exclusions.then(|| of.exclude_query.clone()),
            nested,
            exemptions,
            confirmed: self.confirmed,
            ..Input::default()
        };
        let copy = super::create::Create { kind: self.kind, input }.run(w).await?;
        if parts.members && copy.method == Method::Static {
            let members = store::members(w, org, of.id).await?;
            let by_hand = members.into_iter().filter(|(_, m)| m.via != Via::Nested || !parts.nested);
            let by_hand: Vec<Id> = by_hand.map(|(id, _)| id).collect();
            let cause = w.cause_seq();
            if !by_hand.is_empty() {
                membership::begin(w, copy.id, &by_hand, Via::Direct, cause).await?;
            }
        }
        if parts.bindings {
            for app in application::store::bound_to(w, org, self.kind.graph(), of.id).await? {
                application::bind::Bind { app, kind: self.kind.graph(), subject: copy.id, add: true }.run(w).await?;
            }
        }
        w.log(Kind::GroupUpdate, copy.subject(), json!({"copiedFrom": of.id}));
        Ok(copy)
    }
}
