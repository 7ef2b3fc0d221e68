//! The statements on pushed requests and on the names of signed ones.

use muster_base::{Digest, Id, Micros};
use muster_db::{Tx, Work, sql};
use muster_directory::{Directory, Error, Result};

/// How many rows one transaction removes at most.
const PRUNE_BATCH: u64 = 1000;

sql! {
    PUSHED_INSERT = "INSERT INTO oidc_pushed_requests (org_id, digest, app_id, request, expires_at) VALUES ($1, $2, $3, $4, $5)";
    /// Of two at once, one removes the row.
    PUSHED_TAKE = "DELETE FROM oidc_pushed_requests WHERE org_id = $1 AND digest = $2 AND app_id = $3 AND expires_at > $4 RETURNING request";
    /// Of two at once, one inserts the row.
    OBJECT_SEEN = "INSERT INTO oidc_request_objects (org_id, app_id, digest, expires_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (org_id, app_id, digest) DO NOTHING";
    global PUSHED_PRUNE = "DELETE FROM oidc_pushed_requests WHERE (org_id, digest) IN \
                           (SELECT org_id, digest FROM oidc_pushed_requests WHERE expires_at < $1 LIMIT 1000)";
    global OBJECTS_PRUNE = "DELETE FROM oidc_request_objects WHERE (org_id, app_id, digest) IN \
                            (SELECT org_id, app_id, digest FROM oidc_request_objects WHERE expires_at < $1 LIMIT 1000)";
}

pub(super) async fn insert(
    directory: &Directory,
    org: Id,
    app: Id,
    reference: Digest,
    request: &str,
    expires_at: Micros,
) -> Result<()> {
    let params = [(&org).into(), (&reference).into(), (&app).into(), request.into(), expires_at.into()];
    directory.db().exec(&PUSHED_INSERT, &params).await?;
    Ok(())
}

/// The request behind a reference, once: of two at once, on whatever nodes, one gets it.
pub(super) async fn take(directory: &Directory, org: Id, app: Id, reference: Digest) -> Result<Option<String>> {
    directory.db().write(Take { org, app, reference, now: directory.env().clock.now() }).await
}

struct Take {
    org: Id,
    app: Id,
    reference: Digest,
    now: Micros,
}

impl Work for Take {
    type Out = Option<String>;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out> {
        let params = [(&self.org).into(), (&self.reference).into(), (&self.app).into(), self.now.into()];
        Ok(tx.first::<(String,)>(&PUSHED_TAKE, &params).await?.map(|(request,)| request))
    }
}

/// Notes the name of a signed request; false when it was there.
pub(super) async fn first_seen(directory: &Directory, org: Id, app: Id, name: Digest, until: Micros) -> Result<bool> {
    let params = [(&org).into(), (&app).into(), (&name).into(), until.into()];
    Ok(directory.db().exec(&OBJECT_SEEN, &params).await? == 1)
}

/// Removes what has ended, in transactions of a bounded size; tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    let mut removed = 0;
    for statement in [&PUSHED_PRUNE, &OBJECTS_PRUNE] {
        loop {
            let rows = directory.db().exec(statement, &[now.into()]).await?;
            removed += rows;
            if rows < PRUNE_BATCH {
                break;
            }
        }
    }
    Ok(removed)
}
