//! Requests that were answered with an assertion: each is answered once. One statement, so that of two at once, also on two
//! nodes, one is the first; and since the database keeps it, a restart forgets nothing.

use muster_base::{Id, Micros, digest};
use muster_db::{Tx, sql};
use muster_directory::flow::FLOW_TTL_S;
use muster_directory::saml_sso::MAX_AGE_S;
use muster_directory::{Directory, Result};

sql! {
    SAML_REQUEST_TAKE = "INSERT INTO saml_requests (org_id, app_id, digest, expires_at) VALUES ($1, $2, $3, $4) \
                         ON CONFLICT (org_id, app_id, digest) DO NOTHING";
    global SAML_REQUEST_PRUNE = "DELETE FROM saml_requests WHERE expires_at < $1";
}

/// For how long a request is remembered, in seconds: longer than it may wait for a sign-in and be accepted.
const MEMORY_S: i64 = 2 * (FLOW_TTL_S + MAX_AGE_S);

/// Whether this is the first time that the application's request of this identifier is answered.
///
/// # Errors
/// The database's.
pub async fn first(tx: &mut Tx, org: Id, app: Id, request: &str, now: Micros) -> Result<bool> {
    let until = now.plus_s(MEMORY_S);
    let params = [(&org).into(), (&app).into(), digest(request.as_bytes()).into(), until.into()];
    Ok(tx.exec(&SAML_REQUEST_TAKE, &params).await? == 1)
}

/// Forgets what nobody accepts any more; for a worker. Tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    Ok(directory.db().exec(&SAML_REQUEST_PRUNE, &[now.into()]).await?)
}
