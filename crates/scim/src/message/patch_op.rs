//! The body of a PATCH (RFC 7644 section 3.5.2).

use serde_json::{Map, Value, json};

use super::{check_schemas, object, take};
use crate::error::Error;
use crate::limits::{PATCH_OPERATIONS_MAX, PATH_BYTES_MAX};
use crate::urn;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Adds values, or replaces a single one.
    Add,
    /// Replaces values.
    Replace,
    /// Removes values.
    Remove,
}

impl Op {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Remove => "remove",
        }
    }
}

/// One operation. The path is read when it is applied, against the schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// Where; without it, the value names its attributes.
    pub path: Option<String>,
    /// With what.
    pub value: Option<Value>,
}

impl Operation {
    /// Adds at a path.
    #[must_use]
    pub fn add(path: impl Into<String>, value: Value) -> Self {
        Self { op: Op::Add, path: Some(path.into()), value: Some(value) }
    }

    /// Replaces at a path.
    #[must_use]
    pub fn replace(path: impl Into<String>, value: Value) -> Self {
        Self { op: Op::Replace, path: Some(path.into()), value: Some(value) }
    }

    /// Removes at a path.
    #[must_use]
    pub fn remove(path: impl Into<String>) -> Self {
        Self { op: Op::Remove, path: Some(path.into()), value: None }
    }

    /// As it is sent.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut out = Map::new();
        out.insert("op".into(), self.op.word().into());
        if let Some(path) = &self.path {
            out.insert("path".into(), path.as_str().into());
        }
        if let Some(value) = &self.value {
            out.insert("value".into(), value.clone());
        }
        Value::Object(out)
    }
}

/// The operations of one PATCH.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatchOp {
    /// In their order.
    pub operations: Vec<Operation>,
}

impl PatchOp {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Reads a body. Entra ID writes `Add`, `Replace`, `Remove`.
    ///
    /// # Errors
    /// `invalidSyntax`, naming the operation by its index.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let mut members = object(body, "PatchOp")?;
        check_schemas(&members, urn::PATCH_OP)?;
        let operations = match take(&mut members, "Operations") {
            Some(Value::Array(operations)) => operations,
            Some(Value::Object(one)) => vec![Value::Object(one)],
            _ => return Err(Error::invalid_syntax("Operations is required: a list of operations")),
        };
        if operations.is_empty() {
            return Err(Error::invalid_syntax("Operations must hold at least one operation"));
        }
        Self::from_values(operations)
    }

    /// Reads operations that are JSON already, as a bulk request holds them.
    ///
    /// # Errors
    /// `invalidSyntax`, naming the operation by its index.
    pub fn from_values(operations: Vec<Value>) -> Result<Self, Error> {
        if operations.len() > PATCH_OPERATIONS_MAX {
            return Err(Error::invalid_syntax(format!("at most {PATCH_OPERATIONS_MAX} operations are taken")));
        }
        let read = |(i, v)| operation(v).map_err(|e| Error::invalid_syntax(format!("Operations[{i}]: {e}")));
        Ok(Self { operations: operations.into_iter().enumerate().map(read).collect::<Result<_, _>>()? })
    }

    /// The body.
    #[must_use]
    pub fn json(&self) -> Value {
        let operations: Vec<_> = self.operations.iter().map(Operation::json).collect();
        json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
    }
}

fn operation(value: Value) -> Result<Operation, String> {
    let Value::Object(mut members) = value else { return Err("it must be an object".into()) };
    let op = match take(&mut members, "op") {
        Some(Value::String(word)) => [Op::Add, Op::Replace, Op::Remove]
            .into_iter()
            .find(|o| o.word().eq_ignore_ascii_case(word.trim()))
            .ok_or_else(|| "op must be add, replace or remove".to_owned())?,
        _ => return Err("op is required: add, replace or remove".into()),
    };
    let path = match take(&mut members, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) if path.len() > PATH_BYTES_MAX => {
            return Err(format!("a path has at most {PATH_BYTES_MAX} bytes"));
        }
        Some(Value::String(path)) => Some(path),
        Some(_) => return Err("path must be a text".into()),
    };
    Ok(Operation { op, path, value: take(&mut members, "value") })
}
