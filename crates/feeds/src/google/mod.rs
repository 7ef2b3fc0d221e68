//! Google Workspace: the Directory API with a service account that acts for an administrator of the domain. Read-only.

mod api;
#[cfg(any(test, fuzzing))]
pub mod hostile;
mod key;
mod model;
mod read;

pub use read::{read, test};
