//! The statements on events.

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, Tx, V, sql};

use super::{Detail, Event};
use crate::session::store::key;
use crate::{Directory, Result, Source};

sql! {
    EVENT_INSERT = "INSERT INTO events (org_id, id, at, type, user_id, doc) VALUES ($1, $2, $3, $4, $5, $6)";
    EVENT_OF_USER = "SELECT org_id, id, at, type, user_id, doc FROM events WHERE org_id = $1 AND user_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    EVENT_ALL = "SELECT org_id, id, at, type, user_id, doc FROM events WHERE org_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

impl FromRow for Event {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let org = row.text(0)?;
        Ok(Self {
            org: if org.is_empty() { None } else { Some(row.id(0)?) },
            id: row.id(1)?,
            at: row.micros(2)?,
            kind: row.text(3)?,
            user: row.opt_id(4)?,
            detail: serde_json::from_str::<Detail>(row.str(5)?).unwrap_or_default(),
        })
    }
}

fn params(event: &Event) -> [V<'_>; 6] {
    [
        key(event.org).into(),
        (&event.id).into(),
        event.at.into(),
        event.kind.as_str().into(),
        event.user.into(),
        serde_json::to_string(&event.detail).unwrap_or_default().into(),
    ]
}

/// Writes an event with what happened, in one transaction.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, event: &Event) -> Result<()> {
    tx.exec(&EVENT_INSERT, &params(event)).await?;
    Ok(())
}

/// Writes an event by itself.
///
/// # Errors
/// The database's.
pub async fn record(directory: &Directory, event: &Event) -> Result<()> {
    directory.db().exec(&EVENT_INSERT, &params(event)).await?;
    Ok(())
}

/// A person's events before a cursor (an id; empty for the newest), the newest first.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id, before: &str, limit: i64) -> Result<Vec<Event>> {
    let before = if before.is_empty() { "g" } else { before };
    Ok(s.all(&EVENT_OF_USER, &[(&org).into(), (&user).into(), before.into(), limit.into()]).await?)
}

/// An organization's events before a cursor, the newest first.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id, before: &str, limit: i64) -> Result<Vec<Event>> {
    let before = if before.is_empty() { "g" } else { before };
    Ok(s.all(&EVENT_ALL, &[(&org).into(), before.into(), limit.into()]).await?)
}
