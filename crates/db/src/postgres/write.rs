//! A work in a transaction, begun again when another transaction was in its way.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use super::pool::{Lent, Pool};
use crate::counts::Counters;
use crate::error::{Error, Failure};
use crate::sql::Sql;
use crate::value::V;
use crate::work::{On, Tx, Work, panicked};

/// How often a work is begun again.
const RETRIES: u32 = 3;

/// How one attempt ended.
enum Ended<W: Work> {
    /// As it stays.
    For(Result<W::Out, W::Err>),
    /// Rolled back because of another transaction; the error if this was the last attempt.
    Collided(W::Err),
}

/// Runs `work` until it is committed, fails on its own account, or has collided too often.
pub(super) async fn write<W: Work>(pool: &Arc<Pool>, counters: &Arc<Counters>, work: &W) -> Result<W::Out, W::Err> {
    let mut tried = 0;
    loop {
        match attempt(begin(pool).await?, counters, work).await {
            Ended::For(result) => return result,
            Ended::Collided(error) if tried == RETRIES => return Err(error),
            Ended::Collided(_) => pause(counters, &mut tried).await,
        }
    }
}

/// Runs one statement, which is a transaction of its own and needs one round trip.
pub(super) async fn exec(
    pool: &Arc<Pool>,
    counters: &Counters,
    sql: &'static Sql,
    params: &[V<'_>],
) -> Result<u64, Error> {
    let mut tried = 0;
    loop {
        counters.statements(1);
        let lent = pool.lend().await?;
        let result = lent.connection().exec(sql, params).await;
        lent.give_back();
        match result {
            Ok(changed) => {
                counters.committed(1);
                return Ok(changed);
            }
            Err(failure) if !failure.collided || tried == RETRIES => return Err(failure.error),
            Err(_) => pause(counters, &mut tried).await,
        }
    }
}

/// The other one needs a moment to end; each time a longer one.
async fn pause(counters: &Counters, tried: &mut u32) {
    counters.retried();
    tokio::time::sleep(Duration::from_millis(2 << (2 * *tried))).await;
    *tried += 1;
}

/// A connection with an open transaction. One that broke while it was idle is replaced: nothing was done on it.
async fn begin(pool: &Arc<Pool>) -> Result<Lent, Error> {
    let mut left = pool.writers() + 1;
    loop {
        let lent = pool.lend().await?;
        let Err(failure) = lent.connection().batch("BEGIN").await else { return Ok(lent) };
        left -= 1;
        if left == 0 || !failure.disconnected {
            return Err(failure.error);
        }
    }
}

async fn attempt<W: Work>(lent: Lent, counters: &Arc<Counters>, work: &W) -> Ended<W> {
    let mut tx = Tx::new(On::Postgres(Arc::clone(lent.connection())), Arc::clone(counters));
    let result = AssertUnwindSafe(work.run(&mut tx)).catch_unwind().await;
    let result = result.unwrap_or_else(|panic| Err(panicked(&*panic).into()));
    let error = match (result, tx.failed.take()) {
        (Ok(out), None) => return commit(lent, counters, out).await,
        // The server has given the transaction up; its COMMIT would roll back and say nothing.
        (Ok(_), Some(error)) => error.into(),
        (Err(error), _) => error,
    };
    if lent.connection().batch("ROLLBACK").await.is_ok() {
        lent.give_back();
    }
    if tx.collided { Ended::Collided(error) } else { Ended::For(Err(error)) }
}

async fn commit<W: Work>(lent: Lent, counters: &Counters, out: W::Out) -> Ended<W> {
    match lent.connection().batch("COMMIT").await {
        Ok(()) => {
            lent.give_back();
            counters.committed(1);
            Ended::For(Ok(out))
        }
        // A failed COMMIT has rolled back; the connection is dropped all the same.
        Err(Failure { error, collided: true, .. }) => Ended::Collided(error.into()),
        Err(failure) => Ended::For(Err(failure.error.into())),
    }
}
