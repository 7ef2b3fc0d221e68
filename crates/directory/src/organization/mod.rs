//! Organizations (tenants) and the providers (MSPs) that hold several.

pub mod create;
pub mod model;
pub mod provider;
pub mod refurnish;
pub mod settings;
pub mod store;
pub mod update;

pub use model::Organization;
pub use settings::{GroupChanges, PasswordPolicy, Settings};
