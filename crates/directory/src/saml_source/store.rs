//! The statements on sources of metadata.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};

use super::Offer;
use crate::source::Source as Reads;
use crate::{Directory, Result, Write};

sql! {
    SAML_SOURCE = "SELECT url, entity_id, taken, read_at, next_at, failures, failed_at, failure, held, held_at, rejected \
                   FROM saml_sources WHERE org_id = $1 AND app_id = $2";
    SAML_SOURCE_PUT = "INSERT INTO saml_sources (org_id, app_id, url, entity_id, taken, read_at, next_at, failures, failed_at, failure, held, held_at, rejected) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (org_id, app_id) DO UPDATE SET \
                       url = $3, entity_id = $4, taken = $5, read_at = $6, next_at = $7, failures = $8, failed_at = $9, failure = $10, \
                       held = $11, held_at = $12, rejected = $13";
    SAML_SOURCE_DELETE = "DELETE FROM saml_sources WHERE org_id = $1 AND app_id = $2";
    global SAML_SOURCES_DUE = "SELECT org_id, app_id FROM saml_sources WHERE next_at <= $1 ORDER BY next_at LIMIT 20";
}

/// What a document says that nobody has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it says.
    pub offer: Offer,
    /// When it was first seen.
    pub seen_at: Micros,
}

/// Where metadata is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The address.
    pub url: String,
    /// Which entity, where the document describes several.
    pub entity_id: Option<String>,
    /// What the settings were filled in from.
    pub taken: Offer,
    /// When it was last read.
    pub read_at: Micros,
    /// When it is read again.
    pub next_at: Micros,
    /// How often reading failed since.
    pub failures: i64,
    /// When reading failed last, and why; `None` after it worked.
    pub failed: Option<(Micros, String)>,
    /// A change that waits.
    pub held: Option<Held>,
    /// What was not wanted.
    pub(super) rejected: Option<Vec<u8>>,
}

impl FromRow for Source {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let offer = |text: &str| {
            serde_json::from_str::<Offer>(text).map_err(|e| DbError::Internal(format!("saml_sources: {e}")))
        };
        let held = match (row.opt_text(8)?, row.opt_micros(9)?) {
            (Some(text), Some(seen_at)) => Some(Held { offer: offer(&text)?, seen_at }),
            _ => None,
        };
        Ok(Self {
            url: row.text(0)?,
            entity_id: row.opt_text(1)?,
            taken: offer(&row.text(2)?)?,
            read_at: row.micros(3)?,
            next_at: row.micros(4)?,
            failures: row.i64(5)?,
            failed: row.opt_micros(6)?.zip(row.opt_text(7)?),
            held,
            rejected: row.opt_bytes(10)?,
        })
    }
}

/// Where the metadata of an application is read again, if anywhere.
///
/// # Errors
/// The database's.
pub async fn find(s: &mut impl Reads, org: Id, app: Id) -> Result<Option<Source>> {
    Ok(s.first(&SAML_SOURCE, &[(&org).into(), (&app).into()]).await?)
}

/// The applications whose metadata is to be read now: organization and application.
///
/// # Errors
/// The database's.
pub async fn due(directory: &Directory) -> Result<Vec<(Id, Id)>> {
    let now = directory.env().clock.now();
    Ok(directory.db().all(&SAML_SOURCES_DUE, &[now.into()]).await?)
}

pub(super) async fn put(w: &mut Write<'_>, app: Id, source: &Source) -> Result<()> {
    let org = w.org();
    let json = |offer: &Offer| serde_json::to_string(offer).unwrap_or_default();
    let held = source.held.as_ref().map(|held| json(&held.offer));
    let (failed_at, failure) = source.failed.clone().unzip();
    let params = [
        (&org).into(),
        (&app).into(),
        source.url.as_str().into(),
        source.entity_id.as_deref().into(),
        json(&source.taken).into(),
        source.read_at.into(),
        source.next_at.into(),
        source.failures.into(),
        failed_at.into(),
        failure.into(),
        held.into(),
        source.held.as_ref().map(|held| held.seen_at).into(),
        source.rejected.clone().into(),
    ];
    w.exec(&SAML_SOURCE_PUT, &params).await?;
    Ok(())
}

pub(super) async fn delete(w: &mut Write<'_>, app: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&SAML_SOURCE_DELETE, &[(&org).into(), (&app).into()]).await?)
}
