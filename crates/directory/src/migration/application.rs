//! An application of the source: its names and how people sign in to it. Secrets do not come.

use serde_json::{Map, Value, json};

use super::link;
use super::merge::{Merged, base_after, merge};
use super::model::{Item, Kind, Told, Word};
use super::take::{DELETED_HERE, Taking, word};
use crate::application::update::{SetOidc, SetSaml, Update};
use crate::application::{self, Application, Doc};
use crate::{Error, Result, Verb, Write};

fn shown(app: &Application) -> Map<String, Value> {
    let mut out = match serde_json::to_value(&app.doc) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    out.insert("active".into(), json!(app.active));
    out
}

pub(super) async fn take(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let template = item.doc["template"].as_str().unwrap_or_default();
    let wanted = item.doc["doc"].as_object().cloned().unwrap_or_default();
    let note = item.doc["note"].as_str().unwrap_or_default();
    let link = link::find(w, org, taking.key(Kind::Application, &item.remote_id)).await?;
    let known = match &link {
        Some(link) => application::store::by_id(w, org, link.local).await?,
        None => same_name(w, template, &wanted).await?,
    };
    let Some(before) = known else {
        if link.is_some() && !taking.overwrite {
            return Ok(Told::new(Word::Kept).because(DELETED_HERE));
        }
        let app = make(w, template, &wanted).await?;
        let now = base_after(&wanted, &shown(&app), None, &[]);
        link::put(w, taking.key(Kind::Application, &item.remote_id), app.id, &now).await?;
        return Ok(Told::new(Word::Created).of(app.id).because(note));
    };
    let base = link.as_ref().map(|link| &link.base);
    let is = shown(&before);
    let Merged { patch, kept } = merge(&wanted, &is, base, taking.overwrite);
    let after = if patch.is_empty() { before } else { change(w, before, &patch).await? };
    let now = base_after(&wanted, &shown(&after), base, &kept);
    link::put(w, taking.key(Kind::Application, &item.remote_id), after.id, &now).await?;
    let changes = super::group::changes(&patch, &is);
    Ok(Told { changes, kept: kept.clone(), ..Told::new(word(!patch.is_empty(), !kept.is_empty(), link.is_some())) }
        .of(after.id))
}

/// The one application of this kind and label that is here.
async fn same_name(w: &mut Write<'_>, template: &str, wanted: &Map<String, Value>) -> Result<Option<Application>> {
    let org = w.org();
    let label = wanted.get("display_label").and_then(Value::as_str).unwrap_or_default();
    let mut same = application::store::all(w, org).await?;
    same.retain(|app| app.name == template && !label.is_empty() && app.doc.display_label == label);
    Ok(if same.len() == 1 { same.pop() } else { None })
}

fn doc(members: &Map<String, Value>) -> Result<Doc> {
    serde_json::from_value(Value::Object(members.clone())).map_err(|e| Error::field("config", e.to_string()))
}

async fn make(w: &mut Write<'_>, template: &str, wanted: &Map<String, Value>) -> Result<Application> {
    let active = wanted.get("active").and_then(Value::as_bool).unwrap_or(false);
    application::create::Create { name: template.to_owned(), doc: doc(wanted)?, active }.run(w).await
}

async fn change(w: &mut Write<'_>, before: Application, patch: &Map<String, Value>) -> Result<Application> {
    let mut members = shown(&before);
    members.extend(patch.iter().map(|(name, value)| (name.clone(), value.clone())));
    let active = members.get("active").and_then(Value::as_bool).unwrap_or(before.active);
    let doc = doc(&members)?;
    let mut app = before;
    if let Some(oidc) = doc.oidc.clone().filter(|_| patch.contains_key("oidc")) {
        app = SetOidc { id: app.id, hidden: None, oidc }.run(w).await?;
    }
    if let Some(saml) = doc.saml.clone().filter(|_| patch.contains_key("saml")) {
        app = SetSaml { id: app.id, saml }.run(w).await?;
    }
    let update = Update {
        id: app.id,
        display_label: doc.display_label,
        display_name: doc.display_name,
        description: doc.description,
        hidden: doc.hidden,
        active,
    };
    update.run(w).await
}
