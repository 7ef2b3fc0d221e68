//! A person as a resource: what the directory sent, with what is true of it by now.

use muster_base::Id;
use muster_directory::fed_group;
use muster_directory::fed_user::Fed;
use muster_directory::user::State;
use muster_scim::resource::MetaOf;
use muster_scim::server::{Projection, etag};
use muster_scim::urn::{ENTERPRISE, MUSTER_USER};
use muster_scim::{Definition, Error, Resource};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, from_directory};
use crate::schema::{self, member};
use crate::service::Service;

/// The core attributes that a field of the person stands behind.
const CORE: &[(&str, &str)] = &[("displayName", "displayname"), ("title", "jobTitle"), ("userType", "employeeType")];
/// Those inside `name`.
const NAME: &[(&str, &str)] = &[("givenName", "firstname"), ("middleName", "middlename"), ("familyName", "lastname")];
/// Those of the enterprise extension.
const WORK: &[(&str, &str)] = &[
    ("employeeNumber", "employeeIdentifier"),
    ("costCenter", "costCenter"),
    ("organization", "company"),
    ("department", "department"),
];

/// The canonical resource, without the groups and `meta`. An attribute that the directory never sent is not told.
pub(super) fn resource(fed: &Fed) -> Resource {
    resource_of(fed, serde_json::from_str(&fed.doc).unwrap_or_default())
}

/// The same, and what the directory itself said last of whether the person is active; `null`: it took that away. Nothing of those
/// of whom that was not kept yet.
pub(super) fn with_last_word(fed: &Fed) -> (Resource, Option<Value>) {
    let doc: Map<String, Value> = serde_json::from_str(&fed.doc).unwrap_or_default();
    let word = doc.get("active").cloned();
    (resource_of(fed, doc), word)
}

/// The same, of a document that was read.
fn resource_of(fed: &Fed, mut doc: Map<String, Value>) -> Resource {
    let user = &fed.user;
    truth(&mut doc, CORE, fed);
    if let Some(Value::Object(name)) = doc.get_mut("name") {
        truth(name, NAME, fed);
    }
    if let Some(Value::Object(work)) = doc.get_mut(ENTERPRISE) {
        truth(work, WORK, fed);
        refer(work, user.profile.manager.as_deref());
    }
    if let Some(Value::Object(custom)) = doc.get_mut(MUSTER_USER) {
        custom.retain(|name, value| {
            let held = user.profile.attributes.iter().find(|a| a.name == *name);
            held.is_some_and(|held| {
                *value = Value::String(held.value.clone());
                true
            })
        });
    }
    let mut out = Map::new();
    out.insert("id".into(), user.id.text().into());
    if let Some(external) = &fed.external_id {
        out.insert("externalId".into(), external.as_str().into());
    }
    out.insert("userName".into(), user.username.as_str().into());
    let is_active = user.state == State::Activated;
    // What was taken away has no value until it is said again (RFC 7643 section 2.5), whatever holds here.
    if !doc.get("active").is_some_and(Value::is_null) {
        out.insert("active".into(), is_active.into());
    }
    for (name, value) in doc {
        let is_empty = value.as_object().is_some_and(Map::is_empty);
        if !is_empty && !out.contains_key(&name) && name != "externalId" && name != "active" {
            out.insert(name, value);
        }
    }
    Resource(out)
}

/// Puts what the person's fields say in the place of what was sent.
fn truth(members: &mut Map<String, Value>, names: &[(&str, &str)], fed: &Fed) {
    for (attribute, field) in names {
        if !members.contains_key(*attribute) {
            continue;
        }
        match fed.user.attribute(field) {
            Some(text) => drop(members.insert((*attribute).to_owned(), text.into_owned().into())),
            None => drop(members.shift_remove(*attribute)),
        }
    }
}

/// A manager who is a person here is told as such; one who has gone is not told any more.
fn refer(work: &mut Map<String, Value>, manager: Option<&str>) {
    let Some(Value::Object(told)) = work.get_mut("manager") else { return };
    let is_id = told.get("value").and_then(Value::as_str).is_some_and(|v| v.parse::<Id>().is_ok());
    if let Some(manager) = manager.filter(|_| is_id) {
        told.insert("value".into(), manager.into());
    }
}

/// The version of a person's resource: of what is told but for the groups, which change elsewhere.
pub(super) fn version(fed: &Fed, resource: &Resource) -> String {
    let text = serde_json::to_string(&resource.0).unwrap_or_default();
    let digest = muster_base::digest(text.as_bytes());
    let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}.{mark}", fed.version)
}

/// The user with the custom attributes that this resource holds.
pub(super) fn definition(resource: &Resource) -> std::borrow::Cow<'static, Definition> {
    let held = member(&resource.0, MUSTER_USER).and_then(Value::as_object);
    schema::user(held.into_iter().flatten().map(|(name, _)| name.as_str()))
}

/// A person, a group that they are in, its name, and whether they are in it themselves; in the order of people.
pub(super) type Group = (Id, Id, String, bool);

/// The groups of these people, told with each.
///
/// # Errors
/// The directory's.
pub(super) async fn add_groups(s: &Service, resources: &mut [Resource]) -> Result<(), Error> {
    let ids: Vec<Id> = resources.iter().filter_map(|r| r.id()?.parse().ok()).collect();
    let mut read = s.directory().read();
    let groups = fed_group::store::of_each(&mut read, s.org(), s.provider(), &ids).await.map_err(from_directory)?;
    put_groups(s, resources, &groups);
    Ok(())
}

/// Tells with each of these people the groups that were read.
fn put_groups(s: &Service, resources: &mut [Resource], groups: &[Group]) {
    let mut at = 0;
    for resource in resources {
        let id = resource.id().unwrap_or_default().to_owned();
        let mut told: Vec<Value> = Vec::new();
        // Both are in the order of ids, unless a list was sorted.
        let first = groups.get(at).is_some_and(|(user, ..)| user.text() == id);
        if !first {
            at = groups.iter().position(|(user, ..)| user.text() == id).unwrap_or(groups.len());
        }
        while let Some((_, group, name, is_direct)) = groups.get(at).filter(|(user, ..)| user.text() == id) {
            let kind = if *is_direct { "direct" } else { "indirect" };
            let reference = format!("{}/Groups/{group}", s.base);
            told.push(json!({"value": group, "$ref": reference, "display": name, "type": kind}));
            at += 1;
        }
        if !told.is_empty() {
            resource.0.insert("groups".into(), Value::Array(told));
        }
    }
}

/// `meta` for filters and sorting.
pub(super) fn add_meta(resource: &mut Resource, fed: &Fed) {
    let meta = json!({
        "resourceType": "User", "created": fed.created_at.rfc3339(), "lastModified": fed.updated_at.rfc3339(),
    });
    resource.0.insert("meta".into(), meta);
}

/// The body that is told.
pub(super) fn body(s: &Service, fed: &Fed, resource: Resource, version: &str, projection: &Projection) -> Value {
    let definition = definition(&resource);
    let created = fed.created_at.rfc3339();
    let changed = (fed.updated_at != fed.created_at).then(|| fed.updated_at.rfc3339());
    let meta = MetaOf {
        created: &created,
        last_modified: changed.as_deref().unwrap_or(&created),
        location: &location(s, fed.user.id),
        version: &etag(version),
    };
    match definition.answer(resource, &meta) {
        Value::Object(body) => Value::Object(projection.apply(body, &definition)),
        other => other,
    }
}

/// A person's address.
pub(super) fn location(s: &Service, id: Id) -> String {
    format!("{}/Users/{id}", s.base)
}

/// One person as an answer.
///
/// # Errors
/// The directory's.
pub(super) async fn answer(s: &Service, fed: &Fed, status: u16, projection: &Projection) -> Result<Answer, Error> {
    let mut one = [resource(fed)];
    let [told] = &one;
    let version = version(fed, told);
    if projection.wants("groups", &definition(told)) {
        add_groups(s, &mut one).await?;
    }
    let [told] = one;
    Ok(answer_of(s, fed, status, (told, &version), projection))
}

/// One who was changed just now, with the groups that were read with the change.
pub(super) fn changed(s: &Service, fed: &Fed, groups: &[Group], projection: &Projection) -> Answer {
    let mut one = [resource(fed)];
    let [told] = &one;
    let version = version(fed, told);
    put_groups(s, &mut one, groups);
    let [told] = one;
    answer_of(s, fed, 200, (told, &version), projection)
}

/// One who was made just now: in no group that this directory keeps, so that nothing is read.
pub(super) fn made(s: &Service, fed: &Fed, doc: Map<String, Value>, projection: &Projection) -> Answer {
    let told = resource_of(fed, doc);
    let version = version(fed, &told);
    answer_of(s, fed, 201, (told, &version), projection)
}

fn answer_of(
    s: &Service,
    fed: &Fed,
    status: u16,
    (told, version): (Resource, &str),
    projection: &Projection,
) -> Answer {
    Answer {
        status,
        body: Some(body(s, fed, told, version, projection)),
        location: Some(location(s, fed.user.id)),
        etag: Some(etag(version)),
        id: Some(fed.user.id.text()),
    }
}
