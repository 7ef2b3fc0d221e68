//! The statements on directories that we read, and on their runs.

use std::collections::BTreeSet;

use muster_base::{Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Action, Counts, ObjectKind, Outcome, Run, RunDoc, RunKind, RunState, Settings, Source};
use crate::source::Source as Reads;
use crate::{Directory, Error, Result, Write};

/// Runs that are kept of each directory.
const KEPT: i64 = 30;
/// When what could not be asked for is due again, in seconds.
const PUT_OFF_S: i64 = 3_600;
/// For how long those who were let go are counted together, in seconds.
pub const WINDOW_S: i64 = 86_400;

sql! {
    FEED_SOURCE = "SELECT org_id, provider_id, doc, secret IS NOT NULL, set_at, active, paused, next_at, failures, failed_at, failure \
                   FROM feed_sources WHERE org_id = $1 AND provider_id = $2";
    FEED_SECRET = "SELECT secret FROM feed_sources WHERE org_id = $1 AND provider_id = $2";
    FEED_SOURCE_PUT = "INSERT INTO feed_sources (org_id, provider_id, doc, set_at, active, paused, next_at, failures) \
                       VALUES ($1, $2, $3, $4, 0, 0, $5, 0) ON CONFLICT (org_id, provider_id) DO UPDATE SET \
                       doc = $3, set_at = $4, next_at = $5, failures = 0, failed_at = NULL, failure = NULL";
    FEED_SECRET_SET = "UPDATE feed_sources SET secret = $3 WHERE org_id = $1 AND provider_id = $2";
    FEED_STATE_SET = "UPDATE feed_sources SET active = $3, paused = $4, next_at = $5 WHERE org_id = $1 AND provider_id = $2";
    FEED_READ_SET = "UPDATE feed_sources SET next_at = $3, failures = $4, failed_at = $5, failure = $6 WHERE org_id = $1 AND provider_id = $2";
    FEED_PUT_OFF = "UPDATE feed_sources SET next_at = $3 WHERE org_id = $1 AND provider_id = $2 AND next_at <= $4";
    FEED_RUN = "SELECT org_id, provider_id, id, kind, state, attempts, created_at, done_at, doc, approves FROM feed_runs \
                WHERE org_id = $1 AND provider_id = $2 AND id = $3";
    FEED_RUNS = "SELECT org_id, provider_id, id, kind, state, attempts, created_at, done_at, doc, approves FROM feed_runs \
                 WHERE org_id = $1 AND provider_id = $2 ORDER BY id DESC LIMIT $3 OFFSET $4";
    FEED_RUNS_COUNT = "SELECT count(*) FROM feed_runs WHERE org_id = $1 AND provider_id = $2";
    FEED_RUN_OPEN = "SELECT id FROM feed_runs WHERE org_id = $1 AND provider_id = $2 AND open = 1";
    FEED_RUN_INSERT = "INSERT INTO feed_runs (org_id, provider_id, id, kind, state, open, attempts, created_at, doc, approves) \
                       VALUES ($1, $2, $3, $4, 'waiting', 1, 0, $5, $6, $7)";
    FEED_RUN_BEGIN = "UPDATE feed_runs SET state = 'running', attempts = attempts + 1 WHERE org_id = $1 AND provider_id = $2 AND id = $3 AND open = 1";
    FEED_RUN_KEEP = "UPDATE feed_runs SET doc = $4 WHERE org_id = $1 AND provider_id = $2 AND id = $3 AND open = 1";
    FEED_RUN_END = "UPDATE feed_runs SET doc = $4, state = $5, open = 0, done_at = $6 WHERE org_id = $1 AND provider_id = $2 AND id = $3 AND open = 1";
    /// Whom the runs of the last day let go counts for the guard: those are kept, however many came after them.
    FEED_RUN_DELETE = "DELETE FROM feed_runs WHERE org_id = $1 AND provider_id = $2 AND open = 0 AND id NOT IN \
                       (SELECT id FROM feed_runs WHERE org_id = $1 AND provider_id = $2 ORDER BY id DESC LIMIT $3) \
                       AND NOT (kind = 'import' AND created_at >= $4 AND EXISTS (SELECT 1 FROM feed_results f \
                       WHERE f.org_id = $1 AND f.provider_id = $2 AND f.run_id = feed_runs.id AND f.action IN ('deactivate', 'remove')))";
    /// What a run that is begun again tells anew: of a plan everything, of an import what was not done.
    FEED_RESULTS_AGAIN = "DELETE FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                          AND ($4 = 'plan' OR action IN ('held', 'conflict', 'left'))";
    /// Members of a group that the run made are a part of making it.
    FEED_RESULTS_COUNTED = "SELECT kind, action, count(*) FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                            AND NOT (kind = 'group' AND action = 'update' AND external_id IN \
                            (SELECT external_id FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                            AND kind = 'group' AND action = 'create')) GROUP BY kind, action";
    FEED_RESULTS_MADE = "SELECT external_id FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                         AND kind = 'group' AND action = 'create'";
    FEED_RESULT_NEXT = "SELECT coalesce(max(n), 0) + 1 FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3";
    FEED_RESULT_INSERT = "INSERT INTO feed_results (org_id, provider_id, run_id, n, kind, action, external_id, doc) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FEED_RESULTS = "SELECT doc FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                    AND ($4 = '' OR action = $4) ORDER BY n LIMIT $5 OFFSET $6";
    FEED_RESULTS_COUNT = "SELECT count(*) FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 \
                          AND ($4 = '' OR action = $4)";
    FEED_RESULTS_HELD = "SELECT kind, external_id FROM feed_results WHERE org_id = $1 AND provider_id = $2 AND run_id = $3 AND action = 'held'";
    /// People and groups that were let go since, without having been approved.
    FEED_GONE = "SELECT f.kind, count(*) FROM feed_results f JOIN feed_runs r ON r.org_id = f.org_id AND r.provider_id = f.provider_id AND r.id = f.run_id \
                 WHERE f.org_id = $1 AND f.provider_id = $2 AND r.created_at >= $3 AND r.kind = 'import' AND r.approves IS NULL \
                 AND f.action IN ('deactivate', 'remove') GROUP BY f.kind";
    FEED_GROUP_NAMED = "SELECT id FROM groups WHERE org_id = $1 AND kind = 'user' AND name_norm = $2";
    /// The worker's: what is to be read by itself; the first of every organization before the second of any.
    global FEED_DUE = "SELECT org_id, provider_id FROM (SELECT s.org_id, s.provider_id, s.next_at, \
                       row_number() OVER (PARTITION BY s.org_id ORDER BY s.next_at, s.provider_id) AS turn \
                       FROM feed_sources s WHERE s.next_at <= $1 AND s.active = 1 AND s.paused = 0 AND NOT EXISTS \
                       (SELECT 1 FROM feed_runs r WHERE r.org_id = s.org_id AND r.provider_id = s.provider_id AND r.open = 1)) AS due \
                       ORDER BY turn, next_at LIMIT 100";
    /// The worker's: runs that wait, or that a node may have left, in the same order.
    global FEED_OPEN = "SELECT org_id, provider_id, id FROM (SELECT org_id, provider_id, id, created_at, \
                        row_number() OVER (PARTITION BY org_id ORDER BY created_at, id) AS turn FROM feed_runs WHERE open = 1) AS waiting \
                        ORDER BY turn, created_at LIMIT 1000";
}

impl FromRow for Source {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let doc = serde_json::from_str::<Settings>(row.str(2)?);
        Ok(Self {
            org: row.id(0)?,
            provider: row.id(1)?,
            settings: doc.map_err(|e| DbError::Internal(format!("feed_sources.doc: {e}")))?,
            has_secret: row.bool(3)?,
            set_at: row.micros(4)?,
            active: row.bool(5)?,
            paused: row.bool(6)?,
            next_at: row.micros(7)?,
            failures: row.i64(8)?,
            failed: row.opt_micros(9)?.zip(row.opt_text(10)?),
        })
    }
}

impl FromRow for Run {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("feed_runs.{what}"));
        Ok(Self {
            org: row.id(0)?,
            provider: row.id(1)?,
            id: row.id(2)?,
            kind: if row.str(3)? == RunKind::Plan.word() { RunKind::Plan } else { RunKind::Import },
            state: RunState::from_word(row.str(4)?).ok_or_else(|| wrong("state"))?,
            attempts: row.i64(5)?,
            created_at: row.micros(6)?,
            done_at: row.opt_micros(7)?,
            doc: serde_json::from_str(row.str(8)?).map_err(|_| wrong("doc"))?,
            approves: row.opt_text(9)?.and_then(|id| id.parse().ok()),
        })
    }
}

fn purpose(org: Id, provider: Id) -> String {
    format!("feed_source.secret:{org}:{provider}")
}

/// What is entered about a directory that we read, if it is one and something is.
///
/// # Errors
/// The database's.
pub async fn find(s: &mut impl Reads, org: Id, provider: Id) -> Result<Option<Source>> {
    Ok(s.first(&FEED_SOURCE, &[(&org).into(), (&provider).into()]).await?)
}

/// The same, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Reads, org: Id, provider: Id) -> Result<Source> {
    find(s, org, provider).await?.ok_or(Error::Missing("source of this directory provider"))
}

/// The password or key, decrypted for requests.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open it.
pub async fn secret(directory: &Directory, org: Id, provider: Id) -> Result<Option<Secret>> {
    let row: Option<(Option<Vec<u8>>,)> =
        directory.read().first(&FEED_SECRET, &[(&org).into(), (&provider).into()]).await?;
    let Some(sealed) = row.and_then(|(sealed,)| sealed) else { return Ok(None) };
    let plain =
        directory.keyring().open(&purpose(org, provider), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the secret is not UTF-8".into()))?;
    Ok(Some(Secret::new(text)))
}

pub(super) async fn put(w: &mut Write<'_>, provider: Id, settings: &Settings, next_at: Micros) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let doc = serde_json::to_string(settings).unwrap_or_default();
    w.exec(&FEED_SOURCE_PUT, &[(&org).into(), (&provider).into(), doc.into(), now.into(), next_at.into()]).await?;
    Ok(())
}

pub(super) async fn set_secret(w: &mut Write<'_>, provider: Id, secret: Option<&Secret>) -> Result<()> {
    let org = w.org();
    let sealed = secret.map(|s| w.keyring().seal(&purpose(org, provider), s.expose().as_bytes(), &w.env().rng));
    let sealed = sealed.map_or(V::Null, V::from);
    w.exec(&FEED_SECRET_SET, &[(&org).into(), (&provider).into(), sealed]).await?;
    Ok(())
}

pub(super) async fn set_state(w: &mut Write<'_>, source: &Source) -> Result<()> {
    let params: [V<'_>; 5] = [
        (&source.org).into(),
        (&source.provider).into(),
        source.active.into(),
        source.paused.into(),
        source.next_at.into(),
    ];
    w.exec(&FEED_STATE_SET, &params).await?;
    Ok(())
}

pub(super) async fn set_read(w: &mut Write<'_>, source: &Source) -> Result<()> {
    let (at, why) = source.failed.clone().unzip();
    let params: [V<'_>; 6] = [
        (&source.org).into(),
        (&source.provider).into(),
        source.next_at.into(),
        source.failures.into(),
        at.into(),
        why.into(),
    ];
    w.exec(&FEED_READ_SET, &params).await?;
    Ok(())
}

/// A run, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn run(s: &mut impl Reads, org: Id, provider: Id, id: Id) -> Result<Run> {
    let found = s.first(&FEED_RUN, &[(&org).into(), (&provider).into(), (&id).into()]).await?;
    found.ok_or(Error::Missing("run"))
}

/// The runs, the newest first, and how many there are.
///
/// # Errors
/// The database's.
pub async fn runs(s: &mut impl Reads, org: Id, provider: Id, (limit, skip): (i64, i64)) -> Result<(Vec<Run>, i64)> {
    let params = [(&org).into(), (&provider).into(), limit.into(), skip.into()];
    let rows = s.all(&FEED_RUNS, &params).await?;
    let count: Option<(i64,)> = s.first(&FEED_RUNS_COUNT, &params[..2]).await?;
    Ok((rows, count.map_or(0, |(n,)| n)))
}

/// The run that waits or goes on, if one does.
///
/// # Errors
/// The database's.
pub async fn open_run(s: &mut impl Reads, org: Id, provider: Id) -> Result<Option<Id>> {
    Ok(s.first::<(Id,)>(&FEED_RUN_OPEN, &[(&org).into(), (&provider).into()]).await?.map(|(id,)| id))
}

/// What was done object by object, of one action or all, and how many there are.
///
/// # Errors
/// The database's.
pub async fn results(
    s: &mut impl Reads,
    run: &Run,
    action: Option<Action>,
    (limit, skip): (i64, i64),
) -> Result<(Vec<Outcome>, i64)> {
    let action = action.map_or("", Action::word);
    let params =
        [(&run.org).into(), (&run.provider).into(), (&run.id).into(), action.into(), limit.into(), skip.into()];
    let rows: Vec<(String,)> = s.all(&FEED_RESULTS, &params).await?;
    let count: Option<(i64,)> = s.first(&FEED_RESULTS_COUNT, &params[..4]).await?;
    let read =
        |(doc,): (String,)| serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("feed_results.doc: {e}")));
    Ok((rows.into_iter().map(read).collect::<Result<_>>()?, count.map_or(0, |(n,)| n)))
}

/// Whom the guard held in a run: the kind's word and the source's name.
///
/// # Errors
/// The database's.
pub async fn held(s: &mut impl Reads, run: &Run, held_in: Id) -> Result<Vec<(String, String)>> {
    Ok(s.all(&FEED_RESULTS_HELD, &[(&run.org).into(), (&run.provider).into(), (&held_in).into()]).await?)
}

/// How many people and groups were let go since, without having been approved.
///
/// # Errors
/// The database's.
pub async fn gone_since(s: &mut impl Reads, org: Id, provider: Id, since: Micros) -> Result<(i64, i64)> {
    let rows: Vec<(String, i64)> = s.all(&FEED_GONE, &[(&org).into(), (&provider).into(), since.into()]).await?;
    let of = |kind: &str| rows.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n);
    Ok((of("user"), of("group")))
}

pub(super) async fn insert_run(w: &mut Write<'_>, run: &Run) -> Result<()> {
    let params: [V<'_>; 7] = [
        (&run.org).into(),
        (&run.provider).into(),
        (&run.id).into(),
        run.kind.word().into(),
        run.created_at.into(),
        doc(&run.doc).into(),
        run.approves.map(|id| id.text()).into(),
    ];
    w.exec(&FEED_RUN_INSERT, &params).await?;
    let since = run.created_at.plus_s(-WINDOW_S);
    w.exec(&FEED_RUN_DELETE, &[(&run.org).into(), (&run.provider).into(), KEPT.into(), since.into()]).await?;
    Ok(())
}

fn doc(doc: &RunDoc) -> String {
    serde_json::to_string(doc).unwrap_or_default()
}

/// Notes that a node begins a run; its number of attempts and the number of its next result. `None`: it has ended. What an
/// attempt before this one told, and is told again, is taken back.
///
/// # Errors
/// The database's.
pub async fn begin(directory: &Directory, (org, provider, id): (Id, Id, Id)) -> Result<Option<(Run, i64)>> {
    let params = [(&org).into(), (&provider).into(), (&id).into()];
    if directory.db().exec(&FEED_RUN_BEGIN, &params).await? == 0 {
        return Ok(None);
    }
    let mut read = directory.read();
    let run = run(&mut read, org, provider, id).await?;
    if run.attempts > 1 {
        let [org, provider, id] = params.clone();
        directory.db().exec(&FEED_RESULTS_AGAIN, &[org, provider, id, run.kind.word().into()]).await?;
    }
    let next: Option<(i64,)> = read.first(&FEED_RESULT_NEXT, &params).await?;
    Ok(Some((run, next.map_or(1, |(n,)| n))))
}

/// What a run has done by its results: counts of people and of groups, and the groups that it made, by the source's names.
///
/// # Errors
/// The database's.
pub async fn counted(s: &mut impl Reads, run: &Run) -> Result<(Counts, Counts, BTreeSet<String>)> {
    let params = [(&run.org).into(), (&run.provider).into(), (&run.id).into()];
    let rows: Vec<(String, String, i64)> = s.all(&FEED_RESULTS_COUNTED, &params).await?;
    let (mut users, mut groups) = (Counts::default(), Counts::default());
    for (kind, action, count) in &rows {
        let of = if kind == ObjectKind::User.word() { &mut users } else { &mut groups };
        if let Some(action) = Action::from_word(action) {
            of.add_many(action, *count);
        }
    }
    let made: Vec<(String,)> = s.all(&FEED_RESULTS_MADE, &params).await?;
    Ok((users, groups, made.into_iter().map(|(external,)| external).collect()))
}

/// Writes down how far a run is.
///
/// # Errors
/// The database's.
pub async fn keep(directory: &Directory, run: &Run) -> Result<()> {
    let params = [(&run.org).into(), (&run.provider).into(), (&run.id).into(), doc(&run.doc).into()];
    directory.db().exec(&FEED_RUN_KEEP, &params).await?;
    Ok(())
}

pub(super) async fn end_run(w: &mut Write<'_>, run: &Run, state: RunState) -> Result<u64> {
    let now = w.now();
    let params: [V<'_>; 6] = [
        (&run.org).into(),
        (&run.provider).into(),
        (&run.id).into(),
        doc(&run.doc).into(),
        state.word().into(),
        now.into(),
    ];
    Ok(w.exec(&FEED_RUN_END, &params).await?)
}

pub(super) async fn insert_result(w: &mut Write<'_>, (provider, run): (Id, Id), n: i64, one: &Outcome) -> Result<()> {
    let org = w.org();
    let params: [V<'_>; 8] = [
        (&org).into(),
        (&provider).into(),
        (&run).into(),
        n.into(),
        one.kind.word().into(),
        one.action.word().into(),
        one.external_id.as_str().into(),
        serde_json::to_string(one).unwrap_or_default().into(),
    ];
    w.exec(&FEED_RESULT_INSERT, &params).await?;
    Ok(())
}

/// The user group of this name, whosever it is.
pub(super) async fn group_named(w: &mut Write<'_>, name: &str) -> Result<Option<Id>> {
    let org = w.org();
    let name = name.trim().to_lowercase();
    Ok(w.first::<(Id,)>(&FEED_GROUP_NAMED, &[(&org).into(), name.into()]).await?.map(|(id,)| id))
}

/// What is to be read by itself now: organization and directory provider.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory) -> Result<Vec<(Id, Id)>> {
    Ok(directory.db().all(&FEED_DUE, &[directory.env().clock.now().into()]).await?)
}

/// What was due and could not be asked for is due again in an hour: it does not stand before what can be read.
///
/// # Errors
/// The database's.
pub async fn put_off(directory: &Directory, (org, provider): (Id, Id)) -> Result<()> {
    let now = directory.env().clock.now();
    let params = [(&org).into(), (&provider).into(), now.plus_s(PUT_OFF_S).into(), now.into()];
    directory.db().exec(&FEED_PUT_OFF, &params).await?;
    Ok(())
}

/// The runs that wait or go on: organization, directory provider and run.
///
/// # Errors
/// The database's.
pub async fn open(directory: &Directory) -> Result<Vec<(Id, Id, Id)>> {
    Ok(directory.db().all(&FEED_OPEN, &[]).await?)
}
