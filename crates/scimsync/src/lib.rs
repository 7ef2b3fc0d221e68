//! Accounts out to applications, by SCIM: one reconciler per target brings what is there to what should be there. What to
//! send is decided by `muster-scim`, what is known is kept by the directory's `provision`; here are the calls, and the
//! order in which things are written down, so that nothing is made twice or lost whatever dies in between.
//!
//! Never here: SQL, the protocol's messages, a route.

mod client;
mod drift;
mod drive;
mod gate;
mod group;
mod groupless;
mod held;
mod import;
mod members;
mod order;
mod preview;
mod progress;
mod provisioner;
mod reading;
mod supply;
mod survey;
mod target;
mod test;
mod token;
mod user;
mod window;

pub use provisioner::{Provisioner, Round, With};
