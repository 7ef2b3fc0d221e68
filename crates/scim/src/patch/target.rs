//! PATCH paths: an attribute path with an optional value filter (RFC 7644 section 3.5.2, figure 7).

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::error::Error;
use crate::filter::{Filter, Reader};
use crate::limits::PATH_BYTES_MAX;
use crate::path::AttributePath;
use crate::resource::Resource;
use crate::schema::{Definition, member};

/// Where an operation works: `name.givenName`, `emails[type eq "work"].value`.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchPath {
    /// The attribute and its part.
    pub attribute: AttributePath,
    /// Which values of a multi-valued attribute.
    pub filter: Option<Filter>,
}

impl FromStr for PatchPath {
    type Err = Error;

    /// # Errors
    /// `invalidPath`, with the place of the fault.
    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut reader = Reader::new(text, PATH_BYTES_MAX)?;
            let mut attribute = reader.path()?;
            let mut filter = None;
            if reader.take('[') {
                if attribute.sub.is_some() {
                    return reader.refuse("a value filter follows the attribute, not its part");
                }
                filter = Some(reader.element_filter()?);
                attribute.sub = reader.sub_attribute()?;
            }
            reader.space();
            if reader.rest().is_empty() { Ok(Self { attribute, filter }) } else { reader.refuse("expected the end") }
        };
        read().map_err(|problem| Error::invalid_path(format!("path: {problem}")))
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(filter) = &self.filter else { return write!(f, "{}", self.attribute) };
        let whole = AttributePath { sub: None, ..self.attribute.clone() };
        write!(f, "{whole}[{filter}]")?;
        match &self.attribute.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}

/// The value at a path of a canonical resource: with a filter that of the first value that fits, of a multi-valued
/// attribute's part without one the list of them.
#[must_use]
pub fn get(resource: &Resource, path: &PatchPath, definition: &Definition) -> Option<Value> {
    let value = definition.attribute_of(&resource.0, &path.attribute)?;
    let attribute = definition.locate(&path.attribute).map(|l| l.attribute);
    let part = |v: &Value| match &path.attribute.sub {
        None => Some(v.clone()),
        Some(sub) => member(v.as_object()?, sub).cloned(),
    };
    match (value, &path.filter) {
        (Value::Array(items), Some(filter)) => {
            items.iter().find(|v| filter.matches_element(v, attribute)).and_then(part)
        }
        (Value::Array(items), None) if path.attribute.sub.is_some() => {
            let parts: Vec<_> = items.iter().filter_map(part).collect();
            if parts.is_empty() { None } else { Some(Value::Array(parts)) }
        }
        (_, Some(_)) => None,
        (one, None) => part(one),
    }
}
