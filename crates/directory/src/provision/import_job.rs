//! Jobs that bring an application's own users here: how far each is, that it goes on, that it is to stop, and what became of
//! every user.
//!
//! Never here: the application's protocol, and what is done with one user ([`super::import`]).

use muster_base::Id;
use muster_db::{V, sql};
use serde::{Deserialize, Serialize};

use super::import::{Outcome, Take};
use super::reading::Far;
use super::survey::Survey;
use crate::{Actor, Directory, Error, Result, Source, Verb, Write};

sql! {
    IMPORT_INSERT = "INSERT INTO provision_imports (org_id, id, app_id, created_at, doc) VALUES ($1, $2, $3, $4, $5)";
    IMPORTS_OPEN = "SELECT count(*) FROM provision_imports WHERE org_id = $1 AND app_id = $2 AND open = 1";
    IMPORT_SET = "UPDATE provision_imports SET doc = $3, open = $4 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_READS = "UPDATE provision_imports SET read_count = $3, total_count = $4 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_HANDLED = "UPDATE provision_imports SET handled_count = $3 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_STOP = "UPDATE provision_imports SET stop_asked_at = $4 WHERE org_id = $1 AND app_id = $2 AND id = $3 AND open = 1 AND stop_asked_at IS NULL";
    IMPORT_KNOWN = "SELECT open FROM provision_imports WHERE org_id = $1 AND app_id = $2 AND id = $3";
    IMPORT_STOP_ASKED = "SELECT 1 FROM provision_imports WHERE org_id = $1 AND id = $2 AND stop_asked_at IS NOT NULL";
    IMPORT_RESULT = "INSERT INTO provision_import_results (org_id, import_id, place, status, doc) SELECT $1, $2, $3, $4, $5 \
                     WHERE EXISTS (SELECT 1 FROM provision_imports WHERE org_id = $1 AND id = $2 AND open = 1)";
    IMPORT_RESULTS = "SELECT doc FROM provision_import_results WHERE org_id = $1 AND import_id = $2 ORDER BY place LIMIT $3 OFFSET $4";
    IMPORT_COUNTS = "SELECT status, count(*) FROM provision_import_results WHERE org_id = $1 AND import_id = $2 GROUP BY status ORDER BY status";
    IMPORT_BY_ID = "SELECT doc, read_count, total_count, handled_count FROM provision_imports WHERE org_id = $1 AND id = $2";
    /// The worker's: jobs that have not ended.
    global PROVISION_IMPORTS_OPEN = "SELECT org_id, id FROM provision_imports WHERE open = 1 ORDER BY created_at LIMIT 1000";
}

/// What is missing where a job is unknown, or takes nobody in any more.
const JOB: &str = "import job";
/// After so many seconds without a sign of life a job counts as left.
const LEASE_S: i64 = 60;
/// Jobs of one application that go on at once.
const JOBS_MAX: i64 = 4;
/// How often a job says that it goes on, in seconds.
pub const BEAT_S: u64 = 15;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The application.
    pub app: String,
    /// When it was asked for, in microseconds.
    pub created_at: i64,
    /// When it ended, in microseconds.
    pub done_at: Option<i64>,
    /// Why it ended before its end.
    pub failure: Option<String>,
    /// Whether somebody stopped it before its end.
    #[serde(default)]
    pub stopped: bool,
    /// How far the application's users were read; they are read before anybody is taken in.
    #[serde(skip)]
    pub far: Far,
    /// How many of those that were read it has gone through, once they were.
    #[serde(skip)]
    pub handled: Option<u64>,
}

/// The sign of life of a job: only who began it gives it.
#[derive(Clone, Debug)]
pub struct Beat {
    job: Id,
    holder: String,
}

impl Beat {
    /// Says that the job goes on; false: another server held it for left, and ends it.
    ///
    /// # Errors
    /// The database's.
    pub async fn beat(&self, directory: &Directory) -> Result<bool> {
        let now = directory.env().clock.now();
        Ok(directory.db().lease(&lease(self.job), &self.holder, LEASE_S, now).await?)
    }
}

fn lease(job: Id) -> String {
    format!("import:{job}")
}

/// Ends the jobs that the server which did them left: what they did stays, and the rest is told. Tells how many.
///
/// # Errors
/// The database's.
pub async fn end_abandoned(directory: &Directory) -> Result<usize> {
    let mut ended = 0;
    let now = directory.env().clock.now();
    let open: Vec<(Id, Id)> = directory.db().all(&PROVISION_IMPORTS_OPEN, &[]).await?;
    for (org, id) in open {
        // Whoever does it has the lease.
        if !directory.db().lease(&lease(id), "ends what was left", LEASE_S, now).await? {
            continue;
        }
        let mut left = job(&mut directory.read(), org, id).await?;
        if let Ok(app) = left.app.parse() {
            Survey { org, app, id }.end(directory).await?;
        }
        if left.done_at.is_none() {
            let why = "the server that did this stopped before its end: import again, what was done is passed over";
            left.failure = Some(why.into());
            left.done_at = Some(now.0);
            ended += 1;
        }
        keep(directory, org, id, &left).await?;
        directory.db().release(&lease(id), "ends what was left").await?;
    }
    Ok(ended)
}

/// Begins a job; who does it says with the [`Beat`] that it goes on.
///
/// # Errors
/// [`Error::Conflict`] while several of the application go on, and the database's.
pub async fn begin(directory: &Directory, org: Id, app: Id) -> Result<(Id, Job, Beat)> {
    let open: Option<(i64,)> = directory.read().first(&IMPORTS_OPEN, &[(&org).into(), (&app).into()]).await?;
    if open.is_some_and(|(open,)| open >= JOBS_MAX) {
        let why = format!("{JOBS_MAX} imports of this application go on: wait until one has ended, or stop one");
        return Err(Error::Conflict(why));
    }
    let (id, now) = (directory.env().id(), directory.env().clock.now());
    let beat = Beat { job: id, holder: directory.env().id().text() };
    beat.beat(directory).await?;
    let job = Job {
        app: app.text(),
        created_at: now.0,
        done_at: None,
        failure: None,
        stopped: false,
        far: Far::default(),
        handled: None,
    };
    let doc = serde_json::to_string(&job).unwrap_or_default();
    let params = [(&org).into(), (&id).into(), (&app).into(), now.into(), doc.into()];
    directory.db().exec(&IMPORT_INSERT, &params).await?;
    Ok((id, job, beat))
}

/// Says how far a job's reading is; false: it was ended, and is not to go on.
///
/// # Errors
/// The database's.
pub async fn reads(directory: &Directory, (org, id): (Id, Id), far: Far) -> Result<bool> {
    let (read, total) = far.counts();
    let params = [(&org).into(), (&id).into(), read.into(), total.into()];
    Ok(directory.db().exec(&IMPORT_READS, &params).await? > 0)
}

/// Says how many of those that were read a job has gone through; false: it was ended, and is not to go on.
///
/// # Errors
/// The database's.
pub async fn handled(directory: &Directory, (org, id): (Id, Id), handled: u64) -> Result<bool> {
    let handled = i64::try_from(handled).unwrap_or(i64::MAX);
    Ok(directory.db().exec(&IMPORT_HANDLED, &[(&org).into(), (&id).into(), handled.into()]).await? > 0)
}

/// Asks a job of an application to stop. Whoever was taken in stays, and who it is at is brought to an end; one that has
/// ended stays as it is.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn stop(directory: &Directory, org: Id, app: Id, id: Id) -> Result<()> {
    let now = directory.env().clock.now();
    let job = [(&org).into(), (&app).into(), (&id).into()];
    let known: Option<(bool,)> = directory.read().first(&IMPORT_KNOWN, &job).await?;
    known.ok_or(Error::Missing(JOB))?;
    directory.db().exec(&IMPORT_STOP, &[(&org).into(), (&app).into(), (&id).into(), now.into()]).await?;
    Ok(())
}

/// Whether somebody asked a job to stop.
///
/// # Errors
/// The database's.
pub async fn stop_asked(directory: &Directory, (org, id): (Id, Id)) -> Result<bool> {
    let asked: Option<(i64,)> = directory.read().first(&IMPORT_STOP_ASKED, &[(&org).into(), (&id).into()]).await?;
    Ok(asked.is_some())
}

/// Writes down where a job stands.
///
/// # Errors
/// The database's.
pub async fn keep(directory: &Directory, org: Id, id: Id, job: &Job) -> Result<()> {
    let doc = serde_json::to_string(job).unwrap_or_default();
    let open = job.done_at.is_none();
    directory.db().exec(&IMPORT_SET, &[(&org).into(), (&id).into(), doc.into(), open.into()]).await?;
    Ok(())
}

/// One user of a job. What became of them is written down in the transaction of the change: whoever is here stands in the results,
/// and a job that was ended takes nobody in any more.
pub struct Step {
    /// The job.
    pub job: Id,
    /// How many of its results stand before this one.
    pub place: i64,
    /// The user there, and what may be done.
    pub take: Take,
}

impl Verb for Step {
    type Out = Outcome;

    async fn run(&self, w: &mut Write<'_>) -> Result<Outcome> {
        let outcome = self.take.run(w).await?;
        let params = told(w.org(), self.job, self.place, &outcome);
        if w.exec(&IMPORT_RESULT, &params).await? == 0 {
            return Err(Error::Missing(JOB));
        }
        Ok(outcome)
    }
}

fn told(org: Id, job: Id, place: i64, outcome: &Outcome) -> [V<'_>; 5] {
    let doc = serde_json::to_string(outcome).unwrap_or_default();
    [V::from(org.text()), V::from(job.text()), place.into(), outcome.status.as_str().into(), doc.into()]
}

/// Takes in a user of a job as its `place`th; false where the job was ended. What is wrong with the user is a result.
///
/// # Errors
/// The database's.
pub async fn take(directory: &Directory, actor: Actor, (org, job): (Id, Id), place: i64, take: Take) -> Result<bool> {
    let otherwise = take.failed();
    match directory.write(actor, org, Step { job, place, take }).await {
        Ok(_) => Ok(true),
        Err(Error::Missing(JOB)) => Ok(false),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_) | Error::Limit(_))) => {
            let outcome = Outcome { error: Some(error.to_string()), ..otherwise };
            Ok(directory.db().exec(&IMPORT_RESULT, &told(org, job, place, &outcome)).await? > 0)
        }
        Err(error) => Err(error),
    }
}

/// A page of what became of the users of a job, in their order.
///
/// # Errors
/// The database's.
pub async fn results(s: &mut impl Source, job: (Id, Id), limit: i64, skip: i64) -> Result<Vec<Outcome>> {
    let rows: Vec<(String,)> =
        s.all(&IMPORT_RESULTS, &[(&job.0).into(), (&job.1).into(), limit.into(), skip.into()]).await?;
    let read = rows.iter().map(|(doc,)| serde_json::from_str(doc)).collect::<Result<_, _>>();
    read.map_err(|e| Error::Internal(format!("provision_import_results.doc: {e}")))
}

/// How many of each outcome.
///
/// # Errors
/// The database's.
pub async fn counts(s: &mut impl Source, job: (Id, Id)) -> Result<Vec<(String, i64)>> {
    Ok(s.all(&IMPORT_COUNTS, &[(&job.0).into(), (&job.1).into()]).await?)
}

/// A job of an organization.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn job(s: &mut impl Source, org: Id, id: Id) -> Result<Job> {
    let row: Option<(String, i64, Option<i64>, Option<i64>)> =
        s.first(&IMPORT_BY_ID, &[(&org).into(), (&id).into()]).await?;
    let (doc, read, total, handled) = row.ok_or(Error::Missing(JOB))?;
    let job: Job = serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("provision_imports.doc: {e}")))?;
    let handled = handled.map(|n| u64::try_from(n).unwrap_or(0));
    Ok(Job { far: Far::of(read, total), handled, ..job })
}
