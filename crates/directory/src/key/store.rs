//! The statements on signing keys.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_jose::SigningKey;

use super::jose_alg;
use crate::application::SigningAlg;
use crate::{Directory, Error, Result, Source, Write};

sql! {
    KEY_ALL = "SELECT kid, alg, created_at, signs_from, drop_at, sealed, last_used_at FROM signing_keys WHERE org_id = $1 ORDER BY signs_from, kid";
    KEY_INSERT = "INSERT INTO signing_keys (org_id, kid, alg, sealed, public_jwk, created_at, signs_from) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    KEY_DROP_AT = "UPDATE signing_keys SET drop_at = $3 WHERE org_id = $1 AND kid = $2";
    KEY_DROP_OTHERS = "UPDATE signing_keys SET drop_at = $4 WHERE org_id = $1 AND alg = $2 AND kid <> $3";
    KEY_DROP_NEXT = "DELETE FROM signing_keys WHERE org_id = $1 AND alg = $2 AND signs_from > $3";
    KEY_USED = "UPDATE signing_keys SET last_used_at = $3 WHERE org_id = $1 AND kid = $2";
    KEY_PRUNE = "DELETE FROM signing_keys WHERE org_id = $1 AND drop_at < $2";
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Its name: the RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub alg: SigningAlg,
    /// When it was made and published.
    pub created_at: Micros,
    /// From when on it signs.
    pub signs_from: Micros,
    /// When it leaves the key set.
    pub drop_at: Option<Micros>,
    /// When it last signed, to ten minutes.
    pub last_used_at: Option<Micros>,
    pub(super) sealed: Vec<u8>,
}

impl FromRow for KeyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let alg = row.text(1)?;
        Ok(Self {
            kid: row.text(0)?,
            alg: SigningAlg::from_word(&alg).ok_or_else(|| DbError::Internal(format!("signing_keys.alg: {alg}")))?,
            created_at: row.micros(2)?,
            signs_from: row.micros(3)?,
            drop_at: row.opt_micros(4)?,
            sealed: row.bytes(5)?,
            last_used_at: row.opt_micros(6)?,
        })
    }
}

/// Notes that a key signed.
pub(super) async fn used(directory: &Directory, org: Id, kid: &str, now: Micros) -> Result<()> {
    directory.db().exec(&KEY_USED, &[(&org).into(), kid.into(), now.into()]).await?;
    Ok(())
}

fn purpose(org: Id, kid: &str) -> String {
    format!("signing_key:{org}:{kid}")
}

pub(super) async fn all(directory: &Directory, org: Id) -> Result<Vec<KeyRow>> {
    Ok(directory.read().all(&KEY_ALL, &[(&org).into()]).await?)
}

pub(super) async fn of(w: &mut Write<'_>) -> Result<Vec<KeyRow>> {
    let org = w.org();
    Ok(Source::all(w, &KEY_ALL, &[(&org).into()]).await?)
}

pub(super) fn open(directory: &Directory, org: Id, row: &KeyRow) -> Result<SigningKey> {
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("signing key {}: {e}", row.kid));
    let pkcs8 = directory.keyring().open(&purpose(org, &row.kid), &row.sealed).map_err(|e| failed(&e))?;
    SigningKey::from_pkcs8(jose_alg(row.alg), &row.kid, &pkcs8).map_err(|e| failed(&e))
}

pub(super) async fn insert(w: &mut Write<'_>, alg: SigningAlg, key: &SigningKey, signs_from: Micros) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let pkcs8 = key.to_pkcs8().map_err(|e| Error::Internal(e.to_string()))?;
    let sealed = w.keyring().seal(&purpose(org, key.kid()), &pkcs8, &w.env().rng);
    let public = serde_json::to_string(&key.public_jwk()).unwrap_or_default();
    w.exec(
        &KEY_INSERT,
        &[
            (&org).into(),
            key.kid().into(),
            alg.word().into(),
            sealed.into(),
            public.into(),
            now.into(),
            signs_from.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Lets a key leave the key set at a time.
pub(super) async fn drop_at(w: &mut Write<'_>, kid: &str, at: Micros) -> Result<()> {
    let org = w.org();
    w.exec(&KEY_DROP_AT, &[(&org).into(), kid.into(), at.into()]).await?;
    Ok(())
}

/// Lets every other key of an algorithm leave the key set at a time.
pub(super) async fn drop_others(w: &mut Write<'_>, alg: SigningAlg, kid: &str, at: Micros) -> Result<()> {
    let org = w.org();
    w.exec(&KEY_DROP_OTHERS, &[(&org).into(), alg.word().into(), kid.into(), at.into()]).await?;
    Ok(())
}

/// Removes the key that was to sign next, and those that left the set.
pub(super) async fn drop_next(w: &mut Write<'_>, alg: SigningAlg) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&KEY_DROP_NEXT, &[(&org).into(), alg.word().into(), now.into()]).await?;
    w.exec(&KEY_PRUNE, &[(&org).into(), now.into()]).await?;
    Ok(())
}
