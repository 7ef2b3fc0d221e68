//! Paging cursors (RFC 9865): the place where a page ended, as an opaque text. They say nothing that the list did not,
//! and a made-up one only leads to another place in the same list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, ScimType};

/// Bytes of a cursor.
const CURSOR_MAX: usize = 4096;

/// A cursor after the resource with these sort values.
#[must_use]
pub fn write_cursor(place: &[String]) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// The place that a cursor names, of so many values.
///
/// # Errors
/// `invalidCursor`.
pub fn read_cursor(cursor: &str, values: usize) -> Result<Vec<String>, Error> {
    let refused = || Error::new(ScimType::InvalidCursor, "this cursor is not one of ours: begin again without it");
    if cursor.len() > CURSOR_MAX {
        return Err(refused());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let place: Vec<String> = serde_json::from_slice(&bytes).map_err(|_| refused())?;
    if place.len() == values { Ok(place) } else { Err(refused()) }
}
