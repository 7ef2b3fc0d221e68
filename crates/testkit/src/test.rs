//! The site under test: its database, directory, clock and configuration.

use std::sync::Arc;

use axum::Router;
use muster_base::{Clock, Env, Id, Keyring, Micros, Rng, Secret};
use muster_db::testing::Postgres;
use muster_db::{Config as DbConfig, Db, Migration};
use muster_directory::event::{self, Event};
use muster_directory::organization::{self, Organization, provider};
use muster_directory::{Actor, Directory, Result, Verb, administrator, derived_administrator};
use muster_http::probe::{Answer, Check, CheckState, Discovery, Probe};
use muster_http::{Egress, Site, site};
use url::Url;

/// When the tests begin: a Tuesday in November 2025.
pub const START: Micros = Micros(1_763_456_789_000_000);

/// What a test may choose of the installation.
pub struct Setup {
    /// What addresses begin with.
    pub public_url: &'static str,
    /// Whether mail is sent.
    pub mail: bool,
    /// The token of the first run; with it the database has no organization.
    pub setup_token: Option<&'static str>,
    /// Proxies that are believed.
    pub trusted_proxies: &'static [&'static str],
    /// Networks that outgoing requests reach although they are private.
    pub egress_allow: &'static [&'static str],
    /// Tables besides the directory's.
    pub migrations: Vec<Migration>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            public_url: "https://id.example.test",
            mail: true,
            setup_token: None,
            trusted_proxies: &[],
            egress_allow: &[],
            migrations: Vec::new(),
        }
    }
}

/// An organization and its administrator.
#[derive(Clone, Copy, Debug)]
pub struct Org {
    /// The organization.
    pub id: Id,
    /// Its name in addresses.
    pub slug: &'static str,
    /// The administrator who was given it.
    pub admin: Id,
}

/// A site with its database.
pub struct Test {
    /// The site, with a probe that knows nothing.
    pub site: Site,
    /// The directory.
    pub directory: Directory,
    /// The clock of everything but the limit per network.
    pub clock: Clock,
    /// The organization that most tests are about.
    pub acme: Org,
    /// Another one.
    pub blue: Org,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Test {
    /// On a file of its own.
    pub async fn sqlite(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = DbConfig::Sqlite { path: folder.path().join("muster.db"), readers: 2 };
        Self::new(&config, setup, Some(folder)).await
    }

    /// On a database of the tests' own server.
    pub async fn postgres(setup: Setup) -> Self {
        let url = Postgres::shared().fresh_database().await;
        Self::new(&DbConfig::Postgres { url, connections: 8 }, setup, None).await
    }

    async fn new(config: &DbConfig, setup: Setup, folder: Option<tempfile::TempDir>) -> Self {
        let db = Db::open(config).await.unwrap();
        let mut migrations = muster_directory::migrations();
        migrations.extend(setup.migrations);
        db.migrate(&migrations).await.unwrap();
        let clock = Clock::manual(START);
        let env = Env { clock: clock.clone(), rng: Rng::seeded(7) };
        let public_url: Url = setup.public_url.parse().unwrap();
        let base = setup.public_url.trim_end_matches('/');
        let directory = Directory::open(db, env, Keyring::new(&[42; 32]), base).await.unwrap();
        let nets = |texts: &[&str]| texts.iter().map(|t| t.parse().unwrap()).collect::<Vec<_>>();
        let config = site::Config {
            public_url: public_url.clone(),
            dev: false,
            trusted_proxies: nets(setup.trusted_proxies),
            client_certificate: None,
            egress_allow: nets(setup.egress_allow),
            mail: setup.mail,
            version: "0.0.0",
            setup_token: setup.setup_token.map(Secret::new),
        };
        let egress = Egress::new(config.egress_allow.clone(), &public_url).unwrap();
        let site = Site::new(directory.clone(), config, egress, Arc::new(NoProbe));
        let nobody = Org { id: directory.env().id(), slug: "none", admin: directory.env().id() };
        let (acme, blue) = if setup.setup_token.is_some() {
            (nobody, nobody)
        } else {
            let provider = provider::create(&directory, "Provider").await.unwrap().id;
            (furnish(&directory, "Acme", "acme", Some(provider)).await, furnish(&directory, "Blue", "blue", None).await)
        };
        Self { site, directory, clock, acme, blue, _folder: folder }
    }

    /// A site on the same directory with another probe.
    #[must_use]
    pub fn site_with(&self, probe: Arc<dyn Probe>) -> Site {
        let config = self.site.config().clone();
        Site::new(self.directory.clone(), config, self.site.egress().clone(), probe)
    }

    /// Routes of a feature, on this site.
    pub fn app(&self, routes: Router<Site>) -> Router {
        routes.with_state(self.site.clone())
    }

    /// Does a change as the organization's administrator.
    ///
    /// # Errors
    /// The verb's.
    pub async fn write<V: Verb>(&self, org: Org, verb: V) -> Result<V::Out> {
        self.directory.write(Actor::admin(org.admin, Some("req-1".into())), org.id, verb).await
    }

    /// Moves the clock.
    pub fn later(&self, seconds: i64) {
        assert!(self.clock.advance_s(seconds));
    }

    /// What every test must leave behind: who is an administrator by a pushed group is right.
    pub async fn finish(&self) {
        let mut read = self.directory.read();
        for organization in organization::store::every(&mut read).await.unwrap() {
            let wrong = derived_administrator::verify::verify(&mut read, organization.id).await.unwrap();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }

    /// An organization as stored.
    pub async fn organization(&self, org: Org) -> Organization {
        organization::store::get(&mut self.directory.read(), org.id).await.unwrap()
    }

    /// An organization's events, the newest first.
    pub async fn events(&self, org: Org) -> Vec<Event> {
        event::store::all(&mut self.directory.read(), org.id, "", 1000).await.unwrap()
    }

    /// How many password hashes were computed while something was done: work is counted, never timed.
    pub async fn hashes<T>(&self, what: impl Future<Output = T>) -> (T, u64) {
        let before = self.directory.hasher().computed();
        let out = what.await;
        (out, self.directory.hasher().computed() - before)
    }
}

/// Makes an organization and its administrator `admin@{slug}.test`, who has no password.
async fn furnish(directory: &Directory, name: &str, slug: &'static str, provider_id: Option<Id>) -> Org {
    let create = administrator::create::Create {
        email: format!("admin@{slug}.test"),
        ..administrator::create::Create::default()
    };
    let admin = administrator::create::create(directory, create).await.unwrap().0.id;
    let id = directory.env().id();
    let create = organization::create::Create { id, name: name.into(), slug: Some(slug.into()), provider_id };
    organization::create::create(directory, Actor::command_line(), create, Some(admin)).await.unwrap();
    Org { id, slug, admin }
}

/// A probe for sites that ask no identity provider.
pub struct NoProbe;

impl Probe for NoProbe {
    fn discover<'a>(&'a self, _: &'a str, _: muster_directory::identity_provider::Kind) -> Answer<'a, Discovery> {
        Box::pin(async { Discovery::default() })
    }

    fn check(&self, org: Id, idp: Id) -> Answer<'_, Check> {
        Box::pin(async move { self.last(org, idp) })
    }

    fn last(&self, _: Id, _: Id) -> Check {
        Check { state: CheckState::Unknown, at: None, message: String::new() }
    }
}
