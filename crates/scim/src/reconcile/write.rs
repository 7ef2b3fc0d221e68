//! The requests that change an object: the smallest PATCH, or a PUT of what is there with ours laid over it.

use serde_json::{Map, Value, json};

use super::request::{HttpMethod, Request, encoded};
use super::state::State;
use super::step::Task;
use crate::message::{Op, Operation, PatchOp};
use crate::patch::{PatchPath, diff, overlay};
use crate::receiver::UpdateBy;
use crate::resource::Resource;
use crate::schema::Definition;

impl Task<'_> {
    /// The request that brings the object up to date; none when it is.
    pub(super) fn write(&self, state: &State) -> Option<Request> {
        let ours = self.wanted()?;
        let last = state.last_sent().unwrap_or_default();
        let base = match state.theirs.clone().map(Resource) {
            None => last,
            // What the receiver does not keep counts as it was sent.
            Some(theirs) => {
                let unkept: Vec<PatchPath> = self.profile.not_kept.iter().filter_map(|p| p.parse().ok()).collect();
                overlay(&theirs, &last, &unkept, self.definition).unwrap_or(theirs)
            }
        };
        // A managed path that does not fit the schema was refused when the mapping was saved.
        let wanted = overlay(&base, ours, self.managed, self.definition).ok()?;
        let patch = diff(&base, &wanted, self.definition, self.profile.style());
        if patch.is_empty() {
            return None;
        }
        Some(match self.profile.update_by() {
            UpdateBy::Patch => self.patch(state, patch),
            UpdateBy::Put => self.put(state, &wanted),
        })
    }

    /// The request that sets `active` to false.
    pub(super) fn deactivate(&self, state: &State) -> Request {
        match self.profile.update_by() {
            UpdateBy::Patch => {
                self.patch(state, PatchOp { operations: vec![Operation::replace("active", json!(false))] })
            }
            UpdateBy::Put => {
                let mut theirs = Resource(state.theirs.clone().or_else(|| state.last_sent.clone()).unwrap_or_default());
                theirs.0.insert("active".into(), Value::Bool(false));
                self.put(state, &theirs)
            }
        }
    }

    fn patch(&self, state: &State, patch: PatchOp) -> Request {
        let patch = if self.profile.pathless { without_paths(patch, self.definition) } else { patch };
        let request = Request::new(HttpMethod::Patch, self.place(state)).with(self.truths(patch.json()));
        request.of_version(self.version_of(state))
    }

    fn put(&self, state: &State, resource: &Resource) -> Request {
        let mut body = self.profile.version.request(resource, self.definition);
        if let (Some(members), Some(id)) = (body.as_object_mut(), &state.remote_id) {
            members.insert("id".into(), id.as_str().into());
        }
        Request::new(HttpMethod::Put, self.place(state)).with(self.truths(body)).of_version(self.version_of(state))
    }

    fn place(&self, state: &State) -> String {
        format!("{}/{}", self.definition.endpoint, encoded(state.remote_id.as_deref().unwrap_or_default()))
    }

    /// Truths as texts, for receivers that want them so.
    pub(super) fn truths(&self, mut body: Value) -> Value {
        fn texts(value: &mut Value) {
            match value {
                Value::Bool(truth) => *value = Value::from(if *truth { "True" } else { "False" }),
                Value::Array(items) => items.iter_mut().for_each(texts),
                Value::Object(members) => members.values_mut().for_each(texts),
                _ => {}
            }
        }
        if self.profile.boolean_texts {
            texts(&mut body);
        }
        body
    }
}

/// The same change with what can be said so in one object; removals and value filters keep their paths.
fn without_paths(patch: PatchOp, definition: &Definition) -> PatchOp {
    let mut whole = Map::new();
    let mut rest = Vec::new();
    for operation in patch.operations {
        let path = operation.path.as_deref().and_then(|p| p.parse::<PatchPath>().ok()).filter(|p| p.filter.is_none());
        let (Some(path), Some(value), Op::Replace) = (path, operation.value.clone(), operation.op) else {
            rest.push(operation);
            continue;
        };
        let path = path.attribute;
        let extension = path.schema.filter(|s| definition.extension(s).is_some());
        match (extension, path.sub) {
            (None, None) => {
                whole.insert(path.attribute, value);
            }
            (None, Some(sub)) => put_in(&mut whole, &path.attribute, &sub, value),
            (Some(schema), None) => put_in(&mut whole, &schema, &path.attribute, value),
            (Some(schema), Some(sub)) => {
                put_in(&mut whole, &schema, &format!("{}.{sub}", path.attribute), value);
            }
        }
    }
    if !whole.is_empty() {
        rest.insert(0, Operation { op: Op::Replace, path: None, value: Some(Value::Object(whole)) });
    }
    PatchOp { operations: rest }
}

/// Puts a part into the object of this name, which is made where it is missing.
fn put_in(members: &mut Map<String, Value>, name: &str, part: &str, value: Value) {
    match members.entry(name).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(there) => {
            there.insert(part.to_owned(), value);
        }
        other => *other = Value::Object(Map::from_iter([(part.to_owned(), value)])),
    }
}
