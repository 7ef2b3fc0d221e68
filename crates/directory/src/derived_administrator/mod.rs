//! People who are administrators because a directory's group says so: a fact that is derived from the mappings of directory
//! providers, the groups that they push and the people whom they feed. Nothing else makes, changes or removes one.

pub(crate) mod derive;
pub mod model;
mod read;
pub mod store;
pub mod verify;

pub use derive::{Moves, moves};
