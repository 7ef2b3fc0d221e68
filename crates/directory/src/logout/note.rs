//! Notes that an application got a token in a session, in the transaction that gives it.

use muster_base::{Id, Micros};
use muster_db::Tx;

use super::store;
use crate::Result;

/// Notes it; a second token in the same session changes nothing.
///
/// # Errors
/// The database's.
pub async fn note(tx: &mut Tx, org: Id, session: Id, app: Id, user: Id, now: Micros) -> Result<()> {
    store::insert_client(tx, org, session, app, user, now).await
}
