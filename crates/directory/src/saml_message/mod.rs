//! The last SAML exchanges of each application, for its Test tab: requests as they came, also those that were refused, what
//! was answered, and the outcome of each check. Never here: a signature or anything else that could be used again: an answer
//! is kept as it reads, without its signatures and not encrypted.
//!
//! What happens is noted in memory ([`Pending`]) and written by a worker, so that a sign-in does not wait for it. It is a
//! help for administrators and no record: what was not written yet is lost with the process.

mod model;
mod pending;
mod shown;
mod store;

pub use model::{Content, Exchange, Outcome, Part, Purpose};
pub use pending::Pending;
pub use shown::{Binding, Shown};
pub use store::{flush, get, list, of_user_delete, prune};

/// The most exchanges that are kept of one application.
pub const KEPT_MAX: usize = 50;
/// The longest message that is kept, in bytes.
pub const PART_MAX_BYTES: usize = 64 * 1024;
/// How long they are kept, in seconds: 30 days.
pub const KEPT_S: i64 = 30 * 86_400;
