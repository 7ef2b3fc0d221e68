//! The OpenID provider of each organization, with issuer `{base}/o/{slug}`: discovery, key set, authorization, tokens,
//! userinfo, pushed requests, revocation and sign-out.
//!
//! Here: the order in which a request is looked at, grants and their tables, which claims a token carries. What a
//! message says and how an answer is written is `muster-oauth`'s, signatures are `muster-jose`'s, who may use an
//! application is the directory's. Never here: how a person signs in (the sign-in pages at `/o/{slug}/login`), and what
//! an administrator sets up.

mod access_token;
mod acr;
mod authorize;
pub mod back_channel;
mod body;
mod claims;
mod client;
mod client_keys;
mod device;
mod discovery;
mod document;
mod error;
mod grant;
mod holder;
mod id_token_hint;
mod introspect;
mod issue;
mod jwks;
mod key_set;
mod logout;
mod organization;
mod page;
mod par;
mod protect;
mod register;
mod replay;
mod request;
mod requested_claims;
mod resource;
mod revoke;
mod router;
mod same_origin;
mod scope;
mod service_account;
mod token;
mod userinfo;

use muster_db::Migration;
use muster_directory::{Directory, Result};

pub use router::router;

/// The provider's tables.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration::new(2, "oidc", include_str!("../../../migrations/0002_oidc.sql")),
        Migration::new(4, "oidc_authorization", include_str!("../../../migrations/0004_oidc_authorization.sql")),
        Migration::new(5, "oidc_grants", include_str!("../../../migrations/0005_oidc_grants.sql")),
    ]
}

/// Removes grants, tokens and requests that have ended; for a worker. Tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let ended = grant::store::prune(directory).await? + request::store::prune(directory).await?;
    Ok(ended + muster_directory::service_account::store::prune(directory).await?)
}
