//! The statements on migrations and the key of their source.

use muster_base::{Id, Micros, Secret};
use muster_db::sql;

use super::model::{Job, State};
use crate::{Directory, Error, Result, Source};

/// Migrations that a list shows.
const LIST_MAX: i64 = 50;
/// How long one that ended is kept, in days. What it linked stays.
const KEPT_DAYS: i64 = 90;

sql! {
    MIGRATION_INSERT = "INSERT INTO migration_jobs (org_id, id, created_at, state, doc, secret) \
                        SELECT $1, $2, CAST($3 AS BIGINT), $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM migration_jobs \
                        WHERE org_id = $1 AND state IN ('reading', 'planning', 'applying'))";
    MIGRATION_SAVE = "UPDATE migration_jobs SET doc = $3 WHERE org_id = $1 AND id = $2";
    /// The key is there only while the source is being read.
    MIGRATION_STATE = "UPDATE migration_jobs SET state = $3, secret = NULL WHERE org_id = $1 AND id = $2 AND state = $4";
    MIGRATION_APPROVE = "UPDATE migration_jobs SET state = 'applying', doc = $3 WHERE org_id = $1 AND id = $2 AND state = 'planned' \
                         AND NOT EXISTS (SELECT 1 FROM migration_jobs o WHERE o.org_id = $1 AND o.state IN ('reading', 'planning', 'applying'))";
    MIGRATION_BY_ID = "SELECT state, doc FROM migration_jobs WHERE org_id = $1 AND id = $2";
    MIGRATION_ALL = "SELECT state, doc FROM migration_jobs WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
    MIGRATION_SECRET = "SELECT secret FROM migration_jobs WHERE org_id = $1 AND id = $2";
    /// The worker's: migrations that go on.
    global MIGRATION_DUE = "SELECT org_id, id FROM migration_jobs WHERE state IN ('reading', 'planning', 'applying') \
                            ORDER BY created_at LIMIT 100";
    global MIGRATION_PRUNE = "DELETE FROM migration_jobs WHERE created_at < $1 AND state IN ('planned', 'done', 'failed', 'cancelled')";
}

fn purpose(org: Id, id: Id) -> String {
    format!("migration.secret:{org}:{id}")
}

fn read((state, doc): (String, String)) -> Result<Job> {
    let wrong = |what: String| Error::Internal(format!("migration_jobs: {what}"));
    let mut job: Job = serde_json::from_str(&doc).map_err(|e| wrong(e.to_string()))?;
    job.state = State::from_word(&state).ok_or_else(|| wrong(state))?;
    Ok(job)
}

/// Begins a migration.
///
/// # Errors
/// [`Error::Conflict`] while another one of the organization goes on.
pub async fn begin(directory: &Directory, job: &Job, key: &Secret) -> Result<()> {
    let sealed = directory.keyring().seal(&purpose(job.org, job.id), key.expose().as_bytes(), &directory.env().rng);
    let params = [
        (&job.org).into(),
        (&job.id).into(),
        job.created_at.into(),
        job.state.word().into(),
        text(job).into(),
        sealed.into(),
    ];
    if directory.db().exec(&MIGRATION_INSERT, &params).await? == 0 {
        return Err(Error::Conflict("another migration goes on: wait for its end, or cancel it".into()));
    }
    Ok(())
}

fn text(job: &Job) -> String {
    serde_json::to_string(job).unwrap_or_default()
}

/// Writes down how far a migration is; not its state.
///
/// # Errors
/// The database's.
pub async fn save(directory: &Directory, job: &Job) -> Result<()> {
    directory.db().exec(&MIGRATION_SAVE, &[(&job.org).into(), (&job.id).into(), text(job).into()]).await?;
    Ok(())
}

/// Moves a migration from the state it is in to another; false where it is in another already.
///
/// # Errors
/// The database's.
pub async fn set_state(directory: &Directory, job: &mut Job, state: State) -> Result<bool> {
    let params = [(&job.org).into(), (&job.id).into(), state.word().into(), job.state.word().into()];
    let moved = directory.db().exec(&MIGRATION_STATE, &params).await? == 1;
    if moved {
        job.state = state;
    }
    Ok(moved)
}

/// Lets a plan be carried out, as it is written in `job` now; false where it does not wait for that, or another one goes on.
///
/// # Errors
/// The database's.
pub async fn approve(directory: &Directory, job: &mut Job) -> Result<bool> {
    let params = [(&job.org).into(), (&job.id).into(), text(job).into()];
    let approved = directory.db().exec(&MIGRATION_APPROVE, &params).await? == 1;
    if approved {
        job.state = State::Applying;
        directory.wake();
    }
    Ok(approved)
}

/// A migration of an organization.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Job> {
    let row: Option<(String, String)> = s.first(&MIGRATION_BY_ID, &[(&org).into(), (&id).into()]).await?;
    read(row.ok_or(Error::Missing("migration"))?)
}

/// The last migrations of an organization, the youngest first.
///
/// # Errors
/// The database's.
pub async fn list(s: &mut impl Source, org: Id) -> Result<Vec<Job>> {
    let rows: Vec<(String, String)> = s.all(&MIGRATION_ALL, &[(&org).into(), LIST_MAX.into()]).await?;
    rows.into_iter().map(read).collect()
}

/// The key of the source, while it is needed.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open it.
pub async fn secret(directory: &Directory, org: Id, id: Id) -> Result<Option<Secret>> {
    let row: Option<(Option<Vec<u8>>,)> =
        directory.db().first(&MIGRATION_SECRET, &[(&org).into(), (&id).into()]).await?;
    let Some(sealed) = row.and_then(|(sealed,)| sealed) else { return Ok(None) };
    let plain = directory.keyring().open(&purpose(org, id), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the key is not UTF-8".into()))?;
    Ok(Some(Secret::new(text)))
}

/// The migrations that go on, of whatever organization.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory) -> Result<Vec<(Id, Id)>> {
    Ok(directory.db().all(&MIGRATION_DUE, &[]).await?)
}

/// Removes migrations that ended long ago.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    let before = Micros(directory.env().clock.now().0 - KEPT_DAYS * 86_400_000_000);
    directory.db().exec(&MIGRATION_PRUNE, &[before.into()]).await?;
    Ok(())
}
