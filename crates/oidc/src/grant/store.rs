//! The statements on grants and refresh tokens.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, V, sql};
use muster_directory::session::Method;
use muster_directory::{Directory, Error, Result, Source};
use muster_oauth::Scope;

use super::Grant;
use super::model::Terms;
use crate::access_token::store::ACCESS_PRUNE;
use crate::device::store::DEVICE_PRUNE;
use crate::replay::REPLAY_PRUNE;

/// How many rows one transaction removes at most.
const PRUNE_BATCH: u64 = 1000;

/// The columns of a grant, in the order in which they are read.
macro_rules! grants {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, id, app_id, user_id, session_id, code_digest, code_expires_at, redirect_uri, code_challenge, ",
            "nonce, scope, method, auth_at, created_at, redeemed_at, revoked_at, expires_at, terms, dpop_jkt, refresh_jkt ",
            "FROM oidc_grants WHERE org_id = $1 AND ",
            $rest
        )
    };
}

sql! {
    GRANT_INSERT = "INSERT INTO oidc_grants (org_id, id, app_id, user_id, session_id, code_digest, code_expires_at, redirect_uri, \
                    code_challenge, nonce, scope, method, auth_at, created_at, redeemed_at, expires_at, terms, dpop_jkt, refresh_jkt) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    GRANT_BY_ID = grants!("id = $2");
    /// Of two redemptions at once, the second waits here for the first (PostgreSQL).
    GRANT_LOCK_BY_CODE = grants!("code_digest = $2 {for_update}");
    GRANT_LOCK_BY_ID = grants!("id = $2 {for_update}");
    GRANT_REDEEMED = "UPDATE oidc_grants SET redeemed_at = $3, expires_at = $4, refresh_jkt = $5 WHERE org_id = $1 AND id = $2";
    GRANT_EXTEND = "UPDATE oidc_grants SET expires_at = $3 WHERE org_id = $1 AND id = $2";
    GRANT_REVOKE = "UPDATE oidc_grants SET revoked_at = $3 WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL";
    global GRANTS_PRUNE = "DELETE FROM oidc_grants WHERE (org_id, id) IN \
                           (SELECT org_id, id FROM oidc_grants WHERE expires_at < $1 LIMIT 1000)";
    REFRESH_INSERT = "INSERT INTO oidc_refresh_tokens (org_id, digest, grant_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    REFRESH_BY_DIGEST = "SELECT grant_id, created_at, expires_at, used_at, next_digest, next_sealed FROM oidc_refresh_tokens WHERE org_id = $1 AND digest = $2";
    REFRESH_USED = "UPDATE oidc_refresh_tokens SET used_at = $3, next_digest = $4, next_sealed = $5 WHERE org_id = $1 AND digest = $2";
    global REFRESH_PRUNE = "DELETE FROM oidc_refresh_tokens WHERE (org_id, digest) IN \
                            (SELECT org_id, digest FROM oidc_refresh_tokens WHERE expires_at < $1 LIMIT 1000)";
}

impl FromRow for Grant {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            app: row.id(2)?,
            user: row.id(3)?,
            session: row.id(4)?,
            code: row.digest(5)?,
            code_expires_at: row.micros(6)?,
            redirect_uri: row.text(7)?,
            code_challenge: row.opt_text(8)?,
            nonce: row.opt_text(9)?,
            scope: Scope::parse(row.str(10)?).map_err(|_| DbError::Internal("oidc_grants.scope".into()))?,
            method: if row.str(11)? == Method::Federated.word() { Method::Federated } else { Method::Password },
            auth_at: row.micros(12)?,
            created_at: row.micros(13)?,
            redeemed_at: row.opt_micros(14)?,
            revoked_at: row.opt_micros(15)?,
            expires_at: row.micros(16)?,
            terms: read_terms(row.opt_text(17)?.as_deref())?,
            dpop_jkt: row.opt_text(18)?,
            refresh_jkt: row.opt_text(19)?,
        })
    }
}

fn read_terms(text: Option<&str>) -> Result<Terms, DbError> {
    let terms = text.map(serde_json::from_str).transpose();
    Ok(terms.map_err(|e| DbError::Internal(format!("oidc_grants.terms: {e}")))?.unwrap_or_default())
}

/// Most requests ask for nothing beyond the scope: then there is nothing to keep.
fn write_terms(terms: &Terms) -> Result<Option<String>> {
    if *terms == Terms::default() {
        return Ok(None);
    }
    let text = serde_json::to_string(terms);
    Ok(Some(text.map_err(|e| Error::Internal(format!("oidc_grants.terms: {e}")))?))
}

pub(crate) async fn insert(tx: &mut Tx, grant: &Grant) -> Result<()> {
    let terms = write_terms(&grant.terms)?;
    let params: [V<'_>; 19] = [
        (&grant.org).into(),
        (&grant.id).into(),
        (&grant.app).into(),
        (&grant.user).into(),
        (&grant.session).into(),
        (&grant.code).into(),
        grant.code_expires_at.into(),
        grant.redirect_uri.as_str().into(),
        grant.code_challenge.as_deref().into(),
        grant.nonce.as_deref().into(),
        grant.scope.to_string().into(),
        grant.method.word().into(),
        grant.auth_at.into(),
        grant.created_at.into(),
        grant.redeemed_at.into(),
        grant.expires_at.into(),
        terms.as_deref().into(),
        grant.dpop_jkt.as_deref().into(),
        grant.refresh_jkt.as_deref().into(),
    ];
    tx.exec(&GRANT_INSERT, &params).await?;
    Ok(())
}

/// A grant by id.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Grant>> {
    Ok(s.first(&GRANT_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

pub(super) async fn lock_by_code(tx: &mut Tx, org: Id, code: Digest) -> Result<Option<Grant>> {
    Ok(tx.first(&GRANT_LOCK_BY_CODE, &[(&org).into(), (&code).into()]).await?)
}

pub(super) async fn lock_by_id(tx: &mut Tx, org: Id, id: Id) -> Result<Option<Grant>> {
    Ok(tx.first(&GRANT_LOCK_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

pub(super) async fn set_redeemed(tx: &mut Tx, grant: &Grant, now: Micros, expires_at: Micros) -> Result<()> {
    let refresh_jkt = grant.refresh_jkt.as_deref();
    let params = [(&grant.org).into(), (&grant.id).into(), now.into(), expires_at.into(), refresh_jkt.into()];
    tx.exec(&GRANT_REDEEMED, &params).await?;
    Ok(())
}

pub(super) async fn extend(tx: &mut Tx, grant: &Grant, expires_at: Micros) -> Result<()> {
    tx.exec(&GRANT_EXTEND, &[(&grant.org).into(), (&grant.id).into(), expires_at.into()]).await?;
    Ok(())
}

pub(super) async fn revoke(tx: &mut Tx, grant: &Grant, now: Micros) -> Result<()> {
    tx.exec(&GRANT_REVOKE, &[(&grant.org).into(), (&grant.id).into(), now.into()]).await?;
    Ok(())
}

/// A refresh token as it is kept.
#[derive(Clone, Debug)]
pub struct KeptRefreshToken {
    /// Its grant.
    pub grant: Id,
    /// When it was given.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
    /// When it was used.
    pub used_at: Option<Micros>,
    /// The token that replaced it: its digest, and itself sealed.
    pub(super) next: Option<(Digest, Vec<u8>)>,
}

impl FromRow for KeptRefreshToken {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            grant: row.id(0)?,
            created_at: row.micros(1)?,
            expires_at: row.micros(2)?,
            used_at: row.opt_micros(3)?,
            next: if row.is_null(4)? { None } else { Some((row.digest(4)?, row.bytes(5)?)) },
        })
    }
}

/// A refresh token.
///
/// # Errors
/// The database's.
pub async fn refresh_token(s: &mut impl Source, org: Id, token: Digest) -> Result<Option<KeptRefreshToken>> {
    Ok(s.first(&REFRESH_BY_DIGEST, &[(&org).into(), (&token).into()]).await?)
}

pub(crate) async fn insert_refresh_token(
    tx: &mut Tx,
    grant: &Grant,
    token: Digest,
    now: Micros,
    expires_at: Micros,
) -> Result<()> {
    let params = [(&grant.org).into(), (&token).into(), (&grant.id).into(), now.into(), expires_at.into()];
    tx.exec(&REFRESH_INSERT, &params).await?;
    Ok(())
}

/// Marks a token as used, replaced by the next one, which is also kept sealed.
pub(super) async fn set_used(
    tx: &mut Tx,
    org: Id,
    token: Digest,
    (next, sealed): (&Digest, &[u8]),
    now: Micros,
) -> Result<()> {
    tx.exec(&REFRESH_USED, &[(&org).into(), (&token).into(), now.into(), next.into(), sealed.into()]).await?;
    Ok(())
}

/// Removes everything of the provider's that has ended, in transactions of a bounded size; tells how many.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    let mut removed = 0;
    for statement in [&REFRESH_PRUNE, &GRANTS_PRUNE, &ACCESS_PRUNE, &REPLAY_PRUNE, &DEVICE_PRUNE] {
        loop {
            let rows = directory.db().exec(statement, &[now.into()]).await?;
            removed += rows;
            if rows < PRUNE_BATCH {
                break;
            }
        }
    }
    Ok(removed)
}
