//! What one operation does to one attribute: the value before and after. Of multi-valued attributes the values are
//! edited in `elements.rs`.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::elements;
use crate::error::{Error, ScimType};
use crate::filter::Filter;
use crate::limits::{PATCH_VISITS_MAX, SPREAD_BYTES_MAX, values_max};
use crate::message::Op;
use crate::resource::{Reading, Unknown, coerced};
use crate::schema::{Attribute, Kind, Mutability};

/// How values of operations are read.
const READING: Reading =
    Reading { unknown: Unknown::Drop, drop_read_only: true, refuse_doubtful: true, check_schemas: false };

/// One operation at one attribute.
pub(super) struct Edit<'a> {
    pub op: Op,
    pub attribute: &'a Attribute,
    pub sub: Option<&'a Attribute>,
    pub filter: Option<&'a Filter>,
    pub value: Option<Value>,
    /// For messages.
    pub path: String,
    /// Whether `replace` makes the value that its filter describes.
    pub make_missing: bool,
    /// How much looking at one value counts for.
    pub weight: usize,
    pub room: &'a Room,
}

/// What a request may yet do: a few bytes of it would otherwise become many, or much work.
pub(super) struct Room {
    bytes: Cell<usize>,
    visits: Cell<usize>,
}

impl Room {
    pub(super) fn new() -> Self {
        Self { bytes: Cell::new(SPREAD_BYTES_MAX), visits: Cell::new(PATCH_VISITS_MAX) }
    }
}

/// Takes so much of what is left; whether it was enough.
fn take(from: &Cell<usize>, some: usize) -> bool {
    let left = from.get().checked_sub(some);
    from.set(left.unwrap_or(0));
    left.is_some()
}

impl Edit<'_> {
    /// The attribute's value afterwards.
    pub fn next(mut self, current: Option<Value>) -> Result<Option<Value>, Error> {
        match (self.op, &self.value) {
            (Op::Add | Op::Replace, None) => {
                return Err(Error::invalid_value(format!("{}: value is required", self.path)));
            }
            (Op::Add, Some(Value::Null)) => return Ok(current),
            (Op::Replace, Some(Value::Null)) => {
                self.op = Op::Remove;
                self.value = None;
            }
            _ => {}
        }
        if self.attribute.multi_valued {
            return self.list(current);
        }
        if self.filter.is_some() {
            return Err(Error::invalid_path(format!("{} has one value: no filter applies", self.attribute.name)));
        }
        match (self.op, self.sub) {
            (Op::Remove, None) => Ok(None),
            (_, None) => self.whole(current),
            (_, Some(_)) => {
                let mut members = match current {
                    Some(Value::Object(members)) => members,
                    _ => Map::new(),
                };
                self.set_part(&mut members)?;
                Ok(if members.is_empty() { None } else { Some(Value::Object(members)) })
            }
        }
    }

    /// Sets a single value; of a complex one the parts that are named.
    fn whole(self, current: Option<Value>) -> Result<Option<Value>, Error> {
        let value = self.value.clone().unwrap_or_default();
        match (current, value) {
            (Some(Value::Object(mut there)), Value::Object(parts)) if self.attribute.kind == Kind::Complex => {
                self.merge(&mut there, parts)?;
                Ok(if there.is_empty() { None } else { Some(Value::Object(there)) })
            }
            (Some(Value::Object(mut there)), value) if self.attribute.kind == Kind::Complex => {
                match coerced(self.attribute, value, READING, &self.path)? {
                    Some(Value::Object(parts)) => self.merge(&mut there, parts)?,
                    // An empty text for something that is named by its value, as Entra ID clears a manager.
                    _ => return Ok(None),
                }
                Ok(Some(Value::Object(there)))
            }
            (_, value) => coerced(self.attribute, value, READING, &self.path),
        }
    }

    /// Lays parts over a complex value; `null` takes a part away.
    fn merge(&self, there: &mut Map<String, Value>, parts: Map<String, Value>) -> Result<(), Error> {
        for (name, value) in parts {
            let Some(part) = self.attribute.sub(&name) else { continue };
            if part.mutability == Mutability::ReadOnly {
                continue;
            }
            let value = coerced(part, value, READING, &format!("{}.{}", self.path, part.name))?;
            self.put_part(there, part, value)?;
        }
        Ok(())
    }

    /// Sets or removes the part that the path names.
    fn set_part(&self, members: &mut Map<String, Value>) -> Result<(), Error> {
        let Some(part) = self.sub else { return Ok(()) };
        let value = match self.op {
            Op::Remove => None,
            _ => coerced(part, self.value.clone().unwrap_or_default(), READING, &self.path)?,
        };
        self.put_part(members, part, value)
    }

    fn put_part(&self, members: &mut Map<String, Value>, part: &Attribute, value: Option<Value>) -> Result<(), Error> {
        let fixed = part.mutability == Mutability::Immutable;
        if fixed && members.get(&part.name).is_some_and(|there| Some(there) != value.as_ref()) {
            return Err(Error::mutability(format!("{}.{} can be set only once", self.attribute.name, part.name)));
        }
        match value {
            Some(value) => {
                members.insert(part.name.clone(), value);
            }
            None => {
                members.shift_remove(&part.name);
            }
        }
        Ok(())
    }

    fn list(self, current: Option<Value>) -> Result<Option<Value>, Error> {
        let mut items = match current {
            Some(Value::Array(items)) => items,
            Some(Value::Null) | None => Vec::new(),
            Some(single) => vec![single],
        };
        if !take(&self.room.visits, items.len().saturating_mul(self.weight)) {
            let why = "the operations go through too many values: send fewer of them at once, or the whole list";
            return Err(Error::invalid_value(format!("{}: {why}", self.path)));
        }
        let touched = match (self.filter, self.sub) {
            (None, None) => self.values(&mut items)?,
            _ => self.selected(&mut items)?,
        };
        let max = values_max(self.attribute);
        if items.len() > max {
            return Err(Error::invalid_value(format!("{}: it would have more than {max} values", self.path)));
        }
        elements::settle_primary(&mut items, &touched);
        Ok(if items.is_empty() { None } else { Some(Value::Array(items)) })
    }

    /// The whole attribute: add values, replace all, remove all or those that are named.
    fn values(&self, items: &mut Vec<Value>) -> Result<Vec<usize>, Error> {
        let given = match (&self.value, self.op) {
            (None | Some(Value::Null), Op::Remove) => {
                items.clear();
                return Ok(Vec::new());
            }
            (value, _) => match coerced(self.attribute, value.clone().unwrap_or_default(), READING, &self.path)? {
                Some(Value::Array(given)) => given,
                _ => Vec::new(),
            },
        };
        match self.op {
            Op::Add => Ok(elements::add(items, given, self.attribute)),
            Op::Replace => {
                *items = given;
                Ok(Vec::new())
            }
            Op::Remove => {
                elements::remove(items, &given, self.attribute);
                Ok(Vec::new())
            }
        }
    }

    /// The values that the filter picks, or all of them when the path has a part and no filter.
    fn selected(&self, items: &mut Vec<Value>) -> Result<Vec<usize>, Error> {
        let fits = |v: &Value| self.filter.is_none_or(|f| f.matches_element(v, Some(self.attribute)));
        let mut picked: Vec<usize> = items.iter().enumerate().filter(|(_, v)| fits(v)).map(|(i, _)| i).collect();
        if self.op == Op::Remove {
            // A value without its `value` is none: removing that removes it. From the end, so that places stay.
            let whole = self.sub.is_none_or(|s| s.name == "value");
            for index in picked.into_iter().rev() {
                if whole || !self.strip(items.get_mut(index))? {
                    items.remove(index);
                }
            }
            return Ok(Vec::new());
        }
        if picked.is_empty() {
            items.push(self.made()?);
            picked.push(items.len() - 1);
        }
        self.spread(picked.len())?;
        for index in &picked {
            if let Some(item) = items.get_mut(*index) {
                self.set_element(item)?;
            }
        }
        items.retain(|v| !v.as_object().is_some_and(Map::is_empty));
        Ok(picked)
    }

    /// Whether the value may be set in so many values at once.
    fn spread(&self, values: usize) -> Result<(), Error> {
        if values < 2 {
            return Ok(());
        }
        let bytes = serde_json::to_string(&self.value).map_or(0, |text| text.len());
        if take(&self.room.bytes, bytes.saturating_mul(values)) {
            return Ok(());
        }
        let why = format!("{}: a request sets at most {SPREAD_BYTES_MAX} bytes in several values at once", self.path);
        Err(Error::invalid_value(why))
    }

    /// Takes the part from a value; whether something worth keeping is left.
    fn strip(&self, item: Option<&mut Value>) -> Result<bool, Error> {
        let Some(Value::Object(members)) = item else { return Ok(false) };
        self.set_part(members)?;
        Ok(!elements::is_husk(members, self.attribute))
    }

    /// A value that the filter describes: `emails[type eq "work"]` where there is none yet.
    fn made(&self) -> Result<Value, Error> {
        let no_target = |why: &str| Err(Error::new(ScimType::NoTarget, format!("{}: {why}", self.path)));
        let Some(filter) = self.filter else { return Ok(Value::Object(Map::new())) };
        if self.op == Op::Replace && !self.make_missing {
            return no_target("no value fits the filter");
        }
        let Some(terms) = filter.equalities() else {
            return no_target("no value fits the filter, and it does not say what to make");
        };
        let mut members = Map::new();
        self.fill(&mut members, &terms)?;
        Ok(Value::Object(members))
    }

    /// Sets the parts that the filter's equalities name, where they are missing.
    fn fill(&self, members: &mut Map<String, Value>, terms: &[(&str, Value)]) -> Result<(), Error> {
        for (name, value) in terms {
            let Some(part) = self.attribute.sub(name) else { continue };
            if members.contains_key(&part.name) {
                continue;
            }
            if let Some(value) = coerced(part, value.clone(), READING, &format!("{}.{}", self.path, part.name))? {
                members.insert(part.name.clone(), value);
            }
        }
        Ok(())
    }

    fn set_element(&self, item: &mut Value) -> Result<(), Error> {
        if self.sub.is_some() {
            return match item {
                Value::Object(members) => self.set_part(members),
                _ => Err(Error::invalid_path(format!("{}: its values have no parts", self.path))),
            };
        }
        let single = Attribute { multi_valued: false, ..self.attribute.clone() };
        let value = coerced(&single, self.value.clone().unwrap_or_default(), READING, &self.path)?;
        match (item, value) {
            (Value::Object(members), Some(Value::Object(parts))) => {
                if self.op == Op::Replace {
                    let terms = self.filter.and_then(Filter::equalities).unwrap_or_default();
                    *members = parts;
                    return self.fill(members, &terms);
                }
                self.merge(members, parts)
            }
            (item, Some(value)) => {
                *item = value;
                Ok(())
            }
            (_, None) => Ok(()),
        }
    }
}
