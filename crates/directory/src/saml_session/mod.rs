//! Which service providers were told of a person in a session, and by which name: to tell them of its end. They are told
//! one after the other in the person's browser; the list of those that wait is a [`Flow`] of that browser. Never here: the
//! messages.

mod chain;
mod store;

pub use chain::{Chain, Ended, Participant, Told, begin};
pub use store::{note, prune};
