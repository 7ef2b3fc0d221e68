//! Changes a group: its settings, its rules, its exemptions, the groups it holds.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_rules::MemberQuery;
use serde_json::{Map, Value, json};

use super::model::Exempt;
use super::{ExemptionMode, Group, GroupKind, Input, Method, exemption, membership, preview, rule, store};
use crate::change::Kind;
use crate::{Error, FieldError, Result, Verb, Write, attribute, device, fed_group, user};

/// How many exemptions a group may have.
pub const EXEMPTIONS_MAX: usize = 10_000;
/// The longest reason of an exemption, in characters.
const REASON_MAX: usize = 1_024;
/// Why members are exempt who were kept when the rule began to decide.
const KEPT: &str = "Kept when the rule began to decide";

/// Changes a group.
pub struct Update {
    /// What it holds.
    pub kind: GroupKind,
    /// Which.
    pub id: Id,
    /// What changes.
    pub input: Input,
}

impl Update {
    /// Of a group of people.
    #[must_use]
    pub const fn of_users(id: Id, input: Input) -> Self {
        Self { kind: GroupKind::User, id, input }
    }
}

impl Verb for Update {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let before = store::of_kind(w, w.org(), self.kind, self.id).await?;
        let mut input = resolved(w, self.kind, &self.input).await?;
        let after = before.with(&input).map_err(Error::Invalid)?;
        let nested_before = store::nested(w, w.org()).await?.remove(&self.id).unwrap_or_default();
        let nested = input.nested.clone().unwrap_or_else(|| nested_before.clone());
        let decided = before.name != after.name || decides_otherwise_of_members(&before, &after);
        if decided || nested != nested_before || input.exemptions.as_ref().is_some_and(|e| !e.is_empty()) {
            fed_group::guard::check(w, self.id).await?;
        }
        if decides_otherwise(&before, &after) || nested != nested_before {
            rule::check(w, &after, &nested).await?;
        }
        if input.keep_members && after.method == Method::DynamicAutomated {
            keep_members(w, &before, &after, &nested, &mut input).await?;
        }
        if let Some(exemptions) = &input.exemptions {
            check_exemptions(w, &after, exemptions).await?;
        }
        let moves = decides_otherwise(&before, &after) || nested != nested_before || input.exemptions.is_some();
        if moves && !input.confirmed {
            let exemptions = match &input.exemptions {
                Some(exemptions) => exemptions.clone(),
                None => exempted(w, after.id).await?,
            };
            let draft =
                preview::Draft { group: &after, saved: Some(after.id), nested: &nested, exemptions: &exemptions };
            preview::refuse_unconfirmed(w, &draft).await?;
        }
        if (&before.member_query, &before.exclude_query) != (&after.member_query, &after.exclude_query) {
            attribute::store::mended(w, after.id).await?;
        }
        store::update(w, &after).await?;
        let mut fields = differences(&before, &after);
        if nested != nested_before {
            store::set_nested(w, after.id, &nested).await?;
            fields.insert("memberGroups".into(), json!({"from": nested_before, "to": nested}));
        }
        if let Some(exemptions) = &input.exemptions {
            let changed = exemption::set(w, after.id, exemptions).await?;
            if !changed.members.is_empty() {
                let told = json!({"to": listed(exemptions), "members": changed.members});
                fields.insert("memberQueryExemptions".into(), told);
            }
        }
        if before.method.is_dynamic() && after.method == Method::Static {
            // Who is in stays in, from now on by hand.
            membership::all_direct(w, after.id).await?;
            membership::forget_outlook(w, after.id).await?;
        }
        if !fields.is_empty() {
            store::rules_changed(w).await?;
            w.log(Kind::GroupUpdate, after.subject(), Value::Object(fields));
        }
        Ok(after)
    }
}

/// The input with names of groups made ids.
pub(super) async fn resolved(w: &mut Write<'_>, kind: GroupKind, input: &Input) -> Result<Input> {
    let mut input = input.clone();
    for query in [&mut input.member_query, &mut input.exclude_query].into_iter().flatten().flatten() {
        *query = rule::resolved(w, w.org(), kind, query).await?;
    }
    Ok(input)
}

/// Whether other members may follow, or other people be let in by themselves.
fn decides_otherwise(before: &Group, after: &Group) -> bool {
    let privileges = |group: &Group| group.doc.attributes.sudo.as_ref().is_some_and(|sudo| sudo.enabled);
    decides_otherwise_of_members(before, after) || (privileges(after) && !privileges(before))
}

/// Whether the rules are others.
fn decides_otherwise_of_members(before: &Group, after: &Group) -> bool {
    before.method != after.method
        || before.member_query != after.member_query
        || before.exclude_query != after.exclude_query
}

/// The exemptions as they are saved.
async fn exempted(w: &mut Write<'_>, group: Id) -> Result<Vec<Exempt>> {
    Ok(store::exemptions(w, w.org(), group).await?.iter().map(super::Exemption::asked).collect())
}

/// Exempts those members whom the rule would put out.
async fn keep_members(
    w: &mut Write<'_>,
    before: &Group,
    after: &Group,
    nested: &[Id],
    input: &mut Input,
) -> Result<()> {
    let mut exemptions = match input.exemptions.take() {
        Some(exemptions) => exemptions,
        None => exempted(w, after.id).await?,
    };
    let draft = preview::Draft { group: after, saved: Some(before.id), nested, exemptions: &exemptions };
    let leaving: Vec<Id> = preview::leaving(w, &draft).await?;
    let pinned = leaving.into_iter().map(|member| Exempt {
        member,
        mode: ExemptionMode::In,
        reason: KEPT.to_owned(),
        until: None,
    });
    exemptions.extend(pinned);
    input.exemptions = Some(exemptions);
    Ok(())
}

fn differences(before: &Group, after: &Group) -> Map<String, Value> {
    let rule = |query: &Option<MemberQuery>| json!(query.as_ref().map(MemberQuery::write_v2));
    let mut fields = Map::new();
    let pairs = [
        ("name", json!(before.name), json!(after.name)),
        ("description", json!(before.doc.description), json!(after.doc.description)),
        ("email", json!(before.doc.email), json!(after.doc.email)),
        ("attributes", json!(before.doc.attributes), json!(after.doc.attributes)),
        ("memberSuggestionsNotify", json!(before.doc.suggestions_notify), json!(after.doc.suggestions_notify)),
        ("membershipMethod", json!(before.method), json!(after.method)),
        ("memberQuery", rule(&before.member_query), rule(&after.member_query)),
        ("excludeQuery", rule(&before.exclude_query), rule(&after.exclude_query)),
    ];
    for (name, from, to) in pairs {
        if from != to {
            fields.insert(name.into(), json!({"from": from, "to": to}));
        }
    }
    fields
}

/// Exemptions as the log tells them.
pub(super) fn listed(exemptions: &[Exempt]) -> Value {
    let one = |e: &Exempt| json!({"id": e.member, "mode": e.mode, "reason": e.reason, "until": e.until.map(|at| at.rfc3339())});
    exemptions.iter().map(one).collect()
}

/// Refuses exemptions of unknown people or devices, doubled ones, and ones that have ended already.
pub(super) async fn check_exemptions(w: &mut Write<'_>, group: &Group, exemptions: &[Exempt]) -> Result<()> {
    let ids: BTreeSet<Id> = exemptions.iter().map(|e| e.member).collect();
    if exemptions.len() != ids.len() {
        return Err(Error::field("memberQueryExemptions", "somebody is there twice: keep one entry each"));
    }
    if ids.len() > EXEMPTIONS_MAX {
        return Err(Error::field("memberQueryExemptions", format!("at most {EXEMPTIONS_MAX} exemptions")));
    }
    let now = w.now();
    let before = store::exemptions(w, w.org(), group.id).await?;
    for (i, exempt) in exemptions.iter().enumerate() {
        let problem = |field: &str, message: String| {
            Err(Error::Invalid(vec![FieldError::new(format!("memberQueryExemptions[{i}].{field}"), message)]))
        };
        if exempt.reason.chars().count() > REASON_MAX || exempt.reason.contains('\0') {
            return problem("reason", format!("at most {REASON_MAX} characters"));
        }
        let is_kept = before.iter().any(|of| of.member == exempt.member && of.until == exempt.until);
        if exempt.until.is_some_and(|until| until <= now) && !is_kept {
            return problem("until", "this is past: give a time to come, or none".to_owned());
        }
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let known = match group.kind {
        GroupKind::User => user::store::by_ids(w, w.org(), &ids).await?.len(),
        GroupKind::Device => device::store::by_ids(w, w.org(), &ids).await?.len(),
    };
    if known != ids.len() { Err(Error::Missing(group.kind.member())) } else { Ok(()) }
}

/// Exempts one more, in the place of what exempted them before: how members of a dynamic group are pinned one by one.
pub struct SetExemption {
    /// What the group holds.
    pub kind: GroupKind,
    /// Which group.
    pub group: Id,
    /// Whom.
    pub member: Id,
    /// How; `None` lifts it.
    pub exempt: Option<Exempt>,
    /// Whether it is to be set however great a part of the organization it moves.
    pub confirmed: bool,
}

impl Verb for SetExemption {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let group = store::of_kind(w, w.org(), self.kind, self.group).await?;
        fed_group::guard::check(w, group.id).await?;
        let before = store::exemptions(w, w.org(), group.id).await?;
        let others = before.iter().filter(|e| e.member != self.member).map(super::Exemption::asked);
        // First, so that what is wrong with it is told of the first.
        let wanted: Vec<Exempt> = self.exempt.iter().cloned().chain(others).collect();
        if self.exempt.is_none() && wanted.len() == before.len() {
            return Err(Error::Missing("exemption"));
        }
        check_exemptions(w, &group, &wanted).await?;
        if !self.confirmed {
            let nested = store::nested(w, w.org()).await?.remove(&group.id).unwrap_or_default();
            let draft = preview::Draft { group: &group, saved: Some(group.id), nested: &nested, exemptions: &wanted };
            preview::refuse_unconfirmed_of_one(w, &draft).await?;
        }
        let changed = exemption::set(w, group.id, &wanted).await?;
        if !changed.members.is_empty() {
            let one: Vec<Exempt> = self.exempt.iter().cloned().collect();
            let told = json!({"set": listed(&one), "members": changed.members});
            w.log(Kind::GroupUpdate, group.subject(), json!({"memberQueryExemptions": told}));
        }
        Ok(())
    }
}
