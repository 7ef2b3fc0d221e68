//! Paging cursors (RFC 9865): the place where a page of one query ended, as an opaque text. They say nothing that the list
//! did not. The digest in them tells a cursor of another query, and a damaged one, from ours: it guards against mistakes,
//! and whoever makes one up only comes to another place in the same list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Query;
use crate::error::{Error, ScimType};
use crate::schema::Definition;

/// Bytes of a cursor.
const CURSOR_MAX: usize = 4096;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// In the order of ids, after this one.
    After(String),
    /// In the order that was asked for, so many in.
    Offset(u64),
}

impl Position {
    /// Its kind and its value, as they stand in a cursor.
    fn parts(&self) -> (&'static str, String) {
        match self {
            Self::After(id) => ("id", id.clone()),
            Self::Offset(offset) => ("n", offset.to_string()),
        }
    }

    fn of_parts(kind: &str, value: &str) -> Option<Self> {
        match kind {
            "id" => Some(Self::After(value.to_owned())),
            "n" => value.parse().ok().map(Self::Offset),
            _ => None,
        }
    }
}

/// The cursor of the page of this query that begins here.
#[must_use]
pub fn write_cursor(query: &Query, definition: &Definition, position: &Position) -> String {
    let (kind, value) = position.parts();
    let parts = [digest(query, definition, position), kind.to_owned(), value];
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
}

/// The place that a cursor names in this query.
///
/// # Errors
/// `invalidCursor`: it does not read, or is of a query of another resource type, filter or order (RFC 9865 section 2.1).
pub fn read_cursor(cursor: &str, query: &Query, definition: &Definition) -> Result<Position, Error> {
    let refused = |words: &str| Error::new(ScimType::InvalidCursor, format!("cursor: {words}"));
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().filter(|_| cursor.len() <= CURSOR_MAX)?;
        let [seal, kind, value]: [String; 3] = serde_json::from_slice(&bytes).ok()?;
        Some((seal, Position::of_parts(&kind, &value)?))
    };
    let (seal, position) = read().ok_or_else(|| refused("this is not one of ours: begin again without it"))?;
    if seal != digest(query, definition, &position) {
        let words = "this is of another query: give the filter, sortBy and sortOrder that it was answered to, or begin again without it";
        return Err(refused(words));
    }
    Ok(position)
}

/// What a cursor belongs to: FNV-1a of 64 bits, over each part with its length before it.
fn digest(query: &Query, definition: &Definition, position: &Position) -> String {
    let filter = query.filter.as_ref().map(ToString::to_string).unwrap_or_default();
    let sort_by = query.sort_by.as_ref().map(ToString::to_string).unwrap_or_default();
    let order = if query.descending { "descending" } else { "ascending" };
    let (kind, value) = position.parts();
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for part in [definition.name.as_str(), &filter, &sort_by, order, kind, &value] {
        for byte in part.len().to_be_bytes().iter().chain(part.as_bytes()) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    format!("{hash:016x}")
}
