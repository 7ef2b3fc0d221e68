//! What applications are told when a session ends. An application that got a token in a session is noted ([`note`]); the
//! change log says what ended ([`collect`]), which becomes notices; a worker delivers them ([`deliver`]) until each is
//! done or given up. The list is in the database from the first commit on, so nothing is lost when a node dies.
//!
//! Never here: what a notice looks like on its way, and sending it.

pub mod collect;
pub mod deliver;
pub mod front;
pub mod model;
pub mod note;
pub mod store;

pub use model::{Notice, State};
