//! The three-way comparison of one object: ours, theirs, and what was sent last, path by path.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::patch::{PatchPath, get};
use crate::resource::{Resource, same_value};
use crate::schema::Definition;

/// Who made the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// Ours changed since it was sent.
    Ours,
    /// Theirs was changed there.
    Drift,
    /// Both changed, to different values.
    Both,
    /// Nothing was sent yet.
    First,
}

/// One path that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The path.
    pub path: String,
    /// What it should be; `None`: nothing.
    pub ours: Option<Value>,
    /// What it is there.
    pub theirs: Option<Value>,
    /// What was sent last.
    pub last: Option<Value>,
    /// Who made the difference.
    pub cause: Cause,
}

/// The three states of one object.
#[derive(Clone, Copy, Debug)]
pub struct Three<'a> {
    /// What it should be.
    pub ours: &'a Resource,
    /// What it is there, where that was read.
    pub theirs: Option<&'a Resource>,
    /// What was sent last, where anything was.
    pub last: Option<&'a Resource>,
}

/// The managed paths that differ. Without theirs, what was sent last stands for it.
///
/// A value that the receiver only writes in other letters (a lower-cased user name, trimmed spaces) is no drift: sent
/// again it would come out the same.
#[must_use]
pub fn compare(three: &Three<'_>, managed: &[PatchPath], definition: &Definition) -> Vec<FieldChange> {
    let mut out = Vec::new();
    for path in managed {
        let ours = get(three.ours, path, definition);
        let last = three.last.and_then(|r| get(r, path, definition));
        let theirs = match three.theirs {
            Some(theirs) => get(theirs, path, definition),
            None => last.clone(),
        };
        if is_same(&ours, &theirs) {
            continue;
        }
        let cause = match three.last {
            None => Cause::First,
            Some(_) if is_same(&last, &theirs) => Cause::Ours,
            Some(_) if is_same(&ours, &last) => Cause::Drift,
            Some(_) => Cause::Both,
        };
        let case_counts = definition.locate(&path.attribute).is_some_and(|l| l.leaf().case_exact);
        if cause == Cause::Drift && !case_counts && is_rewritten(&ours, &theirs) {
            continue;
        }
        out.push(FieldChange { path: path.to_string(), ours, theirs, last, cause });
    }
    out
}

fn is_same(a: &Option<Value>, b: &Option<Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same_value(a, b),
        (None, None) => true,
        // An empty text and none are the same to anyone who reads them.
        (None, Some(Value::String(text))) | (Some(Value::String(text)), None) => text.is_empty(),
        (None, Some(Value::Array(items))) | (Some(Value::Array(items)), None) => items.is_empty(),
        // Not said is false, as in `primary`.
        (None, Some(Value::Bool(truth))) | (Some(Value::Bool(truth)), None) => !truth,
        _ => false,
    }
}

fn is_rewritten(a: &Option<Value>, b: &Option<Value>) -> bool {
    match (a, b) {
        (Some(Value::String(a)), Some(Value::String(b))) => a.trim().to_lowercase() == b.trim().to_lowercase(),
        _ => false,
    }
}
