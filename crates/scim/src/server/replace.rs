//! PUT (RFC 7644 section 3.5.1): what was sent takes the place of what is there, within what may be changed.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::resource::{Resource, same_value};
use crate::schema::{Attribute, Definition, Mutability, Returned};

/// The resource after a PUT: what only the server sets stays, what may be set once stays or is the same, what is never
/// told (a password) stays unless it was sent, everything else is as it was sent.
///
/// # Errors
/// `mutability` when something that may be set once would change, `invalidValue` when something required is missing.
pub fn replace(current: &Resource, sent: Resource, definition: &Definition) -> Result<Resource, Error> {
    definition.check_required(&sent)?;
    let attributes = definition.common.iter().chain(&definition.core.attributes);
    let mut out = settle(attributes, &current.0, sent.0, "")?;
    for extension in &definition.extensions {
        let schema = &extension.schema;
        let object = |v: Option<&Value>| v.and_then(Value::as_object).cloned().unwrap_or_default();
        let (before, after) = (object(current.0.get(&schema.id)), object(out.get(&schema.id)));
        let held = settle(schema.attributes.iter(), &before, after, &format!("{}:", schema.id))?;
        if held.is_empty() {
            out.shift_remove(&schema.id);
        } else {
            out.insert(schema.id.clone(), Value::Object(held));
        }
    }
    Ok(Resource(out))
}

fn settle<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    before: &Map<String, Value>,
    mut after: Map<String, Value>,
    prefix: &str,
) -> Result<Map<String, Value>, Error> {
    for attribute in attributes {
        let there = before.get(&attribute.name);
        match (attribute.mutability, there, after.get(&attribute.name)) {
            (Mutability::ReadOnly, Some(there), _) => {
                after.insert(attribute.name.clone(), there.clone());
            }
            (Mutability::ReadOnly, None, _) => {
                after.shift_remove(&attribute.name);
            }
            (Mutability::Immutable, Some(there), Some(sent)) if !same_value(there, sent) => {
                return Err(Error::mutability(format!("{prefix}{} can be set only once", attribute.name)));
            }
            (Mutability::Immutable, Some(there), None) => {
                after.insert(attribute.name.clone(), there.clone());
            }
            (_, Some(there), None) if attribute.returned == Returned::Never => {
                after.insert(attribute.name.clone(), there.clone());
            }
            _ => {}
        }
    }
    Ok(after)
}
