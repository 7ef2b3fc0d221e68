//! Changes a group: its settings, its rule, its exemptions.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_rules::{MemberQuery, Problem, Schema};
use serde_json::{Map, Value, json};

use super::{Exemption, Group, Input, Method, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Source, Verb, Write, organization, user};

/// How many exemptions a group may have.
pub const EXEMPTIONS_MAX: usize = 10_000;

/// Changes a group.
pub struct Update {
    /// Which.
    pub id: Id,
    /// What changes.
    pub input: Input,
}

impl Verb for Update {
    type Out = Group;

    async fn run(&self, w: &mut Write<'_>) -> Result<Group> {
        let before = store::get(w, w.org(), self.id).await?;
        let after = before.with(&self.input).map_err(Error::Invalid)?;
        check_rule(w, &after, self.input.exemptions.as_deref()).await?;
        store::update(w, &after).await?;
        if let Some(exemptions) = &self.input.exemptions {
            store::set_exemptions(w, after.id, exemptions).await?;
        }
        if before.method == Method::DynamicAutomated && after.method == Method::Static {
            // Who is in stays in, from now on by hand.
            store::all_direct(w, after.id).await?;
        }
        let fields = differences(&before, &after, self.input.exemptions.as_deref());
        if !fields.is_empty() {
            w.log(Kind::GroupUpdate, Subject::group(after.id), Value::Object(fields));
        }
        Ok(after)
    }
}

fn differences(before: &Group, after: &Group, exemptions: Option<&[Exemption]>) -> Map<String, Value> {
    let rule = |g: &Group| g.member_query.as_ref().map(MemberQuery::write_v2);
    let mut fields = Map::new();
    let pairs = [
        ("name", json!(before.name), json!(after.name)),
        ("description", json!(before.doc.description), json!(after.doc.description)),
        ("email", json!(before.doc.email), json!(after.doc.email)),
        ("attributes", json!(before.doc.attributes), json!(after.doc.attributes)),
        ("memberSuggestionsNotify", json!(before.doc.suggestions_notify), json!(after.doc.suggestions_notify)),
        ("membershipMethod", json!(before.method), json!(after.method)),
        ("memberQuery", json!(rule(before)), json!(rule(after))),
    ];
    for (name, from, to) in pairs {
        if from != to {
            fields.insert(name.into(), json!({"from": from, "to": to}));
        }
    }
    if let Some(exemptions) = exemptions {
        fields.insert("memberQueryExemptions".into(), json!({"to": listed(exemptions)}));
    }
    fields
}

/// Exemptions as the log tells them.
pub(super) fn listed(exemptions: &[Exemption]) -> Value {
    exemptions.iter().map(|e| json!({"id": e.user, "mode": e.mode})).collect()
}

/// The attributes that a rule of this organization may name.
///
/// # Errors
/// The database's.
pub async fn schema(s: &mut impl Source, org: Id) -> Result<Schema> {
    Ok(Schema::users(user::store::attribute_names(s, org).await?.into_iter()))
}

/// What is wrong with a rule, at its places.
///
/// # Errors
/// The database's.
pub async fn rule_problems(s: &mut impl Source, org: Id, query: &MemberQuery) -> Result<Vec<Problem>> {
    // A custom attribute that nobody has yet may be named: the rule can be written before the first person has it.
    let mut names: BTreeSet<String> = user::store::attribute_names(s, org).await?.into_iter().collect();
    names.extend(query.rule().attributes().iter().filter_map(|a| a.strip_prefix("attributes.")).map(str::to_owned));
    Ok(query.check(&Schema::users(names.into_iter())).err().unwrap_or_default())
}

/// Why a rule may not decide about access: it reads attributes that their owner can write, who could let themselves in.
///
/// # Errors
/// The database's.
pub async fn owner_problems(s: &mut impl Source, org: Id, query: &MemberQuery) -> Result<Vec<Problem>> {
    let read = owner_written(query);
    if read.is_empty() || !organization::store::get(s, org).await?.settings.system_users_can_edit {
        return Ok(Vec::new());
    }
    let schema = schema(s, org).await?;
    let label = |name: &str| schema.find(name).map_or_else(|| name.to_owned(), |a| a.label.clone());
    let problem = |name: &String| {
        let message = format!(
            "people may change \"{}\" themselves in the portal, and so let themselves into this group: use another \
             attribute, or turn off editing in the organization's settings (systemUsersCanEdit)",
            label(name)
        );
        Problem::new("memberQuery", message)
    };
    Ok(read.iter().map(problem).collect())
}

/// The attributes of a rule that their owner can write.
pub(crate) fn owner_written(query: &MemberQuery) -> Vec<String> {
    let attributes: BTreeSet<String> = query.rule().attributes().iter().map(ToString::to_string).collect();
    attributes.into_iter().filter(|a| user::model::owner_writes(a)).collect()
}

/// Refuses rules on unknown attributes, exemptions of unknown people, and a rule over an attribute that its owner can
/// write while the rule decides (a person would let themselves in).
pub(crate) async fn check_rule(w: &mut Write<'_>, group: &Group, exemptions: Option<&[Exemption]>) -> Result<()> {
    if let Some(query) = &group.member_query {
        let mut problems = rule_problems(w, w.org(), query).await?;
        if group.method == Method::DynamicAutomated {
            problems.extend(owner_problems(w, w.org(), query).await?);
        }
        Error::unless_empty(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect())?;
    }
    for exemption in exemptions.unwrap_or_default() {
        if user::store::by_id(w, w.org(), exemption.user).await?.is_none() {
            return Err(Error::Missing("user"));
        }
    }
    let ids: BTreeSet<Id> = exemptions.unwrap_or_default().iter().map(|e| e.user).collect();
    if exemptions.is_some_and(|e| e.len() != ids.len()) {
        return Err(Error::field("memberQueryExemptions", "a person is there twice: keep one entry each"));
    }
    if ids.len() > EXEMPTIONS_MAX {
        return Err(Error::field("memberQueryExemptions", format!("at most {EXEMPTIONS_MAX} exemptions")));
    }
    Ok(())
}
