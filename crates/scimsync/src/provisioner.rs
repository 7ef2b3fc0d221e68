//! The node's side of it: which targets are due, one run per target at a time, and what the administrators' doors ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use muster_base::Id;
use muster_directory::provision::report::{Drift, Plan, TestReport};
use muster_directory::provision::survey::Wanted;
use muster_directory::provision::{Settings, Target, store};
use muster_directory::{Directory, Error, Result, application};
use muster_http::Egress;
use muster_http::probe::Answer;
use muster_http::provisioning::{Draft, ImportOrder, Provisioning, Users};
use tokio::task::JoinSet;

use crate::client::{Client, log};
use crate::gate::{Gate, Place};
use crate::held::Held;
use crate::target::Run;
use crate::token::Tokens;
use crate::{drift, import, preview, test};

/// Targets that a node serves at once.
const TARGETS_MAX: usize = 64;
/// Targets of which is kept how wide the way is.
const PLACES_MAX: usize = 10_000;
/// Targets that a node reads whole at once.
const CHECKS_MAX: usize = 4;
/// What drifted and is sent again at once; the rest follows with the next reading.
const REPAIRED_AT_ONCE: usize = 10_000;

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
    repaired_at_once: usize,
    running: Mutex<BTreeSet<(Id, Id)>>,
    places: Mutex<BTreeMap<(Id, Id), Arc<Place>>>,
    checking: Mutex<BTreeSet<(Id, Id)>>,
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
        Self::repairing(directory, egress, node, REPAIRED_AT_ONCE)
    }

    /// Of a node that sends so much of what drifted again at once.
    #[must_use]
    pub fn repairing(directory: Directory, egress: Egress, node: String, repaired_at_once: usize) -> Self {
        let (running, places, checking) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (tokens, held) = (Arc::default(), Arc::default());
        Self(Arc::new(Inner { directory, egress, tokens, held, node, repaired_at_once, running, places, checking }))
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
        for (org, app) in store::due(self.directory(), now).await? {
            if self.running().contains(&(org, app)) {
                self.place((org, app)).more.notify_one();
                continue;
            }
            if self.running().len() >= TARGETS_MAX {
                continue;
            }
            self.running().insert((org, app));
            let at = At(self.clone(), (org, app));
            round.spawn(async move {
                if let Err(error) = at.0.run(org, app).await {
                    log(&error, "a target could not be served");
                }
            });
        }
        for (org, app) in store::checks_due(self.directory(), now).await? {
            if self.checking().len() >= CHECKS_MAX || !self.checking().insert((org, app)) {
                continue;
            }
            let provisioner = self.clone();
            round.spawn(async move {
                if let Err(error) = provisioner.check(org, app).await {
                    log(&error, "a target could not be read");
                }
                provisioner.checking().remove(&(org, app));
            });
        }
        Ok(())
    }

    /// Reads a target to see what drifted.
    async fn check(&self, org: Id, app: Id) -> Result<()> {
        let Some(target) = store::find(&mut self.directory().read(), org, app).await? else { return Ok(()) };
        let client = self.client(org, app, &target.settings, None).await?;
        drift::check(self.directory(), &target, &client, self.0.repaired_at_once).await.map(drop)
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
        Run::new(self.directory(), target, client, gate).go().await
    }

    async fn client(
        &self,
        org: Id,
        app: Id,
        settings: &Settings,
        secret: Option<muster_base::Secret>,
    ) -> Result<Client> {
        let of_node = (self.directory(), &self.0.egress, &self.0.tokens, &self.0.held);
        Client::new(of_node, (org, app), settings, secret).await
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

    fn preview(&self, org: Id, app: Id, draft: Option<Draft>) -> Answer<'_, Result<Plan>> {
        Box::pin(async move {
            let (settings, saved, client) = self.at(org, app, draft).await?;
            preview::run(self.directory(), (org, app), &settings, saved.as_ref(), &client).await
        })
    }

    fn drift(&self, org: Id, app: Id) -> Answer<'_, Result<Drift>> {
        Box::pin(async move {
            let (_, saved, client) = self.at(org, app, None).await?;
            let target = saved.ok_or(Error::Missing("provisioning"))?;
            let drift = drift::run(self.directory(), &target, &client).await?;
            if target.settings.repair == muster_directory::provision::RepairMode::Automatic {
                drift::repair(self.directory(), &target, &drift, self.0.repaired_at_once).await?;
            }
            Ok(drift)
        })
    }

    fn repair(&self, org: Id, app: Id) -> Answer<'_, Result<usize>> {
        Box::pin(async move {
            let (_, saved, client) = self.at(org, app, None).await?;
            let target = saved.ok_or(Error::Missing("provisioning"))?;
            let drift = drift::run(self.directory(), &target, &client).await?;
            drift::repair(self.directory(), &target, &drift, self.0.repaired_at_once).await
        })
    }

    fn users(&self, org: Id, app: Id, list: Option<Id>, wanted: Wanted) -> Answer<'_, Result<Users>> {
        Box::pin(async move {
            let (settings, saved, client) = self.at(org, app, None).await?;
            let profile = saved.map_or_else(|| settings.first_profile(), |s| s.profile());
            import::users(&client, &profile, (org, app, list), &wanted).await
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
