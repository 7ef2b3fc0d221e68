//! A device of the source: a record as an import of devices makes it.

use serde_json::{Map, Value, json};

use super::link;
use super::model::{Item, Kind, Told, Word};
use super::person;
use super::take::{DELETED_HERE, Taking};
use crate::device;
use crate::device::import::{Done, Import};
use crate::{Error, Result, Verb, Write};

pub(super) async fn take(w: &mut Write<'_>, taking: &Taking, item: &Item) -> Result<Told> {
    let org = w.org();
    let mut row = item.doc.as_object().cloned().unwrap_or_default();
    let key = taking.key(Kind::System, &item.remote_id);
    let link = link::find(w, org, key).await?;
    row.remove("_id");
    row.remove("id");
    if let Some(link) = &link {
        if device::store::by_id(w, org, link.local).await?.is_none() && !taking.overwrite {
            return Ok(Told::new(Word::Kept).because(DELETED_HERE));
        }
        row.insert("_id".into(), json!(link.local.text()));
    }
    if let Some(owner) = row.remove("primarySystemUser")
        && let Some(remote) = owner.get("id").and_then(Value::as_str).or_else(|| owner.as_str())
        && let Some(id) = person::id_of(w, taking, remote).await?
    {
        row.insert("primarySystemUser".into(), json!({"id": id.text()}));
    }
    let outcome = Import { rows: vec![row] }.run(w).await?.pop();
    let outcome = outcome.ok_or_else(|| Error::Internal("an import of one device answered nothing".into()))?;
    let word = match outcome.done {
        Done::Created => Word::Created,
        Done::Updated => Word::Updated,
        Done::Unchanged if link.is_none() => Word::Linked,
        Done::Unchanged => Word::Unchanged,
        Done::Refused(fields) => return Err(Error::Invalid(fields)),
    };
    let mut told = Told::new(word).because(outcome.warnings.join("; "));
    if let Some(device) = outcome.device {
        link::put(w, taking.key(Kind::System, &item.remote_id), device.id, &Map::new()).await?;
        told = told.of(device.id);
    }
    Ok(told)
}
