//! The statements on consents.

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::Consent;
use crate::{Error, Result, Source, Write};

sql! {
    CONSENT_OF = "SELECT org_id, id, user_id, app_id, allowed, created_at, updated_at FROM consents \
                  WHERE org_id = $1 AND user_id = $2 AND app_id = $3";
    CONSENTS_OF_USER = "SELECT org_id, id, user_id, app_id, allowed, created_at, updated_at FROM consents \
                        WHERE org_id = $1 AND user_id = $2 ORDER BY id";
    CONSENT_INSERT = "INSERT INTO consents (org_id, id, user_id, app_id, allowed, created_at, updated_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $6)";
    CONSENT_UPDATE = "UPDATE consents SET allowed = $3, updated_at = $4 WHERE org_id = $1 AND id = $2";
    CONSENT_DELETE = "DELETE FROM consents WHERE org_id = $1 AND id = $2 AND user_id = $3";
}

impl FromRow for Consent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            user: row.id(2)?,
            app: row.id(3)?,
            allowed: serde_json::from_str(row.str(4)?)
                .map_err(|e| DbError::Internal(format!("consents.allowed: {e}")))?,
            created_at: row.micros(5)?,
            updated_at: row.micros(6)?,
        })
    }
}

/// What a person allowed an application.
///
/// # Errors
/// The database's.
pub async fn of(s: &mut impl Source, org: Id, user: Id, app: Id) -> Result<Option<Consent>> {
    Ok(s.first(&CONSENT_OF, &[(&org).into(), (&user).into(), (&app).into()]).await?)
}

/// Everything that a person allowed, the oldest first.
///
/// # Errors
/// The database's.
pub async fn of_user(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<Consent>> {
    Ok(s.all(&CONSENTS_OF_USER, &[(&org).into(), (&user).into()]).await?)
}

fn text(consent: &Consent) -> Result<String> {
    serde_json::to_string(&consent.allowed).map_err(|e| Error::Internal(format!("consents.allowed: {e}")))
}

pub(crate) async fn insert(w: &mut Write<'_>, consent: &Consent) -> Result<()> {
    let params: [V<'_>; 6] = [
        (&consent.org).into(),
        (&consent.id).into(),
        (&consent.user).into(),
        (&consent.app).into(),
        text(consent)?.into(),
        consent.created_at.into(),
    ];
    w.exec(&CONSENT_INSERT, &params).await?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, consent: &Consent) -> Result<()> {
    let params = [(&consent.org).into(), (&consent.id).into(), text(consent)?.into(), consent.updated_at.into()];
    w.exec(&CONSENT_UPDATE, &params).await?;
    Ok(())
}

/// Whether there was one of this person's.
pub(crate) async fn delete(w: &mut Write<'_>, user: Id, id: Id) -> Result<bool> {
    let org = w.org();
    Ok(w.exec(&CONSENT_DELETE, &[(&org).into(), (&id).into(), (&user).into()]).await? == 1)
}
