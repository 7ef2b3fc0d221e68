//! The statements on bulk jobs.

use muster_base::{Id, Micros};
use muster_db::{Tx, Work, sql};
use serde_json::Value;

use super::{Job, Outcome, Waiting};
use crate::{Directory, Error, Result, Source, Write};

/// How long a job is kept, in days.
const KEPT_DAYS: i64 = 30;
/// How many jobs of an organization go on at a time.
const OPEN_MAX: i64 = 100;

sql! {
    BULK_INSERT = "INSERT INTO bulk_jobs (org_id, id, created_at, open, doc) VALUES ($1, $2, $3, 1, $4)";
    BULK_ITEM_INSERT = "INSERT INTO bulk_items (org_id, job_id, seq, id, body, shown, status, message, updated_at) \
                        VALUES ($1, $2, $3, $4, $5, $6, 'pending', '', $7)";
    BULK_BY_ID = "SELECT doc FROM bulk_jobs WHERE org_id = $1 AND id = $2";
    BULK_NEXT = "SELECT seq, body FROM bulk_items WHERE org_id = $1 AND job_id = $2 AND status = 'pending' ORDER BY seq LIMIT 1";
    BULK_ITEM_DONE = "UPDATE bulk_items SET status = $4, message = $5, shown = $6, updated_at = $7, body = NULL \
                      WHERE org_id = $1 AND job_id = $2 AND seq = $3 AND status = 'pending'";
    BULK_CLOSE = "UPDATE bulk_jobs SET open = 0 WHERE org_id = $1 AND id = $2";
    BULK_RESULTS = "SELECT i.id, j.created_at, i.updated_at, i.status, i.message, i.shown FROM bulk_items i \
                    JOIN bulk_jobs j ON j.org_id = i.org_id AND j.id = i.job_id \
                    WHERE i.org_id = $1 AND i.job_id = $2 AND i.seq > $3 ORDER BY i.seq LIMIT $4";
    BULK_OPEN = "SELECT id FROM bulk_jobs WHERE org_id = $1 AND open = 1 ORDER BY created_at, id LIMIT 100";
    BULK_OPEN_COUNT = "SELECT COUNT(*) FROM bulk_jobs WHERE org_id = $1 AND open = 1";
    /// The worker's: whose jobs go on.
    global BULK_DUE = "SELECT DISTINCT org_id FROM bulk_jobs WHERE open = 1 ORDER BY org_id LIMIT 1000";
    global BULK_PRUNE = "DELETE FROM bulk_jobs WHERE open = 0 AND created_at < $1";
}

fn purpose(org: Id, job: Id, seq: i64) -> String {
    format!("bulk.body:{org}:{job}:{seq}")
}

struct Begin {
    job: Job,
    now: Micros,
    items: Vec<(Id, Vec<u8>, String)>,
}

impl Work for Begin {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let (org, id) = (&self.job.org, &self.job.id);
        let open: Option<(i64,)> = tx.first(&BULK_OPEN_COUNT, &[org.into()]).await?;
        if open.is_some_and(|(count,)| count >= OPEN_MAX) {
            return Err(Error::Limit(format!("{OPEN_MAX} jobs are not done yet: wait until one is")));
        }
        let doc = serde_json::to_string(&self.job).unwrap_or_default();
        tx.exec(&BULK_INSERT, &[org.into(), id.into(), self.now.into(), doc.into()]).await?;
        for (seq, (item, body, shown)) in (1_i64..).zip(&self.items) {
            let params =
                [org.into(), id.into(), seq.into(), item.into(), body.into(), shown.as_str().into(), self.now.into()];
            tx.exec(&BULK_ITEM_INSERT, &params).await?;
        }
        Ok(())
    }
}

/// Begins a job: each body with what its result shows of it.
///
/// # Errors
/// [`Error::Limit`] and the database's.
pub async fn begin(directory: &Directory, job: Job, bodies: Vec<(Value, Value)>) -> Result<()> {
    let (env, keyring) = (directory.env(), directory.keyring());
    let sealed = |(seq, (body, shown)): (i64, (Value, Value))| {
        let body = keyring.seal(&purpose(job.org, job.id, seq), body.to_string().as_bytes(), &env.rng);
        (env.id(), body, shown.to_string())
    };
    let items = (1_i64..).zip(bodies).map(sealed).collect();
    directory.work(Begin { now: env.clock.now(), job, items }).await
}

/// A job of an organization.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Job> {
    let row: Option<(String,)> = s.first(&BULK_BY_ID, &[(&org).into(), (&id).into()]).await?;
    let (doc,) = row.ok_or(Error::Missing("bulk job"))?;
    serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("bulk_jobs.doc: {e}")))
}

/// The next person of a job.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open the body.
pub async fn next(directory: &Directory, job: &Job) -> Result<Option<Waiting>> {
    let row: Option<(i64, Option<Vec<u8>>)> =
        directory.db().first(&BULK_NEXT, &[(&job.org).into(), (&job.id).into()]).await?;
    let Some((seq, Some(sealed))) = row else { return Ok(None) };
    let plain = directory.keyring().open(&purpose(job.org, job.id, seq), &sealed);
    let plain = plain.map_err(|e| Error::Internal(e.to_string()))?;
    let body = serde_json::from_slice(&plain).map_err(|e| Error::Internal(format!("bulk_items.body: {e}")))?;
    Ok(Some(Waiting { seq, body }))
}

/// Notes with the change itself that a person is done. Nothing is done twice.
///
/// # Errors
/// [`Error::Stale`] when it was done already.
pub async fn finished(w: &mut Write<'_>, job: Id, seq: i64, shown: &Value) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let shown = shown.to_string();
    let params = [(&org).into(), (&job).into(), seq.into(), "finished".into(), "".into(), shown.into(), now.into()];
    if w.exec(&BULK_ITEM_DONE, &params).await? == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Notes that a person could not be done, and why.
///
/// # Errors
/// The database's.
pub async fn failed(directory: &Directory, job: &Job, seq: i64, message: &str, shown: &Value) -> Result<()> {
    let now = directory.env().clock.now();
    let params = [
        (&job.org).into(),
        (&job.id).into(),
        seq.into(),
        "failed".into(),
        message.into(),
        shown.to_string().into(),
        now.into(),
    ];
    directory.db().exec(&BULK_ITEM_DONE, &params).await?;
    Ok(())
}

/// Notes that nothing of a job is left.
///
/// # Errors
/// The database's.
pub async fn close(directory: &Directory, job: &Job) -> Result<()> {
    directory.db().exec(&BULK_CLOSE, &[(&job.org).into(), (&job.id).into()]).await?;
    Ok(())
}

/// What became of the people of a job, after the first so many.
///
/// # Errors
/// The database's.
pub async fn results(s: &mut impl Source, (org, job): (Id, Id), skip: i64, limit: i64) -> Result<Vec<Outcome>> {
    type Raw = (Id, Micros, Micros, String, String, String);
    let params = [(&org).into(), (&job).into(), skip.into(), limit.into()];
    let rows: Vec<Raw> = s.all(&BULK_RESULTS, &params).await?;
    let read = |(id, created_at, updated_at, status, message, shown): Raw| Outcome {
        id,
        created_at,
        updated_at,
        status,
        message,
        shown: serde_json::from_str(&shown).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The organizations whose jobs go on.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = directory.db().all(&BULK_DUE, &[]).await?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

/// The jobs of an organization that go on, the oldest first.
///
/// # Errors
/// The database's.
pub async fn open(directory: &Directory, org: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = directory.db().all(&BULK_OPEN, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Removes jobs that ended long ago.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    let before = Micros(directory.env().clock.now().0 - KEPT_DAYS * 86_400_000_000);
    directory.db().exec(&BULK_PRUNE, &[before.into()]).await?;
    Ok(())
}
