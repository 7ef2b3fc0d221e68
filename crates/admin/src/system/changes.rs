//! What happened with a device, from the change log, the newest first.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use muster_base::Id;
use muster_directory::change::store::{Entry, of_subject};
use muster_directory::device::store;
use muster_directory::{Directory, Result, administrator, user};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, Time};
use crate::page::Page;

/// A change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemChange)]
pub(crate) struct ChangeOut {
    /// The number within the organization's log.
    seq: i64,
    at: Time,
    /// `system_create`, `system_update`, `system_delete` or `association_change`.
    #[serde(rename = "type")]
    kind: String,
    /// Who did it: `admin`, `service_account`, `command_line`, `system`, ...
    #[serde(rename = "actorType")]
    actor_kind: String,
    /// Their e-mail or user name, where they are still known.
    actor: Option<String>,
    /// What changed: `{attribute: {from, to}}`, or what else tells the change.
    #[schema(value_type = Object)]
    fields: Value,
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemChanges)]
pub(crate) struct Changes {
    /// The changes, the newest first.
    results: Vec<ChangeOut>,
    /// The user names of the people whose ids occur in `fields`.
    people: BTreeMap<String, String>,
    /// What to ask the next page with, as `before`; none on the last.
    before: Option<i64>,
}

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct ChangesQuery {
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Only changes with a smaller number.
    #[param(minimum = 1)]
    before: Option<i64>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

#[utoipa::path(get, path = "/api/v2/systems/{id}/changes", tag = "devices",
    params(("id" = ObjectId, Path), ChangesQuery), responses((status = 200, body = Changes), Reading))]
/// List what happened with a device
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
    muster_http::Query(asked): muster_http::Query<Before>,
) -> Result<Json<Changes>, ApiError> {
    let directory = site.directory();
    let mut source = directory.read();
    store::get(&mut source, who.org(), id).await?;
    let before = asked.before.unwrap_or(i64::MAX);
    let mut entries = of_subject(&mut source, who.org(), id, before, page.limit + 1).await?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = entries.len() > limit;
    entries.truncate(limit);
    let before = entries.last().filter(|_| more).map(|e| e.seq);
    let names = names(directory, who.org(), &entries).await?;
    let mut mentioned = BTreeSet::new();
    entries.iter().for_each(|e| ids(&e.fields, &mut mentioned));
    let people = mentioned.into_iter().filter_map(|id| Some((id.text(), names.get(&id)?.clone()))).collect();
    let results = entries.into_iter().map(|e| change(e, &names)).collect();
    Ok(Json(Changes { results, people, before }))
}

/// The ids that occur in what a change tells.
fn ids(fields: &Value, out: &mut BTreeSet<Id>) {
    match fields {
        Value::String(text) => out.extend(text.parse::<Id>()),
        Value::Array(entries) => entries.iter().for_each(|e| ids(e, out)),
        Value::Object(members) => members.values().for_each(|m| ids(m, out)),
        _ => {}
    }
}

fn change(entry: Entry, names: &BTreeMap<Id, String>) -> ChangeOut {
    ChangeOut {
        seq: entry.seq,
        at: entry.at.into(),
        kind: entry.kind,
        actor_kind: entry.actor_kind,
        actor: entry.actor_id.and_then(|id| names.get(&id).cloned()),
        fields: if entry.fields.is_object() { entry.fields } else { Value::Object(Map::new()) },
    }
}

/// The people and administrators who acted or are mentioned, by id.
async fn names(directory: &Directory, org: Id, entries: &[Entry]) -> Result<BTreeMap<Id, String>> {
    let mut wanted: BTreeSet<Id> = entries.iter().filter_map(|e| e.actor_id).collect();
    entries.iter().for_each(|e| ids(&e.fields, &mut wanted));
    let wanted: Vec<Id> = wanted.into_iter().collect();
    let people = user::store::by_ids(&mut directory.read(), org, &wanted).await?;
    let admins = administrator::store::of_organization(&mut directory.read(), org).await?;
    let people = people.into_iter().map(|u| (u.id, u.username));
    Ok(people.chain(admins.into_iter().map(|a| (a.id, a.email))).collect())
}
