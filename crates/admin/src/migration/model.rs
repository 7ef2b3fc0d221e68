//! A migration as the API shows it.

use muster_base::Micros;
use muster_directory::Directory;
use muster_directory::migration::{self, Job, Kind, Moves, Row, State, Word};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// Where a migration reads.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MigrationSource)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceIn {
    /// Base URL: what the API's addresses begin with; JumpCloud's where it is left out.
    #[serde(default)]
    #[schema(max_length = 1024)]
    pub base_url: Option<String>,
    /// API Key of an administrator there; one who may only read is enough. It is kept, encrypted, only while the source is
    /// being read, and never shown.
    #[schema(max_length = 4096)]
    pub api_key: String,
    /// Organization ID there, where the key reaches several.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organization_id: Option<String>,
}

/// A migration as it is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MigrationWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationIn {
    #[serde(flatten)]
    pub source: SourceIn,
    /// What was changed here by hand is overwritten.
    #[serde(default)]
    pub overwrite: bool,
    /// It is carried out at once, without waiting for somebody who has seen the plan.
    #[serde(default)]
    pub apply: bool,
}

/// How a plan is carried out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = MigrationApply)]
pub(crate) struct ApplyIn {
    /// What was changed here by hand is overwritten; as it was planned when left out.
    #[serde(default)]
    pub overwrite: Option<bool>,
}

/// How many have an outcome, or would.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MigrationCount)]
pub(crate) struct CountOut {
    kind: Kind,
    /// `created`, `updated`, `linked`, `unchanged`, `kept`, `removed`, `refused`, `not_brought`, `gone`, `left`; empty: not looked at yet.
    outcome: String,
    count: i64,
}

/// How many come into a group and leave it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MigrationGroup)]
pub(crate) struct MovesOut {
    /// The group's name.
    name: String,
    joins: i64,
    leaves: i64,
}

impl From<&Moves> for MovesOut {
    fn from(moves: &Moves) -> Self {
        Self { name: moves.name.clone(), joins: moves.joins, leaves: moves.leaves }
    }
}

/// A migration.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Migration)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationOut {
    id: ObjectId,
    state: State,
    base_url: String,
    /// The organization there, once it was asked.
    organization_id: Option<String>,
    /// Its name.
    organization_name: String,
    overwrite: bool,
    created_at: Time,
    /// When it ended.
    done_at: Option<Time>,
    /// What is being read.
    reading: String,
    /// Requests made to the source.
    requests: u64,
    /// Why it could not go on.
    failure: Option<String>,
    /// By kind and outcome; on lists left out.
    counts: Vec<CountOut>,
    /// By the plan: the groups that people or devices would come into or leave.
    groups: Vec<MovesOut>,
    /// Whether the plan was worked out in parts: then the groups' numbers are sums of the parts.
    in_parts: bool,
}

impl MigrationOut {
    /// Shows a migration without its counts.
    pub(crate) fn new(job: &Job) -> Self {
        Self {
            id: job.id.into(),
            state: job.state,
            base_url: job.base_url.clone(),
            organization_id: Some(job.source.clone()).filter(|s| !s.is_empty()).or_else(|| job.organization.clone()),
            organization_name: job.source_name.clone(),
            overwrite: job.choices.overwrite,
            created_at: Time(Micros(job.created_at)),
            done_at: job.done_at.map(|at| Time(Micros(at))),
            reading: job.at.clone(),
            requests: job.requests,
            failure: job.failure.clone(),
            counts: Vec::new(),
            groups: job.groups.iter().map(Into::into).collect(),
            in_parts: job.in_parts,
        }
    }

    /// Shows a migration.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn of(directory: &Directory, job: &Job) -> muster_directory::Result<Self> {
        let counts = migration::counts(&mut directory.read(), job.org, job.id).await?;
        let counts =
            counts.into_iter().map(|c| CountOut { kind: c.kind, outcome: c.outcome, count: c.count }).collect();
        Ok(Self { counts, ..Self::new(job) })
    }
}

/// Migrations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Migrations)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationsOut {
    pub results: Vec<MigrationOut>,
    pub total_count: usize,
}

/// An object of the source and what became of it, or would.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MigrationItem)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemOut {
    /// Its place: the next page begins after it.
    seq: i64,
    kind: Kind,
    /// Its id there.
    remote_id: String,
    /// What it belongs to there.
    parent_id: String,
    name: String,
    /// In a word; nothing yet.
    outcome: Option<Word>,
    /// Whether it was done; otherwise it is planned.
    done: bool,
    /// The object here.
    local_id: Option<ObjectId>,
    /// What changed: `{field: {from, to}}`.
    changes: Map<String, Value>,
    /// What differs and was left, since it was changed here.
    kept: Vec<String>,
    /// What was left out, and why.
    reason: String,
}

impl From<Row> for ItemOut {
    fn from(row: Row) -> Self {
        let told = row.told;
        // What is only planned has no id that would last.
        let made = told.as_ref().is_some_and(|t| t.outcome == Word::Created) && !row.is_done;
        Self {
            seq: row.seq,
            kind: row.kind,
            remote_id: row.remote_id,
            parent_id: row.parent,
            name: row.name,
            outcome: told.as_ref().map(|t| t.outcome),
            done: row.is_done,
            local_id: told.as_ref().and_then(|t| t.local_id).filter(|_| !made).map(Into::into),
            changes: told.as_ref().map(|t| t.changes.clone()).unwrap_or_default(),
            kept: told.as_ref().map(|t| t.kept.clone()).unwrap_or_default(),
            reason: told.map(|t| t.reason).unwrap_or_default(),
        }
    }
}

/// A page of results.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MigrationResults)]
pub(crate) struct ResultsOut {
    pub results: Vec<ItemOut>,
}

/// What a source answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MigrationTest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestOut {
    /// Whether it can be read.
    pub ok: bool,
    /// Why not.
    pub message: String,
    pub organization_id: String,
    pub organization_name: String,
    /// How many there are; none where the source does not say.
    pub users: Option<usize>,
    pub user_groups: Option<usize>,
    pub applications: Option<usize>,
}
