//! The node's side of it: which targets are due, one run per target at a time, and what the administrators' doors ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_base::Id;
use muster_directory::provision::reading::{self, Reading};
use muster_directory::provision::report::TestReport;
use muster_directory::provision::{Settings, Target, store};
use muster_directory::{Directory, Error, Result, application};
use muster_http::Egress;
use muster_http::probe::Answer;
use muster_http::provisioning::{Draft, ImportOrder, Order as Asked, Provisioning};
use tokio::task::JoinSet;

use crate::client::{Client, log};
use crate::gate::{Gate, Place};
use crate::held::Held;
use crate::order::Order;
use crate::reading::{READ_WITHIN, Readings};
use crate::target::Run;
use crate::token::Tokens;
use crate::{drift, import, test};

/// Targets that a node serves at once.
const TARGETS_MAX: usize = 64;
/// Targets of which is kept how wide the way is.
const PLACES_MAX: usize = 10_000;
/// How long a target is served where others wait.
const TURN: Duration = Duration::from_secs(30);
/// Targets that a node reads whole at once, and those of one organization.
const CHECKS_MAX: usize = 8;
const CHECKS_OF_ONE: usize = 2;
/// What drifted and is sent again at once.
const REPAIRED_AT_ONCE: usize = 10_000;
/// Well below what a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a node does it.
#[derive(Clone, Copy, Debug)]
pub struct With {
    /// What drifted and is sent again at once; the rest follows with the next reading.
    pub repaired_at_once: usize,
    /// How long whoever asks for a reading waits for it, before being told how far it is.
    pub patience: Duration,
    /// Targets that are served at once.
    pub targets_at_once: usize,
    /// How long a target is served where others wait.
    pub turn: Duration,
}

impl Default for With {
    fn default() -> Self {
        Self { repaired_at_once: REPAIRED_AT_ONCE, patience: PATIENCE, targets_at_once: TARGETS_MAX, turn: TURN }
    }
}

/// The runs that go on, one per target.
pub type Round = JoinSet<()>;

/// Sends accounts to applications. Cheap to clone.
#[derive(Clone)]
pub struct Provisioner(Arc<Inner>);

struct Inner {
    directory: Directory,
    egress: Egress,
    tokens: Arc<Tokens>,
    held: Arc<Held>,
    node: String,
    with: With,
    readings: Arc<Readings>,
    running: Mutex<BTreeSet<(Id, Id)>>,
    turns: Arc<Turns>,
    places: Mutex<BTreeMap<(Id, Id), Arc<Place>>>,
    checking: Mutex<BTreeSet<(Id, Id)>>,
}

/// Whose turn it is, where more targets have something due than are served at once.
#[derive(Default)]
pub struct Turns {
    /// Some had to wait when it was looked last.
    others_wait: AtomicBool,
    /// The last one that had its turn.
    last: Mutex<Option<(Id, Id)>>,
}

impl Turns {
    /// Whether others wait.
    pub fn others_wait(&self) -> bool {
        self.others_wait.load(Ordering::Relaxed)
    }

    fn last(&self) -> MutexGuard<'_, Option<(Id, Id)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A target that a run is at; let go when the run ends, however it does.
struct At(Provisioner, (Id, Id));

impl Drop for At {
    fn drop(&mut self) {
        self.0.running().remove(&self.1);
    }
}

impl Provisioner {
    /// Of a node.
    #[must_use]
    pub fn new(directory: Directory, egress: Egress, node: String) -> Self {
        Self::with(directory, egress, node, With::default())
    }

    /// Of a node that does it so.
    #[must_use]
    pub fn with(directory: Directory, egress: Egress, node: String, with: With) -> Self {
        let (running, turns, places, checking) = (Mutex::default(), Arc::default(), Mutex::default(), Mutex::default());
        let (tokens, held, readings) = (Arc::default(), Arc::default(), Arc::new(Readings::new(with.patience)));
        Self(Arc::new(Inner {
            directory,
            egress,
            tokens,
            held,
            node,
            with,
            readings,
            running,
            turns,
            places,
            checking,
        }))
    }

    fn checking(&self) -> std::sync::MutexGuard<'_, BTreeSet<(Id, Id)>> {
        self.0.checking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeSet<(Id, Id)>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept of a target; of those that were not served for long nothing is.
    fn place(&self, at: (Id, Id)) -> Arc<Place> {
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES_MAX {
            places.retain(|_, place| Arc::strong_count(place) > 1);
        }
        Arc::clone(places.entry(at).or_default())
    }

    /// How much of targets was in memory at once, at most.
    #[must_use]
    pub fn most_held(&self) -> usize {
        self.0.held.most()
    }

    /// How many targets are being read because somebody asked, or wait for it.
    #[must_use]
    pub fn reading_now(&self) -> usize {
        self.0.readings.count()
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// Begins a run at every target for which something is due; they go on in `round`, each for itself.
    ///
    /// # Errors
    /// The database's.
    pub async fn round(&self, round: &mut Round) -> Result<()> {
        let now = self.directory().env().clock.now();
        let (turns, mut others_wait) = (Arc::clone(&self.0.turns), false);
        let last = *turns.last();
        for (org, app) in store::due(self.directory(), now, last).await? {
            if self.running().contains(&(org, app)) {
                self.place((org, app)).more.notify_one();
                continue;
            }
            if self.running().len() >= self.0.with.targets_at_once {
                others_wait = true;
                continue;
            }
            self.running().insert((org, app));
            *turns.last() = Some((org, app));
            let at = At(self.clone(), (org, app));
            round.spawn(async move {
                if let Err(error) = at.0.run(org, app).await {
                    log(&error, "a target could not be served");
                }
            });
        }
        turns.others_wait.store(others_wait, Ordering::Relaxed);
        for (org, app) in store::checks_due(self.directory(), now).await? {
            if !self.begins_check(org, app) {
                continue;
            }
            let provisioner = self.clone();
            round.spawn(async move {
                match tokio::time::timeout(READ_WITHIN, provisioner.check(org, app)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => log(&error, "a target could not be read"),
                    Err(_) => tracing::warn!(app = %app, "a target was not read to its end in time"),
                }
                provisioner.checking().remove(&(org, app));
            });
        }
        Ok(())
    }

    /// Whether there is room for reading a target.
    fn begins_check(&self, org: Id, app: Id) -> bool {
        let mut checking = self.checking();
        let of_one = checking.iter().filter(|(of, _)| *of == org).count();
        checking.len() < CHECKS_MAX && of_one < CHECKS_OF_ONE && checking.insert((org, app))
    }

    /// Reads a target to see what drifted.
    async fn check(&self, org: Id, app: Id) -> Result<()> {
        let Some(target) = store::find(&mut self.directory().read(), org, app).await? else { return Ok(()) };
        let client = self.client(org, app, &target.settings, None).await?;
        drift::check(self.directory(), &target, &client, self.0.with.repaired_at_once).await.map(drop)
    }

    /// One round to its end: everything that is due was tried.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(&self) -> Result<()> {
        let mut round = Round::new();
        self.round(&mut round).await?;
        while round.join_next().await.is_some() {}
        Ok(())
    }

    async fn run(&self, org: Id, app: Id) -> Result<()> {
        let Some(target) = store::find(&mut self.directory().read(), org, app).await? else { return Ok(()) };
        let client = self.client(org, app, &target.settings, None).await?;
        // Another node may be at it.
        let Some(gate) = Gate::open(self.directory(), &target, &self.0.node, self.place((org, app))).await? else {
            return Ok(());
        };
        Run::new(self.directory(), target, client, gate).go(&self.0.turns, self.0.with.turn).await
    }

    async fn client(
        &self,
        org: Id,
        app: Id,
        settings: &Settings,
        secret: Option<muster_base::Secret>,
    ) -> Result<Client> {
        let of_node = (self.directory(), &self.0.egress, &self.0.tokens, &self.0.held);
        Client::new(of_node, ((org, app), self.place((org, app))), settings, secret).await
    }

    /// What is entered or tried, and its client.
    async fn at(&self, org: Id, app: Id, draft: Option<Draft>) -> Result<(Settings, Option<Target>, Client)> {
        let mut source = self.directory().read();
        application::store::get(&mut source, org, app).await?;
        let saved = store::find(&mut source, org, app).await?;
        let (settings, secret) = match (draft, &saved) {
            (Some(draft), _) => (draft.settings, draft.secret),
            (None, Some(saved)) => (saved.settings.clone(), None),
            (None, None) => return Err(Error::Missing("provisioning")),
        };
        let client = self.client(org, app, &settings, secret).await?;
        Ok((settings, saved, client))
    }
}

impl Provisioning for Provisioner {
    fn test(&self, org: Id, app: Id, draft: Option<Draft>) -> Answer<'_, Result<TestReport>> {
        Box::pin(async move {
            let is_saved = draft.is_none();
            let (settings, saved, client) = self.at(org, app, draft).await?;
            let learnt = saved.filter(|_| is_saved).map(|s| s.profile());
            let (report, profile) = test::run(client, &settings, learnt).await?;
            if report.ok && is_saved {
                store::set_profile(self.directory(), (org, app), &settings, &profile).await?;
            }
            Ok(report)
        })
    }

    fn read(&self, org: Id, app: Id, order: Asked) -> Answer<'_, Result<Reading>> {
        Box::pin(async move {
            let kind = order.kind();
            let draft = match order {
                Asked::Preview(draft) => draft.map(|draft| *draft),
                Asked::Drift | Asked::Repair | Asked::Users => None,
            };
            let (settings, saved, client) = self.at(org, app, draft).await?;
            let (directory, repaired_at_once) = (self.directory().clone(), self.0.with.repaired_at_once);
            let order = Order { directory, settings, saved, client, repaired_at_once };
            let work = |pen, progress| order.carry_out(kind, pen, progress);
            self.0.readings.read(self.directory(), (org, app, kind), work).await
        })
    }

    fn stop(&self, org: Id, app: Id, id: Id) -> Answer<'_, Result<()>> {
        Box::pin(async move {
            reading::stop(self.directory(), org, app, id).await?;
            // Another node finds it gone with its next sign of life.
            self.0.readings.stop(id);
            Ok(())
        })
    }

    fn import(&self, org: Id, app: Id, order: ImportOrder) -> Answer<'_, Result<Id>> {
        Box::pin(async move {
            let (settings, saved, client) = self.at(org, app, None).await?;
            let profile = saved.map_or_else(|| settings.first_profile(), |s| s.profile());
            import::begin((org, app), order, client, profile).await
        })
    }
}
