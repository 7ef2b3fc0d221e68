//! A group of the source: its name and settings. Members and the rule come after it.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::link;
use super::merge::{Merged, base_after, merge};
use super::model::{Item, Kind, Told, Word};
use super::take::{DELETED_HERE, Taking, word};
use crate::group::{self, Attributes, Group, GroupKind, Input};
use crate::{Error, Result, Verb, Write};

/// What a group of this kind holds.
pub(super) const fn holds(kind: Kind) -> GroupKind {
    if matches!(kind, Kind::SystemGroup) { GroupKind::Device } else { GroupKind::User }
}

fn shown(group: &Group) -> Map<String, Value> {
    let members = json!({
        "name": group.name,
        "description": group.doc.description,
        "email": group.doc.email,
        "attributes": group.doc.attributes,
    });
    members.as_object().cloned().unwrap_or_default()
}

fn input(patch: &Map<String, Value>) -> Result<Input> {
    let text = |name: &str| patch.get(name).map(|v| v.as_str().unwrap_or_default().to_owned());
    let attributes = patch.get("attributes").map(|v| serde_json::from_value::<Attributes>(v.clone())).transpose();
    Ok(Input {
        name: text("name"),
        description: text("description"),
        email: text("email"),
        attributes: attributes.map_err(|e| Error::field("attributes", e.to_string()))?,
        ..Input::default()
    })
}

pub(super) async fn take(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let (org, kind) = (w.org(), holds(item.kind));
    let wanted = item.doc.as_object().cloned().unwrap_or_default();
    let link = link::find(w, org, taking.key(item.kind, &item.remote_id)).await?;
    let same_name = group::store::all_of(w, org, kind).await?;
    let name = item.name.trim().to_lowercase();
    let same_name = same_name.into_iter().find(|group| group.name.to_lowercase() == name);
    let known = match &link {
        Some(link) => group::store::by_ids(w, org, &[link.local]).await?.pop(),
        None => same_name.clone(),
    };
    let Some(before) = known else {
        if link.is_some() && !taking.overwrite {
            return Ok(Told::new(Word::Kept).because(DELETED_HERE));
        }
        if same_name.is_some() {
            return Err(Error::field("name", "another group here has this name: rename one of them"));
        }
        if link.is_none() && taking.carried.has_group(item.kind.word(), &item.name) {
            let why = "it has the name of one that comes before it: the two are one";
            return Ok(Told::new(Word::Linked).because(why));
        }
        let group = group::create::Create { kind, input: input(&wanted)? }.run(w).await?;
        remember(w, taking, item, (&wanted, &group, None), &[]).await?;
        return Ok(Told::new(Word::Created).of(group.id));
    };
    let base = link.as_ref().map(|link| &link.base);
    let Merged { patch, kept } = merge(&wanted, &shown(&before), base, taking.overwrite);
    let is_taken =
        same_name.is_some_and(|other| other.id != before.id) || taking.carried.has_group(item.kind.word(), &item.name);
    if patch.contains_key("name") && is_taken {
        return Err(Error::field("name", "another group here has this name: rename one of them"));
    }
    let mut after = before.clone();
    if !patch.is_empty() {
        after = group::update::Update { kind, id: before.id, input: input(&patch)? }.run(w).await?;
    }
    remember(w, taking, item, (&wanted, &after, base), &kept).await?;
    let changes = changes(&patch, &shown(&before));
    Ok(Told { changes, kept: kept.clone(), ..Told::new(word(!patch.is_empty(), !kept.is_empty(), link.is_some())) }
        .of(after.id))
}

/// `{field: {from, to}}` of what was changed.
pub(super) fn changes(patch: &Map<String, Value>, before: &Map<String, Value>) -> Map<String, Value> {
    patch.iter().map(|(name, to)| (name.clone(), json!({"from": before.get(name), "to": to}))).collect()
}

async fn remember(
    w: &mut Write<'_>,
    taking: &Taking,
    item: &Item,
    (wanted, after, base): (&Map<String, Value>, &Group, Option<&Map<String, Value>>),
    kept: &[String],
) -> Result<()> {
    let now = base_after(wanted, &shown(after), base, kept);
    let id: Id = after.id;
    link::put(w, taking.key(item.kind, &item.remote_id), id, &now).await
}
