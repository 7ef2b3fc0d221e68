//! Bringing the schema up to date: each step in a transaction of its own, together with the note that it was made.

use std::collections::BTreeMap;

use crate::config::Engine;
use crate::db::Db;
use crate::error::Error;
use crate::migration::Migration;
use crate::value::V;
use crate::work::{Tx, Work};

/// Step 0: what this crate itself needs.
const OWN: Migration = Migration::new(
    0,
    "leases",
    "CREATE TABLE leases (name {text} PRIMARY KEY, holder {text} NOT NULL, until {int} NOT NULL) {strict};",
);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
     (number {int} PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL) {strict};";

/// Two servers that start together migrate one after the other, however long it takes.
const PATIENT: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
/// The number is the lock's name and means nothing.
const LOCK: &str = "SELECT pg_advisory_xact_lock(120351437350258)";

crate::sql! {
    global MIGRATIONS = "SELECT number, name, checksum FROM schema_migrations ORDER BY number";
    global MIGRATION_ADD = "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";
}

/// Takes the lock and reads what was applied.
async fn applied(tx: &mut Tx) -> Result<Vec<(i64, String, String)>, Error> {
    if tx.engine() == Engine::Postgres {
        // Apart, since a limit counts from the next request on.
        tx.batch(PATIENT).await?;
        tx.batch(LOCK).await?;
    }
    let table = Migration::new(0, "", TABLE).text(tx.engine());
    tx.batch(&table).await?;
    tx.all(&MIGRATIONS, &[]).await
}

/// Refuses a database that is not a prefix of what this program knows.
struct Check {
    known: BTreeMap<i64, Migration>,
}

impl Work for Check {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let engine = tx.engine();
        for (number, name, checksum) in applied(tx).await? {
            let Some(migration) = self.known.get(&number) else {
                return Err(Error::Internal(format!(
                    "the database holds migration {number} ({name}), which this program does not know: it was written \
                     by a newer Muster; start that one, or restore a backup made before the upgrade"
                )));
            };
            same(migration, &checksum, engine)?;
        }
        Ok(())
    }
}

fn same(migration: &Migration, checksum: &str, engine: Engine) -> Result<(), Error> {
    if migration.checksum(engine) == checksum {
        return Ok(());
    }
    Err(Error::Internal(format!(
        "migration {} ({}) is not the one that this database was made with: a released migration is never changed; \
         undo the change and add a new migration",
        migration.number(),
        migration.name()
    )))
}

/// Applies one step, unless someone else just did.
struct Apply {
    migration: Migration,
}

impl Work for Apply {
    type Out = bool;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<bool, Error> {
        let (engine, migration) = (tx.engine(), &self.migration);
        let number = i64::from(migration.number());
        if let Some((_, _, checksum)) = applied(tx).await?.iter().find(|(n, ..)| *n == number) {
            return same(migration, checksum, engine).map(|()| false);
        }
        tx.batch(&migration.text(engine)).await.map_err(|error| match error {
            Error::Internal(why) => Error::Internal(format!("migration {number} ({}) failed: {why}", migration.name())),
            other => other,
        })?;
        let checksum = migration.checksum(engine);
        tx.exec(&MIGRATION_ADD, &[V::I(number), V::from(migration.name()), V::from(checksum)]).await?;
        Ok(true)
    }
}

pub(crate) async fn migrate(db: &Db, migrations: &[Migration]) -> Result<(), Error> {
    let mut known = BTreeMap::new();
    for migration in std::iter::once(&OWN).chain(migrations) {
        if let Some(other) = known.insert(i64::from(migration.number()), *migration) {
            return Err(Error::Internal(format!(
                "two migrations have the number {}: {} and {}",
                migration.number(),
                other.name(),
                migration.name()
            )));
        }
        if migration.defers(db.engine()) {
            return Err(Error::Internal(format!(
                "migration {} ({}) has a DEFERRABLE constraint: it would be checked at the commit, which on SQLite \
                 many works share",
                migration.number(),
                migration.name()
            )));
        }
    }
    db.write(Check { known: known.clone() }).await?;
    for (number, migration) in known {
        if db.write(Apply { migration }).await? {
            tracing::info!(number, name = migration.name(), "migration applied");
        }
    }
    Ok(())
}
