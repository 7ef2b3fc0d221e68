//! What each test starts from: a fresh database of one engine with a provider and two organizations, and what must hold
//! at its end whatever it did.

mod answers;
mod finish;
mod people;
mod sessions;

use muster_base::{Clock, Env, Id, Keyring, Micros, Rng};
use muster_db::testing::Postgres;
use muster_db::{Config, Db};
use muster_directory::organization::{self, provider};
use muster_directory::{Actor, Directory, Result, Verb, administrator};

pub use answers::{conflict, denied, fields, is_missing};
pub use people::{HASH, attributes, members};

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
                let test = crate::harness::Test::sqlite().await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test = crate::harness::Test::postgres().await;
                Box::pin(run(&test)).await;
                test.finish().await;
            }
        }
    )* };
}

/// When the tests begin: a Tuesday in November 2025.
pub const START: Micros = Micros(1_763_456_789_000_000);
/// What links in mails begin with.
pub const PUBLIC_URL: &str = "https://id.example.test";

/// An organization and its administrator.
#[derive(Clone, Copy)]
pub struct Org {
    pub id: Id,
    pub admin: Id,
}

pub struct Test {
    pub d: Directory,
    pub clock: Clock,
    pub config: Config,
    pub provider: Id,
    pub acme: Org,
    /// The other one: what it sees of Acme is nothing.
    pub blue: Org,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Test {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::Sqlite { path: folder.path().join("muster.db"), readers: 2 };
        Self::new(config, Some(folder)).await
    }

    pub async fn postgres() -> Self {
        let url = Postgres::shared().fresh_database().await;
        Self::new(Config::Postgres { url, connections: 8 }, None).await
    }

    async fn new(config: Config, folder: Option<tempfile::TempDir>) -> Self {
        let db = Db::open(&config).await.unwrap();
        db.migrate(&muster_directory::migrations()).await.unwrap();
        let clock = Clock::manual(START);
        let env = Env { clock: clock.clone(), rng: Rng::seeded(7) };
        let d = Directory::open(db, env, keyring(), PUBLIC_URL).await.unwrap();
        let provider = provider::create(&d, "Provider").await.unwrap().id;
        let acme = organization(&d, "Acme", Some(provider)).await;
        let blue = organization(&d, "Blue", None).await;
        Self { d, clock, config, provider, acme, blue, _folder: folder }
    }

    /// A second handle on the same database, as another node has: caches of its own, the same clock.
    pub async fn other_node(&self) -> Directory {
        let db = Db::open(&self.config).await.unwrap();
        let env = Env { clock: self.clock.clone(), rng: Rng::system() };
        Directory::open(db, env, keyring(), PUBLIC_URL).await.unwrap()
    }

    /// Does a change as the organization's administrator.
    pub async fn write<V: Verb>(&self, org: Org, verb: V) -> Result<V::Out> {
        self.d.write(Actor::admin(org.admin, Some("req-1".into())), org.id, verb).await
    }

    /// Moves the clock.
    pub fn later(&self, seconds: i64) {
        assert!(self.clock.advance_s(seconds));
    }
}

pub fn keyring() -> Keyring {
    Keyring::new(&[42; 32])
}

/// Makes an organization and its administrator.
pub async fn organization(d: &Directory, name: &str, provider: Option<Id>) -> Org {
    let admin = administrator(d, &format!("admin@{}.test", name.to_lowercase())).await;
    let id = d.env().id();
    let create = organization::create::Create { id, name: name.into(), slug: None, provider_id: provider };
    organization::create::create(d, Actor::command_line(), create, Some(admin)).await.unwrap();
    Org { id, admin }
}

/// Makes an administrator who reaches nothing yet.
pub async fn administrator(d: &Directory, email: &str) -> Id {
    let create = administrator::create::Create { email: email.into(), ..administrator::create::Create::default() };
    administrator::create::create(d, create).await.unwrap().0.id
}
