//! Directory providers: other directories that feed this organization by SCIM, each at an address of its own with bearer
//! tokens. Whom and what they feed is in [`crate::fed_user`] and [`crate::fed_group`].

pub mod create;
pub mod delete;
pub mod mapping;
pub mod model;
mod roles;
pub mod store;
pub mod token;
pub mod update;

pub use model::{DirectoryProvider, Matching, ProviderType, RoleMapping};
