//! The bounds of everything that is read. Every reader refuses what is beyond them before it costs anything.

use crate::schema::Attribute;

/// Bytes of a filter. The longest that the known callers send are a few hundred.
pub const FILTER_BYTES_MAX: usize = 4096;
/// Bytes of an attribute path or PATCH path, its value filter included.
pub const PATH_BYTES_MAX: usize = 4096;
/// Levels of parentheses, `not` and value paths in a filter.
pub const FILTER_DEPTH_MAX: usize = 16;
/// Comparisons in one filter.
pub const FILTER_TERMS_MAX: usize = 200;
/// Bytes of one text inside a resource (photos and certificates included).
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Values of one multi-valued attribute of a resource in a request, but for a group's members.
pub const VALUES_MAX: usize = 1000;
/// Bytes of a user as they are kept.
pub const RESOURCE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes that one PATCH request may add by setting the same in several values at once.
pub const SPREAD_BYTES_MAX: usize = 256 * 1024;
/// Values that the operations of one PATCH request may go through, all of them together; a long filter counts for several. Some
/// tenths of a second.
pub const PATCH_VISITS_MAX: usize = 2_000_000;
/// Members in one request.
pub const MEMBERS_MAX: usize = 100_000;
/// Operations in one PATCH request.
pub const PATCH_OPERATIONS_MAX: usize = 10_000;
/// Operations in one bulk request.
pub const BULK_OPERATIONS_MAX: usize = 1000;
/// Bytes of one bulk request.
pub const BULK_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Attributes that `attributes` or `excludedAttributes` may name.
pub const PROJECTION_MAX: usize = 200;
/// Resources on one page.
pub const PAGE_MAX: usize = 1000;
/// Resources on a page when the caller does not say.
pub const PAGE_DEFAULT: usize = 100;
/// Attributes of one schema, its sub-attributes counted.
pub const SCHEMA_ATTRIBUTES_MAX: usize = 1000;
/// Characters of foreign text that is shown or kept (an error's detail).
pub const SHOWN_CHARS_MAX: usize = 500;

/// Values that an attribute may have.
pub(crate) fn values_max(attribute: &Attribute) -> usize {
    if attribute.name == "members" { MEMBERS_MAX } else { VALUES_MAX }
}
