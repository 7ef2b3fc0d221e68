//! Who is in a group by its rule: method, rules, the groups that it holds, and exemptions, with the ids of the source made
//! ours.

use std::collections::BTreeMap;

use muster_base::{Id, Micros};
use muster_rules::MemberQuery;
use serde_json::{Map, Value, json};

use super::link;
use super::merge::{Merged, base_after, merge};
use super::model::{Item, Kind, Told, Word};
use super::take::{Here, Taking, word};
use crate::group::{self, Exempt, ExemptionMode, Group, GroupKind, Input, Method, read_query};
use crate::{Error, FieldError, Result, Verb, Write};

/// A rule that the source wrote, as one of ours.
struct Said {
    method: Method,
    query: Option<MemberQuery>,
    exclude: Option<MemberQuery>,
    nested: Vec<Id>,
    exempt: Vec<Exempt>,
    notify: bool,
    left: Vec<String>,
}

pub(super) async fn take(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let of = Kind::from_word(item.doc["group"].as_str().unwrap_or_default()).unwrap_or(Kind::UserGroup);
    let kind = group_kind(of);
    let id = match taking.here(w, of, &item.remote_id).await? {
        Here::Is(id) => id,
        Here::Will => return Ok(Told::new(Word::Created)),
        Here::No => return Ok(Told::new(Word::Refused).because("its group did not come")),
    };
    let Some(before) = group::store::by_ids(w, org, &[id]).await?.pop() else {
        return Ok(Told::new(Word::Kept).because("its group was deleted here"));
    };
    let link = link::find(w, org, taking.key(Kind::Rule, &item.remote_id)).await?;
    let said = read(w, taking, &item.doc, kind).await?;
    let is = shown(w, &before).await?;
    let wanted = said.wanted();
    // A group that this migration made has no rule of anybody's hand.
    let fresh = Map::from_iter([("membershipMethod".to_owned(), json!(Method::Static))]);
    let base = link.as_ref().map(|link| &link.base);
    let merge_base = match base {
        Some(base) => Some(base),
        None if is.get("memberQuery").is_none_or(Value::is_null) && before.method == Method::Static => Some(&fresh),
        None => None,
    };
    let Merged { patch, kept } = merge(&wanted, &is, merge_base, taking.overwrite);
    let mut after = before;
    if !patch.is_empty() {
        after = group::update::Update { kind, id, input: said.input(&patch) }.run(w).await?;
    }
    let now = base_after(&wanted, &shown(w, &after).await?, base, &kept);
    link::put(w, taking.key(Kind::Rule, &item.remote_id), id, &now).await?;
    let outcome = match word(!patch.is_empty(), !kept.is_empty(), link.is_some()) {
        Word::Updated if link.is_none() => Word::Created,
        other => other,
    };
    Ok(Told {
        changes: super::group::changes(&patch, &is),
        kept,
        ..Told::new(outcome).of(id).because(said.left.join("; "))
    })
}

fn group_kind(kind: Kind) -> GroupKind {
    super::group::holds(kind)
}

async fn shown(w: &mut Write<'_>, group: &Group) -> Result<Map<String, Value>> {
    let org = w.org();
    let nested = group::store::nested(w, org).await?.remove(&group.id).unwrap_or_default();
    let exempt = group::exemption::exemptions(w, org, group.id).await?;
    let exempt: Vec<Exempt> = exempt
        .iter()
        .map(|e| Exempt { member: e.member, mode: e.mode, reason: e.reason.clone(), until: e.until })
        .collect();
    let said = Said {
        method: group.method,
        query: group.member_query.clone(),
        exclude: group.exclude_query.clone(),
        nested,
        exempt,
        notify: group.doc.suggestions_notify,
        left: Vec::new(),
    };
    Ok(said.wanted())
}

impl Said {
    fn wanted(&self) -> Map<String, Value> {
        let rule = |query: &Option<MemberQuery>| json!(query.as_ref().map(MemberQuery::write_v2));
        let mut nested: Vec<String> = self.nested.iter().map(|id| id.text()).collect();
        nested.sort_unstable();
        let mut exempt: Vec<Value> = self
            .exempt
            .iter()
            .map(|e| json!({"id": e.member, "mode": e.mode, "reason": e.reason, "until": e.until.map(Micros::rfc3339)}))
            .collect();
        exempt.sort_by_key(|e| e["id"].to_string());
        let members = json!({
            "membershipMethod": self.method,
            "memberQuery": rule(&self.query),
            "excludeQuery": rule(&self.exclude),
            "memberGroups": nested,
            "memberQueryExemptions": exempt,
            "memberSuggestionsNotify": self.notify,
        });
        members.as_object().cloned().unwrap_or_default()
    }

    /// The change of these fields. Whoever has seen the plan has confirmed it.
    fn input(&self, patch: &Map<String, Value>) -> Input {
        let has = |name: &str| patch.contains_key(name);
        Input {
            method: has("membershipMethod").then_some(self.method),
            member_query: has("memberQuery").then(|| self.query.clone()),
            exclude_query: has("excludeQuery").then(|| self.exclude.clone()),
            nested: has("memberGroups").then(|| self.nested.clone()),
            exemptions: has("memberQueryExemptions").then(|| self.exempt.clone()),
            suggestions_notify: has("memberSuggestionsNotify").then_some(self.notify),
            confirmed: true,
            ..Input::default()
        }
    }
}

async fn read(w: &mut Write<'_>, taking: &Taking, doc: &Value, kind: GroupKind) -> Result<Said> {
    let org = w.org();
    let text = doc.to_string();
    let ids = link::ids(w, org, &taking.source, &tokens(&text)).await?;
    let doc: Value = serde_json::from_str(&renamed(&text, &ids)).map_err(|e| Error::Internal(e.to_string()))?;
    let query = |name: &str| match &doc[name] {
        Value::Null => Ok(None),
        value if value.get("queryType").is_some() => MemberQuery::read(value, false).map(Some).map_err(|problems| {
            Error::Invalid(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect())
        }),
        value => read_query(value).map(Some),
    };
    let mut left = Vec::new();
    let known: Vec<&Id> = ids.values().collect();
    let mut nested = Vec::new();
    for group in doc["memberGroups"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        match group.parse().ok().filter(|id| known.contains(&id)) {
            Some(id) => nested.push(id),
            None => left.push(format!("without the group {group} that it holds: that did not come")),
        }
    }
    let mut exempt = Vec::new();
    for entry in doc["memberQueryExemptions"].as_array().into_iter().flatten() {
        let id = entry["id"].as_str().unwrap_or_default();
        match id.parse().ok().filter(|id| known.contains(&id)) {
            Some(member) => exempt.push(read_exempt(member, entry)),
            None => left.push(format!("without the exemption of {id}, who did not come")),
        }
    }
    let now = w.now();
    exempt.retain(|e: &Exempt| e.until.is_none_or(|until| until > now));
    let method = doc["membershipMethod"].as_str().and_then(Method::from_word);
    let automated =
        doc["membershipAutomated"].as_bool().map(|yes| if yes { Method::DynamicAutomated } else { Method::Static });
    let mut said = Said {
        method: method.or(automated).unwrap_or(Method::Static),
        query: query("memberQuery")?,
        exclude: query("excludeQuery")?,
        nested,
        exempt,
        notify: doc["memberSuggestionsNotify"].as_bool().unwrap_or(false),
        left,
    };
    for query in [&mut said.query, &mut said.exclude].into_iter().flatten() {
        *query = group::rule::resolved(w, org, kind, query).await?;
    }
    Ok(said)
}

fn read_exempt(member: Id, entry: &Value) -> Exempt {
    let mode = entry["mode"].as_str().and_then(ExemptionMode::from_word).unwrap_or_default();
    let reason = entry["reason"].as_str().unwrap_or_default().trim().to_owned();
    Exempt { member, mode, reason, until: entry["until"].as_str().and_then(Micros::parse_rfc3339) }
}

/// The ids that a text names: 24 hexadecimal digits that stand alone.
fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| part.len() == 24 && part.chars().all(|c| c.is_ascii_hexdigit()))
        .map(str::to_owned)
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// A text with the ids of the source made ours.
fn renamed(text: &str, ids: &BTreeMap<String, Id>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        match ids.get(word) {
            Some(id) => out.push_str(&id.text()),
            None => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_ours_wherever_they_stand() {
        let there = "5f0000000000000000000001";
        let here: Id = "690000000000000000000009".parse().unwrap_or_else(|_| unreachable!("an id"));
        let text = format!(r#"{{"a":"{there}","b":"[\"g:$eq:{there}\"]","c":"x{there}","d":"5f"}}"#);
        assert_eq!(tokens(&text), [there]);
        let ids = BTreeMap::from([(there.to_owned(), here)]);
        let want = format!(r#"{{"a":"{here}","b":"[\"g:$eq:{here}\"]","c":"x{there}","d":"5f"}}"#);
        assert_eq!(renamed(&text, &ids), want);
    }
}
