//! What the tests start from: a directory provider in Acme that is read.

use muster_base::{Id, Secret};
use muster_directory::directory_provider::{Matching, ProviderType, create, delete, update};
use muster_directory::feed::run::{Ask, What};
use muster_directory::feed::set::Set;
use muster_directory::feed::{GuardLimits, Outcome, Reads, Run, Settings, Source, store};
use muster_directory::user::{self, State, User};
use muster_directory::{Error, fed_group, group};
use muster_feeds::Feeder;
use muster_testkit::{Org, Setup, Test};

pub fn setup() -> Setup {
    Setup { public_url: "http://localhost:9", egress_allow: &["127.0.0.0/8"], ..Setup::default() }
}

pub struct World<'t> {
    pub t: &'t Test,
    pub org: &'t Org,
    pub provider: Id,
    pub feeder: Feeder,
}

impl<'t> World<'t> {
    pub async fn new(t: &'t Test, reads: Reads, secret: &str) -> Self {
        Self::with(t, reads, secret, |_| {}).await
    }

    pub async fn with(t: &'t Test, reads: Reads, secret: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::of((t, &t.acme, "Head office"), reads, secret, change).await
    }

    pub async fn of(
        (t, org, name): (&'t Test, &'t Org, &str),
        reads: Reads,
        secret: &str,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let kind = match &reads {
            Reads::Ldap(_) => ProviderType::Ldap,
            Reads::GoogleWorkspace(_) => ProviderType::GoogleWorkspace,
        };
        let id = t.directory.env().id();
        let provider = t.write(*org, create::Create { id, name: name.into(), kind }).await.unwrap().id;
        let mut settings = Settings { reads, every_minutes: 60, groups: true, guard: GuardLimits::default() };
        change(&mut settings);
        let patience = std::time::Duration::from_millis(5);
        let (directory, egress) = (t.directory.clone(), t.site.egress().clone());
        let feeder = Feeder::with_patience(directory, egress, "node-1".into(), patience);
        let world = Self { t, org, provider, feeder };
        world.set(settings, Some(secret)).await.unwrap();
        world
    }

    pub async fn set(&self, settings: Settings, secret: Option<&str>) -> Result<Source, Error> {
        let set = Set { provider: self.provider, settings, secret: secret.map(Secret::new), http_allowed: true };
        self.t.write(*self.org, set).await
    }

    pub async fn remove(&self) {
        let actor = muster_directory::Actor::admin(self.org.admin, None);
        delete::delete(&self.t.directory, &actor, self.org.id, self.provider).await.unwrap();
    }

    pub async fn settings(&self) -> Settings {
        self.source().await.settings
    }

    pub async fn source(&self) -> Source {
        store::get(&mut self.t.directory.read(), self.org.id, self.provider).await.unwrap()
    }

    /// Takes over people by their e-mail.
    pub async fn match_by_email(&self) {
        let update = update::Update { matching: Some(Matching::Email), ..update::Update::of(self.provider) };
        self.t.write(*self.org, update).await.unwrap();
    }

    pub async fn ask(&self, what: What) -> Result<Run, Error> {
        // Runs are told apart by the time in their ids.
        self.t.later(1);
        let id = self.t.directory.env().id();
        self.t.write(*self.org, Ask { provider: self.provider, id, what }).await
    }

    /// Asks, and lets it come to its end.
    pub async fn run(&self, what: What) -> Run {
        let run = self.ask(what).await.unwrap();
        self.feeder.settle().await.unwrap();
        self.at(run.id).await
    }

    /// A plan, and then an import.
    pub async fn import(&self) -> Run {
        let plan = self.run(What::Plan).await;
        assert_eq!(plan.doc.failure, None);
        self.run(What::Import).await
    }

    pub async fn at(&self, run: Id) -> Run {
        store::run(&mut self.t.directory.read(), self.org.id, self.provider, run).await.unwrap()
    }

    pub async fn last(&self) -> Run {
        let mut read = self.t.directory.read();
        store::runs(&mut read, self.org.id, self.provider, (1, 0)).await.unwrap().0.remove(0)
    }

    pub async fn results(&self, run: &Run) -> Vec<Outcome> {
        store::results(&mut self.t.directory.read(), run, None, (1_000, 0)).await.unwrap().0
    }

    /// What was done, as words in their order.
    pub async fn told(&self, run: &Run) -> Vec<String> {
        let all = self.results(run).await;
        all.iter().map(|one| format!("{} {} {}", one.action.word(), one.kind.word(), one.name)).collect()
    }

    pub async fn user(&self, name: &str) -> Option<User> {
        user::store::by_username(&mut self.t.directory.read(), self.org.id, name).await.unwrap()
    }

    pub async fn state(&self, name: &str) -> State {
        self.user(name).await.unwrap().state
    }

    /// The names of those in a group that came.
    pub async fn members(&self, name: &str) -> Vec<String> {
        let (mut read, org) = (self.t.directory.read(), self.org.id);
        let group = fed_group::store::by_name(&mut read, org, self.provider, name).await.unwrap().remove(0);
        let mut out = Vec::new();
        for id in group::membership::members(&mut read, org, group.id).await.unwrap().into_keys() {
            out.push(user::store::get(&mut read, org, id).await.unwrap().username);
        }
        out.sort();
        out
    }
}
