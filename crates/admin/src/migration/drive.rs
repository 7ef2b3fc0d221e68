//! What goes on beside the requests: each migration that is due is taken up by one node, read, planned and carried out step by
//! step. A node may die at any time: the next one goes on after the last step.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use muster_base::{Id, Micros};
use muster_directory::migration::{self, BATCH, Job, Moves, PLAN_PART, RefuseNext, State, Take};
use muster_directory::{Directory, Error, Result, standing};
use muster_http::Egress;
use tokio::task::JoinSet;

use super::client::Client;
use super::read::{Ended, Reading};

/// How long a node holds a migration without a sign of life, in seconds.
const LEASE_S: i64 = 120;
/// How often a node says that it goes on while a source lets it wait, in seconds.
const BEAT_S: u64 = 20;

/// The migrations that this node is at.
#[derive(Default)]
pub struct Migrations {
    tasks: JoinSet<Id>,
    running: BTreeSet<Id>,
}

impl Migrations {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up what is due and nobody is at. It goes on by itself. Answers whether any was left to another node.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_up(&mut self, directory: &Directory, egress: &Egress, node: &str) -> Result<bool> {
        let mut left = false;
        while let Some(ended) = self.tasks.try_join_next() {
            match ended {
                Ok(id) => drop(self.running.remove(&id)),
                // One that panicked is taken up again.
                Err(_) => self.running.clear(),
            }
        }
        for (org, id) in migration::due(directory).await? {
            let hold = Hold { node: node.to_owned() };
            if self.running.contains(&id) {
                continue;
            }
            if !hold.take(directory, id).await? {
                left = true;
                continue;
            }
            self.running.insert(id);
            let (directory, egress) = (directory.clone(), egress.clone());
            self.tasks.spawn(async move {
                if let Err(error) = go_on(&directory, &egress, hold, (org, id)).await {
                    tracing::error!(reason = error.private(), %error, "a migration could not go on; it is tried again");
                }
                id
            });
        }
        Ok(left)
    }
}

/// A migration's lease.
#[derive(Clone)]
pub(super) struct Hold {
    node: String,
}

impl Hold {
    async fn take(&self, directory: &Directory, id: Id) -> Result<bool> {
        let now = directory.env().clock.now();
        Ok(directory.db().lease(&format!("migration:{id}"), &self.node, LEASE_S, now).await?)
    }

    /// Prolongs it, and looks whether the migration is still where it was.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is another node's, or somebody ended it.
    pub(super) async fn check(&self, directory: &Directory, job: &Job) -> Result<()> {
        let ours = self.take(directory, job.id).await?;
        let is = migration::get(&mut directory.read(), job.org, job.id).await?.state;
        if ours && is == job.state { Ok(()) } else { Err(Error::Stale) }
    }
}

/// Carries a migration on to where it waits or ends, on a node of its own name: for the command line and for tests.
///
/// # Errors
/// The database's.
pub async fn run(directory: &Directory, egress: &Egress, job: (Id, Id)) -> Result<Job> {
    let hold = Hold { node: directory.env().id().text() };
    if hold.take(directory, job.1).await? {
        go_on(directory, egress, hold, job).await?;
    }
    migration::get(&mut directory.read(), job.0, job.1).await
}

async fn go_on(directory: &Directory, egress: &Egress, hold: Hold, (org, id): (Id, Id)) -> Result<()> {
    let node = hold.node.clone();
    let ended = steps(directory, egress, hold, (org, id)).await;
    directory.db().release(&format!("migration:{id}"), &node).await?;
    ended
}

async fn steps(directory: &Directory, egress: &Egress, hold: Hold, (org, id): (Id, Id)) -> Result<()> {
    loop {
        let mut job = migration::get(&mut directory.read(), org, id).await?;
        let step = match job.state {
            State::Reading => read(directory, egress, hold.clone(), &mut job).await,
            State::Planning => plan(directory, &hold, &mut job).await,
            State::Applying => apply(directory, &hold, &mut job).await,
            State::Planned | State::Done | State::Failed | State::Cancelled => return Ok(()),
        };
        match step {
            Ok(()) => {}
            // Another node has it, or somebody ended it.
            Err(Error::Stale) => return Ok(()),
            // Tried again, here or elsewhere.
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => {
                tracing::warn!(reason = error.private(), %error, "a migration ended");
                end(directory, &mut job, State::Failed, Some(error.to_string())).await?;
            }
        }
    }
}

async fn end(directory: &Directory, job: &mut Job, state: State, failure: Option<String>) -> Result<()> {
    job.failure = failure;
    job.done_at = Some(directory.env().clock.now().0);
    job.at.clear();
    migration::save(directory, job).await?;
    migration::set_state(directory, job, state).await?;
    Ok(())
}

async fn read(directory: &Directory, egress: &Egress, hold: Hold, job: &mut Job) -> Result<()> {
    let key = migration::secret(directory, job.org, job.id).await?;
    let key = key.ok_or_else(|| Error::Denied("the source's API key is not there any more: start again".into()))?;
    let mut client = Client::new(egress.clone(), &job.base_url, key, job.organization.clone());
    let (id, held) = (job.id, hold.clone());
    let ended = {
        let mut reading = Reading::new(directory, &mut client, job, hold);
        let mut reading = Box::pin(reading.all());
        loop {
            tokio::select! {
                ended = &mut reading => break ended,
                // One page may be read longer than the lease holds: a source may let a node wait for minutes.
                () = tokio::time::sleep(Duration::from_secs(BEAT_S)) => {
                    if !held.take(directory, id).await? {
                        break Err(Ended::Away);
                    }
                }
            }
        }
    };
    job.requests = client.requests();
    match ended {
        Ok(()) => {
            job.at.clear();
            migration::save(directory, job).await?;
            let next = if job.choices.at_once { State::Applying } else { State::Planning };
            migration::set_state(directory, job, next).await?;
            Ok(())
        }
        Err(Ended::Source(words)) => Err(Error::Denied(words)),
        Err(Ended::Ours(error)) => Err(error),
        Err(Ended::Away) => Err(Error::Stale),
    }
}

/// Tries everything, and writes down what would become of it.
async fn plan(directory: &Directory, hold: &Hold, job: &mut Job) -> Result<()> {
    let counts = migration::counts(&mut directory.read(), job.org, job.id).await?;
    let items: i64 = counts.iter().filter(|c| c.kind.is_taken()).map(|c| c.count).sum();
    job.in_parts = items > PLAN_PART;
    job.groups.clear();
    let (mut after, mut carried) = (0, Arc::default());
    loop {
        hold.check(directory, job).await?;
        may_go_on(directory, job).await?;
        let take = Take { job: job.id, after, limit: PLAN_PART, in_parts: job.in_parts };
        let tried = migration::try_part(directory, (job.actor(), job.org), take, &mut carried).await?;
        let Some((last, _)) = tried.out.last() else { break };
        after = *last;
        for moved in tried.groups {
            add(&mut job.groups, Moves { id: moved.id, name: moved.name, joins: moved.joins, leaves: moved.leaves });
        }
        migration::planned(directory, (job.org, job.id), tried.out).await?;
        migration::save(directory, job).await?;
    }
    migration::save(directory, job).await?;
    migration::set_state(directory, job, State::Planned).await?;
    Ok(())
}

/// Adds up the parts of a plan. A group that does not exist yet has another id in each.
fn add(groups: &mut Vec<Moves>, moved: Moves) {
    match groups.iter_mut().find(|group| group.name == moved.name) {
        Some(group) => {
            group.joins += moved.joins;
            group.leaves += moved.leaves;
        }
        None => groups.push(moved),
    }
}

async fn apply(directory: &Directory, hold: &Hold, job: &mut Job) -> Result<()> {
    loop {
        hold.check(directory, job).await?;
        may_go_on(directory, job).await?;
        let take = |limit| Take { job: job.id, after: 0, limit, in_parts: false };
        let taken = match directory.write(job.actor(), job.org, take(BATCH)).await {
            Err(error) if is_of_one(&error) => one_by_one(directory, job).await?,
            other => other?.len(),
        };
        if taken == 0 {
            return end(directory, job, State::Done, None).await;
        }
    }
}

/// Whether an error may be of one item alone.
fn is_of_one(error: &Error) -> bool {
    !matches!(error, Error::Unavailable(_) | Error::Stale)
}

/// A step that one of its items ended: item by item, so that the others come.
async fn one_by_one(directory: &Directory, job: &Job) -> Result<usize> {
    for _ in 0..BATCH {
        let take = Take { job: job.id, after: 0, limit: 1, in_parts: false };
        match directory.write(job.actor(), job.org, take).await {
            Ok(taken) if taken.is_empty() => break,
            Ok(_) => {}
            Err(error) if is_of_one(&error) => {
                tracing::warn!(reason = error.private(), %error, "an item of a migration could not be taken in");
                let refuse = RefuseNext { job: job.id, reason: error.to_string() };
                directory.write(job.actor(), job.org, refuse).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(1)
}

/// Whoever asked for it must still be allowed to.
async fn may_go_on(directory: &Directory, job: &Job) -> Result<()> {
    let may = standing::may_act(directory, (job.actor, job.actor_id), job.org).await?;
    if may { Ok(()) } else { Err(Error::Denied(standing::GONE.into())) }
}

/// A migration as it is asked for.
pub struct Order {
    /// The organization that it goes into.
    pub org: Id,
    /// Who asks.
    pub actor: muster_directory::Actor,
    /// Where the source is; none: JumpCloud's.
    pub base_url: Option<String>,
    /// The source's API key.
    pub key: muster_base::Secret,
    /// The organization there, where the key reaches several.
    pub organization: Option<String>,
    /// What it may do.
    pub choices: migration::Choices,
}

/// Begins a migration. A worker takes it up.
///
/// # Errors
/// [`Error::Invalid`] on the address or the key, [`Error::Conflict`] while another one goes on.
pub async fn begin(directory: &Directory, order: Order) -> Result<Job> {
    let base = super::client::base_url(order.base_url.as_deref());
    let mut problems = Vec::new();
    let is_address = url::Url::parse(&base).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.query().is_none()
    });
    if !is_address || base.len() > 1024 {
        let message = "the address that the source's API begins with, as https://console.example.com";
        problems.push(muster_directory::FieldError::new("baseUrl", message));
    }
    let key = order.key.expose().trim().to_owned();
    if key.is_empty() || key.len() > 4096 || !key.chars().all(|c| c.is_ascii_graphic()) {
        let message = "enter the API key of an administrator there; one who may only read is enough";
        problems.push(muster_directory::FieldError::new("apiKey", message));
    }
    let organization = order.organization.map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty());
    if organization.as_deref().is_some_and(|id| id.parse::<Id>().is_err()) {
        problems.push(muster_directory::FieldError::new("organizationId", "24 hexadecimal characters, or left out"));
    }
    Error::unless_empty(problems)?;
    let now: Micros = directory.env().clock.now();
    let mut job = Job::new((order.org, directory.env().id()), &order.actor, base, now);
    job.organization = organization;
    job.choices = order.choices;
    migration::begin(directory, &job, &muster_base::Secret::new(key)).await?;
    Ok(job)
}
