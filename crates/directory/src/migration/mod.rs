//! Taking in another directory through its API: the jobs, what was read, which object here is which there, and the verb
//! that makes or changes what is here. What is read is written down first, so that what was planned is what is applied.
//!
//! Never here: the source's API (`admin` reads it), outgoing requests.

mod application;
mod decision;
mod device;
mod group;
mod item;
mod job;
mod link;
mod membership;
mod merge;
mod model;
mod person;
mod rule;
mod take;

pub use decision::Decide;
pub use item::{Batch, Count, RefuseNext, Row, Wanted, counts, insert, page, planned};
pub use job::{approve, begin, due, get, list, prune, save, secret, set_state};
pub use link::finish_reading;
pub use model::{Choices, Item, Job, Kind, Moves, State, Told, Word};
pub use take::{BATCH, PLAN_PART, Take, try_part};
