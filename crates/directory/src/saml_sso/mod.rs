//! A sign-in by SAML as a decision: whether a request is accepted and where its answer goes, whether what it asks for can be
//! given, and what is said about the person. Pure functions of loaded values that return their trace, so that the provider
//! and an administrator's test decide by the same code. Never here: messages on the wire, sessions, HTTP.

pub mod about;
pub mod fit;
mod groups;
pub mod request;

pub use groups::groups;
pub use request::{Arrived, Asked, Parties, Refused, judge};

/// How old a request may be when it arrives, in seconds.
pub const MAX_AGE_S: i64 = 300;
/// How far clocks may differ, in seconds.
pub const SKEW_S: i64 = 120;
/// How long an assertion may be delivered, in seconds.
pub const ASSERTION_TTL_S: i64 = 300;
/// How far the service provider's clock may be behind ours, in seconds.
pub const EARLIER_S: i64 = 60;
