//! A directory that we read, and its runs, as the API shows them. The secret is taken and never shown.

use muster_base::{Id, Secret};
use muster_directory::feed::source::NEVER;
use muster_directory::feed::{
    Counts, Google, GuardLimits, Ldap, Reads, Run, RunKind, RunState, Settings, Source, model::MovedGroup, store,
};
use muster_http::{ApiError, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// How often a directory is read when nothing is said, in minutes.
const EVERY: i64 = 60;

/// Where a directory is and how it is read: all of it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = FeedSourceWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceWrite {
    /// An LDAP server; of the type `ldap`.
    #[serde(default)]
    ldap: Option<Ldap>,
    /// Google Workspace; of the type `google_workspace`.
    #[serde(default)]
    google: Option<Google>,
    /// How often it is read, in minutes: 0, or from 15 on; an hour when left out. 0: only when it is asked for.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10080)]
    every_minutes: Option<i64>,
    /// Whether groups are read too; they are when left out.
    #[serde(default)]
    groups: Option<bool>,
    /// The delete guard.
    #[serde(default)]
    guard: Option<GuardLimits>,
    /// The password of the bind DN, or the service account's key (JSON). Left out: the one that is kept. Never shown.
    #[serde(default)]
    #[schema(max_length = 16384)]
    secret: Option<String>,
}

impl SourceWrite {
    /// As the directory takes it.
    ///
    /// # Errors
    /// 400, naming the field.
    pub(super) fn read(self) -> Result<(Settings, Option<Secret>), ApiError> {
        let reads = match (self.ldap, self.google) {
            (Some(ldap), None) => Reads::Ldap(ldap),
            (None, Some(google)) => Reads::GoogleWorkspace(google),
            _ => return Err(ApiError::field("ldap", "exactly one of ldap and google is needed")),
        };
        let settings = Settings {
            reads,
            every_minutes: self.every_minutes.unwrap_or(EVERY),
            groups: self.groups.unwrap_or(true),
            guard: self.guard.unwrap_or_default(),
        };
        Ok((settings, self.secret.filter(|s| !s.is_empty()).map(Secret::new)))
    }
}

/// Where a directory is, how it is read, and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedSource)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceOut {
    /// An LDAP server.
    ldap: Option<Ldap>,
    /// Google Workspace.
    google: Option<Google>,
    /// How often it is read, in minutes; 0: only when it is asked for.
    every_minutes: i64,
    /// Whether groups are read too.
    groups: bool,
    /// The delete guard.
    guard: GuardLimits,
    /// Whether a password or key is kept.
    has_secret: bool,
    /// Whether an administrator has let it be imported; only then it is read by itself.
    active: bool,
    /// Whether it rests.
    paused: bool,
    /// When it is read by itself.
    next_run_at: Option<Time>,
    /// How often reading failed since it worked.
    failures: i64,
    /// When it failed last.
    failed_at: Option<Time>,
    /// Why it failed.
    failure: Option<String>,
    /// The run that waits or goes on.
    open_run: Option<ObjectId>,
    /// Whether these settings have been planned with: only then they can be imported with.
    planned: bool,
    /// The last import, when the guard holds somebody of it.
    held_run: Option<ObjectId>,
}

/// Shows a source that was read.
///
/// # Errors
/// The database's.
pub(super) async fn of(site: &Site, source: &Source) -> Result<SourceOut, ApiError> {
    let (mut read, org, provider) = (site.directory().read(), source.org, source.provider);
    let (runs, _) = store::runs(&mut read, org, provider, (50, 0)).await?;
    let ended = |run: &&Run| matches!(run.state, RunState::Done | RunState::Held);
    let planned = runs.iter().filter(ended).any(|run| run.created_at >= source.set_at);
    let last = runs.iter().find(|run| run.kind == RunKind::Import && ended(run));
    let held: Option<Id> = last.filter(|run| run.state == RunState::Held).map(|run| run.id);
    let (ldap, google) = match source.settings.reads.clone() {
        Reads::Ldap(ldap) => (Some(ldap), None),
        Reads::GoogleWorkspace(google) => (None, Some(google)),
    };
    let is_due = source.active && !source.paused && source.next_at != NEVER;
    Ok(SourceOut {
        ldap,
        google,
        every_minutes: source.settings.every_minutes,
        groups: source.settings.groups,
        guard: source.settings.guard,
        has_secret: source.has_secret,
        active: source.active,
        paused: source.paused,
        next_run_at: is_due.then_some(Time(source.next_at)),
        failures: source.failures,
        failed_at: source.failed.as_ref().map(|(at, _)| Time(*at)),
        failure: source.failed.as_ref().map(|(_, why)| why.clone()),
        open_run: store::open_run(&mut read, org, provider).await?.map(ObjectId),
        planned,
        held_run: held.map(ObjectId),
    })
}

/// A run: one reading of a directory.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FeedRun)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunOut {
    id: ObjectId,
    /// What would be done, or what is done.
    kind: RunKind,
    /// Where it is.
    state: RunState,
    created_at: Time,
    done_at: Option<Time>,
    /// Whether the schedule asked for it.
    scheduled: bool,
    /// The administrator who asked for it.
    asked_by: Option<ObjectId>,
    /// People read so far.
    people: i64,
    /// Groups read so far.
    groups: i64,
    /// Objects to look at; 0 while it is being read.
    total: i64,
    /// Objects looked at.
    done: i64,
    /// How many of each, of people.
    users: Counts,
    /// How many of each, of groups.
    user_groups: Counts,
    /// Of a plan: the groups whose members change most.
    moved: Vec<MovedGroup>,
    /// Of a plan of more than a thousand changes: it was worked out in parts, and says less of groups.
    in_parts: bool,
    /// What has to be said besides.
    notes: Vec<String>,
    /// Why it ended before its end.
    failure: Option<String>,
    /// The run whose held objects it lets go.
    approves: Option<ObjectId>,
}

impl RunOut {
    pub(super) fn new(run: Run) -> Self {
        Self {
            id: run.id.into(),
            kind: run.kind,
            state: run.state,
            created_at: run.created_at.into(),
            done_at: run.done_at.map(Time),
            scheduled: run.doc.scheduled,
            asked_by: run.doc.asked_by.map(ObjectId),
            people: run.doc.people,
            groups: run.doc.groups,
            total: run.doc.total,
            done: run.doc.done,
            users: run.doc.users,
            user_groups: run.doc.user_groups,
            moved: run.doc.moved,
            in_parts: run.doc.in_parts,
            notes: run.doc.notes,
            failure: run.doc.failure,
            approves: run.approves.map(ObjectId),
        }
    }
}
