//! The statements on opaque access tokens.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_directory::{Directory, Result, Source};
use serde_json::{Map, Value};

use crate::client::Client;

sql! {
    ACCESS_INSERT = "INSERT INTO oidc_access_tokens (org_id, digest, app_id, claims, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    ACCESS_BY_DIGEST = "SELECT claims, revoked_at FROM oidc_access_tokens WHERE org_id = $1 AND digest = $2";
    ACCESS_REVOKE = "UPDATE oidc_access_tokens SET revoked_at = $4 WHERE org_id = $1 AND digest = $2 AND app_id = $3 AND revoked_at IS NULL";
    pub global ACCESS_PRUNE = "DELETE FROM oidc_access_tokens WHERE (org_id, digest) IN \
                               (SELECT org_id, digest FROM oidc_access_tokens WHERE expires_at < $1 LIMIT 1000)";
}

/// A token as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it says.
    pub claims: Map<String, Value>,
    /// When it was revoked.
    pub revoked_at: Option<Micros>,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let claims = serde_json::from_str(row.str(0)?);
        let claims = claims.map_err(|e| DbError::Internal(format!("oidc_access_tokens.claims: {e}")))?;
        Ok(Self { claims, revoked_at: row.opt_micros(1)? })
    }
}

/// Keeps a token from one time to another.
pub(super) async fn insert(
    directory: &Directory,
    client: &Client,
    token: Digest,
    claims: &Value,
    (from, until): (Micros, Micros),
) -> Result<()> {
    let (org, app) = (client.organization.id, client.app.id);
    let params = [(&org).into(), (&token).into(), (&app).into(), claims.to_string().into(), from.into(), until.into()];
    directory.db().exec(&ACCESS_INSERT, &params).await?;
    Ok(())
}

pub(super) async fn find(s: &mut impl Source, org: Id, token: Digest) -> Result<Option<Kept>> {
    Ok(s.first(&ACCESS_BY_DIGEST, &[(&org).into(), (&token).into()]).await?)
}

/// Revokes a token of this application; tells whether there was one.
///
/// # Errors
/// The database's.
pub async fn revoke(directory: &Directory, org: Id, app: Id, token: Digest) -> Result<bool> {
    let now = directory.env().clock.now();
    let params = [(&org).into(), (&token).into(), (&app).into(), now.into()];
    Ok(directory.db().exec(&ACCESS_REVOKE, &params).await? == 1)
}
