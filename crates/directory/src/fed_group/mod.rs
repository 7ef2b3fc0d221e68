//! Groups that a directory keeps here: static groups of people like others, whose name and members only it changes.

pub mod drop_group;
pub mod guard;
pub mod members;
pub mod model;
pub mod push;
pub mod store;

pub use model::{FedGroup, MemberStep};
