//! A group's members as changes: a PATCH that names members is taken apart without the group's hundred thousand others
//! at hand, and what changed here becomes small PATCHes.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::PatchPath;
use crate::error::{Error, ScimType};
use crate::filter::{Filter, Literal, Operator};
use crate::message::{Op, Operation, PatchOp};
use crate::path::AttributePath;
use crate::resource::{Member, Reading, coerced};
use crate::schema::{Attribute, Definition};

/// What a PATCH does to the members, one step at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberOperation {
    /// These come in; who is in stays in.
    Add(Vec<Member>),
    /// These go, by their ids; who is not in is passed over.
    Remove(Vec<String>),
    /// Those go whom the filter fits.
    RemoveMatching(Filter),
    /// All go.
    RemoveAll,
    /// These are the members, no others.
    Replace(Vec<Member>),
}

/// Takes what concerns `members` out of a PATCH of a group; the rest is applied as usual.
///
/// # Errors
/// `invalidPath`, `noTarget` or `invalidValue`, naming the operation by its index.
pub fn split_members(patch: PatchOp, group: &Definition) -> Result<(Vec<MemberOperation>, PatchOp), Error> {
    let mut steps = Vec::new();
    let mut rest = PatchOp::default();
    for (index, operation) in patch.operations.into_iter().enumerate() {
        let read = one(operation, group, &mut steps);
        let kept = read.map_err(|error| Error { detail: format!("Operations[{index}]: {}", error.detail), ..error })?;
        rest.operations.extend(kept);
    }
    Ok((steps, rest))
}

/// Reads one operation; what is not about members comes back.
fn one(operation: Operation, group: &Definition, steps: &mut Vec<MemberOperation>) -> Result<Option<Operation>, Error> {
    let Some(attribute) = group.core.find("members") else { return Ok(Some(operation)) };
    let is_members = |p: &AttributePath| group.locate(p).is_some_and(|l| l.attribute.name == attribute.name);
    match &operation.path {
        Some(text) => match text.parse::<PatchPath>() {
            Ok(path) if is_members(&path.attribute) => {
                steps.extend(step(operation.op, path, operation.value, attribute)?);
                Ok(None)
            }
            _ => Ok(Some(operation)),
        },
        None => {
            let Some(Value::Object(mut values)) = operation.value else { return Ok(Some(operation)) };
            let names: Vec<_> =
                values.keys().filter(|n| n.parse().is_ok_and(|p: AttributePath| is_members(&p))).cloned().collect();
            for name in names {
                let value = values.shift_remove(&name);
                let path = PatchPath { attribute: AttributePath::new("members"), filter: None };
                steps.extend(step(operation.op, path, value, attribute)?);
            }
            let value = Some(Value::Object(values));
            Ok(value
                .filter(|v| v.as_object().is_some_and(|m| !m.is_empty()))
                .map(|v| Operation { value: Some(v), ..Operation { op: operation.op, path: None, value: None } }))
        }
    }
}

fn step(
    op: Op,
    path: PatchPath,
    value: Option<Value>,
    attribute: &Attribute,
) -> Result<Option<MemberOperation>, Error> {
    if path.attribute.sub.as_deref().is_some_and(|s| !s.eq_ignore_ascii_case("value") || op != Op::Remove) {
        return Err(Error::mutability("members: the parts of a member cannot be changed: remove it and add it anew"));
    }
    if path.attribute.sub.is_some() && path.filter.is_none() {
        return Err(Error::mutability("members.value: name who is to go, as in members[value eq \"...\"]"));
    }
    if let Some(filter) = &path.filter {
        filter.check_values_of(attribute)?;
    }
    match (op, path.filter, value) {
        (Op::Remove, Some(filter), _) => Ok(Some(match ids(&filter) {
            Some(ids) => MemberOperation::Remove(ids),
            None => MemberOperation::RemoveMatching(filter),
        })),
        (Op::Remove, None, None | Some(Value::Null)) | (Op::Replace, None, Some(Value::Null)) => {
            Ok(Some(MemberOperation::RemoveAll))
        }
        (_, None, Some(Value::Null)) => Ok(None),
        (_, None, Some(value)) => {
            let members = members(value, attribute)?;
            Ok(Some(match op {
                Op::Add => MemberOperation::Add(members),
                Op::Replace => MemberOperation::Replace(members),
                Op::Remove => MemberOperation::Remove(members.into_iter().filter_map(|m| m.value).collect()),
            }))
        }
        (_, None, None) => Err(Error::invalid_value("members: value is required")),
        // `members[value eq "x"]` as the place to add: the member it names.
        (_, Some(filter), _) => match ids(&filter) {
            Some(ids) => {
                let member = |id| Member { value: Some(id), ..Member::default() };
                Ok(Some(MemberOperation::Add(ids.into_iter().map(member).collect())))
            }
            None => Err(Error::new(ScimType::NoTarget, "members: the filter does not say who")),
        },
    }
}

fn members(value: Value, attribute: &Attribute) -> Result<Vec<Member>, Error> {
    let items = match coerced(attribute, value, Reading::REQUEST, "members")? {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let read = |item: Value| {
        let member: Member = serde_json::from_value(item).map_err(|e| Error::invalid_value(format!("members: {e}")))?;
        match &member.value {
            Some(id) if !id.is_empty() => Ok(member),
            _ => Err(Error::invalid_value("members.value is required: the member's id")),
        }
    };
    items.into_iter().map(read).collect()
}

/// The ids that a filter names and nothing else: `value eq "a" or value eq "b"`.
fn ids(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Test { path, operator: Operator::Eq, value: Literal::Text(id) }
            if path.attribute.eq_ignore_ascii_case("value") =>
        {
            Some(vec![id.clone()])
        }
        Filter::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(ids(part)?);
            }
            Some(all)
        }
        _ => None,
    }
}

/// Who has to come and who has to go, by the receiver's ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// To be added.
    pub add: Vec<String>,
    /// To be removed.
    pub remove: Vec<String>,
}

impl MemberChange {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }
}

/// The difference of two sets of members, in the order of the ids.
#[must_use]
pub fn member_change<'m>(
    from: impl IntoIterator<Item = &'m str>,
    to: impl IntoIterator<Item = &'m str>,
) -> MemberChange {
    let from: HashSet<&str> = from.into_iter().collect();
    let to: BTreeSet<&str> = to.into_iter().collect();
    let add = to.iter().filter(|id| !from.contains(*id)).map(|id| (*id).to_owned()).collect();
    let mut remove: Vec<String> = from.iter().filter(|id| !to.contains(*id)).map(|id| (*id).to_owned()).collect();
    remove.sort_unstable();
    MemberChange { add, remove }
}

/// How members are removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Removal {
    /// `members[value eq "id"]`, as the RFC has it; one operation each.
    #[default]
    ValuePath,
    /// `members` with a list of values, as JumpCloud and Entra ID send it.
    ValueList,
}

/// PATCHes that carry the change out, with at most this many members in each; who comes first, then who goes.
#[must_use]
pub fn member_patches(change: &MemberChange, removal: Removal, per_request: usize) -> Vec<PatchOp> {
    let listed = |ids: &[String]| {
        Value::Array(ids.iter().map(|id| Value::Object(Map::from_iter([("value".to_owned(), json!(id))]))).collect())
    };
    let size = per_request.max(1);
    let mut out = Vec::new();
    for ids in change.add.chunks(size) {
        out.push(PatchOp { operations: vec![Operation::add("members", listed(ids))] });
    }
    for ids in change.remove.chunks(size) {
        let operations = match removal {
            Removal::ValueList => {
                vec![Operation { op: Op::Remove, path: Some("members".into()), value: Some(listed(ids)) }]
            }
            Removal::ValuePath => ids
                .iter()
                .map(|id| {
                    let filter = Filter::eq(AttributePath::new("value"), id.as_str());
                    let path = PatchPath { attribute: AttributePath::new("members"), filter: Some(filter) };
                    Operation::remove(path.to_string())
                })
                .collect(),
        };
        out.push(PatchOp { operations });
    }
    out
}
