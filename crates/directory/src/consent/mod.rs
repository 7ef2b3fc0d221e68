//! What a person allowed an application of somebody else to learn and do. Never here: the page that asks.

pub mod give;
pub mod model;
pub mod revoke;
pub mod store;

pub use model::{Allowed, Consent};
