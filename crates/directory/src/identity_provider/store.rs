//! The statements on identity providers and links.

use muster_base::{Id, Secret};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Doc, IdentityProvider};
use crate::{Directory, Error, Result, Source, Write};

sql! {
    IDP_BY_ID = "SELECT org_id, id, name, doc, enabled, client_secret IS NOT NULL, created_at FROM identity_providers WHERE org_id = $1 AND id = $2";
    IDP_ALL = "SELECT org_id, id, name, doc, enabled, client_secret IS NOT NULL, created_at FROM identity_providers WHERE org_id = $1 ORDER BY id";
    IDP_SECRET = "SELECT client_secret FROM identity_providers WHERE org_id = $1 AND id = $2";
    IDP_INSERT = "INSERT INTO identity_providers (org_id, id, name, name_norm, doc, enabled, client_secret, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    IDP_UPDATE = "UPDATE identity_providers SET name = $3, name_norm = $4, doc = $5, enabled = $6 WHERE org_id = $1 AND id = $2";
    IDP_SECRET_SET = "UPDATE identity_providers SET client_secret = $3 WHERE org_id = $1 AND id = $2";
    IDP_DELETE = "DELETE FROM identity_providers WHERE org_id = $1 AND id = $2";
    IDP_LINK = "SELECT user_id FROM identity_links WHERE org_id = $1 AND idp_id = $2 AND issuer = $3 AND subject = $4";
    IDP_LINK_OF_USER = "SELECT issuer, subject, linked_name FROM identity_links WHERE org_id = $1 AND idp_id = $2 AND user_id = $3";
    IDP_LINK_INSERT = "INSERT INTO identity_links (org_id, idp_id, issuer, subject, user_id, linked_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    IDP_LINK_DELETE = "DELETE FROM identity_links WHERE org_id = $1 AND idp_id = $2 AND user_id = $3";
}

impl FromRow for IdentityProvider {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            name: row.text(2)?,
            doc: serde_json::from_str::<Doc>(&row.text(3)?)
                .map_err(|e| DbError::Internal(format!("identity_providers.doc: {e}")))?,
            enabled: row.bool(4)?,
            has_secret: row.bool(5)?,
            created_at: row.micros(6)?,
        })
    }
}

/// A provider by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<IdentityProvider> {
    s.first(&IDP_BY_ID, &[(&org).into(), (&id).into()]).await?.ok_or(Error::Missing("identity provider"))
}

/// All providers in the order in which they were made.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<IdentityProvider>> {
    Ok(s.all(&IDP_ALL, &[(&org).into()]).await?)
}

/// What a sealed client secret is bound to.
fn purpose(org: Id, id: Id) -> String {
    format!("identity_provider.client_secret:{org}:{id}")
}

/// Our client secret at the provider, decrypted for one request.
///
/// # Errors
/// [`Error::Internal`] when the master key does not open it.
pub async fn client_secret(directory: &Directory, org: Id, id: Id) -> Result<Option<Secret>> {
    let row: Option<(Option<Vec<u8>>,)> = directory.read().first(&IDP_SECRET, &[(&org).into(), (&id).into()]).await?;
    let Some(sealed) = row.and_then(|(sealed,)| sealed) else { return Ok(None) };
    let plain = directory.keyring().open(&purpose(org, id), &sealed).map_err(|e| Error::Internal(e.to_string()))?;
    let text = String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("client secret is not UTF-8".into()))?;
    Ok(Some(Secret::new(text)))
}

pub(crate) async fn insert(w: &mut Write<'_>, idp: &IdentityProvider, secret: Option<&Secret>) -> Result<()> {
    let doc = serde_json::to_string(&idp.doc).unwrap_or_default();
    let sealed = secret.map(|s| w.keyring().seal(&purpose(idp.org, idp.id), s.expose().as_bytes(), &w.env().rng));
    w.exec(
        &IDP_INSERT,
        &[
            (&idp.org).into(),
            (&idp.id).into(),
            idp.name.as_str().into(),
            idp.name.to_lowercase().into(),
            doc.into(),
            idp.enabled.into(),
            sealed.into(),
            idp.created_at.into(),
        ],
    )
    .await
    .map_err(unique)?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, idp: &IdentityProvider) -> Result<()> {
    let doc = serde_json::to_string(&idp.doc).unwrap_or_default();
    let params: [V<'_>; 6] = [
        (&idp.org).into(),
        (&idp.id).into(),
        idp.name.as_str().into(),
        idp.name.to_lowercase().into(),
        doc.into(),
        idp.enabled.into(),
    ];
    w.exec(&IDP_UPDATE, &params).await.map_err(unique)?;
    Ok(())
}

fn unique(error: DbError) -> Error {
    if error.is_unique_on("name_norm") {
        Error::Conflict("name: another identity provider of this organization has this name".into())
    } else {
        error.into()
    }
}

pub(crate) async fn set_secret(w: &mut Write<'_>, idp: &IdentityProvider, secret: &Secret) -> Result<()> {
    let sealed = w.keyring().seal(&purpose(idp.org, idp.id), secret.expose().as_bytes(), &w.env().rng);
    w.exec(&IDP_SECRET_SET, &[(&idp.org).into(), (&idp.id).into(), sealed.into()]).await?;
    Ok(())
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&IDP_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

/// Who here is this subject there.
///
/// # Errors
/// The database's.
pub async fn linked(s: &mut impl Source, org: Id, idp: Id, issuer: &str, subject: &str) -> Result<Option<Id>> {
    let row: Option<(Id,)> = s.first(&IDP_LINK, &[(&org).into(), (&idp).into(), issuer.into(), subject.into()]).await?;
    Ok(row.map(|(id,)| id))
}

/// A person's link at a provider.
#[derive(Clone, Debug)]
pub struct Link {
    /// The issuer.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// The name they have there, for the hint.
    pub linked_name: Option<String>,
}

/// A person's link at a provider.
///
/// # Errors
/// The database's.
pub async fn link_of(s: &mut impl Source, org: Id, idp: Id, user: Id) -> Result<Option<Link>> {
    let row: Option<(String, String, Option<String>)> =
        s.first(&IDP_LINK_OF_USER, &[(&org).into(), (&idp).into(), (&user).into()]).await?;
    Ok(row.map(|(issuer, subject, linked_name)| Link { issuer, subject, linked_name }))
}

pub(crate) async fn insert_link(w: &mut Write<'_>, idp: Id, user: Id, link: &Link) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(
        &IDP_LINK_INSERT,
        &[
            (&org).into(),
            (&idp).into(),
            link.issuer.as_str().into(),
            link.subject.as_str().into(),
            (&user).into(),
            link.linked_name.as_deref().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete_link(w: &mut Write<'_>, idp: Id, user: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&IDP_LINK_DELETE, &[(&org).into(), (&idp).into(), (&user).into()]).await?)
}
