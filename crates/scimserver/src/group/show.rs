//! A group as a resource. Its members are read only where they are told or asked for.

use muster_base::Id;
use muster_directory::fed_group::{FedGroup, store};
use muster_scim::resource::MetaOf;
use muster_scim::server::{Projection, etag};
use muster_scim::{Error, Resource};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, from_directory};
use crate::schema;
use crate::service::Service;

/// The canonical resource without members.
pub(super) fn resource(group: &FedGroup) -> Resource {
    let mut out = Map::new();
    out.insert("id".into(), group.id.text().into());
    if let Some(external) = &group.external_id {
        out.insert("externalId".into(), external.as_str().into());
    }
    out.insert("displayName".into(), group.name.as_str().into());
    Resource(out)
}

/// The version of a group, its members included.
pub(super) fn version(group: &FedGroup) -> String {
    group.version.to_string()
}

/// Adds the members: people who are in by themselves, and groups that it holds.
///
/// # Errors
/// The directory's.
pub(super) async fn add_members(s: &Service, group: &FedGroup, resource: &mut Resource) -> Result<(), Error> {
    let (org, mut read) = (s.org(), s.directory().read());
    let people = store::member_ids(&mut read, org, group.id).await.map_err(from_directory)?;
    let nested = store::nested(&mut read, org, group.id).await.map_err(from_directory)?;
    let one = |kind: &str, id: Id| json!({"value": id, "$ref": format!("{}/{kind}s/{id}", s.base), "type": kind});
    let members: Vec<Value> = people
        .into_iter()
        .map(|id| one("User", id))
        .chain(nested.into_iter().map(|(id, _)| one("Group", id)))
        .collect();
    if !members.is_empty() {
        resource.0.insert("members".into(), Value::Array(members));
    }
    Ok(())
}

/// `meta` for filters and sorting.
pub(super) fn add_meta(resource: &mut Resource, group: &FedGroup) {
    let meta = json!({
        "resourceType": "Group", "created": group.created_at.rfc3339(), "lastModified": group.updated_at.rfc3339(),
    });
    resource.0.insert("meta".into(), meta);
}

/// The body that is told.
///
/// # Errors
/// The directory's.
pub(super) async fn body(s: &Service, group: &FedGroup, projection: &Projection) -> Result<Value, Error> {
    let definition = schema::group();
    let mut resource = resource(group);
    if projection.wants("members", definition) {
        add_members(s, group, &mut resource).await?;
    }
    let meta = MetaOf {
        created: &group.created_at.rfc3339(),
        last_modified: &group.updated_at.rfc3339(),
        location: &location(s, group.id),
        version: &etag(&version(group)),
    };
    Ok(match definition.answer(resource, &meta) {
        Value::Object(body) => Value::Object(projection.apply(body, definition)),
        other => other,
    })
}

fn location(s: &Service, id: Id) -> String {
    format!("{}/Groups/{id}", s.base)
}

/// A group as an answer; with 204 without its body.
///
/// # Errors
/// The directory's.
pub(super) async fn answer(s: &Service, group: &FedGroup, status: u16, told: &Projection) -> Result<Answer, Error> {
    Ok(Answer {
        status,
        body: if status == 204 { None } else { Some(body(s, group, told).await?) },
        location: Some(location(s, group.id)),
        etag: Some(etag(&version(group))),
        id: Some(group.id.text()),
    })
}
