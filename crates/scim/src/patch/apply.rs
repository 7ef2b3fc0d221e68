//! Applying operations: where each one works, and whether it may. What it does there is `edit.rs`.

use serde_json::{Map, Value};

use super::PatchPath;
use super::edit::{Edit, Room};
use crate::error::{Error, ScimType};
use crate::message::{Op, Operation, PatchOp};
use crate::resource::Resource;
use crate::schema::{Attribute, Definition, Located, Mutability, Schema};

/// What is done about a path that no schema knows. Names inside a value without a path are passed over in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownPath {
    /// `invalidPath`.
    Refuse,
    /// The operation does nothing.
    Ignore,
}

/// How far senders' habits are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Paths that no schema knows.
    pub unknown: UnknownPath,
    /// Whether `replace` with a value filter that fits nothing makes the value (Entra ID counts on it) instead of
    /// `noTarget`.
    pub make_missing: bool,
}

impl Dialect {
    /// As the known senders need it.
    pub const TOLERANT: Self = Self { unknown: UnknownPath::Refuse, make_missing: true };
    /// As the RFC has it.
    pub const STRICT: Self = Self { unknown: UnknownPath::Refuse, make_missing: false };
}

/// How an attribute was named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// By the operation's path.
    ByPath,
    /// As a member of a value without a path: what cannot be set there is passed over, as senders put whole resources.
    ByMember,
}

/// The resource after the operations. Required attributes cannot be taken away; whether all are there is
/// [`Definition::check_required`].
///
/// # Errors
/// `invalidPath`, `noTarget`, `invalidValue` or `mutability`, naming the operation by its index.
pub fn apply(
    resource: &Resource,
    patch: &PatchOp,
    definition: &Definition,
    dialect: Dialect,
) -> Result<Resource, Error> {
    let mut members = resource.0.clone();
    let applying = Applying { definition, dialect, room: Room::new() };
    for (index, operation) in patch.operations.iter().enumerate() {
        applying
            .run(&mut members, operation)
            .map_err(|error| Error { detail: format!("Operations[{index}]: {}", error.detail), ..error })?;
    }
    Ok(Resource(members))
}

struct Applying<'a> {
    definition: &'a Definition,
    dialect: Dialect,
    room: Room,
}

impl Applying<'_> {
    fn run(&self, members: &mut Map<String, Value>, operation: &Operation) -> Result<(), Error> {
        if let Some(path) = &operation.path {
            return self.at(members, operation.op, path, operation.value.clone(), Named::ByPath);
        }
        match &operation.value {
            Some(Value::Object(values)) => values.iter().try_for_each(|(name, value)| {
                self.at(members, operation.op, name, Some(value.clone()), Named::ByMember)
            }),
            _ if operation.op == Op::Remove => {
                Err(Error::new(ScimType::NoTarget, "path is required: say what to remove"))
            }
            _ => Err(Error::invalid_value("without a path, value must be an object of attributes")),
        }
    }

    fn at(
        &self,
        members: &mut Map<String, Value>,
        op: Op,
        text: &str,
        value: Option<Value>,
        named: Named,
    ) -> Result<(), Error> {
        if let Some(schema) = self.definition.extension(text.trim()) {
            return self.extension(members, op, schema, value);
        }
        let path = match text.parse::<PatchPath>() {
            Ok(path) => path,
            Err(_) if named == Named::ByMember => return Ok(()),
            Err(error) => return Err(error),
        };
        let Some(located) = self.definition.locate(&path.attribute) else {
            let refused = named == Named::ByPath && self.dialect.unknown == UnknownPath::Refuse;
            let words = || format!("path: {} is not an attribute of a {}", path.attribute, self.definition.name);
            return if refused { Err(Error::invalid_path(words())) } else { Ok(()) };
        };
        // Which schemas a resource uses follows from what it holds.
        if located.attribute.name == "schemas" {
            return Ok(());
        }
        if is_read_only(&located) {
            return match named {
                Named::ByMember => Ok(()),
                Named::ByPath => Err(Error::mutability(format!("{} is read-only", located.path()))),
            };
        }
        if let Some(filter) = path.filter.as_ref().filter(|_| located.attribute.multi_valued) {
            filter.check_values_of(located.attribute)?;
        }
        let edit = Edit {
            op,
            attribute: located.attribute,
            sub: located.sub,
            filter: path.filter.as_ref(),
            value,
            path: located.path().to_string(),
            make_missing: self.dialect.make_missing,
            weight: 1 + text.len() / 16,
            room: &self.room,
        };
        match located.extension {
            None => change(members, located.attribute, edit),
            Some(schema) => {
                let mut held = match members.get_mut(&schema.id).map(Value::take) {
                    Some(Value::Object(held)) => held,
                    _ => Map::new(),
                };
                change(&mut held, located.attribute, edit)?;
                put(members, &schema.id, if held.is_empty() { None } else { Some(Value::Object(held)) });
                Ok(())
            }
        }
    }

    /// A path that is an extension's URN alone: its attributes one by one, so that those not named stay.
    fn extension(
        &self,
        members: &mut Map<String, Value>,
        op: Op,
        schema: &Schema,
        value: Option<Value>,
    ) -> Result<(), Error> {
        match (op, value) {
            (Op::Remove, None | Some(Value::Null)) | (Op::Replace, Some(Value::Null)) => {
                if let Some(required) = schema.attributes.iter().find(|a| a.required) {
                    return Err(Error::mutability(format!("{}:{} is required", schema.id, required.name)));
                }
                put(members, &schema.id, None);
                Ok(())
            }
            (_, Some(Value::Object(values))) => values.into_iter().try_for_each(|(name, value)| {
                self.at(members, op, &format!("{}:{name}", schema.id), Some(value), Named::ByMember)
            }),
            _ => Err(Error::invalid_value(format!("{}: value must be an object", schema.id))),
        }
    }
}

fn is_read_only(located: &Located<'_>) -> bool {
    [Some(located.attribute), located.sub].into_iter().flatten().any(|a| a.mutability == Mutability::ReadOnly)
}

/// Edits one attribute in the object that holds it.
fn change(holder: &mut Map<String, Value>, attribute: &Attribute, edit: Edit<'_>) -> Result<(), Error> {
    let path = edit.path.clone();
    // Only what may be set once is compared afterwards: a group's members are not copied.
    let before =
        if attribute.mutability == Mutability::Immutable { holder.get(&attribute.name).cloned() } else { None };
    let current = holder.get_mut(&attribute.name).map(Value::take);
    let next = edit.next(current)?;
    if before.is_some() && before != next {
        return Err(Error::mutability(format!("{path} can be set only once")));
    }
    if attribute.required && next.is_none() {
        return Err(Error::mutability(format!("{path} is required and cannot be removed")));
    }
    put(holder, &attribute.name, next);
    Ok(())
}

/// Sets or removes a member without changing the order of the others.
fn put(holder: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            holder.insert(name.to_owned(), value);
        }
        None => {
            holder.shift_remove(name);
        }
    }
}
