//! Where the metadata of a service provider is read again on schedule, and what it said. A document that says something else
//! than the one that was taken over changes nothing by itself: who can write to that address could name an ACS URL or a
//! key of their own. It waits for an administrator, with its differences. Never here: fetching.

mod decide;
mod offer;
mod refresh;
mod store;
mod take;

pub use decide::{Decide, Forget};
pub use offer::{Difference, Offer};
pub use refresh::{Answered, Refresh};
pub use store::{Held, Source, due, find};
pub use take::Take;

/// How often a document is read again, in seconds: once a day.
pub const EVERY_S: i64 = 86_400;
/// How long after a failure it is tried again, in seconds; each further failure doubles it, up to [`EVERY_S`].
pub const RETRY_S: i64 = 3600;
