//! SCIM 1.1 and 2.0 as values in, values out: what a message says, whether it may say that, how the answer is written,
//! and what to send next.
//!
//! Both sides are here: the service provider's ([`schema`], [`message`], [`filter`], [`patch`], [`server`]) and the
//! client's ([`mapping`], [`plan`], [`reconcile`], [`receiver`]). RFC 7642 to 7644 and 9865, and the habits of
//! Entra ID, Okta, OneLogin, Google and JumpCloud. Reading is tolerant where senders are known to differ; writing is
//! strict.
//!
//! Never here: I/O, clocks or randomness (times and jitter are passed in), storage, and who the people are. Nothing here
//! panics on input; what is read is bounded by [`limits`].

#![forbid(unsafe_code)]

pub mod error;
pub mod filter;
pub mod limits;
pub mod mapping;
pub mod message;
pub mod patch;
pub mod path;
pub mod plan;
pub mod receiver;
pub mod reconcile;
pub mod resource;
pub mod schema;
pub mod server;
pub mod urn;
pub mod version;

pub use error::{Error, ScimType};
pub use filter::Filter;
pub use message::{ListResponse, Op, Operation, PatchOp};
pub use path::AttributePath;
pub use resource::{Reading, Resource, Unknown};
pub use schema::Definition;
pub use version::Version;
