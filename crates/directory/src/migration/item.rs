//! The statements on what was read of a source and what became of it.

use muster_base::Id;
use muster_db::{Tx, Work, sql};

use super::model::{Item, Kind, Told, Word};
use crate::{Directory, Error, Result, Source, Verb, Write};

sql! {
    MIGRATION_ITEM_INSERT = "INSERT INTO migration_items (org_id, job_id, seq, kind, parent, remote_id, name, doc) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                             ON CONFLICT (org_id, job_id, kind, parent, remote_id) DO NOTHING";
    MIGRATION_ITEMS_CLEAR = "DELETE FROM migration_items WHERE org_id = $1 AND job_id = $2";
    MIGRATION_ITEMS_NEXT = "SELECT seq, kind, parent, remote_id, name, doc FROM migration_items WHERE org_id = $1 AND job_id = $2 \
                            AND seq > $3 AND seq < $4 AND outcome IS NULL ORDER BY seq LIMIT $5";
    MIGRATION_ITEM_TOLD = "UPDATE migration_items SET outcome = $4, told = $5 WHERE org_id = $1 AND job_id = $2 AND seq = $3";
    MIGRATION_ITEM_PLANNED = "UPDATE migration_items SET planned = $4, plan = $5 WHERE org_id = $1 AND job_id = $2 AND seq = $3";
    MIGRATION_ITEM_IS = "SELECT 1 FROM migration_items WHERE org_id = $1 AND job_id = $2 AND kind = $3 AND parent = '' AND remote_id = $4";
    MIGRATION_ITEM_AT = "SELECT seq, kind, parent, remote_id, name, doc FROM migration_items WHERE org_id = $1 AND job_id = $2 AND seq = $3";
    MIGRATION_COUNTS = "SELECT kind, COALESCE(outcome, planned, ''), count(*) FROM migration_items WHERE org_id = $1 AND job_id = $2 \
                        GROUP BY 1, 2 ORDER BY 1, 2";
    MIGRATION_PAGE = "SELECT seq, kind, parent, remote_id, name, COALESCE(told, plan, ''), CASE WHEN told IS NULL THEN 0 ELSE 1 END \
                      FROM migration_items WHERE org_id = $1 AND job_id = $2 AND seq > $3 AND ($4 = '' OR kind = $4) \
                      AND ($5 = '' OR COALESCE(outcome, planned, '') = $5) ORDER BY seq LIMIT $6";
}

/// Items that are written down, or taken away, in one transaction.
pub struct Batch {
    /// The organization.
    pub org: Id,
    /// The migration.
    pub job: Id,
    /// Whether what was written before is taken away first.
    pub clear: bool,
    /// The items. One that was read before, since the source's pages moved, is passed over.
    pub items: Vec<Item>,
}

impl Work for Batch {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        if self.clear {
            tx.exec(&MIGRATION_ITEMS_CLEAR, &[(&self.org).into(), (&self.job).into()]).await?;
        }
        for item in &self.items {
            let params = [
                (&self.org).into(),
                (&self.job).into(),
                item.seq.into(),
                item.kind.word().into(),
                item.parent.as_str().into(),
                item.remote_id.as_str().into(),
                item.name.as_str().into(),
                item.doc.to_string().into(),
            ];
            tx.exec(&MIGRATION_ITEM_INSERT, &params).await?;
        }
        Ok(())
    }
}

/// Writes items down.
///
/// # Errors
/// The database's.
pub async fn insert(directory: &Directory, batch: Batch) -> Result<()> {
    if batch.items.is_empty() && !batch.clear {
        return Ok(());
    }
    directory.work(batch).await
}

/// Plans, written down.
struct Plans {
    job: (Id, Id),
    plans: Vec<(i64, Told)>,
}

impl Work for Plans {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        for (seq, told) in &self.plans {
            let doc = serde_json::to_string(told).unwrap_or_default();
            let (org, job) = (&self.job.0, &self.job.1);
            let params = [org.into(), job.into(), (*seq).into(), told.outcome.word().into(), doc.into()];
            tx.exec(&MIGRATION_ITEM_PLANNED, &params).await?;
        }
        Ok(())
    }
}

/// Writes down what would become of items.
///
/// # Errors
/// The database's.
pub async fn planned(directory: &Directory, job: (Id, Id), plans: Vec<(i64, Told)>) -> Result<()> {
    directory.work(Plans { job, plans }).await
}

type Raw = (i64, String, String, String, String, String);

fn item((seq, kind, parent, remote_id, name, doc): Raw) -> Result<Item> {
    let wrong = |what: String| Error::Internal(format!("migration_items: {what}"));
    let doc = serde_json::from_str(&doc).map_err(|e| wrong(e.to_string()))?;
    let kind = Kind::from_word(&kind).ok_or_else(|| wrong(kind))?;
    Ok(Item { seq, kind, parent, remote_id, name, doc })
}

/// The next items that nothing was done with.
pub(super) async fn next(s: &mut impl Source, job: (Id, Id), after: i64, limit: i64) -> Result<Vec<Item>> {
    let params = [(&job.0).into(), (&job.1).into(), after.into(), Kind::Gone.first_seq().into(), limit.into()];
    let rows: Vec<Raw> = s.all(&MIGRATION_ITEMS_NEXT, &params).await?;
    rows.into_iter().map(item).collect()
}

/// Whether an object of the source is among what was read.
pub(super) async fn is_read(s: &mut impl Source, job: (Id, Id), kind: Kind, remote_id: &str) -> Result<bool> {
    let params = [(&job.0).into(), (&job.1).into(), kind.word().into(), remote_id.into()];
    Ok(s.first::<(i64,)>(&MIGRATION_ITEM_IS, &params).await?.is_some())
}

/// Writes down what became of an item, with the change itself.
pub(super) async fn told(w: &mut Write<'_>, job: Id, seq: i64, told: &Told) -> Result<()> {
    let org = w.org();
    let doc = serde_json::to_string(told).unwrap_or_default();
    let params = [(&org).into(), (&job).into(), seq.into(), told.outcome.word().into(), doc.into()];
    w.exec(&MIGRATION_ITEM_TOLD, &params).await?;
    Ok(())
}

/// The item at a place.
pub(super) async fn at(s: &mut impl Source, job: (Id, Id), seq: i64) -> Result<Option<Item>> {
    let row: Option<Raw> = s.first(&MIGRATION_ITEM_AT, &[(&job.0).into(), (&job.1).into(), seq.into()]).await?;
    row.map(item).transpose()
}

/// Writes down what would become of an item, with the change itself.
pub(super) async fn plan(w: &mut Write<'_>, job: Id, seq: i64, told: &Told) -> Result<()> {
    let org = w.org();
    let doc = serde_json::to_string(told).unwrap_or_default();
    let params = [(&org).into(), (&job).into(), seq.into(), told.outcome.word().into(), doc.into()];
    w.exec(&MIGRATION_ITEM_PLANNED, &params).await?;
    Ok(())
}

/// Tells of the next item that it could not be taken in: what is wrong with it ended the step.
pub struct RefuseNext {
    /// The migration.
    pub job: Id,
    /// What is wrong.
    pub reason: String,
}

impl Verb for RefuseNext {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        super::job::get(w, org, self.job).await?;
        for item in next(w, (org, self.job), 0, 1).await? {
            told(w, self.job, item.seq, &Told::new(Word::Refused).because(&self.reason)).await?;
        }
        Ok(())
    }
}

/// How many items of a kind have an outcome; empty: none yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// The outcome's word.
    pub outcome: String,
    /// How many.
    pub count: i64,
}

/// The counts of a migration.
///
/// # Errors
/// The database's.
pub async fn counts(s: &mut impl Source, org: Id, job: Id) -> Result<Vec<Count>> {
    let rows: Vec<(String, String, i64)> = s.all(&MIGRATION_COUNTS, &[(&org).into(), (&job).into()]).await?;
    let read =
        |(kind, outcome, count): (String, String, i64)| Some(Count { kind: Kind::from_word(&kind)?, outcome, count });
    Ok(rows.into_iter().filter_map(read).collect())
}

/// An item with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place.
    pub seq: i64,
    /// What it is.
    pub kind: Kind,
    /// What it belongs to there.
    pub parent: String,
    /// Its id there.
    pub remote_id: String,
    /// Its name.
    pub name: String,
    /// What became of it, or would; nothing yet.
    pub told: Option<Told>,
    /// Whether it was done.
    pub is_done: bool,
}

/// Which items a page shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Of this kind; empty: of all.
    pub kind: &'a str,
    /// With this outcome; empty: with all.
    pub outcome: &'a str,
    /// After this place.
    pub after: i64,
}

/// A page of items.
///
/// # Errors
/// The database's.
pub async fn page(s: &mut impl Source, (org, job): (Id, Id), wanted: Wanted<'_>, limit: i64) -> Result<Vec<Row>> {
    let params =
        [(&org).into(), (&job).into(), wanted.after.into(), wanted.kind.into(), wanted.outcome.into(), limit.into()];
    type Shown = (i64, String, String, String, String, String, i64);
    let rows: Vec<Shown> = s.all(&MIGRATION_PAGE, &params).await?;
    let read = |(seq, kind, parent, remote_id, name, told, done): Shown| {
        let told = (!told.is_empty()).then(|| serde_json::from_str(&told)).transpose();
        let told = told.map_err(|e| Error::Internal(format!("migration_items.told: {e}")))?;
        let kind = Kind::from_word(&kind).ok_or_else(|| Error::Internal("migration_items.kind".into()))?;
        Ok(Row { seq, kind, parent, remote_id, name, told, is_done: done == 1 })
    };
    rows.into_iter().map(read).collect()
}
