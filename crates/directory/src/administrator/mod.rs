//! Administrators: principals of their own, with an e-mail that is unique over the installation. They reach the
//! organizations they were given, and all of their provider's.

pub mod api_key;
pub mod create;
pub mod grant;
pub mod model;
pub mod store;
pub mod update;

pub use model::Administrator;
