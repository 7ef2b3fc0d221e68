//! People. JumpCloud calls them system users; the API keeps its names.

pub mod column;
pub mod create;
pub mod delete;
pub mod import;
pub(crate) mod invite;
pub mod lockout;
pub mod model;
pub mod profile;
pub mod resolve;
pub mod set_password;
pub mod state;
pub mod store;
pub mod token;
pub mod update;

pub use model::{Authority, PasswordStatus, SELF_WRITABLE, State, User};
pub use profile::Profile;
