//! Mail as an outbox: a message is written in the transaction that makes it necessary, and sent afterwards by a worker
//! (SMTP), caught (`/_dev/mail`), or handed to the administrator where no mail is configured. It holds a link that signs
//! in, so it is encrypted at rest.

pub mod message;

use muster_base::{Id, Micros};
use muster_db::sql;
use serde::{Deserialize, Serialize};

use crate::{Directory, Error, Result, Write};

pub use message::Message;

sql! {
    MAIL_INSERT = "INSERT INTO mail (org_id, id, user_id, sealed, created_at, next_at, attempts) VALUES ($1, $2, $3, $4, $5, $5, 0)";
    /// What is due, over all organizations: the worker's.
    global MAIL_DUE = "SELECT org_id, id, sealed, attempts, created_at FROM mail WHERE sent_at IS NULL AND next_at <= $1 ORDER BY next_at LIMIT 50";
    global MAIL_WAITS = "SELECT id FROM mail WHERE sent_at IS NULL AND next_at <= $1 LIMIT 1";
    global MAIL_RECENT = "SELECT org_id, id, sealed, attempts, created_at FROM mail ORDER BY created_at DESC, id DESC LIMIT 100";
    MAIL_LATEST = "SELECT org_id, id, sealed, attempts, created_at FROM mail WHERE org_id = $1 AND user_id = $2 AND sent_at IS NULL ORDER BY id DESC LIMIT 1";
    MAIL_SENT = "UPDATE mail SET sent_at = $3, error = NULL WHERE org_id = $1 AND id = $2";
    MAIL_FAILED = "UPDATE mail SET attempts = attempts + 1, next_at = $3, error = $4 WHERE org_id = $1 AND id = $2";
    MAIL_DROP_UNSENT = "DELETE FROM mail WHERE org_id = $1 AND user_id = $2 AND sent_at IS NULL";
    global MAIL_PRUNE = "DELETE FROM mail WHERE created_at < $1";
}

/// A message in the outbox.
#[derive(Clone, Debug)]
pub struct Queued {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The message.
    pub message: Message,
    /// How often sending failed.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Micros,
}

/// What is encrypted.
#[derive(Serialize, Deserialize)]
struct Sealed {
    message: Message,
}

fn purpose(org: Id, id: Id) -> String {
    format!("mail:{org}:{id}")
}

/// Drops what waits for a person: its links work no more.
pub(crate) async fn drop_unsent(w: &mut Write<'_>, user: Id) -> Result<()> {
    let org = w.org();
    w.exec(&MAIL_DROP_UNSENT, &[(&org).into(), (&user).into()]).await?;
    Ok(())
}

/// Puts a message into the outbox.
pub(crate) async fn queue(w: &mut Write<'_>, user: Id, message: &Message) -> Result<()> {
    let (org, id, now) = (w.org(), w.env().id(), w.now());
    let plain = serde_json::to_vec(&Sealed { message: message.clone() }).map_err(|e| Error::Internal(e.to_string()))?;
    let sealed = w.keyring().seal(&purpose(org, id), &plain, &w.env().rng);
    w.exec(&MAIL_INSERT, &[(&org).into(), (&id).into(), (&user).into(), sealed.into(), now.into()]).await?;
    Ok(())
}

type Row = (Id, Id, Vec<u8>, i64, Micros);

fn open(directory: &Directory, (org, id, sealed, attempts, created_at): Row) -> Result<Queued> {
    let plain = directory.keyring().open(&purpose(org, id), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let sealed: Sealed = serde_json::from_slice(&plain).map_err(|e| Error::Internal(format!("mail: {e}")))?;
    Ok(Queued { org, id, message: sealed.message, attempts, created_at })
}

/// Whether anything is due now: cheaper than reading it.
///
/// # Errors
/// The database's.
pub async fn waits(directory: &Directory) -> Result<bool> {
    let now = directory.env().clock.now();
    Ok(directory.db().first::<(Id,)>(&MAIL_WAITS, &[now.into()]).await?.is_some())
}

/// What is to be sent now, at most 50. One that does not open is noted as failed, and holds up no other.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory) -> Result<Vec<Queued>> {
    let now = directory.env().clock.now();
    let rows: Vec<Row> = directory.read().all(&MAIL_DUE, &[now.into()]).await?;
    let mut out = Vec::new();
    for row in rows {
        let (org, id, _, attempts, _) = row;
        match open(directory, row) {
            Ok(queued) => out.push(queued),
            Err(error) => {
                let reason = error.private().unwrap_or("does not open").to_owned();
                tracing::error!(%org, %id, reason, "a mail in the outbox cannot be read");
                postpone(directory, org, id, attempts, &reason).await?;
            }
        }
    }
    Ok(out)
}

/// The last 100 messages that open, the newest first: for `/_dev/mail`.
///
/// # Errors
/// As [`due`].
pub async fn recent(directory: &Directory) -> Result<Vec<Queued>> {
    let rows: Vec<Row> = directory.read().all(&MAIL_RECENT, &[]).await?;
    Ok(rows.into_iter().filter_map(|row| open(directory, row).ok()).collect())
}

/// Takes a person's last unsent message out of the outbox, to show its link to the administrator once.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn hand_over(directory: &Directory, org: Id, user: Id) -> Result<Option<Message>> {
    let row: Option<Row> = directory.read().first(&MAIL_LATEST, &[(&org).into(), (&user).into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let queued = open(directory, row)?;
    sent(directory, &queued).await?;
    Ok(Some(queued.message))
}

/// Notes that a message went out.
///
/// # Errors
/// The database's.
pub async fn sent(directory: &Directory, queued: &Queued) -> Result<()> {
    let now = directory.env().clock.now();
    directory.db().exec(&MAIL_SENT, &[(&queued.org).into(), (&queued.id).into(), now.into()]).await?;
    Ok(())
}

/// Notes that sending failed; the next try comes later each time, at most an hour.
///
/// # Errors
/// The database's.
pub async fn failed(directory: &Directory, queued: &Queued, reason: &str) -> Result<()> {
    postpone(directory, queued.org, queued.id, queued.attempts, reason).await
}

async fn postpone(directory: &Directory, org: Id, id: Id, attempts: i64, reason: &str) -> Result<()> {
    let wait_s = (15_i64 << attempts.clamp(0, 8)).min(3600);
    let next = directory.env().clock.now().plus_s(wait_s);
    let reason: String = reason.chars().take(500).collect();
    let params = [(&org).into(), (&id).into(), next.into(), reason.into()];
    directory.db().exec(&MAIL_FAILED, &params).await?;
    Ok(())
}

/// Removes messages older than 30 days, sent or not: their links are long dead.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let before = directory.env().clock.now().minus_s(30 * 86_400);
    Ok(directory.db().exec(&MAIL_PRUNE, &[before.into()]).await?)
}
