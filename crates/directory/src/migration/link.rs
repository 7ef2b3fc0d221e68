//! The statements on which object here is which there.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_db::{Tx, V, Work, sql};
use serde_json::{Map, Value};

use super::model::Kind;
use crate::{Directory, Error, Result, Source, Write};

sql! {
    MIGRATION_LINK = "SELECT local_id, base FROM migration_links WHERE org_id = $1 AND source = $2 AND kind = $3 AND parent = $4 AND remote_id = $5";
    MIGRATION_LINK_PUT = "INSERT INTO migration_links (org_id, source, kind, parent, remote_id, local_id, base) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, source, kind, parent, remote_id) \
                          DO UPDATE SET local_id = excluded.local_id, base = excluded.base";
    MIGRATION_LINK_DROP = "DELETE FROM migration_links WHERE org_id = $1 AND source = $2 AND kind = $3 AND parent = $4 AND remote_id = $5";
    MIGRATION_LINKS_LEFT = "SELECT l.remote_id, l.local_id, l.base FROM migration_links l WHERE l.org_id = $1 AND l.source = $2 AND l.kind = $3 \
                            AND l.parent = $4 AND NOT EXISTS (SELECT 1 FROM migration_items i WHERE i.org_id = $1 AND i.job_id = $5 \
                            AND i.kind = $3 AND i.parent = $4 AND i.remote_id = l.remote_id) ORDER BY l.remote_id";
    MIGRATION_LINKS_OF = "SELECT remote_id, local_id FROM migration_links WHERE org_id = $1 AND source = $2 AND parent = '' \
                          AND kind IN ('user', 'system', 'user_group', 'system_group') AND remote_id IN {each $3}";
    /// What was taken in before and is not there any more.
    MIGRATION_GONE = "INSERT INTO migration_items (org_id, job_id, seq, kind, parent, remote_id, name, doc, planned, plan) \
                      SELECT l.org_id, $3, CAST($4 AS BIGINT) + row_number() OVER (ORDER BY l.kind, l.remote_id), 'gone', l.kind, l.remote_id, l.local_id, l.base, \
                      'gone', $5 FROM migration_links l WHERE l.org_id = $1 AND l.source = $2 AND l.parent = '' \
                      AND l.kind IN ('user', 'system', 'user_group', 'system_group', 'application') AND NOT EXISTS (SELECT 1 FROM migration_items i \
                      WHERE i.org_id = $1 AND i.job_id = $3 AND i.kind = l.kind AND i.parent = '' AND i.remote_id = l.remote_id)";
    /// Whose manager was taken in before and who has none any more.
    MIGRATION_UNMANAGED = "INSERT INTO migration_items (org_id, job_id, seq, kind, parent, remote_id, name, doc) \
                      SELECT l.org_id, $3, CAST($4 AS BIGINT) + row_number() OVER (ORDER BY l.remote_id), 'manager', '', l.remote_id, '', '{}' \
                      FROM migration_links l WHERE l.org_id = $1 AND l.source = $2 AND l.parent = '' AND l.kind = 'manager' \
                      AND EXISTS (SELECT 1 FROM migration_items i WHERE i.org_id = $1 AND i.job_id = $3 AND i.kind = 'user' AND i.remote_id = l.remote_id) \
                      AND NOT EXISTS (SELECT 1 FROM migration_items i WHERE i.org_id = $1 AND i.job_id = $3 AND i.kind = 'manager' AND i.remote_id = l.remote_id)";
}

/// An object here that was taken in before.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its id here.
    pub local: Id,
    /// How it was then.
    pub base: Map<String, Value>,
}

/// What an object of the source is known by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub source: &'a str,
    pub kind: Kind,
    pub parent: &'a str,
    pub remote_id: &'a str,
}

impl Key<'_> {
    fn params(&self, org: &Id) -> Vec<V<'_>> {
        vec![
            V::from(org).into_owned(),
            self.source.into(),
            self.kind.word().into(),
            self.parent.into(),
            self.remote_id.into(),
        ]
    }
}

/// Which object here it is, where it was taken in before.
pub(super) async fn find(s: &mut impl Source, org: Id, key: Key<'_>) -> Result<Option<Link>> {
    let row: Option<(Id, String)> = s.first(&MIGRATION_LINK, &key.params(&org)).await?;
    Ok(row.map(|(local, base)| Link { local, base: serde_json::from_str(&base).unwrap_or_default() }))
}

/// Notes which object here it is.
pub(super) async fn put(w: &mut Write<'_>, key: Key<'_>, local: Id, base: &Map<String, Value>) -> Result<()> {
    let org = w.org();
    let mut params = key.params(&org);
    params.push((&local).into());
    let base = serde_json::to_string(base).unwrap_or_default();
    params.push(base.into());
    w.exec(&MIGRATION_LINK_PUT, &params).await?;
    Ok(())
}

/// Forgets which object here it was.
pub(super) async fn remove(w: &mut Write<'_>, key: Key<'_>) -> Result<()> {
    let org = w.org();
    w.exec(&MIGRATION_LINK_DROP, &key.params(&org)).await?;
    Ok(())
}

/// The links below a parent that are not among what was read: (id there, id here, how it was).
pub(super) async fn left(
    s: &mut impl Source,
    (org, job): (Id, Id),
    (source, kind, parent): (&str, Kind, &str),
) -> Result<Vec<(String, Id, Map<String, Value>)>> {
    let params = [(&org).into(), source.into(), kind.word().into(), parent.into(), (&job).into()];
    let rows: Vec<(String, Id, String)> = s.all(&MIGRATION_LINKS_LEFT, &params).await?;
    Ok(rows
        .into_iter()
        .map(|(remote, id, base)| (remote, id, serde_json::from_str(&base).unwrap_or_default()))
        .collect())
}

/// The ids here of people, devices and groups there.
pub(super) async fn ids(s: &mut impl Source, org: Id, source: &str, remote: &[String]) -> Result<BTreeMap<String, Id>> {
    if remote.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, Id)> = s.all(&MIGRATION_LINKS_OF, &[(&org).into(), source.into(), V::list(remote)]).await?;
    Ok(rows.into_iter().collect())
}

/// What is known only once everything is read.
struct Finish {
    job: (Id, Id),
    source: String,
    gone: String,
}

impl Work for Finish {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let (org, job) = (&self.job.0, &self.job.1);
        let late = 500_000_000;
        let source = self.source.as_str();
        let manager = Kind::Manager.first_seq() + late;
        tx.exec(&MIGRATION_UNMANAGED, &[org.into(), source.into(), job.into(), manager.into()]).await?;
        let gone = Kind::Gone.first_seq();
        tx.exec(&MIGRATION_GONE, &[org.into(), source.into(), job.into(), gone.into(), self.gone.as_str().into()])
            .await?;
        Ok(())
    }
}

/// Notes what was taken in before and is not there any more.
///
/// # Errors
/// The database's.
pub async fn finish_reading(directory: &Directory, job: (Id, Id), source: &str) -> Result<()> {
    let told = super::Told::new(super::Word::Gone).because("it is not in the source any more: it was left here");
    let gone = serde_json::to_string(&told).unwrap_or_default();
    directory.work(Finish { job, source: source.to_owned(), gone }).await
}
