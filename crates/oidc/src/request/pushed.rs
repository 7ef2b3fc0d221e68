//! Keeps a pushed request under a random name (RFC 9126 section 2.2), in the database, so that any node finds it.

use muster_base::{Id, Secret};
use muster_directory::{Directory, Result};
use muster_oauth::Params;
use muster_oauth::par::{self, Pushed};

use super::store;

/// How long a pushed request waits, in seconds: the browser is sent on at once.
pub const TTL_S: i64 = 90;

/// Keeps the request for its client.
///
/// # Errors
/// The database's.
pub async fn push(directory: &Directory, org: Id, app: Id, request: &Params) -> Result<Pushed> {
    let reference = directory.env().secret();
    let expires_at = directory.env().clock.now().plus_s(TTL_S);
    store::insert(directory, org, app, reference.digest(), &request.to_query(), expires_at).await?;
    Ok(Pushed { request_uri: par::request_uri(reference.expose()), expires_in: TTL_S })
}

/// The request of this client behind a reference; `None` when it is unknown, used, expired, or another client's, who
/// cannot use it up either.
///
/// # Errors
/// The database's.
pub async fn take(directory: &Directory, org: Id, app: Id, reference: &str) -> Result<Option<Params>> {
    let request = store::take(directory, org, app, Secret::new(reference).digest()).await?;
    Ok(request.and_then(|request| Params::parse(&request).ok()))
}
