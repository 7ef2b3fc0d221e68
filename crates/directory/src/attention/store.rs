//! The statements that find what needs an administrator. Each is bounded.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};

use crate::directory_provider::ProviderType;
use crate::directory_provider::model::Doc;
use crate::feed::Settings;
use crate::{Result, Source};

/// Rows of a kind.
const ROWS_MAX: i64 = 1_000;
/// Bulk jobs that are looked at, the youngest.
const BULK_MAX: i64 = 20;

sql! {
    /// Directories with what is known of reading them; `held` is the last import that was carried out, where it holds somebody.
    ATTENTION_DIRECTORIES = "SELECT p.id, p.name, s.provider_id IS NOT NULL, s.active, s.paused, s.next_at, s.failed_at, s.failure, \
                             p.last_request_at, p.created_at, (SELECT min(r.done_at) FROM feed_runs r WHERE r.org_id = $1 AND r.provider_id = p.id \
                             AND r.kind = 'import' AND r.state = 'held' AND NOT EXISTS (SELECT 1 FROM feed_runs l WHERE l.org_id = $1 \
                             AND l.provider_id = p.id AND l.kind = 'import' AND l.state IN ('done', 'held') AND l.id > r.id)), p.type, p.doc, (SELECT min(k.created_at) FROM directory_provider_tokens k WHERE k.org_id = $1 AND k.provider_id = p.id), s.doc \
                             FROM directory_providers p LEFT JOIN feed_sources s ON s.org_id = p.org_id AND s.provider_id = p.id \
                             WHERE p.org_id = $1 ORDER BY p.name_norm LIMIT $2";
    ATTENTION_SUGGESTIONS = "SELECT g.id, g.kind, g.name, count(*), min(s.since_at) FROM group_suggestions s \
                             JOIN groups g ON g.org_id = s.org_id AND g.id = s.group_id \
                             WHERE s.org_id = $1 AND s.rejected = 0 GROUP BY g.id, g.kind, g.name ORDER BY 5 LIMIT $2";
    ATTENTION_METADATA = "SELECT app_id, held_at, failed_at, failure FROM saml_sources \
                          WHERE org_id = $1 AND (held_at IS NOT NULL OR failed_at IS NOT NULL) ORDER BY app_id LIMIT $2";
    ATTENTION_MIGRATION = "SELECT id, state, created_at, {json doc} ->> 'failure', {json doc} ->> 'source_name' FROM migration_jobs \
                           WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    /// Imports that ended before their end, where none was begun since.
    ATTENTION_IMPORTS = "SELECT i.app_id, i.created_at, {json i.doc} ->> 'failure' FROM provision_imports i WHERE i.org_id = $1 AND i.created_at >= $2 \
                         AND i.open = 0 AND ({json i.doc} ->> 'failure') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM provision_imports l WHERE l.org_id = $1 \
                         AND l.app_id = i.app_id AND l.created_at > i.created_at) ORDER BY i.created_at DESC LIMIT $3";
    ATTENTION_BULK = "SELECT j.id, j.open, j.created_at, CAST(sum(CASE WHEN i.status = 'failed' THEN 1 ELSE 0 END) AS BIGINT), \
                      CAST(sum(CASE WHEN i.status = 'pending' THEN 1 ELSE 0 END) AS BIGINT), max(i.updated_at) \
                      FROM (SELECT id, open, created_at FROM bulk_jobs WHERE org_id = $1 AND created_at >= $2 ORDER BY created_at DESC LIMIT $3) j \
                      JOIN bulk_items i ON i.org_id = $1 AND i.job_id = j.id GROUP BY j.id, j.open, j.created_at ORDER BY j.created_at DESC";
}

/// What is known of a directory.
pub(super) struct Directory {
    pub id: Id,
    pub name: String,
    /// Whether it may feed.
    pub active: bool,
    /// Of those that are read.
    pub read: Option<Read>,
    /// Whether it is one that is read, set up or not.
    pub is_read: bool,
    pub last_request_at: Option<Micros>,
    /// Since when it could have asked.
    pub could_since: Option<Micros>,
}

/// What is known of reading a directory.
pub(super) struct Read {
    pub active: bool,
    pub paused: bool,
    pub scheduled: bool,
    pub next_at: Micros,
    pub failed: Option<(Micros, String)>,
    pub held_at: Option<Micros>,
}

impl FromRow for Directory {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let wrong = |what: &str| DbError::Internal(format!("{what}.doc"));
        let read = if row.bool(2)? {
            let text = row.opt_text(14)?.unwrap_or_default();
            let settings: Settings = serde_json::from_str(&text).map_err(|_| wrong("feed_sources"))?;
            Some(Read {
                active: row.bool(3)?,
                paused: row.bool(4)?,
                scheduled: settings.every_minutes > 0,
                next_at: row.micros(5)?,
                failed: row.opt_micros(6)?.zip(row.opt_text(7)?),
                held_at: row.opt_micros(10)?,
            })
        } else {
            None
        };
        let doc: Doc = serde_json::from_str(row.str(12)?).map_err(|_| wrong("directory_providers"))?;
        Ok(Self {
            id: row.id(0)?,
            name: row.text(1)?,
            active: doc.active,
            read,
            is_read: ProviderType::from_word(row.str(11)?).is_some_and(ProviderType::is_read),
            last_request_at: row.opt_micros(8)?,
            could_since: row.opt_micros(13)?,
        })
    }
}

pub(super) async fn directories(s: &mut impl Source, org: Id) -> Result<Vec<Directory>> {
    Ok(s.all(&ATTENTION_DIRECTORIES, &[(&org).into(), ROWS_MAX.into()]).await?)
}

/// Groups that wait for a review: id, kind, name, how many, since when.
pub(super) async fn suggestions(s: &mut impl Source, org: Id) -> Result<Vec<(Id, String, String, i64, Micros)>> {
    Ok(s.all(&ATTENTION_SUGGESTIONS, &[(&org).into(), ROWS_MAX.into()]).await?)
}

/// Metadata that is held or could not be read: application, since when it is held, since when it fails, why.
pub(super) async fn metadata(
    s: &mut impl Source,
    org: Id,
) -> Result<Vec<(Id, Option<Micros>, Option<Micros>, Option<String>)>> {
    Ok(s.all(&ATTENTION_METADATA, &[(&org).into(), ROWS_MAX.into()]).await?)
}

/// The last migration: id, state, when it was asked for, why it failed, the name of the source.
pub(super) async fn migration(
    s: &mut impl Source,
    org: Id,
) -> Result<Option<(Id, String, Micros, Option<String>, Option<String>)>> {
    Ok(s.first(&ATTENTION_MIGRATION, &[(&org).into()]).await?)
}

/// Imports that stopped: application, when they were asked for, why.
pub(super) async fn imports(s: &mut impl Source, org: Id, since: Micros) -> Result<Vec<(Id, Micros, String)>> {
    Ok(s.all(&ATTENTION_IMPORTS, &[(&org).into(), since.into(), ROWS_MAX.into()]).await?)
}

/// Bulk jobs: id, whether it goes on, when it was asked for, how many failed, how many wait, when something was done last.
pub(super) async fn bulk(
    s: &mut impl Source,
    org: Id,
    since: Micros,
) -> Result<Vec<(Id, bool, Micros, i64, i64, Micros)>> {
    Ok(s.all(&ATTENTION_BULK, &[(&org).into(), since.into(), BULK_MAX.into()]).await?)
}
