//! Every statement of the program, prepared on an engine: what another library checks when it compiles.

use crate::db::{Db, Store};
use crate::sql::{Sql, statements};

/// Prepares every registered statement on the migrated `db`, and looks whether each that is not `global` binds an
/// organization. Returns what is wrong, in words; empty is good. Call it for both engines.
pub async fn check_statements(db: &Db) -> Vec<String> {
    let mut problems = Vec::new();
    for sql in statements() {
        let text = sql.text(db.engine());
        if !sql.global() && !text.contains("org_id") {
            problems.push(format!("{sql:?} has no org_id: bind the organization, or mark it `global`"));
        }
        let prepared = match &db.store {
            Store::Sqlite(sqlite) => sqlite.prepare(sql),
            Store::Postgres(postgres) => postgres.prepare(sql).await,
        };
        if let Err(error) = prepared {
            problems.push(format!("{sql:?} on {}: {error}\n    {text}", db.engine()));
        }
    }
    problems.extend(same_names());
    problems.sort();
    problems
}

/// Two statements of one module with one name cannot be; of two modules they only make logs hard to read.
fn same_names() -> Vec<String> {
    let mut all: Vec<&Sql> = statements().collect();
    all.sort_by_key(|sql| (sql.name(), sql.module()));
    all.windows(2)
        .filter(|pair| pair[0].name() == pair[1].name() && krate(pair[0]) == krate(pair[1]))
        .map(|pair| format!("{:?} and {:?} have one name: errors name only that", pair[0], pair[1]))
        .collect()
}

fn krate(sql: &Sql) -> &str {
    sql.module().split("::").next().unwrap_or_default()
}
