//! Google Workspace: the Directory API with a service account that acts for an administrator of the domain. Read-only.

mod api;
mod key;
mod model;
mod read;

pub use read::{read, test};
