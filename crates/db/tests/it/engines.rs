//! What each test starts from: an empty database of one engine with the tables below.

use muster_base::{Env, Id};
use muster_db::testing::Postgres;
use muster_db::{Config, Db, Error, Migration, Sql, Tx, V, Work, values};

/// Declares tests that run once on each engine.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident: Test) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn run($t: crate::engines::Test) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(crate::engines::Test::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(crate::engines::Test::postgres().await).await;
            }
        }
    )* };
}

/// A table with each type, keys of each kind, and a table that refers to it.
pub const TABLES: Migration = Migration::new(
    1,
    "things",
    "CREATE TABLE things (
        org_id {text} NOT NULL,
        id {text} NOT NULL,
        name {text} NOT NULL,
        n {int},
        raw {bytes},
        doc {text},
        PRIMARY KEY (org_id, id),
        CONSTRAINT some_name_or_other UNIQUE (org_id, name)
    ) {strict};
    CREATE UNIQUE INDEX things_by_lower_doc ON things (org_id, lower(doc));
    CREATE UNIQUE INDEX things_by_n ON things (org_id, n) WHERE n > 1000000;
    CREATE TABLE parts (
        org_id {text} NOT NULL,
        id {text} NOT NULL,
        thing_id {text} NOT NULL,
        PRIMARY KEY (org_id, id),
        FOREIGN KEY (org_id, thing_id) REFERENCES things (org_id, id)
    ) {strict};",
);

muster_db::sql! {
    /// A thing with a name only.
    pub THING_ADD = "INSERT INTO things (org_id, id, name) VALUES ($1, $2, $3)";
    pub THING_FULL = "INSERT INTO things (org_id, id, name, n, raw, doc) VALUES ($1, $2, $3, $4, $5, $6)";
    pub THING_BY_ID = "SELECT name, n, raw, doc, id FROM things WHERE org_id = $1 AND id = $2";
    pub THING_NAMES = "SELECT name FROM things WHERE org_id = $1 ORDER BY name";
    pub THING_SET_N = "UPDATE things SET n = $3 WHERE org_id = $1 AND name = $2";
    pub THING_DELETE = "DELETE FROM things WHERE org_id = $1 AND id = $2";
    pub PART_ADD = "INSERT INTO parts (org_id, id, thing_id) VALUES ($1, $2, $3)";
}

pub struct Test {
    pub db: Db,
    pub config: Config,
    pub env: Env,
    pub org: Id,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Test {
    pub async fn sqlite() -> Self {
        let (config, folder) = empty_sqlite();
        Self::migrated(config, Some(folder)).await
    }

    pub async fn postgres() -> Self {
        Self::migrated(empty_postgres().await, None).await
    }

    async fn migrated(config: Config, folder: Option<tempfile::TempDir>) -> Self {
        let db = Db::open(&config).await.unwrap();
        db.migrate(&[TABLES]).await.unwrap();
        let env = Env::system();
        Self { db, config, org: env.id(), env, _folder: folder }
    }

    /// Adds a thing in a write of its own.
    pub async fn add(&self, name: &str) -> Result<Id, Error> {
        let id = self.env.id();
        self.db.exec(&THING_ADD, &values![self.org, id, name]).await.map(|_| id)
    }

    pub async fn names(&self) -> Vec<String> {
        self.db.all(&THING_NAMES, &values![self.org]).await.unwrap()
    }

    /// A work of this test's organization.
    pub fn add_work(&self, name: &str) -> Add {
        Add { org: self.org, id: self.env.id(), name: name.to_owned() }
    }
}

pub fn empty_sqlite() -> (Config, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Config::Sqlite { path: folder.path().join("muster.db"), readers: 2 }, folder)
}

pub async fn empty_postgres() -> Config {
    Config::Postgres { url: Postgres::shared().fresh_database().await, connections: 4 }
}

/// Adds one thing.
pub struct Add {
    pub org: Id,
    pub id: Id,
    pub name: String,
}

impl Work for Add {
    type Out = Id;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Id, Error> {
        tx.exec(&THING_ADD, &values![self.org, self.id, &self.name]).await?;
        Ok(self.id)
    }
}

/// Runs statements one after the other and forgets what each said.
pub struct Script(pub Vec<(&'static Sql, Vec<V<'static>>)>);

impl Work for Script {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        for (sql, params) in &self.0 {
            let _ = tx.exec(sql, params).await;
        }
        Ok(())
    }
}
