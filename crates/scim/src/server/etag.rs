//! Versions of resources (RFC 7644 section 3.14, RFC 9110 section 13.1).

use crate::error::Error;

/// The weak ETag of a version.
#[must_use]
pub fn etag(version: &str) -> String {
    format!("W/\"{version}\"")
}

/// Whether a change may go on: `If-Match` is not there, `*`, or names the resource's current ETag. Weak and strong ones
/// are the same, since ours are weak and callers drop the `W/`.
///
/// # Errors
/// 412.
pub fn check_if_match(header: Option<&str>, current: &str) -> Result<(), Error> {
    match header {
        Some(header) if !names(header, current) => {
            Err(Error::status(412, "the resource has changed since: read it again, then repeat the change"))
        }
        _ => Ok(()),
    }
}

/// Whether a read is answered with 304: `If-None-Match` names the current ETag.
#[must_use]
pub fn is_not_modified(header: Option<&str>, current: &str) -> bool {
    header.is_some_and(|h| names(h, current))
}

fn names(header: &str, current: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        let tag = tag.trim();
        tag.strip_prefix("W/").or_else(|| tag.strip_prefix("w/")).unwrap_or(tag).trim_matches('"')
    }
    header.split(',').any(|tag| tag.trim() == "*" || !tag.trim().is_empty() && opaque(tag) == opaque(current))
}
