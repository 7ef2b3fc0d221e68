//! The statements on organizations. `organizations` is its own key, so these are global look-ups by design.

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, Tx, V, sql};

use super::{Organization, Settings};
use crate::{Error, Result, Source, Write};

/// A select of organizations.
macro_rules! organizations {
    ($rest:literal) => {
        concat!(
            "SELECT id, provider_id, slug, display_name, settings, EXISTS (SELECT 1 FROM organization_logos l \
             WHERE l.org_id = organizations.id), created_at FROM organizations ",
            $rest
        )
    };
}

sql! {
    global ORG_BY_ID = organizations!("WHERE id = $1");
    global ORG_BY_SLUG = organizations!("WHERE slug = $1");
    global ORG_BY_IDS = organizations!("WHERE id IN {each $1} ORDER BY display_name, id");
    global ORG_OF_PROVIDER = organizations!("WHERE provider_id = $1 ORDER BY display_name, id");
    global ORG_EVERY = organizations!("ORDER BY id");
    global ORG_COUNT = "SELECT count(*) FROM organizations";
    global ORG_INSERT = "INSERT INTO organizations (id, provider_id, slug, display_name, settings, created_at, log_seq) \
                     VALUES ($1, $2, $3, $4, $5, $6, 0)";
    global ORG_UPDATE = "UPDATE organizations SET display_name = $2, settings = $3, settings_seq = $4 WHERE id = $1";
    ORG_SETTINGS_CHANGED = "UPDATE organizations SET settings_seq = $2 WHERE id = $1 /* org_id */";
    ORG_LOGO = "SELECT logo, logo_type FROM organization_logos WHERE org_id = $1";
    ORG_LOGO_SET = "INSERT INTO organization_logos (org_id, logo, logo_type) VALUES ($1, $2, $3) \
                    ON CONFLICT (org_id) DO UPDATE SET logo = excluded.logo, logo_type = excluded.logo_type";
    ORG_LOGO_DELETE = "DELETE FROM organization_logos WHERE org_id = $1";
}

impl FromRow for Organization {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.id(0)?,
            provider_id: row.opt_id(1)?,
            slug: row.text(2)?,
            display_name: row.text(3)?,
            settings: serde_json::from_str::<Settings>(&row.text(4)?)
                .map_err(|e| DbError::Internal(format!("organizations.settings: {e}")))?,
            has_logo: row.bool(5)?,
            created_at: row.micros(6)?,
        })
    }
}

/// An organization by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, id: Id) -> Result<Organization> {
    s.first(&ORG_BY_ID, &[(&id).into()]).await?.ok_or(Error::Missing("organization"))
}

/// An organization by slug.
///
/// # Errors
/// The database's.
pub async fn by_slug(s: &mut impl Source, slug: &str) -> Result<Option<Organization>> {
    // It comes from an address, and PostgreSQL takes no text with U+0000.
    if slug.contains('\0') {
        return Ok(None);
    }
    Ok(s.first(&ORG_BY_SLUG, &[slug.into()]).await?)
}

/// Several organizations in the order of their names; unknown ids are passed over.
///
/// # Errors
/// The database's.
pub async fn by_ids(s: &mut impl Source, ids: &[Id]) -> Result<Vec<Organization>> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Ok(s.all(&ORG_BY_IDS, &[list.into()]).await?)
}

/// A provider's organizations in the order of their names.
///
/// # Errors
/// The database's.
pub async fn of_provider(s: &mut impl Source, provider: Id) -> Result<Vec<Organization>> {
    Ok(s.all(&ORG_OF_PROVIDER, &[(&provider).into()]).await?)
}

/// Every organization of the installation; for workers and `verify`.
///
/// # Errors
/// The database's.
pub async fn every(s: &mut impl Source) -> Result<Vec<Organization>> {
    Ok(s.all(&ORG_EVERY, &[]).await?)
}

/// How many organizations there are: 0 on a new installation.
///
/// # Errors
/// The database's.
pub async fn count(s: &mut impl Source) -> Result<i64> {
    Ok(s.first::<(i64,)>(&ORG_COUNT, &[]).await?.map_or(0, |(n,)| n))
}

/// The logo and its media type.
///
/// # Errors
/// The database's.
pub async fn logo(s: &mut impl Source, id: Id) -> Result<Option<(Vec<u8>, String)>> {
    Ok(s.first(&ORG_LOGO, &[(&id).into()]).await?)
}

pub(crate) async fn insert(tx: &mut Tx, organization: &Organization) -> Result<()> {
    let settings = serde_json::to_string(&organization.settings).unwrap_or_default();
    tx.exec(
        &ORG_INSERT,
        &[
            (&organization.id).into(),
            organization.provider_id.into(),
            organization.slug.as_str().into(),
            organization.display_name.as_str().into(),
            settings.into(),
            organization.created_at.into(),
        ],
    )
    .await
    .map_err(|e| {
        if e.is_unique_on("slug") { Error::Conflict("slug: another organization has it".into()) } else { e.into() }
    })?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, organization: &Organization) -> Result<()> {
    let settings = serde_json::to_string(&organization.settings).unwrap_or_default();
    let (name, seq) = (organization.display_name.as_str(), w.cause_seq());
    let params: [V<'_>; 4] = [(&organization.id).into(), name.into(), settings.into(), seq.into()];
    w.exec(&ORG_UPDATE, &params).await?;
    w.organization_changed();
    Ok(())
}

pub(crate) async fn set_logo(w: &mut Write<'_>, logo: Option<(&[u8], &str)>) -> Result<()> {
    let org = w.org();
    match logo {
        Some((bytes, kind)) => w.exec(&ORG_LOGO_SET, &[(&org).into(), bytes.into(), kind.into()]).await?,
        None => w.exec(&ORG_LOGO_DELETE, &[(&org).into()]).await?,
    };
    let seq = w.cause_seq();
    w.exec(&ORG_SETTINGS_CHANGED, &[(&org).into(), seq.into()]).await?;
    w.organization_changed();
    Ok(())
}
