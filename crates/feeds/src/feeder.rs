//! The node's side of it: which directories are due, one run of each at a time, and what the administrators' doors ask for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use muster_base::Id;
use muster_directory::feed::run::{Ask, What};
use muster_directory::feed::{set, store};
use muster_directory::provision::report::TestReport;
use muster_directory::{Actor, Directory, Error, Result};
use muster_http::Egress;
use muster_http::feeding::{Draft, Feeding};
use muster_http::probe::Answer;
use tokio::task::JoinSet;

use crate::report::Report;
use crate::{read, runner};

/// Runs of a node at once.
const RUNS_MAX: usize = 8;
/// And of one organization: a source that keeps a run waiting keeps others' from nothing.
const RUNS_OF_ONE: usize = 2;
/// Tests of one organization's connections at once.
const TESTS_OF_ONE: usize = 4;
/// How long a test may take, in seconds.
const TEST_S: u64 = 120;
/// After so many seconds without a sign of life another node takes a run up.
pub const LEASE_S: i64 = 60;

/// The runs that go on.
pub type Round = JoinSet<()>;

/// Reads directories. Cheap to clone.
#[derive(Clone)]
pub struct Feeder(Arc<Inner>);

struct Inner {
    directory: Directory,
    egress: Egress,
    node: String,
    patience: Duration,
    running: Mutex<Going>,
}

/// What goes on here: the directories that are read, and the tests by number; each with its organization.
#[derive(Default)]
struct Going {
    runs: BTreeMap<Id, Id>,
    tests: BTreeMap<u64, Id>,
    tested: u64,
}

impl Going {
    fn is_full(&self) -> bool {
        self.runs.len() >= RUNS_MAX
    }

    fn may_run(&self, org: Id, provider: Id) -> bool {
        !self.runs.contains_key(&provider) && self.runs.values().filter(|of| **of == org).count() < RUNS_OF_ONE
    }

    fn begin_test(&mut self, org: Id) -> Option<u64> {
        if self.tests.values().filter(|of| **of == org).count() >= TESTS_OF_ONE {
            return None;
        }
        self.tested += 1;
        self.tests.insert(self.tested, org);
        Some(self.tested)
    }
}

/// A directory that is being read here; let go when that ends, however it does.
struct At(Feeder, Id);

impl Drop for At {
    fn drop(&mut self) {
        self.0.running().runs.remove(&self.1);
    }
}

/// A test that goes on here.
struct Testing<'f>(&'f Feeder, u64);

impl Drop for Testing<'_> {
    fn drop(&mut self) {
        self.0.running().tests.remove(&self.1);
    }
}

impl Feeder {
    /// Of a node.
    #[must_use]
    pub fn new(directory: Directory, egress: Egress, node: String) -> Self {
        Self::with_patience(directory, egress, node, Duration::from_secs(1))
    }

    /// The same, where a second of waiting for a source takes this long: a test waits less.
    #[must_use]
    pub fn with_patience(directory: Directory, egress: Egress, node: String, patience: Duration) -> Self {
        Self(Arc::new(Inner { directory, egress, node, patience, running: Mutex::default() }))
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Going> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    pub(crate) fn egress(&self) -> &Egress {
        &self.0.egress
    }

    pub(crate) fn patience(&self) -> Duration {
        self.0.patience
    }

    pub(crate) fn node(&self) -> &str {
        &self.0.node
    }

    pub(crate) fn lease(provider: Id) -> String {
        format!("feed:{provider}")
    }

    /// Begins what is due, what waits, and what another node left; it goes on in `round`.
    ///
    /// # Errors
    /// The database's.
    pub async fn round(&self, round: &mut Round) -> Result<()> {
        let directory = self.directory();
        for (org, provider) in store::due(directory).await? {
            let ask = Ask { provider, id: directory.env().id(), what: What::Import };
            match directory.write(Actor::system(), org, ask).await {
                Ok(_) => {}
                // Turned off, asked for meanwhile, or gone: what is not read now is looked at again when it is its turn.
                Err(Error::Conflict(_) | Error::Missing(_)) => store::put_off(directory, (org, provider)).await?,
                Err(error @ Error::Unavailable(_)) => return Err(error),
                // One organization's trouble is no other's.
                Err(error) => {
                    tracing::error!(reason = error.private(), "a directory could not be asked for");
                    store::put_off(directory, (org, provider)).await?;
                }
            }
        }
        for at in store::open(directory).await? {
            {
                let mut going = self.running();
                if going.is_full() {
                    break;
                }
                if !going.may_run(at.0, at.1) {
                    continue;
                }
                going.runs.insert(at.1, at.0);
            }
            let held = At(self.clone(), at.1);
            let now = directory.env().clock.now();
            // Another node may be at it.
            if !directory.db().lease(&Self::lease(at.1), self.node(), LEASE_S, now).await? {
                continue;
            }
            round.spawn(async move {
                let feeder = &held.0;
                if let Err(error) = runner::go(feeder, at).await {
                    tracing::error!(reason = error.private(), "a directory could not be read");
                }
                if let Err(error) = feeder.directory().db().release(&Self::lease(at.1), feeder.node()).await {
                    tracing::warn!(%error, "a lease could not be given back");
                }
            });
        }
        Ok(())
    }

    /// One round to its end.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(&self) -> Result<()> {
        let mut round = Round::new();
        self.round(&mut round).await?;
        while round.join_next().await.is_some() {}
        Ok(())
    }
}

impl Feeding for Feeder {
    fn test(&self, org: Id, provider: Id, draft: Option<Draft>) -> Answer<'_, Result<TestReport>> {
        Box::pin(async move {
            let saved = store::find(&mut self.directory().read(), org, provider).await?;
            let kept = store::secret(self.directory(), org, provider).await?;
            let (settings, secret) = match (draft, saved) {
                (None, None) => return Err(Error::Missing("source of this directory provider")),
                (None, Some(saved)) => (saved.settings, kept),
                (Some(draft), saved) => {
                    let mut problems = draft.settings.problems(draft.http_allowed);
                    set::check_secret(&draft.settings, draft.secret.as_ref(), saved.as_ref(), &mut problems);
                    Error::unless_empty(problems)?;
                    (draft.settings, draft.secret.or(kept))
                }
            };
            let number = self.running().begin_test(org);
            let number =
                number.ok_or_else(|| Error::Conflict("other tests go on: wait until one of them ends".into()))?;
            let _testing = Testing(self, number);
            let most = Duration::from_secs(TEST_S);
            Ok(tokio::time::timeout(most, read::test(self, &settings, secret.as_ref())).await.unwrap_or_else(|_| {
                let why = format!("it takes longer than {TEST_S} seconds: the server answers too slowly");
                Report::default().failed("Answer in time", why).finish()
            }))
        })
    }
}
