//! What a service provider's endpoint needs besides messages, filters and PATCH: where a request goes, what a query asks
//! for, which attributes are told, paging, sorting, versions, replacing, and the discovery documents.
//! Never here: HTTP types, authentication, storage.

mod caller;
mod cursor;
mod discovery;
mod etag;
mod projection;
mod query;
mod replace;
mod route;
mod sort;

pub use caller::Caller;
pub use cursor::{Position, read_cursor, write_cursor};
pub use discovery::Discovery;
pub use etag::{check_if_match, etag, is_not_modified};
pub use projection::Projection;
pub use query::{Paging, Query};
pub use replace::replace;
pub use route::Route;
pub use sort::{SortKey, sort};
