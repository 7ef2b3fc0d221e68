//! PATCH (RFC 7644 section 3.5.2): applying operations to a resource, and the other way round, the smallest operations
//! that lead from one resource to another. Pure: the resource that is given stays as it is, and when one operation
//! fails none has happened.

mod apply;
mod diff;
mod edit;
pub(crate) mod elements;
mod members;
mod overlay;
mod target;

pub use apply::{Dialect, UnknownPath, apply};
pub use diff::{Style, diff};
pub use members::{MemberChange, MemberOperation, Removal, member_change, member_patches, split_members};
pub use overlay::overlay;
pub use target::{PatchPath, get};
