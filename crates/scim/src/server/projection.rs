//! Which attributes are told (RFC 7644 section 3.9): what `attributes` or `excludedAttributes` name, within what the
//! schema allows. `schemas` and `id` are always told, a password never.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::limits::PROJECTION_MAX;
use crate::path::AttributePath;
use crate::schema::{Attribute, Definition, Returned};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// These alone; `None`: the default set.
    only: Option<Vec<Named>>,
    /// Not these.
    but: Vec<Named>,
}

/// A name as it was asked for: an attribute, or the URN of a whole extension.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    Attribute(AttributePath),
    Extension(String),
}

impl Projection {
    /// Reads the two parameters, names with commas between them. With both given, `attributes` counts.
    ///
    /// # Errors
    /// `invalidValue`, when a name is none or there are too many.
    pub fn read(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, Error> {
        let only = attributes.map(|text| names("attributes", text)).transpose()?.filter(|n| !n.is_empty());
        let but = match (&only, excluded) {
            (None, Some(text)) => names("excludedAttributes", text)?,
            _ => Vec::new(),
        };
        Ok(Self { only, but })
    }

    /// Whether the core attribute of this name is told in any part: a group's members need not be loaded otherwise.
    #[must_use]
    pub fn wants(&self, name: &str, definition: &Definition) -> bool {
        definition.top(name).is_some_and(|a| self.tells(a, None, definition) != Told::Nothing)
    }

    /// The resource's body with what is asked for.
    #[must_use]
    pub fn apply(&self, mut body: Map<String, Value>, definition: &Definition) -> Map<String, Value> {
        if *self == Self::default() && body.keys().all(|name| definition.top(name).is_some()) {
            // Nothing was asked for: the core attributes are told whole or not at all.
            let is_told =
                |name: &str| definition.top(name).is_some_and(|a| self.tells(a, None, definition) == Told::All);
            body.retain(|name, _| is_told(name));
            return body;
        }
        let mut out = Map::new();
        for (name, value) in body {
            if let Some(attribute) = definition.top(&name) {
                if let Some(value) = self.told(value, attribute, None, definition) {
                    out.insert(name, value);
                }
            } else if let Some(schema) = definition.extension(&name) {
                let Value::Object(members) = value else { continue };
                let mut held = Map::new();
                for (part, value) in members {
                    let told = schema.find(&part).and_then(|a| self.told(value, a, Some(&schema.id), definition));
                    if let Some(value) = told {
                        held.insert(part, value);
                    }
                }
                if !held.is_empty() {
                    out.insert(name, Value::Object(held));
                }
            }
        }
        out
    }

    fn told(&self, value: Value, attribute: &Attribute, schema: Option<&str>, of: &Definition) -> Option<Value> {
        match self.tells(attribute, schema, of) {
            Told::Nothing => None,
            Told::All => Some(value),
            Told::Parts(keep) => {
                let kept = |members: Map<String, Value>| -> Map<String, Value> {
                    members.into_iter().filter(|(n, _)| attribute.sub(n).is_some_and(&keep)).collect()
                };
                match value {
                    Value::Object(members) => Some(Value::Object(kept(members))),
                    Value::Array(items) => {
                        let one = |v| if let Value::Object(m) = v { Value::Object(kept(m)) } else { v };
                        Some(Value::Array(items.into_iter().map(one).collect()))
                    }
                    simple => Some(simple),
                }
                .filter(|v| !v.as_object().is_some_and(Map::is_empty))
            }
        }
    }

    /// What is told of an attribute.
    fn tells<'a>(&'a self, attribute: &'a Attribute, schema: Option<&'a str>, of: &'a Definition) -> Told<'a> {
        let part_of = |named: &'a [Named]| named.iter().filter_map(move |n| n.within(attribute, schema, of));
        match (attribute.returned, &self.only) {
            (Returned::Never, _) => Told::Nothing,
            (Returned::Always, _) => Told::All,
            (_, Some(only)) => {
                let mut parts: Vec<&str> = Vec::new();
                for part in part_of(only) {
                    match part {
                        None => return Told::All,
                        Some(name) => parts.push(name),
                    }
                }
                if parts.is_empty() {
                    return Told::Nothing;
                }
                Told::Parts(Box::new(move |s| {
                    s.returned == Returned::Always || parts.iter().any(|p| s.name.eq_ignore_ascii_case(p))
                }))
            }
            (Returned::Request, None) => Told::Nothing,
            (Returned::Default, None) => {
                let parts: Vec<_> = part_of(&self.but).collect();
                match (parts.is_empty(), parts.contains(&None)) {
                    (true, _) => Told::All,
                    (_, true) => Told::Nothing,
                    _ => Told::Parts(Box::new(move |s| {
                        s.returned == Returned::Always
                            || !parts.iter().flatten().any(|p| s.name.eq_ignore_ascii_case(p))
                    })),
                }
            }
        }
    }
}

enum Told<'a> {
    Nothing,
    All,
    Parts(Box<dyn Fn(&Attribute) -> bool + 'a>),
}

impl PartialEq for Told<'_> {
    fn eq(&self, other: &Self) -> bool {
        matches!((self, other), (Told::Nothing, Told::Nothing) | (Told::All, Told::All))
    }
}

impl Named {
    /// Which part of the attribute is named: `Some(None)` all of it, `None` none.
    fn within(&self, attribute: &Attribute, schema: Option<&str>, of: &Definition) -> Option<Option<&str>> {
        match self {
            Self::Extension(urn) => schema.is_some_and(|s| s.eq_ignore_ascii_case(urn)).then_some(None),
            Self::Attribute(path) => {
                let named = path.schema.as_deref().filter(|s| !s.eq_ignore_ascii_case(&of.core.id));
                let same = match (named, schema) {
                    (None, None) => true,
                    (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
                    _ => false,
                };
                (same && path.attribute.eq_ignore_ascii_case(&attribute.name)).then_some(path.sub.as_deref())
            }
        }
    }
}

/// Names that nothing is called are no error: callers ask for what they know.
fn names(parameter: &str, text: &str) -> Result<Vec<Named>, Error> {
    let mut out = Vec::new();
    for name in text.split(',').map(str::trim).filter(|n| !n.is_empty()) {
        if out.len() == PROJECTION_MAX {
            return Err(Error::invalid_value(format!("{parameter}: at most {PROJECTION_MAX} names")));
        }
        // A URN may be that of an extension or end in an attribute: both are looked for.
        if name.contains(':') {
            out.push(Named::Extension(name.to_owned()));
        }
        match name.parse() {
            Ok(path) => out.push(Named::Attribute(path)),
            Err(_) if name.contains(':') => {}
            Err(error) => return Err(Error::invalid_value(format!("{parameter}: {error}"))),
        }
    }
    Ok(out)
}
