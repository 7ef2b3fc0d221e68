//! What of an organization needs an administrator: targets that are not in step, directories that bring nothing, groups whose
//! rule or review waits, certificates and metadata, jobs that stopped. Each kind is found by one bounded statement.
//!
//! Never here: a change, a secret, how it is said on a page.

mod find;
mod model;
mod store;

pub use find::find;
pub use model::{Item, Kind, State};
