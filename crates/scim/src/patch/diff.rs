//! The smallest PATCH that leads from one resource to another. What only the server may set and what no schema knows is
//! left alone; the order of lists' values does not count.
//!
//! A single attribute is set or removed by its path, a complex one part by part, so that parts we do not know of stay.
//! Of a list the shortest of three ways is taken that, tried out, yields the wanted list: one part of one value, values
//! added and removed one by one, or the whole list.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::PatchPath;
use super::apply::{Dialect, apply};
use super::members::{Removal, member_change, member_patches};
use crate::filter::{Filter, Literal, Operator};
use crate::message::{Operation, PatchOp};
use crate::path::AttributePath;
use crate::resource::{Resource, key, same_value};
use crate::schema::{Attribute, Definition, Kind, Mutability, Schema};

/// What the receiver understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether paths may have value filters; otherwise lists are replaced as a whole.
    pub value_paths: bool,
    /// How members are removed.
    pub removal: Removal,
}

impl Style {
    /// As the RFC has it.
    pub const STANDARD: Self = Self { value_paths: true, removal: Removal::ValuePath };
}

/// Lists longer than this are not tried out: members by the hundred thousand are compared by their ids.
const TRIED_MAX: usize = 100;

/// The operations that make `from` say what `to` says; none when it does already.
#[must_use]
pub fn diff(from: &Resource, to: &Resource, definition: &Definition, style: Style) -> PatchOp {
    let mut out = Vec::new();
    let differ = Differ { definition, style };
    for attribute in definition.common.iter().chain(&definition.core.attributes) {
        if attribute.name != "schemas" {
            differ.attribute(None, attribute, &from.0, &to.0, &mut out);
        }
    }
    let empty = Map::new();
    for extension in &definition.extensions {
        let held = |r: &Resource| r.0.get(&extension.schema.id).and_then(Value::as_object).cloned();
        let (before, after) = (held(from), held(to));
        for attribute in &extension.schema.attributes {
            let (before, after) = (before.as_ref().unwrap_or(&empty), after.as_ref().unwrap_or(&empty));
            differ.attribute(Some(&extension.schema), attribute, before, after, &mut out);
        }
    }
    PatchOp { operations: out }
}

struct Differ<'a> {
    definition: &'a Definition,
    style: Style,
}

impl Differ<'_> {
    fn attribute(
        &self,
        schema: Option<&Schema>,
        attribute: &Attribute,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        out: &mut Vec<Operation>,
    ) {
        if attribute.mutability == Mutability::ReadOnly {
            return;
        }
        let mut path = AttributePath::new(&attribute.name);
        path.schema = schema.map(|s| s.id.clone());
        match (before.get(&attribute.name), after.get(&attribute.name)) {
            (None, None) => {}
            (Some(a), Some(b)) if same_value(a, b) => {}
            (Some(_), None) => out.push(Operation::remove(path.to_string())),
            (None, Some(b)) => {
                let value = settable(b, attribute);
                if !value.as_object().is_some_and(Map::is_empty) {
                    out.push(self.first(&path, attribute, value));
                }
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) if attribute.multi_valued => {
                out.extend(self.list(&path, attribute, a, b));
            }
            (Some(Value::Object(a)), Some(Value::Object(b))) if attribute.kind == Kind::Complex => {
                out.extend(parts(attribute, a, b, &|sub| path.clone().with_sub(sub).to_string()));
            }
            (Some(_), Some(b)) => out.push(Operation::replace(path.to_string(), settable(b, attribute))),
        }
    }

    /// Sets what has no value yet: lists by `add`, since some receivers replace nothing by nothing, unless two of the
    /// values would become one.
    fn first(&self, path: &AttributePath, attribute: &Attribute, value: Value) -> Operation {
        let add = Operation::add(path.to_string(), value.clone());
        let distinct = match &value {
            Value::Array(items) if items.len() <= TRIED_MAX => {
                self.leads_to(path, attribute, &[], items, std::slice::from_ref(&add))
            }
            Value::Array(items) => ids(items).is_some(),
            _ => false,
        };
        if distinct { add } else { Operation::replace(path.to_string(), value) }
    }

    fn list(&self, path: &AttributePath, attribute: &Attribute, a: &[Value], b: &[Value]) -> Vec<Operation> {
        if let Some(operations) = self.by_id(attribute, a, b) {
            return operations;
        }
        let whole = vec![Operation::replace(path.to_string(), Value::Array(b.to_vec()))];
        if !self.style.value_paths || a.len() > TRIED_MAX || b.len() > TRIED_MAX {
            return whole;
        }
        [by_part(path, attribute, a, b), by_value(path, attribute, a, b)]
            .into_iter()
            .flatten()
            .filter(|operations| bytes(operations) < bytes(&whole))
            .filter(|operations| self.leads_to(path, attribute, a, b, operations))
            .min_by_key(|operations| bytes(operations))
            .unwrap_or(whole)
    }

    /// Members that differ in their ids alone.
    fn by_id(&self, attribute: &Attribute, a: &[Value], b: &[Value]) -> Option<Vec<Operation>> {
        if attribute.name != "members" {
            return None;
        }
        let (a, b) = (ids(a)?, ids(b)?);
        if a.iter().any(|(id, item)| b.get(id).is_some_and(|other| !same_value(item, other))) {
            return None;
        }
        let change = member_change(a.keys().copied(), b.keys().copied());
        let added: Vec<Value> = change.add.iter().filter_map(|id| b.get(id.as_str())).map(|v| (*v).clone()).collect();
        let mut out = Vec::new();
        if !added.is_empty() {
            out.push(Operation::add("members", Value::Array(added)));
        }
        let gone = super::MemberChange { add: Vec::new(), remove: change.remove };
        let removals = member_patches(&gone, self.style.removal, usize::MAX);
        out.extend(removals.into_iter().flat_map(|p| p.operations));
        Some(out)
    }

    /// Whether the operations yield the wanted list.
    fn leads_to(
        &self,
        path: &AttributePath,
        attribute: &Attribute,
        a: &[Value],
        b: &[Value],
        by: &[Operation],
    ) -> bool {
        let holder = Map::from_iter([(attribute.name.clone(), Value::Array(a.to_vec()))]);
        let resource = Resource(match &path.schema {
            None => holder,
            Some(schema) => Map::from_iter([(schema.clone(), Value::Object(holder))]),
        });
        let patch = PatchOp { operations: by.to_vec() };
        apply(&resource, &patch, self.definition, Dialect::STRICT).is_ok_and(|after| {
            let list = self.definition.attribute_of(&after.0, path);
            list.is_some_and(|list| same_value(list, &Value::Array(b.to_vec())))
        })
    }
}

/// The members by their ids, when each has one of its own.
fn ids(items: &[Value]) -> Option<HashMap<&str, &Value>> {
    let mut out = HashMap::with_capacity(items.len());
    for item in items {
        if out.insert(item.get("value")?.as_str()?, item).is_some() {
            return None;
        }
    }
    Some(out)
}

/// How long the operations are when they are sent.
fn bytes(operations: &[Operation]) -> usize {
    operations.iter().map(|o| o.json().to_string().len()).sum()
}

/// A value without the parts that only the server may set.
fn settable(value: &Value, attribute: &Attribute) -> Value {
    match value {
        Value::Object(members) => {
            let may = |n: &str| attribute.sub(n).is_none_or(|s| s.mutability != Mutability::ReadOnly);
            Value::Object(members.iter().filter(|(n, _)| may(n)).map(|(n, v)| (n.clone(), v.clone())).collect())
        }
        other => other.clone(),
    }
}

/// Each part that differs, at its path.
fn parts(
    attribute: &Attribute,
    a: &Map<String, Value>,
    b: &Map<String, Value>,
    path: &dyn Fn(&str) -> String,
) -> Vec<Operation> {
    let mut out = Vec::new();
    for part in attribute.sub_attributes.iter().filter(|p| p.mutability != Mutability::ReadOnly) {
        match (a.get(&part.name), b.get(&part.name)) {
            (Some(x), Some(y)) if same_value(x, y) => {}
            (_, Some(y)) => out.push(Operation::replace(path(&part.name), y.clone())),
            (Some(_), None) => out.push(Operation::remove(path(&part.name))),
            (None, None) => {}
        }
    }
    out
}

fn equal(name: &str, value: &str) -> Filter {
    Filter::Test { path: AttributePath::new(name), operator: Operator::Eq, value: Literal::Text(value.to_owned()) }
}

/// The shortest filter of equalities that fits this value of the list and no other.
fn picks(items: &[Value], index: usize, attribute: &Attribute) -> Option<Filter> {
    let item = items.get(index)?;
    let part = |name: &str| Some(equal(name, item.get(name)?.as_str()?));
    let both = || Some(Filter::And(vec![part("type")?, part("value")?]));
    let simple = || Some(equal("value", item.as_str()?));
    [part("type"), part("value"), both(), simple()].into_iter().flatten().find(|filter| {
        let mut fitting = items.iter().enumerate().filter(|(_, v)| filter.matches_element(v, Some(attribute)));
        fitting.next().is_some_and(|(i, _)| i == index) && fitting.next().is_none()
    })
}

/// The values stay, some of their parts change; they are told apart by their types.
fn by_part(path: &AttributePath, attribute: &Attribute, a: &[Value], b: &[Value]) -> Option<Vec<Operation>> {
    if a.len() != b.len() {
        return None;
    }
    let kind = |v: &Value| v.get("type").and_then(Value::as_str).map(str::to_lowercase);
    let mut out = Vec::new();
    for (index, before) in a.iter().enumerate() {
        let mut of_kind = b.iter().filter(|v| kind(v) == kind(before));
        let (Some(after), None) = (of_kind.next(), of_kind.next()) else { return None };
        if same_value(before, after) {
            continue;
        }
        let filter = picks(a, index, attribute)?;
        let at = |sub: &str| {
            let attribute = path.clone().with_sub(sub);
            PatchPath { attribute, filter: Some(filter.clone()) }.to_string()
        };
        out.extend(parts(attribute, before.as_object()?, after.as_object()?, &at));
    }
    Some(out)
}

/// Values go and others come.
fn by_value(path: &AttributePath, attribute: &Attribute, a: &[Value], b: &[Value]) -> Option<Vec<Operation>> {
    let mut left: Vec<(String, &Value)> = b.iter().map(|v| (key(v), v)).collect();
    let mut rest = a.to_vec();
    let mut out = Vec::new();
    for item in a {
        let text = key(item);
        if let Some(place) = left.iter().position(|(k, _)| *k == text) {
            left.remove(place);
            continue;
        }
        let index = rest.iter().position(|v| v == item)?;
        let filter = picks(&rest, index, attribute)?;
        rest.remove(index);
        out.push(Operation::remove(PatchPath { attribute: path.clone(), filter: Some(filter) }.to_string()));
    }
    if !left.is_empty() {
        let added = left.into_iter().map(|(_, v)| v.clone()).collect();
        out.push(Operation::add(path.to_string(), Value::Array(added)));
    }
    Some(out)
}
