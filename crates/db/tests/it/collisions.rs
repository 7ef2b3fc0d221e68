//! PostgreSQL: transactions that get in each other's way are begun again, three times at most.

use std::sync::atomic::{AtomicU32, Ordering};

use muster_base::Id;
use muster_db::{Error, Migration, Tx, Work, values};
use tokio::sync::Barrier;

use crate::engines::{TABLES, THING_SET_N, Test};

/// A statement that ends in a serialization failure until it was tried often enough; a sequence counts across
/// rollbacks.
const COLLIDING: Migration = Migration::per_engine(
    2,
    "colliding",
    "",
    "CREATE SEQUENCE tries;
     CREATE FUNCTION collide(until BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
     BEGIN
        IF nextval('tries') < until THEN RAISE EXCEPTION 'collided' USING ERRCODE = '40001'; END IF;
        RETURN until;
     END $$;",
);

muster_db::sql! {
    global COLLIDE = "SELECT collide($1)";
}

struct Colliding {
    until: i64,
    runs: std::sync::Arc<AtomicU32>,
}

impl Work for Colliding {
    type Out = Option<i64>;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<i64>, Error> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        tx.first(&COLLIDE, &values![self.until]).await
    }
}

#[tokio::test]
async fn postgres_begins_again_three_times() {
    for (until, runs, answer) in [(1, 1, Ok(Some(1))), (4, 4, Ok(Some(4))), (5, 4, Err(Error::Busy))] {
        let t = Test::postgres().await;
        t.db.migrate(&[TABLES, COLLIDING]).await.unwrap();
        let before = t.db.counts();
        let work = Colliding { until, runs: std::sync::Arc::default() };
        let seen = std::sync::Arc::clone(&work.runs);
        assert_eq!(t.db.write(work).await, answer);
        assert_eq!(seen.load(Ordering::SeqCst), runs);
        let after = t.db.counts();
        assert_eq!(after.retries - before.retries, u64::from(runs - 1));
        assert_eq!(after.works - before.works, u64::from(answer.is_ok()));
    }
}

#[tokio::test]
async fn postgres_begins_a_single_statement_again_too() {
    for (until, retries, answer) in [(4, 3, Ok(1)), (5, 3, Err(Error::Busy))] {
        let t = Test::postgres().await;
        t.db.migrate(&[TABLES, COLLIDING]).await.unwrap();
        assert_eq!(t.db.exec(&COLLIDE, &values![until]).await, answer);
        assert_eq!(t.db.counts().retries, retries);
    }
}

/// Updates two rows; between them it waits for the other one to have its first.
struct Crossing {
    org: Id,
    rows: [&'static str; 2],
    both: std::sync::Arc<Barrier>,
    runs: AtomicU32,
}

impl Work for Crossing {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        tx.exec(&THING_SET_N, &values![self.org, self.rows[0], 1_i64]).await?;
        if self.runs.fetch_add(1, Ordering::SeqCst) == 0 {
            self.both.wait().await;
        }
        tx.exec(&THING_SET_N, &values![self.org, self.rows[1], 1_i64]).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_resolves_a_deadlock() {
    let t = Test::postgres().await;
    t.add("a").await.unwrap();
    t.add("b").await.unwrap();
    let both = std::sync::Arc::new(Barrier::new(2));
    let crossing = |rows| Crossing { org: t.org, rows, both: both.clone(), runs: AtomicU32::new(0) };
    let (a, b) = tokio::join!(t.db.write(crossing(["a", "b"])), t.db.write(crossing(["b", "a"])));
    assert_eq!((a, b), (Ok(()), Ok(())));
    // The one that gave way may be overtaken and give way again.
    assert!((1..=3).contains(&t.db.counts().retries));
}
