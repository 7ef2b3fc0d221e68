//! The statements on the applications of sessions, and on notices.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, sql};

use super::model::{Notice, PER_APPLICATION};
use crate::{Directory, Result, Source, Write};

/// How long what is done can be looked at, in seconds.
const MEMORY_S: i64 = 30 * 86_400;

sql! {
    LOGOUT_CLIENT_INSERT = "INSERT INTO session_clients (org_id, session_id, app_id, user_id, created_at) VALUES ($1, $2, $3, $4, $5) \
                            ON CONFLICT (org_id, session_id, app_id) DO NOTHING";
    LOGOUT_CLIENTS_OF_SESSION = "SELECT session_id, app_id, user_id FROM session_clients WHERE org_id = $1 AND session_id = $2 ORDER BY app_id";
    LOGOUT_CLIENTS_OF_USER = "SELECT session_id, app_id, user_id FROM session_clients WHERE org_id = $1 AND user_id = $2 ORDER BY session_id, app_id";
    LOGOUT_CLIENT_DELETE = "DELETE FROM session_clients WHERE org_id = $1 AND session_id = $2 AND app_id = $3";
    /// Applications that got a token and that the person does not reach any more.
    LOGOUT_LOST = "SELECT c.session_id, c.app_id, c.user_id FROM session_clients c WHERE c.org_id = $1 AND NOT EXISTS ( \
                   SELECT 1 FROM applications a JOIN application_bindings b ON b.org_id = a.org_id AND b.app_id = a.id \
                   WHERE a.org_id = c.org_id AND a.id = c.app_id AND a.active = 1 AND ( \
                   (b.subject_kind = 'user' AND b.subject_id = c.user_id) OR (b.subject_kind = 'user_group' AND b.subject_id IN \
                   (SELECT m.group_id FROM group_memberships m WHERE m.org_id = c.org_id AND m.member_id = c.user_id)))) LIMIT 500";
    /// The same, of those who left a group since.
    LOGOUT_LOST_BY_LEAVING = "SELECT c.session_id, c.app_id, c.user_id FROM session_clients c WHERE c.org_id = $1 AND c.user_id IN \
                      (SELECT e.member_id FROM group_memberships_ended e WHERE e.org_id = $1 AND e.ended_seq >= $2) AND NOT EXISTS ( \
                      SELECT 1 FROM applications a JOIN application_bindings b ON b.org_id = a.org_id AND b.app_id = a.id \
                      WHERE a.org_id = c.org_id AND a.id = c.app_id AND a.active = 1 AND ( \
                      (b.subject_kind = 'user' AND b.subject_id = c.user_id) OR (b.subject_kind = 'user_group' AND b.subject_id IN \
                      (SELECT m.group_id FROM group_memberships m WHERE m.org_id = c.org_id AND m.member_id = c.user_id)))) LIMIT 500";
    /// The worker's: applications of sessions that are no more.
    global LOGOUT_ORPHANS = "SELECT DISTINCT c.org_id, c.session_id FROM session_clients c WHERE NOT EXISTS \
                             (SELECT 1 FROM sessions s WHERE s.org_id = c.org_id AND s.id = c.session_id) LIMIT 1000";
    /// Where no application has a token, there is nobody to tell.
    LOGOUT_MARK = "INSERT INTO logout_marks (org_id, from_seq) SELECT $1, CAST($2 AS BIGINT) WHERE EXISTS (SELECT 1 FROM session_clients WHERE org_id = $1) \
                   ON CONFLICT (org_id) DO UPDATE SET from_seq = excluded.from_seq WHERE excluded.from_seq < logout_marks.from_seq";
    LOGOUT_MARK_OF = "SELECT from_seq FROM logout_marks WHERE org_id = $1";
    LOGOUT_MARK_SET = "UPDATE logout_marks SET from_seq = $2 WHERE org_id = $1";
    LOGOUT_UNMARK = "DELETE FROM logout_marks WHERE org_id = $1";
    /// The worker's: organizations in which applications have tokens.
    global LOGOUT_ORGANIZATIONS = "SELECT DISTINCT org_id FROM session_clients ORDER BY org_id";
    global LOGOUT_MARKED = "SELECT org_id FROM logout_marks ORDER BY org_id LIMIT 1000";
    LOGOUT_INSERT = "INSERT INTO logout_notices (org_id, id, session_id, app_id, user_id, created_at, next_at, attempts, delivered) \
                     VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 0)";
    LOGOUT_BY_ID = "SELECT org_id, id, session_id, app_id, user_id, created_at, next_at, attempts, done_at, delivered, error \
                    FROM logout_notices WHERE org_id = $1 AND id = $2";
    LOGOUT_OF_USER = "SELECT org_id, id, session_id, app_id, user_id, created_at, next_at, attempts, done_at, delivered, error \
                      FROM logout_notices WHERE org_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT 500";
    /// What is due over all organizations, of each application a few: the worker's.
    global LOGOUT_DUE = "SELECT org_id, id FROM (SELECT org_id, id, next_at, \
                         ROW_NUMBER() OVER (PARTITION BY org_id, app_id ORDER BY next_at, id) AS place \
                         FROM logout_notices WHERE done_at IS NULL AND next_at <= $1) q WHERE place <= $2 ORDER BY next_at, id LIMIT 200";
    LOGOUT_CLAIM = "UPDATE logout_notices SET attempts = attempts + 1, next_at = $4 WHERE org_id = $1 AND id = $2 AND done_at IS NULL AND next_at <= $3";
    LOGOUT_FAILED = "UPDATE logout_notices SET next_at = $4, error = $5 WHERE org_id = $1 AND id = $2 AND done_at IS NULL AND attempts = $3";
    LOGOUT_PUT_OFF = "UPDATE logout_notices SET attempts = attempts - 1, next_at = $4, error = COALESCE(error, $5) \
                      WHERE org_id = $1 AND id = $2 AND done_at IS NULL AND attempts = $3";
    /// An application that just failed is left alone for a while, whatever waits for it.
    LOGOUT_HOLD_BACK = "UPDATE logout_notices SET next_at = $3 WHERE org_id = $1 AND app_id = $2 AND done_at IS NULL AND next_at < $3";
    LOGOUT_DELIVERED = "UPDATE logout_notices SET done_at = $3, delivered = 1, error = NULL WHERE org_id = $1 AND id = $2 AND done_at IS NULL";
    LOGOUT_GIVEN_UP = "UPDATE logout_notices SET done_at = $3, error = $4 WHERE org_id = $1 AND id = $2 AND done_at IS NULL";
    global LOGOUT_PRUNE = "DELETE FROM logout_notices WHERE created_at < $1";
}

/// An application that got a token in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The session.
    pub session: Id,
    /// The application.
    pub app: Id,
    /// The person.
    pub user: Id,
}

impl FromRow for Client {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { session: row.id(0)?, app: row.id(1)?, user: row.id(2)? })
    }
}

impl FromRow for Notice {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            session: row.id(2)?,
            app: row.id(3)?,
            user: row.id(4)?,
            created_at: row.micros(5)?,
            next_at: row.micros(6)?,
            attempts: row.i64(7)?,
            done_at: row.opt_micros(8)?,
            delivered: row.bool(9)?,
            error: row.opt_text(10)?,
        })
    }
}

pub(super) async fn insert_client(tx: &mut Tx, org: Id, session: Id, app: Id, user: Id, now: Micros) -> Result<()> {
    let params = [(&org).into(), (&session).into(), (&app).into(), (&user).into(), now.into()];
    tx.exec(&LOGOUT_CLIENT_INSERT, &params).await?;
    Ok(())
}

/// The applications that got a token in a session.
///
/// # Errors
/// The database's.
pub async fn clients_of_session(s: &mut impl Source, org: Id, session: Id) -> Result<Vec<Client>> {
    Ok(s.all(&LOGOUT_CLIENTS_OF_SESSION, &[(&org).into(), (&session).into()]).await?)
}

/// The applications that got a token in a session of a person.
///
/// # Errors
/// The database's.
pub async fn clients_of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Client>> {
    Ok(s.all(&LOGOUT_CLIENTS_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

pub(super) async fn delete_client(w: &mut Write<'_>, client: &Client) -> Result<u64> {
    let org = w.org();
    let params = [(&org).into(), (&client.session).into(), (&client.app).into()];
    Ok(w.exec(&LOGOUT_CLIENT_DELETE, &params).await?)
}

pub(super) async fn lost(w: &mut Write<'_>, org: Id) -> Result<Vec<Client>> {
    Ok(w.all(&LOGOUT_LOST, &[(&org).into()]).await?)
}

pub(super) async fn lost_by_leaving(w: &mut Write<'_>, org: Id, since: i64) -> Result<Vec<Client>> {
    Ok(w.all(&LOGOUT_LOST_BY_LEAVING, &[(&org).into(), since.into()]).await?)
}

pub(super) async fn orphans(directory: &Directory) -> Result<Vec<(Id, Id)>> {
    Ok(directory.db().all(&LOGOUT_ORPHANS, &[]).await?)
}

pub(super) async fn organizations(directory: &Directory) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = directory.db().all(&LOGOUT_ORGANIZATIONS, &[]).await?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

pub(super) async fn mark(w: &mut Write<'_>, from: i64) -> Result<()> {
    let org = w.org();
    w.exec(&LOGOUT_MARK, &[(&org).into(), from.into()]).await?;
    Ok(())
}

pub(super) async fn mark_of(w: &mut Write<'_>) -> Result<Option<i64>> {
    let org = w.org();
    Ok(w.first(&LOGOUT_MARK_OF, &[(&org).into()]).await?)
}

pub(super) async fn set_mark(w: &mut Write<'_>, from: i64) -> Result<()> {
    let org = w.org();
    w.exec(&LOGOUT_MARK_SET, &[(&org).into(), from.into()]).await?;
    Ok(())
}

pub(super) async fn unmark(w: &mut Write<'_>) -> Result<()> {
    let org = w.org();
    w.exec(&LOGOUT_UNMARK, &[(&org).into()]).await?;
    Ok(())
}

pub(super) async fn marked(directory: &Directory) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = directory.db().all(&LOGOUT_MARKED, &[]).await?;
    Ok(rows.into_iter().map(|(org,)| org).collect())
}

pub(super) async fn insert(w: &mut Write<'_>, client: &Client) -> Result<()> {
    let (org, id, now) = (w.org(), w.env().id(), w.now());
    let params = [
        (&org).into(),
        (&id).into(),
        (&client.session).into(),
        (&client.app).into(),
        (&client.user).into(),
        now.into(),
    ];
    w.exec(&LOGOUT_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Notice>> {
    Ok(s.first(&LOGOUT_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

/// The last 500 notices about a person, the newest first.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Notice>> {
    Ok(s.all(&LOGOUT_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

pub(super) async fn due(directory: &Directory, now: Micros) -> Result<Vec<(Id, Id)>> {
    Ok(directory.db().all(&LOGOUT_DUE, &[now.into(), PER_APPLICATION.into()]).await?)
}

pub(super) async fn claim(tx: &mut Tx, org: Id, id: Id, now: Micros, until: Micros) -> Result<u64> {
    Ok(tx.exec(&LOGOUT_CLAIM, &[(&org).into(), (&id).into(), now.into(), until.into()]).await?)
}

pub(super) async fn set_failed(tx: &mut Tx, notice: &Notice, next: Micros, error: &str) -> Result<u64> {
    let params = [(&notice.org).into(), (&notice.id).into(), notice.attempts.into(), next.into(), error.into()];
    Ok(tx.exec(&LOGOUT_FAILED, &params).await?)
}

pub(super) async fn put_off(directory: &Directory, notice: &Notice, next: Micros, error: &str) -> Result<()> {
    let params = [(&notice.org).into(), (&notice.id).into(), notice.attempts.into(), next.into(), error.into()];
    directory.db().exec(&LOGOUT_PUT_OFF, &params).await?;
    Ok(())
}

pub(super) async fn hold_back(tx: &mut Tx, notice: &Notice, next: Micros) -> Result<()> {
    tx.exec(&LOGOUT_HOLD_BACK, &[(&notice.org).into(), (&notice.app).into(), next.into()]).await?;
    Ok(())
}

/// Delivered without an error, given up with one.
pub(super) async fn set_done(tx: &mut Tx, notice: &Notice, now: Micros, error: Option<&str>) -> Result<u64> {
    let (org, id) = ((&notice.org).into(), (&notice.id).into());
    Ok(match error {
        None => tx.exec(&LOGOUT_DELIVERED, &[org, id, now.into()]).await?,
        Some(error) => tx.exec(&LOGOUT_GIVEN_UP, &[org, id, now.into(), error.into()]).await?,
    })
}

/// Removes notices older than 30 days.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let before = directory.env().clock.now().minus_s(MEMORY_S);
    Ok(directory.db().exec(&LOGOUT_PRUNE, &[before.into()]).await?)
}
