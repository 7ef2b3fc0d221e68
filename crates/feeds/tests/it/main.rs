//! Directories that we read, in process, on both engines: OpenLDAP's own server on loopback, and a server that answers as
//! Google documents it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod decisions;
mod google;
mod google_server;
mod hostile;
mod ldap;
mod ldap_server;
mod leavers;
mod parts;
mod roles;
mod runs;
mod several;
mod slapd;
mod structure;
mod world;
