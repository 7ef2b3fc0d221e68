//! The statements on service providers in sessions.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, sql};

use super::Participant;
use crate::session::model::USER_SESSION_TTL_S;
use crate::{Directory, Result, Source};

sql! {
    SAML_PARTICIPANT_NOTE = "INSERT INTO saml_participants (org_id, session_id, app_id, name, name_format, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
                             ON CONFLICT (org_id, session_id, app_id) DO UPDATE SET name = $4, name_format = $5";
    SAML_PARTICIPANTS = "SELECT app_id, name, name_format FROM saml_participants WHERE org_id = $1 AND session_id = $2 ORDER BY created_at, app_id";
    SAML_PARTICIPANTS_DELETE = "DELETE FROM saml_participants WHERE org_id = $1 AND session_id = $2";
    global SAML_PARTICIPANTS_PRUNE = "DELETE FROM saml_participants WHERE created_at < $1";
}

impl FromRow for Participant {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { app: row.id(0)?, name: row.text(1)?, format: row.text(2)? })
    }
}

/// Notes that a service provider is told of the person of a session by this name: with the event that says so.
///
/// # Errors
/// The database's.
pub async fn note(tx: &mut Tx, org: Id, session: Id, told: &Participant, now: Micros) -> Result<()> {
    let params =
        [(&org).into(), (&session).into(), (&told.app).into(), (&told.name).into(), (&told.format).into(), now.into()];
    tx.exec(&SAML_PARTICIPANT_NOTE, &params).await?;
    Ok(())
}

pub(super) async fn of_session(s: &mut impl Source, org: Id, session: Id) -> Result<Vec<Participant>> {
    Ok(s.all(&SAML_PARTICIPANTS, &[(&org).into(), (&session).into()]).await?)
}

pub(super) async fn forget(directory: &Directory, org: Id, session: Id) -> Result<()> {
    directory.db().exec(&SAML_PARTICIPANTS_DELETE, &[(&org).into(), (&session).into()]).await?;
    Ok(())
}

/// Removes what is of sessions that cannot live any more; for a worker. Tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let before = directory.env().clock.now().minus_s(USER_SESSION_TTL_S);
    Ok(directory.db().exec(&SAML_PARTICIPANTS_PRUNE, &[before.into()]).await?)
}
