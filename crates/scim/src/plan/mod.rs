//! What is to be done about each object at a receiver, decided purely: ours (wanted), theirs (read) and what was sent
//! last are compared, and each decision says why. Never here: sending, which is [`crate::reconcile`].

mod compare;
mod decide;
mod find;
mod guard;

pub use compare::{Cause, FieldChange, Three, compare};
pub use decide::{Action, Decision, Facts, Leaving, Link, Policy, Repair, Theirs, Wanted, decide};
pub use find::{Found, find};
pub use guard::{Guard, Item, Tally, tally};
