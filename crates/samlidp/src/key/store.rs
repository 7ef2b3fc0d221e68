//! The statements on signing keys.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_directory::{Directory, Error, Result, Source, Write};
use muster_saml::key::{Certificate, KeyKind, SigningKey};

use super::Pair;

sql! {
    SAML_KEY_ALL = "SELECT org_id, id, kind, created_at, signs_from, drop_at, certificate, sealed FROM saml_keys WHERE org_id = $1 ORDER BY signs_from, id";
    SAML_KEY_INSERT = "INSERT INTO saml_keys (org_id, id, kind, sealed, certificate, created_at, signs_from) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SAML_KEY_DROP_NEXT = "DELETE FROM saml_keys WHERE org_id = $1 AND kind = $2 AND signs_from > $3";
    SAML_KEY_DROP_AT = "UPDATE saml_keys SET drop_at = $4 WHERE org_id = $1 AND kind = $2 AND id <> $3 AND drop_at IS NULL";
    SAML_KEY_PRUNE = "DELETE FROM saml_keys WHERE org_id = $1 AND drop_at < $2";
}

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// The organization.
    pub org: Id,
    /// Its id.
    pub id: Id,
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
        let word = row.text(2)?;
        let kind = kind(&word).ok_or_else(|| DbError::Internal(format!("saml_keys.kind: {word}")))?;
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            kind,
            created_at: row.micros(3)?,
            signs_from: row.micros(4)?,
            drop_at: row.opt_micros(5)?,
            certificate: row.bytes(6)?,
            sealed: row.bytes(7)?,
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

pub(super) fn open(directory: &Directory, row: &KeyRow) -> Result<Pair> {
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("SAML key {}: {e}", row.id));
    let pkcs8 = directory.keyring().open(&purpose(row.org, row.id), &row.sealed).map_err(|e| failed(&e))?;
    let key = SigningKey::from_pkcs8(&pkcs8).map_err(|e| failed(&e))?;
    let certificate = Certificate::from_der(&row.certificate).map_err(|e| failed(&e))?;
    key.belongs_to(&certificate).map_err(|e| failed(&e))?;
    Ok(Pair { key, certificate })
}

pub(super) async fn insert(w: &mut Write<'_>, id: Id, pair: &Pair, signs_from: Micros) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    let pkcs8 = pair.key.to_pkcs8().map_err(|e| Error::Internal(e.to_string()))?;
    let sealed = w.keyring().seal(&purpose(org, id), &pkcs8, &w.env().rng);
    let params = [
        (&org).into(),
        (&id).into(),
        word(pair.key.kind()).into(),
        sealed.into(),
        pair.certificate.der().to_vec().into(),
        now.into(),
        signs_from.into(),
    ];
    w.exec(&SAML_KEY_INSERT, &params).await?;
    Ok(())
}

/// Lets every other key of a kind leave the metadata at a time, unless it is to leave already; removes those that left,
/// and the one that was to sign next.
pub(super) async fn retire_others(w: &mut Write<'_>, kind: KeyKind, keep: Id, at: Micros) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&SAML_KEY_DROP_AT, &[(&org).into(), word(kind).into(), (&keep).into(), at.into()]).await?;
    w.exec(&SAML_KEY_PRUNE, &[(&org).into(), now.into()]).await?;
    Ok(())
}

pub(super) async fn drop_next(w: &mut Write<'_>, kind: KeyKind) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&SAML_KEY_DROP_NEXT, &[(&org).into(), word(kind).into(), now.into()]).await?;
    Ok(())
}
