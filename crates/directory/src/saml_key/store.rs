//! The statements on SAML signing keys.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_saml::key::{Certificate, KeyKind, SigningKey};

use super::Pair;
use crate::{Directory, Error, Result, Source, Write};

sql! {
    SAML_KEY_ALL = "SELECT org_id, id, app_id, kind, created_at, signs_from, drop_at, certificate, sealed FROM saml_keys WHERE org_id = $1 ORDER BY signs_from, id";
    SAML_KEY_OF_APPLICATION = "SELECT org_id, id, app_id, kind, created_at, signs_from, drop_at, certificate, sealed FROM saml_keys \
                               WHERE org_id = $1 AND (app_id IS NULL OR app_id = $2) ORDER BY signs_from, id";
    SAML_KEY_INSERT = "INSERT INTO saml_keys (org_id, id, app_id, kind, sealed, certificate, created_at, signs_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SAML_KEY_DELETE = "DELETE FROM saml_keys WHERE org_id = $1 AND id = $2";
    SAML_KEY_DROP_AT = "UPDATE saml_keys SET drop_at = $3 WHERE org_id = $1 AND id = $2";
    SAML_KEY_PRUNE = "DELETE FROM saml_keys WHERE org_id = $1 AND drop_at < $2";
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// The organization.
    pub org: Id,
    /// Its id.
    pub id: Id,
    /// The application whose own it is; `None` is the organization's.
    pub app: Option<Id>,
    /// What it signs with.
    pub kind: KeyKind,
    /// When it was made.
    pub created_at: Micros,
    /// From when on it signs.
    pub signs_from: Micros,
    /// When it leaves the metadata.
    pub drop_at: Option<Micros>,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
    pub(super) sealed: Vec<u8>,
}

impl FromRow for KeyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let word = row.text(3)?;
        let kind = kind(&word).ok_or_else(|| DbError::Internal(format!("saml_keys.kind: {word}")))?;
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            app: row.opt_id(2)?,
            kind,
            created_at: row.micros(4)?,
            signs_from: row.micros(5)?,
            drop_at: row.opt_micros(6)?,
            certificate: row.bytes(7)?,
            sealed: row.bytes(8)?,
        })
    }
}

/// The word in the database.
pub(super) const fn word(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Rsa => "rsa",
        KeyKind::P256 => "p256",
        KeyKind::P384 => "p384",
    }
}

fn kind(text: &str) -> Option<KeyKind> {
    [KeyKind::Rsa, KeyKind::P256, KeyKind::P384].into_iter().find(|kind| word(*kind) == text)
}

fn purpose(org: Id, id: Id) -> String {
    format!("saml_key:{org}:{id}")
}

pub(super) async fn all(s: &mut impl Source, org: Id) -> Result<Vec<KeyRow>> {
    Ok(s.all(&SAML_KEY_ALL, &[(&org).into()]).await?)
}

/// Those that an application may sign with: its own and the organization's.
pub(super) async fn of_application(s: &mut impl Source, org: Id, app: Id) -> Result<Vec<KeyRow>> {
    Ok(s.all(&SAML_KEY_OF_APPLICATION, &[(&org).into(), (&app).into()]).await?)
}

pub(super) fn open(directory: &Directory, row: &KeyRow) -> Result<Pair> {
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("SAML key {}: {e}", row.id));
    let pkcs8 = directory.keyring().open(&purpose(row.org, row.id), &row.sealed).map_err(|e| failed(&e))?;
    let key = SigningKey::from_pkcs8(&pkcs8).map_err(|e| failed(&e))?;
    let certificate = Certificate::from_der(&row.certificate).map_err(|e| failed(&e))?;
    key.belongs_to(&certificate).map_err(|e| failed(&e))?;
    Ok(Pair { key, certificate })
}

/// Adds a key to its line (organization or application, and kind). One that was to sign next gives way; the others leave
/// the metadata `overlap_s` seconds after this one signs, unless they are to leave before.
pub(super) async fn add(
    w: &mut Write<'_>,
    app: Option<Id>,
    pair: &Pair,
    signs_from: Micros,
    overlap_s: i64,
) -> Result<Id> {
    let (org, now, kind) = (w.org(), w.now(), pair.key.kind());
    w.exec(&SAML_KEY_PRUNE, &[(&org).into(), now.into()]).await?;
    let line: Vec<KeyRow> = line(w, app, kind).await?;
    let leaves = signs_from.plus_s(overlap_s);
    let mut newest = true;
    for row in line.iter().rev() {
        if row.signs_from > now {
            w.exec(&SAML_KEY_DELETE, &[(&org).into(), (&row.id).into()]).await?;
            continue;
        }
        // The present one was to leave after the one that gave way: what counts now is the new one.
        if newest || row.drop_at.is_none() {
            w.exec(&SAML_KEY_DROP_AT, &[(&org).into(), (&row.id).into(), leaves.into()]).await?;
        }
        newest = false;
    }
    let id = w.env().id();
    let pkcs8 = pair.key.to_pkcs8().map_err(|e| Error::Internal(e.to_string()))?;
    let sealed = w.keyring().seal(&purpose(org, id), &pkcs8, &w.env().rng);
    let params = [
        (&org).into(),
        (&id).into(),
        app.as_ref().into(),
        word(kind).into(),
        sealed.into(),
        pair.certificate.der().to_vec().into(),
        now.into(),
        signs_from.into(),
    ];
    w.exec(&SAML_KEY_INSERT, &params).await?;
    Ok(id)
}

/// Removes a key. The newest of those that stay is not to leave any more: nothing takes its place.
pub(super) async fn remove(w: &mut Write<'_>, row: &KeyRow) -> Result<()> {
    let org = w.org();
    w.exec(&SAML_KEY_DELETE, &[(&org).into(), (&row.id).into()]).await?;
    if let Some(newest) = line(w, row.app, row.kind).await?.last() {
        w.exec(&SAML_KEY_DROP_AT, &[(&org).into(), (&newest.id).into(), None::<Micros>.into()]).await?;
    }
    Ok(())
}

/// The keys of one line, the oldest first.
async fn line(w: &mut Write<'_>, app: Option<Id>, kind: KeyKind) -> Result<Vec<KeyRow>> {
    let org = w.org();
    let mut rows = all(w, org).await?;
    rows.retain(|row| row.app == app && row.kind == kind);
    Ok(rows)
}
