//! Laying what we manage over what somebody else has: everything else of theirs stays.

use serde_json::Value;

use super::{Dialect, PatchPath, apply, get};
use crate::error::Error;
use crate::message::{Op, Operation, PatchOp};
use crate::resource::Resource;
use crate::schema::Definition;

/// `theirs` with each managed path as it is in `ours`: set, or taken away where ours has nothing.
///
/// # Errors
/// When a managed path does not fit the schema.
pub fn overlay(
    theirs: &Resource,
    ours: &Resource,
    managed: &[PatchPath],
    definition: &Definition,
) -> Result<Resource, Error> {
    let mut operations = Vec::with_capacity(managed.len());
    for path in managed {
        let (there, wanted) = (get(theirs, path, definition), get(ours, path, definition));
        let op = match (&there, &wanted) {
            (a, b) if a == b => continue,
            (_, None) => Op::Remove,
            (_, Some(_)) => Op::Replace,
        };
        // A complex value as a whole: parts that ours has not go.
        if matches!((&there, &wanted), (Some(Value::Object(_)), Some(Value::Object(_)))) {
            operations.push(Operation::remove(path.to_string()));
        }
        operations.push(Operation { op, path: Some(path.to_string()), value: wanted });
    }
    apply(theirs, &PatchOp { operations }, definition, Dialect::TOLERANT)
}
