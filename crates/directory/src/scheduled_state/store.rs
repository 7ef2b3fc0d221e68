//! The statements on scheduled changes of state.

use muster_base::{Id, Micros};
use muster_db::sql;

use super::{Asked, ScheduledState, Status};
use crate::user::State;
use crate::{Directory, Error, Result, Source, Write};

/// How long what was done is kept, in days.
const KEPT_DAYS: i64 = 30;
/// How many changes are carried out in one round.
const ROUND_MAX: i64 = 500;

sql! {
    SCHEDULED_INSERT = "INSERT INTO scheduled_states (org_id, id, user_id, state, at, status, message, doc) \
                        VALUES ($1, $2, $3, $4, $5, 'pending', '', $6)";
    SCHEDULED_BY_ID = "SELECT id, user_id, state, at, status, message, done_at, doc FROM scheduled_states \
                       WHERE org_id = $1 AND id = $2";
    SCHEDULED_LIST = "SELECT id, user_id, state, at, status, message, done_at, doc FROM scheduled_states \
                      WHERE org_id = $1 AND status = $2 ORDER BY at, id LIMIT $3 OFFSET $4";
    SCHEDULED_LIST_OF = "SELECT id, user_id, state, at, status, message, done_at, doc FROM scheduled_states \
                         WHERE org_id = $1 AND user_id = $5 AND status = $2 ORDER BY at, id LIMIT $3 OFFSET $4";
    SCHEDULED_ENDED = "SELECT id, user_id, state, at, status, message, done_at, doc FROM scheduled_states \
                       WHERE org_id = $1 AND status = $2 ORDER BY at DESC, id LIMIT $3 OFFSET $4";
    SCHEDULED_NEXT = "SELECT id, user_id, state, at, status, message, done_at, doc FROM scheduled_states \
                      WHERE org_id = $1 AND user_id = $2 AND state = $3 AND status = 'pending' ORDER BY at, id LIMIT 1";
    SCHEDULED_COUNT = "SELECT COUNT(*) FROM scheduled_states WHERE org_id = $1 AND status = $2";
    SCHEDULED_COUNT_OF = "SELECT COUNT(*) FROM scheduled_states WHERE org_id = $1 AND user_id = $3 AND status = $2";
    SCHEDULED_END = "UPDATE scheduled_states SET status = $3, message = $4, done_at = $5 \
                     WHERE org_id = $1 AND id = $2 AND status = 'pending'";
    SCHEDULED_DELETE = "DELETE FROM scheduled_states WHERE org_id = $1 AND id = $2 AND status = 'pending'";
    /// The worker's: what is due, of whatever organization.
    global SCHEDULED_DUE = "SELECT org_id, id FROM scheduled_states WHERE status = 'pending' AND at <= $1 \
                            ORDER BY at LIMIT $2";
    /// The worker's: when the next one is.
    global SCHEDULED_FIRST = "SELECT at FROM scheduled_states WHERE status = 'pending' ORDER BY at LIMIT 1";
    global SCHEDULED_PRUNE = "DELETE FROM scheduled_states WHERE status <> 'pending' AND at < $1";
}

type Raw = (Id, Id, String, Micros, String, String, Option<Micros>, String);

fn read((id, user, state, at, status, message, done_at, doc): Raw) -> Result<ScheduledState> {
    let wrong = |what: &str| Error::Internal(format!("scheduled_states.{what} of {id}"));
    let state = State::from_word(&state).ok_or_else(|| wrong("state"))?;
    let status = Status::ALL.into_iter().find(|s| s.word() == status).ok_or_else(|| wrong("status"))?;
    let asked: Asked = serde_json::from_str(&doc).map_err(|_| wrong("doc"))?;
    Ok(ScheduledState { id, user, state, at, status, message, done_at, asked })
}

/// A change.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<ScheduledState> {
    let row: Option<Raw> = s.first(&SCHEDULED_BY_ID, &[(&org).into(), (&id).into()]).await?;
    read(row.ok_or(Error::Missing("scheduled change of state"))?)
}

/// The changes of an organization with a status, or of one person: the next one first. What an organization's workers did is
/// told from the last one on.
///
/// # Errors
/// The database's.
pub async fn list(
    s: &mut impl Source,
    (org, user): (Id, Option<Id>),
    status: Status,
    (limit, skip): (i64, i64),
) -> Result<Vec<ScheduledState>> {
    let mut params = vec![(&org).into(), status.word().into(), limit.into(), skip.into()];
    let rows: Vec<Raw> = match &user {
        Some(user) => {
            params.push(user.into());
            s.all(&SCHEDULED_LIST_OF, &params).await?
        }
        None if status == Status::Pending => s.all(&SCHEDULED_LIST, &params).await?,
        None => s.all(&SCHEDULED_ENDED, &params).await?,
    };
    rows.into_iter().map(read).collect()
}

/// The next change of a person to a state.
///
/// # Errors
/// The database's.
pub async fn next(s: &mut impl Source, org: Id, user: Id, to: State) -> Result<Option<ScheduledState>> {
    let row: Option<Raw> = s.first(&SCHEDULED_NEXT, &[(&org).into(), (&user).into(), to.word().into()]).await?;
    row.map(read).transpose()
}

/// How many changes of an organization have a status, or of one person.
///
/// # Errors
/// The database's.
pub async fn count(s: &mut impl Source, (org, user): (Id, Option<Id>), status: Status) -> Result<i64> {
    let mut params = vec![(&org).into(), status.word().into()];
    let row: Option<(i64,)> = match &user {
        Some(user) => {
            params.push(user.into());
            s.first(&SCHEDULED_COUNT_OF, &params).await?
        }
        None => s.first(&SCHEDULED_COUNT, &params).await?,
    };
    Ok(row.map_or(0, |(count,)| count))
}

pub(super) async fn insert(w: &mut Write<'_>, of: &ScheduledState) -> Result<()> {
    let (org, doc) = (w.org(), serde_json::to_string(&of.asked).unwrap_or_default());
    let params = [(&org).into(), (&of.id).into(), (&of.user).into(), of.state.word().into(), of.at.into(), doc.into()];
    w.exec(&SCHEDULED_INSERT, &params).await?;
    Ok(())
}

/// Notes how it ended; false: it does not wait any more.
pub(super) async fn end(w: &mut Write<'_>, id: Id, status: Status, message: &str) -> Result<bool> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&id).into(), status.word().into(), message.into(), now.into()];
    Ok(w.exec(&SCHEDULED_END, &params).await? > 0)
}

pub(super) async fn delete(w: &mut Write<'_>, id: Id) -> Result<bool> {
    let org = w.org();
    Ok(w.exec(&SCHEDULED_DELETE, &[(&org).into(), (&id).into()]).await? > 0)
}

/// What is due now: organization and id.
pub(super) async fn due(directory: &Directory) -> Result<Vec<(Id, Id)>> {
    let now = directory.env().clock.now();
    Ok(directory.db().all(&SCHEDULED_DUE, &[now.into(), ROUND_MAX.into()]).await?)
}

/// When the next change is due, of whatever organization.
///
/// # Errors
/// The database's.
pub async fn first(directory: &Directory) -> Result<Option<Micros>> {
    let row: Option<(Micros,)> = directory.db().first(&SCHEDULED_FIRST, &[]).await?;
    Ok(row.map(|(at,)| at))
}

/// Removes what was done long ago.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    let before = Micros(directory.env().clock.now().0 - KEPT_DAYS * 86_400_000_000);
    directory.db().exec(&SCHEDULED_PRUNE, &[before.into()]).await?;
    Ok(())
}
