//! The statements on kept exchanges.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, Work, sql};

use super::{Content, Exchange, KEPT_MAX, KEPT_S, Part};
use crate::{Directory, Error, Result, Write, application, user};

sql! {
    SAML_MESSAGE_PUT = "INSERT INTO saml_messages (org_id, id, app_id, user_id, at, sealed) VALUES ($1, $2, $3, $4, $5, $6) \
                        ON CONFLICT (org_id, id) DO UPDATE SET user_id = $4, at = $5, sealed = $6";
    SAML_MESSAGE_TRIM = "DELETE FROM saml_messages WHERE org_id = $1 AND app_id = $2 AND id NOT IN \
                         (SELECT id FROM saml_messages WHERE org_id = $1 AND app_id = $2 ORDER BY at DESC, id DESC LIMIT $3)";
    SAML_MESSAGES = "SELECT id, user_id, at, sealed FROM saml_messages WHERE org_id = $1 AND app_id = $2 AND at > $3 ORDER BY at DESC, id DESC";
    SAML_MESSAGE = "SELECT id, user_id, at, sealed FROM saml_messages WHERE org_id = $1 AND app_id = $2 AND id = $3 AND at > $4";
    SAML_MESSAGES_OF_USER_DELETE = "DELETE FROM saml_messages WHERE org_id = $1 AND user_id = $2";
    global SAML_MESSAGES_PRUNE = "DELETE FROM saml_messages WHERE at < $1";
}

struct Kept {
    id: Id,
    user: Option<Id>,
    at: Micros,
    sealed: Vec<u8>,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { id: row.id(0)?, user: row.opt_id(1)?, at: row.micros(2)?, sealed: row.bytes(3)? })
    }
}

fn purpose(org: Id, id: Id) -> String {
    format!("saml_message:{org}:{id}")
}

/// Writes what was noted on this node. What cannot be written is given up.
///
/// # Errors
/// The database's.
pub async fn flush(directory: &Directory) -> Result<()> {
    let mut waiting = directory.saml_messages().take();
    for one in &mut waiting {
        one.content.parts = std::mem::take(&mut one.content.parts).into_iter().map(Part::unsigned).collect();
    }
    let mut failed = Ok(());
    while let Some(first) = waiting.first() {
        let of = (first.org, first.app);
        let (now, rest) = waiting.into_iter().partition(|one| (one.org, one.app) == of);
        waiting = rest;
        let put = Put { directory: directory.clone(), org: of.0, app: of.1, exchanges: now };
        failed = directory.db().write(put).await.and(failed);
    }
    failed
}

/// The exchanges of one application.
struct Put {
    directory: Directory,
    org: Id,
    app: Id,
    exchanges: Vec<Exchange>,
}

impl Work for Put {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        // Whatever was removed meanwhile leaves nothing behind.
        if application::store::by_id(tx, self.org, self.app).await?.is_none() {
            return Ok(());
        }
        for one in &self.exchanges {
            if let Some(person) = one.user
                && user::store::by_id(tx, self.org, person).await?.is_none()
            {
                continue;
            }
            let plain = serde_json::to_vec(&one.content).map_err(|e| Error::Internal(e.to_string()))?;
            let sealed = self.directory.keyring().seal(&purpose(self.org, one.id), &plain, &self.directory.env().rng);
            let params = [
                (&self.org).into(),
                (&one.id).into(),
                (&self.app).into(),
                one.user.as_ref().into(),
                one.at.into(),
                sealed.into(),
            ];
            tx.exec(&SAML_MESSAGE_PUT, &params).await?;
        }
        let most = i64::try_from(KEPT_MAX).unwrap_or(i64::MAX);
        tx.exec(&SAML_MESSAGE_TRIM, &[(&self.org).into(), (&self.app).into(), most.into()]).await?;
        Ok(())
    }
}

fn open(directory: &Directory, org: Id, app: Id, row: Kept) -> Result<Exchange> {
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("SAML message {}: {e}", row.id));
    let plain = directory.keyring().open(&purpose(org, row.id), &row.sealed).map_err(|e| failed(&e))?;
    let content: Content = serde_json::from_slice(&plain).map_err(|e| failed(&e))?;
    Ok(Exchange { org, id: row.id, app, user: row.user, at: row.at, content })
}

/// The last exchanges of an application, the newest first; those of this node up to now.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open one.
pub async fn list(directory: &Directory, org: Id, app: Id) -> Result<Vec<Exchange>> {
    flush(directory).await?;
    let oldest = directory.env().clock.now().minus_s(KEPT_S);
    let rows: Vec<Kept> = directory.db().all(&SAML_MESSAGES, &[(&org).into(), (&app).into(), oldest.into()]).await?;
    rows.into_iter().map(|row| open(directory, org, app, row)).collect()
}

/// One of them.
///
/// # Errors
/// [`Error::Missing`], and as [`list`].
pub async fn get(directory: &Directory, org: Id, app: Id, id: Id) -> Result<Exchange> {
    flush(directory).await?;
    let oldest = directory.env().clock.now().minus_s(KEPT_S);
    let params = [(&org).into(), (&app).into(), (&id).into(), oldest.into()];
    let row: Option<Kept> = directory.db().first(&SAML_MESSAGE, &params).await?;
    open(directory, org, app, row.ok_or(Error::Missing("message"))?)
}

/// Removes what was kept of a person who is removed.
///
/// # Errors
/// The database's.
pub async fn of_user_delete(w: &mut Write<'_>, user: Id) -> Result<()> {
    let org = w.org();
    w.exec(&SAML_MESSAGES_OF_USER_DELETE, &[(&org).into(), (&user).into()]).await?;
    Ok(())
}

/// Removes what is older than it is kept; for a worker. Tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let before = directory.env().clock.now().minus_s(KEPT_S);
    Ok(directory.db().exec(&SAML_MESSAGES_PRUNE, &[before.into()]).await?)
}
