//! What each test starts from: a fresh database of one engine, two organizations with an administrator each (the first
//! belongs to a service provider), the router, and identity providers that answer as the test says.

pub mod ask;
pub mod document;
mod people;
pub mod probe;

use std::sync::Arc;

use axum::Router;
use muster_base::{Clock, Env, Id, Keyring, Micros, Rng};
use muster_db::testing::Postgres;
use muster_db::{Config, Db};
use muster_directory::organization::{self, provider};
use muster_directory::{Actor, Directory, administrator, derived_administrator};
use muster_http::site::Asks;
use muster_http::{Egress, Site, site};

pub use ask::{Answer, Ask};
pub use probe::{FakeApplications, FakeDirectories, FakeProbe};

/// Declares tests that run once on each engine.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "most tests use what stands beside them")]
            use super::*;

            async fn run($t: &crate::harness::Test) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test = crate::harness::Test::sqlite(false).await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test = crate::harness::Test::postgres(false).await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }
        }
    )* };
}

/// When the tests begin: a Tuesday in November 2025.
pub const START: Micros = Micros(1_763_456_789_000_000);
/// What all addresses begin with.
pub const PUBLIC_URL: &str = "https://id.example.test";
/// A password that every rule lets through.
pub const PASSWORD: &str = "Vast-Ocean-77-lantern";

/// An organization, its administrator and their key.
#[derive(Clone, Debug)]
pub struct Org {
    pub id: Id,
    pub admin: Id,
    pub key: String,
}

pub struct Test {
    pub d: Directory,
    pub clock: Clock,
    pub router: Router,
    pub probe: Arc<FakeProbe>,
    pub provider: Id,
    pub acme: Org,
    /// The other one: what it sees of Acme is nothing.
    pub blue: Org,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Test {
    pub async fn sqlite(mail: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::Sqlite { path: folder.path().join("muster.db"), readers: 2 };
        Self::new(config, Some(folder), mail).await
    }

    pub async fn postgres(mail: bool) -> Self {
        let url = Postgres::shared().fresh_database().await;
        Self::new(Config::Postgres { url, connections: 8 }, None, mail).await
    }

    async fn new(config: Config, folder: Option<tempfile::TempDir>, mail: bool) -> Self {
        let db = Db::open(&config).await.unwrap();
        db.migrate(&muster_directory::migrations()).await.unwrap();
        let clock = Clock::manual(START);
        let env = Env { clock: clock.clone(), rng: Rng::seeded(7) };
        let d = Directory::open(db, env, Keyring::new(&[9; 32]), PUBLIC_URL).await.unwrap();
        let provider = provider::create(&d, "Provider").await.unwrap().id;
        let acme = organization(&d, "Acme", Some(provider)).await;
        let blue = organization(&d, "Blue", None).await;
        let probe = Arc::new(FakeProbe::default());
        let router = router(&d, probe.clone(), mail, false);
        Self { d, clock, router, probe, provider, acme, blue, _folder: folder }
    }

    /// What every test must leave behind: who is an administrator by a pushed group is right.
    pub async fn finish(&self) {
        for org in [self.acme.id, self.blue.id] {
            let wrong = derived_administrator::verify::verify(&mut self.d.read(), org).await.unwrap();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }

    /// The same server, run with `--dev`.
    pub fn with_dev(&self) -> Router {
        router(&self.d, self.probe.clone(), false, true)
    }

    /// Asks as Acme's administrator.
    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path).key(&self.acme.key)
    }

    /// Asks as Acme's administrator.
    pub fn post(&self, path: &str, body: serde_json::Value) -> Ask<'_> {
        self.ask("POST", path).key(&self.acme.key).json(body)
    }

    /// Asks as Acme's administrator.
    pub fn put(&self, path: &str, body: serde_json::Value) -> Ask<'_> {
        self.ask("PUT", path).key(&self.acme.key).json(body)
    }

    /// Asks as Acme's administrator.
    pub fn delete(&self, path: &str) -> Ask<'_> {
        self.ask("DELETE", path).key(&self.acme.key)
    }

    /// Asks as nobody.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        Ask::new(&self.router, method, path)
    }
}

fn router(d: &Directory, probe: Arc<FakeProbe>, mail: bool, dev: bool) -> Router {
    let public_url: url::Url = PUBLIC_URL.parse().unwrap();
    let egress = Egress::new(Vec::new(), &public_url).unwrap();
    let config = site::Config {
        public_url,
        dev,
        trusted_proxies: Vec::new(),
        client_certificate: None,
        egress_allow: Vec::new(),
        mail,
        version: "test",
        setup_token: None,
    };
    muster_admin::router().with_state(Site::with(
        d.clone(),
        config,
        egress,
        Asks { probe, provisioning: Arc::new(FakeApplications(d.clone())), feeding: Arc::new(FakeDirectories) },
    ))
}

async fn organization(d: &Directory, name: &str, provider_id: Option<Id>) -> Org {
    let email = format!("root@{}.example", name.to_lowercase());
    let input = administrator::create::Create { email, provider_id, ..administrator::create::Create::default() };
    let (admin, _) = administrator::create::create(d, input).await.unwrap();
    let id = d.env().id();
    let create = organization::create::Create { id, name: name.into(), slug: None, provider_id };
    organization::create::create(d, Actor::command_line(), create, Some(admin.id)).await.unwrap();
    let (key, _, _) = administrator::api_key::create(d, admin.id).await.unwrap();
    Org { id, admin: admin.id, key: key.expose().to_owned() }
}
