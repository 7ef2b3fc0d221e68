//! Ordering resources (RFC 7644 section 3.4.2.3): by the primary value of a list, else its first; without regard to
//! case unless the schema says so; those without a value last.

use std::cmp::Reverse;

use serde_json::Value;

use crate::filter::time;
use crate::path::AttributePath;
use crate::resource::Resource;
use crate::schema::{Definition, Kind, member};

/// What a resource is ordered by: small, so that many can be held. Of two keys of one attribute the lesser comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    value: Place,
    id: String,
}

/// Where a value puts a resource. None is last, whichever way round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Up(Worth),
    Down(Reverse<Worth>),
    Nowhere,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Flag(bool),
    /// A number, as bits that are ordered as it is.
    Number(i64),
    /// A moment; what is none is before all.
    Moment(Option<i128>),
    Text(String),
    Other,
}

impl SortKey {
    /// Of a resource by an attribute.
    #[must_use]
    pub fn of(resource: &Resource, by: &AttributePath, descending: bool, definition: &Definition) -> Self {
        let value = match value(resource, by, definition).map(|v| worth(v, by, definition)) {
            None => Place::Nowhere,
            Some(worth) if descending => Place::Down(Reverse(worth)),
            Some(worth) => Place::Up(worth),
        };
        Self { value, id: resource.id().unwrap_or_default().to_owned() }
    }

    /// The resource's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Orders resources; equal ones by id, so that pages do not overlap.
pub fn sort(resources: &mut [Resource], by: &AttributePath, descending: bool, definition: &Definition) {
    resources.sort_by_cached_key(|resource| SortKey::of(resource, by, descending, definition));
}

fn value<'r>(resource: &'r Resource, by: &AttributePath, definition: &Definition) -> Option<&'r Value> {
    let chosen = match definition.attribute_of(&resource.0, by)? {
        Value::Array(items) => {
            items.iter().find(|v| v.get("primary") == Some(&Value::Bool(true))).or_else(|| items.first())?
        }
        one => one,
    };
    match (chosen, &by.sub) {
        (Value::Object(members), Some(sub)) => member(members, sub),
        (Value::Object(members), None) => members.get("value"),
        (simple, _) => Some(simple),
    }
    .filter(|v| !v.is_null())
}

fn worth(value: &Value, by: &AttributePath, definition: &Definition) -> Worth {
    let leaf = definition.locate(by).map(|l| l.leaf());
    match value {
        Value::Number(number) => {
            let bits = number.as_f64().unwrap_or_default().to_bits().cast_signed();
            Worth::Number(if bits < 0 { bits ^ i64::MAX } else { bits })
        }
        Value::Bool(flag) => Worth::Flag(*flag),
        Value::String(text) => match leaf {
            Some(leaf) if leaf.kind == Kind::DateTime => Worth::Moment(time(text).map(|at| at.unix_timestamp_nanos())),
            Some(leaf) if leaf.case_exact => Worth::Text(text.clone()),
            _ => Worth::Text(text.to_lowercase()),
        },
        _ => Worth::Other,
    }
}
