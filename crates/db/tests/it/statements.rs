//! The check of every statement finds what is wrong and nothing else.

use muster_db::testing::check_statements;
use muster_db::{Db, Engine, statements};

use crate::engines::{empty_postgres, empty_sqlite};

muster_db::sql! {
    BAD_NO_ORG = "SELECT name FROM things WHERE id = $1";
    BAD_COLUMN = "SELECT colour FROM things WHERE org_id = $1";
    BAD_TOKEN = "SELECT name FROM things WHERE org_id = $1 AND name IN {eech $2}";
    /// Only PostgreSQL minds: a sum of BIGINT is a NUMERIC there.
    BAD_SUM = "SELECT sum(n) FROM things WHERE org_id = $1";
    BAD_FLOAT = "SELECT name FROM things WHERE org_id = $1 AND CAST(n AS DOUBLE PRECISION) > $2";
}

/// `DEFER` and `SYNCHRONOUS` are SQLite's own; `COLLIDE`, `CUT` and `TERMINATE` are PostgreSQL's.
fn expected(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &["BAD_COLUMN", "BAD_NO_ORG", "BAD_TOKEN"],
        Engine::Postgres => {
            &["COLLIDE", "SYNCHRONOUS", "DEFER", "BAD_COLUMN", "BAD_FLOAT", "BAD_NO_ORG", "BAD_SUM", "BAD_TOKEN"]
        }
    }
}

both! {
    async fn finds_the_bad_ones(t: Test) {
        let problems = check_statements(&t.db).await;
        let only_there = |name: &&str| t.db.engine() == Engine::Sqlite && ["COLLIDE", "CUT", "TERMINATE"].contains(name);
        let named: Vec<&str> = problems
            .iter()
            .map(|problem| problem.split_whitespace().next().unwrap().rsplit("::").next().unwrap())
            .filter(|name| !only_there(name))
            .collect();
        assert_eq!(named, expected(t.db.engine()), "{problems:#?}");
    }
}

#[tokio::test]
async fn finds_missing_tables() {
    let (sqlite, _folder) = empty_sqlite();
    for config in [sqlite, empty_postgres().await] {
        let problems = check_statements(&Db::open(&config).await.unwrap()).await;
        assert!(problems.iter().any(|problem| problem.contains("::THING_ADD ")), "{problems:#?}");
    }
}

#[test]
fn are_listed_with_their_place() {
    let bad = statements().find(|sql| sql.name() == "BAD_NO_ORG").unwrap();
    assert_eq!((bad.module(), bad.global()), ("it::statements", false));
    assert!(statements().any(|sql| sql.name() == "LEASE" && sql.global()));
}
