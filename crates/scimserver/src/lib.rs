//! The SCIM 2.0 service provider (RFC 7643, 7644, 9865): other directories feed an organization, each at an address of its
//! own, `{base}/scim/v2/{directory provider}`, with a bearer token.
//!
//! Here: who asks, which address means what, how a SCIM resource becomes what the directory keeps and the reverse. What a
//! message says, filters and PATCH are `muster-scim`'s; what follows for people and groups is the directory's. Never here:
//! SQL, and what an administrator sets up.

mod answer;
mod bulk;
mod caller;
mod group;
mod list;
mod router;
mod schema;
mod search;
mod seen;
mod service;
mod user;

pub use router::{router, router_within};
