//! The statements on initial access tokens and on registered clients.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use crate::{Result, Source, Write};

sql! {
    REGISTRATION_TOKENS = "SELECT id, description, uses_left, created_at, expires_at FROM registration_tokens WHERE org_id = $1 ORDER BY id";
    REGISTRATION_TOKEN_INSERT = "INSERT INTO registration_tokens (org_id, id, digest, description, uses_left, created_at, expires_at) \
                                 VALUES ($1, $2, $3, $4, $5, $6, $7)";
    REGISTRATION_TOKEN_DELETE = "DELETE FROM registration_tokens WHERE org_id = $1 AND id = $2";
    /// Of two uses at once of a token's last one, one counts.
    REGISTRATION_TOKEN_TAKE = "UPDATE registration_tokens SET uses_left = uses_left - 1 \
                               WHERE org_id = $1 AND digest = $2 AND uses_left > 0 AND expires_at > $3";
    CLIENT_REGISTRATION_PUT = "INSERT INTO client_registrations (org_id, app_id, digest, created_at) VALUES ($1, $2, $3, $4) \
                               ON CONFLICT (org_id, app_id) DO UPDATE SET digest = $3";
    CLIENT_REGISTRATION = "SELECT app_id FROM client_registrations WHERE org_id = $1 AND app_id = $2 AND digest = $3";
}

/// An initial access token, as it can be told.
#[derive(Clone, Debug)]
pub struct InitialToken {
    /// The id.
    pub id: Id,
    /// For whom it was made.
    pub description: String,
    /// How many clients may still register with it.
    pub uses_left: i64,
    /// When it was made.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
}

impl FromRow for InitialToken {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id(0)?,
            description: row.text(1)?,
            uses_left: row.i64(2)?,
            created_at: row.micros(3)?,
            expires_at: row.micros(4)?,
        })
    }
}

/// All initial access tokens, the oldest first.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<InitialToken>> {
    Ok(s.all(&REGISTRATION_TOKENS, &[(&org).into()]).await?)
}

pub(super) async fn insert(w: &mut Write<'_>, token: &InitialToken, digest: Digest) -> Result<()> {
    let org = w.org();
    let params: [V<'_>; 7] = [
        (&org).into(),
        (&token.id).into(),
        digest.into(),
        token.description.as_str().into(),
        token.uses_left.into(),
        token.created_at.into(),
        token.expires_at.into(),
    ];
    w.exec(&REGISTRATION_TOKEN_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn delete(w: &mut Write<'_>, id: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&REGISTRATION_TOKEN_DELETE, &[(&org).into(), (&id).into()]).await?)
}

/// Uses a token once; tells whether it could be.
pub(super) async fn take(w: &mut Write<'_>, token: Digest) -> Result<bool> {
    let (org, now) = (w.org(), w.now());
    Ok(w.exec(&REGISTRATION_TOKEN_TAKE, &[(&org).into(), token.into(), now.into()]).await? == 1)
}

/// Gives a client the token by which it reads and changes its registration; an earlier one stops working.
pub(super) async fn put(w: &mut Write<'_>, app: Id, token: Digest) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&CLIENT_REGISTRATION_PUT, &[(&org).into(), (&app).into(), token.into(), now.into()]).await?;
    Ok(())
}

/// Whether a token is the one of this client.
///
/// # Errors
/// The database's.
pub async fn is_of(s: &mut impl Source, org: Id, app: Id, token: Digest) -> Result<bool> {
    let params = [(&org).into(), (&app).into(), token.into()];
    Ok(s.first::<(Id,)>(&CLIENT_REGISTRATION, &params).await?.is_some())
}
