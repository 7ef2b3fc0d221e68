//! The SAML identity provider of each organization, one set of addresses for each application:
//! `{base}/o/{slug}/saml/{application}/` with `metadata`, `sso` and `slo`.
//!
//! Here: the order in which a request is looked at, its signing keys, what an assertion says about a person. What a message
//! says, signatures and encryption are `muster-saml`'s, who may use an application is the directory's. Never here: how a
//! person signs in (the sign-in pages at `/o/{slug}/login`), and what an administrator sets up.

mod answer;
mod kept;
mod logout;
mod metadata;
mod name;
mod page;
mod replay;
mod router;
mod sso;
mod visit;

use muster_db::Migration;

pub use replay::prune;
pub use router::router;

/// The provider's tables.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    vec![Migration::new(31, "samlidp", include_str!("../../../migrations/0031_samlidp.sql"))]
}
