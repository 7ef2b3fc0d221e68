//! The thread that writes. It takes what is waiting, runs it in one transaction with what comes meanwhile, commits once, and only
//! then answers: one sync of the log serves all of them. A work that fails takes none of the others with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::checkpoint::Checkpointer;
use super::statement::{batch, control as control_statement};
use crate::counts::Counters;
use crate::error::Error;
use crate::work::{On, Tx, Work, panicked};

/// How many works may wait; a further one waits to be let in.
const QUEUE: usize = 1024;
/// How many works share a commit at most.
const GROUP: usize = 256;
/// How many more a group takes on that came while it ran: the sync that they would wait for serves them, too, and nobody's
/// answer is put off for long.
const TAKEN_ON: usize = 32;

/// The way to the thread.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        checkpointer: Checkpointer,
        counters: Arc<Counters>,
    ) -> Result<Self, Error> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("muster-writer".to_owned())
            .spawn(move || serve(Tx::new(On::Sqlite(connection), counters), checkpointer, jobs))
            .map_err(|e| Error::Unavailable(format!("cannot start the writer's thread: {e}")))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn write<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Box::new(Waiting { work, result: None, reply })).await.map_err(|_| closed())?;
        drop(queue);
        answer.await.map_err(|_| closed())?
    }

    pub(super) fn alive(&self) -> Result<(), Error> {
        match &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) if !queue.is_closed() => Ok(()),
            _ => Err(closed()),
        }
    }

    /// Refuses further works and waits until those in the queue have ended.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the writer's thread did not end well");
            }
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("the database was closed".to_owned())
}

/// The works of one transaction.
type Group = Vec<Box<dyn Job>>;

/// A work in the queue, whatever its types.
trait Job: Send {
    /// Runs it; false when nothing of it is to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Tells the one who waits, if he still does. An error is that of the transaction around it; `after_kept`: others before it were
    /// to be kept. Whether it was to be kept itself.
    fn answer(self: Box<Self>, commit: Result<(), Error>, after_kept: bool) -> bool;
}

struct Waiting<W: Work> {
    work: W,
    result: Option<Result<W::Out, W::Err>>,
    reply: oneshot::Sender<Result<W::Out, W::Err>>,
}

impl<W: Work> Job for Waiting<W> {
    fn run(&mut self, tx: &mut Tx) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| poll_once(&self.work, tx)))
            .unwrap_or_else(|panic| Err(panicked(&*panic).into()));
        let result = match (result, tx.failed.take()) {
            (Ok(_), Some(error)) => Err(error.into()),
            (result, _) => result,
        };
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, commit: Result<(), Error>, after_kept: bool) -> bool {
        let is_kept = matches!(self.result, Some(Ok(_)));
        let result = match (commit, self.result) {
            (Ok(()), Some(result)) => result,
            // What it was refused for stands, unless it was for something that never was.
            (Err(_), Some(result @ Err(_))) if !after_kept => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(Error::Internal("a work was not run".to_owned()).into()),
        };
        // The one who asked may have gone away; the work is done all the same.
        let _ = self.reply.send(result);
        is_kept
    }
}

/// Everything a [`Tx`] does on SQLite is done when it is polled, so one poll is all a work needs.
fn poll_once<W: Work>(work: &W, tx: &mut Tx) -> Result<W::Out, W::Err> {
    let mut future = pin!(work.run(tx));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::Internal(format!(
            "{} waited for something that is not its transaction: no I/O, timer or lock inside a transaction",
            std::any::type_name::<W>()
        ))
        .into()),
    }
}

fn serve(mut tx: Tx, checkpointer: Checkpointer, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
        let commit = transact(&mut tx, &mut group, &mut jobs);
        if let Err(error) = &commit {
            tracing::error!(%error, works = group.len(), "a group of works was not committed");
        }
        let mut after_kept = false;
        for job in group.drain(..) {
            after_kept |= job.answer(commit.clone(), after_kept);
        }
    }
    if let On::Sqlite(connection) = &mut tx.on {
        checkpointer.stop(connection);
    }
    // Leaves an empty log behind; what it does not manage is done when the file is opened next.
    if let Err(error) = tidy(&tx) {
        tracing::warn!(%error, "the log was not emptied");
    }
}

/// Runs a group in one transaction, and with it those that come meanwhile.
fn transact(tx: &mut Tx, group: &mut Group, jobs: &mut mpsc::Receiver<Box<dyn Job>>) -> Result<(), Error> {
    if in_transaction(tx) {
        // The last group's ROLLBACK failed; without this no group could ever begin again.
        control(tx, "ROLLBACK")?;
    }
    match run_all(tx, group, jobs) {
        Ok(kept) => {
            tx.counters.committed(kept);
            Ok(())
        }
        Err(error) => {
            // A failed COMMIT leaves the transaction open; a failed disk may have ended it already.
            if in_transaction(tx) {
                control(tx, "ROLLBACK")?;
            }
            Err(error)
        }
    }
}

/// Runs each work; returns how many are kept. Without savepoints, which make SQLite copy every page that a work changes: nearly
/// all works are kept, and most that are not have changed nothing.
fn run_all(tx: &mut Tx, group: &mut Group, jobs: &mut mpsc::Receiver<Box<dyn Job>>) -> Result<u64, Error> {
    let most = GROUP.min(group.len() + TAKEN_ON);
    control(tx, "BEGIN IMMEDIATE")?;
    let (mut kept, mut at) = (0, 0);
    while at < group.len() || (at < most && take_on(group, jobs)) {
        let keep = run(tx, &mut group[at])?;
        if !keep && tx.wrote {
            control(tx, "ROLLBACK")?;
            return run_others(tx, group, at);
        }
        kept += u64::from(keep);
        at += 1;
    }
    control(tx, "COMMIT").map(|()| kept)
}

/// Takes on one that came meanwhile.
fn take_on(group: &mut Group, jobs: &mut mpsc::Receiver<Box<dyn Job>>) -> bool {
    jobs.try_recv().is_ok_and(|job| {
        group.push(job);
        true
    })
}

/// Runs the others once more, each in a savepoint. What the one answered that failed stands: it is what those before it led to,
/// and they lead there again.
fn run_others(tx: &mut Tx, group: &mut [Box<dyn Job>], failed: usize) -> Result<u64, Error> {
    if group.len() == 1 {
        return Ok(0);
    }
    control(tx, "BEGIN IMMEDIATE")?;
    let mut kept = 0;
    for (_, job) in group.iter_mut().enumerate().filter(|(at, _)| *at != failed) {
        control(tx, "SAVEPOINT work")?;
        let keep = run(tx, job)?;
        if !keep && tx.wrote {
            control(tx, "ROLLBACK TO work")?;
        }
        control(tx, "RELEASE work")?;
        kept += u64::from(keep);
    }
    control(tx, "COMMIT").map(|()| kept)
}

/// Runs one work; false when nothing of it is to be kept.
fn run(tx: &mut Tx, job: &mut Box<dyn Job>) -> Result<bool, Error> {
    (tx.failed, tx.collided, tx.wrote) = (None, false, false);
    let keep = job.run(tx);
    if in_transaction(tx) {
        return Ok(keep);
    }
    // SQLite itself rolled everything back (disk full, I/O error, out of memory).
    Err(Error::Unavailable("the transaction was rolled back by the storage".to_owned()))
}

fn control(tx: &Tx, text: &str) -> Result<(), Error> {
    match &tx.on {
        On::Sqlite(connection) => control_statement(connection, text),
        On::Postgres(_) => Err(Error::Internal("the writer's thread has no SQLite connection".to_owned())),
    }
}

fn tidy(tx: &Tx) -> Result<(), Error> {
    match &tx.on {
        On::Sqlite(connection) => batch(connection, "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)"),
        On::Postgres(_) => Ok(()),
    }
}

fn in_transaction(tx: &Tx) -> bool {
    matches!(&tx.on, On::Sqlite(connection) if !connection.is_autocommit())
}
