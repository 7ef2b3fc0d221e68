//! The change log's statements.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use serde_json::Value;

use super::Change;
use crate::{Result, Source, Write};

sql! {
    CHANGE_APPEND = "INSERT INTO change_log (org_id, seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields, request_id) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CHANGE_AFTER = "SELECT seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields FROM change_log \
             WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    CHANGE_BY_SEQ = "SELECT seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields FROM change_log \
             WHERE org_id = $1 AND seq = $2";
    CHANGE_OF_DEVICES_NAMING = "SELECT seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields FROM change_log \
             WHERE org_id = $1 AND at > $2 AND subject_kind = 'system' AND fields LIKE $3 ORDER BY seq DESC LIMIT $4";
    CHANGE_OF_SUBJECT = "SELECT seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields FROM change_log \
             WHERE org_id = $1 AND subject_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";
}

pub(crate) async fn append(w: &mut Write<'_>, seq: i64, change: &Change) -> Result<()> {
    let (org, now, actor) = (w.org(), w.now(), w.actor());
    w.exec(
        &CHANGE_APPEND,
        &[
            (&org).into(),
            seq.into(),
            now.into(),
            actor.kind.word().into(),
            actor.id.into(),
            change.kind.word().into(),
            change.subject.kind.into(),
            (&change.subject.id).into(),
            serde_json::to_string(&change.fields).unwrap_or_default().into(),
            actor.request_id.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}

/// A row of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The number within the organization, from 1 without gaps.
    pub seq: i64,
    /// When it was committed.
    pub at: Micros,
    /// Who: the kind.
    pub actor_kind: String,
    /// Who: the id.
    pub actor_id: Option<Id>,
    /// What was done.
    pub kind: String,
    /// To what kind of object.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Id,
    /// The fields that changed.
    pub fields: Value,
}

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            seq: row.i64(0)?,
            at: row.micros(1)?,
            actor_kind: row.text(2)?,
            actor_id: row.opt_id(3)?,
            kind: row.text(4)?,
            subject_kind: row.text(5)?,
            subject_id: row.id(6)?,
            fields: serde_json::from_str(&row.text(7)?).unwrap_or(Value::Null),
        })
    }
}

/// The entries after a consumer's cursor.
///
/// # Errors
/// The database's.
pub async fn after(s: &mut impl Source, org: Id, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(s.all(&CHANGE_AFTER, &[(&org).into(), seq.into(), limit.into()]).await?)
}

/// One entry by its number.
///
/// # Errors
/// The database's.
pub async fn by_seq(s: &mut impl Source, org: Id, seq: i64) -> Result<Option<Entry>> {
    Ok(s.first(&CHANGE_BY_SEQ, &[(&org).into(), seq.into()]).await?)
}

/// What happened with one object before a cursor (a number; `i64::MAX` for the newest), the newest first.
///
/// # Errors
/// The database's.
pub async fn of_subject(s: &mut impl Source, org: Id, subject: Id, before: i64, limit: i64) -> Result<Vec<Entry>> {
    Ok(s.all(&CHANGE_OF_SUBJECT, &[(&org).into(), (&subject).into(), before.into(), limit.into()]).await?)
}

/// The changes of devices after a moment that speak of a person, the last first: who owned and used them.
///
/// # Errors
/// The database's.
pub(crate) async fn of_devices_naming(
    s: &mut impl Source,
    org: Id,
    person: Id,
    after: Micros,
    limit: i64,
) -> Result<Vec<Entry>> {
    let naming = format!("%{person}%");
    Ok(s.all(&CHANGE_OF_DEVICES_NAMING, &[(&org).into(), after.into(), naming.into(), limit.into()]).await?)
}
