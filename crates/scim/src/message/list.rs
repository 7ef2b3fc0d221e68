//! The answer to a query (RFC 7644 section 3.4.2), with cursors (RFC 9865).

use serde_json::{Map, Value, json};

use super::{object, take};
use crate::error::Error;
use crate::urn;

/// A page of resources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListResponse {
    /// How many there are in all; `None` when the other side does not say (RFC 9865 allows that with cursors).
    pub total: Option<u64>,
    /// The index of the first on this page, from 1.
    pub start_index: Option<u64>,
    /// How many the page is said to hold.
    pub items_per_page: Option<u64>,
    /// The cursor of the next page.
    pub next_cursor: Option<String>,
    /// The cursor of the page before.
    pub previous_cursor: Option<String>,
    /// The resources.
    pub resources: Vec<Value>,
}

impl ListResponse {
    /// Reads another server's list. Numbers may be texts; `Resources` may be missing when there are none. A bare array
    /// is a list too, and a single resource where a list belongs is one of one.
    ///
    /// # Errors
    /// `invalidSyntax`, in words for who configured that server.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        if let Ok(Value::Array(resources)) = serde_json::from_slice(body) {
            return Ok(Self { total: Some(resources.len() as u64), resources, ..Self::default() });
        }
        let mut members = object(body, "ListResponse")?;
        let mut number = |name: &str| take(&mut members, name).as_ref().and_then(unsigned);
        let (total, start_index, items_per_page) =
            (number("totalResults"), number("startIndex"), number("itemsPerPage"));
        let mut text = |name: &str| match take(&mut members, name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let (next_cursor, previous_cursor) = (text("nextCursor"), text("previousCursor"));
        let resources = match take(&mut members, "Resources") {
            Some(Value::Array(resources)) => resources,
            Some(Value::Object(one)) => vec![Value::Object(one)],
            None | Some(Value::Null) if total.is_some() => Vec::new(),
            None | Some(Value::Null) if members.contains_key("id") => vec![Value::Object(members)],
            _ => {
                return Err(Error::invalid_syntax(
                    "the answer is no ListResponse: it has neither Resources nor totalResults",
                ));
            }
        };
        Ok(Self { total, start_index, items_per_page, next_cursor, previous_cursor, resources })
    }

    /// The body.
    #[must_use]
    pub fn json(self) -> Value {
        let mut out = Map::new();
        out.insert("schemas".into(), json!([urn::LIST_RESPONSE]));
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                out.insert(name.into(), value);
            }
        };
        put("totalResults", self.total.map(Value::from));
        put("startIndex", self.start_index.map(Value::from));
        put("itemsPerPage", self.items_per_page.map(Value::from));
        put("nextCursor", self.next_cursor.map(Value::from));
        put("previousCursor", self.previous_cursor.map(Value::from));
        put("Resources", Some(Value::Array(self.resources)));
        Value::Object(out)
    }
}

fn unsigned(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}
