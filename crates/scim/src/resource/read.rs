//! Reading a resource as somebody sent it into canonical form.

use serde_json::{Map, Value};

use super::{Resource, coerce};
use crate::error::Error;
use crate::path::AttributePath;
use crate::schema::{Attribute, Definition, Mutability, Schema};

/// What is done with attributes that no schema knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// They are passed over.
    Drop,
    /// They stay as they are.
    Keep,
}

/// How a resource is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Attributes that no schema knows.
    pub unknown: Unknown,
    /// Whether what the server alone may set is passed over (RFC 7644 section 3.3).
    pub drop_read_only: bool,
    /// Whether two primary values, and a member who is not named, are an error.
    pub refuse_doubtful: bool,
    /// Whether a `schemas` that names other schemas is an error.
    pub check_schemas: bool,
}

impl Reading {
    /// A request that our server got.
    pub const REQUEST: Self =
        Self { unknown: Unknown::Drop, drop_read_only: true, refuse_doubtful: true, check_schemas: true };
    /// What another server answered.
    pub const ANSWER: Self =
        Self { unknown: Unknown::Keep, drop_read_only: false, refuse_doubtful: false, check_schemas: false };
    /// What we hold or make ourselves.
    pub const OWN: Self =
        Self { unknown: Unknown::Drop, drop_read_only: false, refuse_doubtful: false, check_schemas: false };
}

impl Definition {
    /// Reads a resource's JSON text.
    ///
    /// # Errors
    /// `invalidSyntax` when it is no JSON object, otherwise as [`Definition::read`].
    pub fn read_bytes(&self, body: &[u8], reading: Reading) -> Result<Resource, Error> {
        let value = serde_json::from_slice(body)
            .map_err(|e| Error::invalid_syntax(format!("the body is no JSON ({e}): send a {} object", self.name)))?;
        self.read(value, reading)
    }

    /// Brings a resource into canonical form.
    ///
    /// # Errors
    /// `invalidSyntax` when it is no object of this kind or says something twice, `invalidValue` when a value does not
    /// fit its attribute.
    pub fn read(&self, value: Value, reading: Reading) -> Result<Resource, Error> {
        let Value::Object(members) = value else {
            return Err(Error::invalid_syntax(format!("the body must be a {} object", self.name)));
        };
        let mut out = Map::new();
        for (name, value) in members {
            self.place(&mut out, name, value, reading)?;
        }
        if reading.check_schemas {
            self.check_schemas(&out)?;
        }
        Ok(Resource(out))
    }

    /// Whether all that must be there is (RFC 7643 section 2.2 `required`).
    ///
    /// # Errors
    /// `invalidValue`, naming the first attribute that is missing.
    pub fn check_required(&self, resource: &Resource) -> Result<(), Error> {
        let empty = |v: Option<&Value>| v.is_none_or(|v| v.as_str().is_some_and(|t| t.trim().is_empty()));
        for attribute in &self.core.attributes {
            if attribute.required && empty(resource.0.get(&attribute.name)) {
                return Err(Error::invalid_value(format!("{} is required", attribute.name)));
            }
        }
        for extension in &self.extensions {
            let held = resource.0.get(&extension.schema.id).and_then(Value::as_object);
            for attribute in &extension.schema.attributes {
                let asked = attribute.required && (extension.required || held.is_some());
                if asked && empty(held.and_then(|h| h.get(&attribute.name))) {
                    return Err(Error::invalid_value(format!(
                        "{}:{} is required",
                        extension.schema.id, attribute.name
                    )));
                }
            }
        }
        Ok(())
    }

    /// Puts one member of the sent object where it belongs.
    fn place(&self, out: &mut Map<String, Value>, name: String, value: Value, reading: Reading) -> Result<(), Error> {
        if let Some(attribute) = self.top(&name) {
            return set(out, attribute, value, reading, &attribute.name);
        }
        if let Some(schema) = self.extension(&name) {
            return extend(out, schema, value, reading);
        }
        // `urn:…:User:department` or `name.givenName` as one key.
        let located = if name.contains([':', '.']) { name.parse::<AttributePath>().ok() } else { None };
        if let Some((path, located)) = located.as_ref().and_then(|p| Some((p, self.locate(p)?))) {
            let value = match &located.sub {
                Some(sub) => Value::Object(Map::from_iter([(sub.name.clone(), value)])),
                None => value,
            };
            return match located.extension {
                Some(schema) => {
                    extend(out, schema, Value::Object(Map::from_iter([(path.attribute.clone(), value)])), reading)
                }
                None => set(out, located.attribute, value, reading, &located.attribute.name),
            };
        }
        if reading.unknown == Unknown::Keep && !value.is_null() {
            out.insert(name, value);
        }
        Ok(())
    }

    fn check_schemas(&self, members: &Map<String, Value>) -> Result<(), Error> {
        let Some(Value::Array(named)) = members.get("schemas") else { return Ok(()) };
        let is_core = |v: &Value| v.as_str().is_some_and(|s| s.eq_ignore_ascii_case(&self.core.id));
        if named.iter().any(is_core) {
            return Ok(());
        }
        Err(Error::invalid_syntax(format!("schemas must name {}", self.core.id)))
    }
}

/// Sets an attribute; parts of a complex one that came before stay.
fn set(
    out: &mut Map<String, Value>,
    attribute: &Attribute,
    value: Value,
    reading: Reading,
    path: &str,
) -> Result<(), Error> {
    if reading.drop_read_only && attribute.mutability == Mutability::ReadOnly {
        return Ok(());
    }
    let Some(value) = coerce::value(attribute, value, reading, path)? else { return Ok(()) };
    match (out.get_mut(&attribute.name), value) {
        (None, value) => {
            out.insert(attribute.name.clone(), value);
            Ok(())
        }
        (Some(Value::Object(there)), Value::Object(parts)) if parts.keys().all(|k| !there.contains_key(k)) => {
            there.extend(parts);
            Ok(())
        }
        _ => Err(Error::invalid_syntax(format!("{path} is there twice"))),
    }
}

/// Sets attributes of an extension.
fn extend(out: &mut Map<String, Value>, schema: &Schema, value: Value, reading: Reading) -> Result<(), Error> {
    let members = match value {
        Value::Null => return Ok(()),
        Value::Object(members) => members,
        _ => return Err(Error::invalid_value(format!("{}: it must be an object", schema.id))),
    };
    let mut held = match out.get(&schema.id) {
        Some(Value::Object(held)) => held.clone(),
        _ => Map::new(),
    };
    for (name, value) in members {
        match schema.find(&name) {
            Some(attribute) => {
                set(&mut held, attribute, value, reading, &format!("{}:{}", schema.id, attribute.name))?;
            }
            None if reading.unknown == Unknown::Keep && !value.is_null() => {
                held.insert(name, value);
            }
            None => {}
        }
    }
    if !held.is_empty() {
        out.insert(schema.id.clone(), Value::Object(held));
    }
    Ok(())
}
