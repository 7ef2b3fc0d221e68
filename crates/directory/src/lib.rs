//! The directory: organizations, administrators, people, groups, applications, identity providers, routing policies,
//! sessions and the change log. The only writer of their tables.
//!
//! A folder per noun, a file per verb. `model.rs` is pure; `store.rs` is the only place with SQL. Every change goes
//! through [`Directory::write`], which locks the organization, runs one [`Verb`], derives what follows from the
//! changes it logged ([`derive`]) and commits them together.
//!
//! Never here: HTTP, a protocol's messages, outgoing requests.

pub mod actor;
pub mod administrator;
pub mod application;
mod as_of;
pub mod attention;
pub mod attribute;
pub mod bulk;
pub mod carried;
pub mod change;
mod commits;
pub mod consent;
mod derive;
pub mod derived_administrator;
pub mod device;
pub mod directory_provider;
mod document;
pub mod error;
pub mod event;
pub mod fed_group;
pub mod fed_user;
pub mod feed;
pub mod flow;
pub mod group;
pub mod identity_provider;
pub mod key;
pub mod listing;
pub mod logout;
pub mod mail;
pub mod migration;
mod open;
pub mod organization;
pub mod password;
pub mod provision;
pub mod registration;
pub mod routing;
pub mod saml_key;
pub mod saml_message;
pub mod saml_session;
pub mod saml_source;
pub mod saml_sso;
pub mod saml_test;
pub mod scheduled_state;
pub mod service_account;
pub mod session;
pub mod setup;
pub mod source;
pub mod standing;
pub mod trace;
pub mod user;
mod write;

pub use actor::Actor;
pub use commits::Commits;
pub use error::{Error, FieldError, Result};
pub use open::{Directory, has_master_key, known_public_url, migrations, remember_public_url};
pub use source::Source;
pub use trace::{Step, Trace};
pub use write::{Tried, Verb, Write};
