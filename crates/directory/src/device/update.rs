//! Changes what is kept of a device: the settings by an administrator ([`Update`]), everything by what reports it
//! ([`Report`]: an import, `--dev`, an agent). Present members replace, absent ones stay (JumpCloud's v1 PUT).

use std::collections::BTreeSet;

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::facts::WRITABLE;
use super::{Device, bind, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, document};

/// Changes a device's settings; what it reports is passed over, so that an answer can be sent back.
pub struct Update {
    /// Which.
    pub id: Id,
    /// Members of the v1 object.
    pub settings: Map<String, Value>,
    /// The primary user, where it changes.
    pub owner: Option<Option<Id>>,
}

impl Verb for Update {
    type Out = Device;

    async fn run(&self, w: &mut Write<'_>) -> Result<Device> {
        let before = store::get(w, w.org(), self.id).await?;
        let writable = self.settings.iter().filter(|(name, _)| WRITABLE.contains(&name.as_str()));
        let patch: Map<String, Value> = writable.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut after = before.clone();
        after.facts = before.facts.overlay(&patch).map_err(Error::Invalid)?;
        keep(w, before, after, self.owner).await
    }
}

/// Takes in what a device reports of itself.
pub struct Report {
    /// Which.
    pub id: Id,
    /// Members of the v1 object.
    pub facts: Map<String, Value>,
    /// The primary user, where it changes.
    pub owner: Option<Option<Id>>,
}

impl Verb for Report {
    type Out = Device;

    async fn run(&self, w: &mut Write<'_>) -> Result<Device> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        after.facts = before.facts.overlay(&self.facts).map_err(Error::Invalid)?;
        keep(w, before, after, self.owner).await
    }
}

/// Keeps a changed device, and says what changed.
pub(crate) async fn keep(
    w: &mut Write<'_>,
    before: Device,
    mut after: Device,
    owner: Option<Option<Id>>,
) -> Result<Device> {
    if let Some(owner) = owner.filter(|o| *o != before.owner) {
        bind::check_owner(w, owner).await?;
        after.owner = owner;
    }
    if after.facts.display_name.as_deref().is_none_or(str::is_empty) {
        // As while it is made: it is shown by what it is called otherwise.
        after.facts.display_name = None;
        after.facts.display_name = Some(after.display());
    }
    let fields = differences(&before, &after);
    if !fields.is_empty() {
        store::update(w, &after).await?;
        w.log(Kind::SystemUpdate, Subject::device(after.id), Value::Object(fields));
    }
    Ok(after)
}

/// `{attribute: {from, to}}` of everything that differs, under the names by which [`Device::attribute`] answers:
/// `fde.active`, `attributes.NAME`, `primarySystemUser`.
fn differences(before: &Device, after: &Device) -> Map<String, Value> {
    let (from, to) = (leaves(before), leaves(after));
    let mut fields = Map::new();
    for name in from.keys().chain(to.keys()).collect::<BTreeSet<_>>() {
        let value = |of: &Map<String, Value>| of.get(name).cloned().unwrap_or_default();
        document::note(&mut fields, name, value(&from), value(&to));
    }
    fields
}

fn leaves(device: &Device) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("primarySystemUser".into(), json!(device.owner));
    if let Value::Object(members) = json!(device.facts) {
        for (name, value) in members {
            if name != "attributes" {
                flatten(name, value, &mut out);
            }
        }
    }
    for attribute in &device.facts.attributes {
        out.insert(format!("attributes.{}", attribute.name), json!(attribute.value));
    }
    out
}

fn flatten(path: String, value: Value, out: &mut Map<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(format!("{path}.{name}"), value, out);
            }
        }
        other => drop(out.insert(path, other)),
    }
}
