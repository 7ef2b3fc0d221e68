//! Reading a target whole as a task of the node's own: whoever asked waits for it a while and is told how far it is, and it
//! goes on without them. Any node answers for it, since what it comes to stands in the directory.
//!
//! Never here: what is read, and what is made of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_base::Id;
use muster_directory::provision::reading::{self, BEAT_S, Found, Kind, Pen, Reading, State};
use muster_directory::provision::survey::PLAN_S;
use muster_directory::{Directory, Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::client::log;
use crate::progress::Progress;

/// Targets that a node reads at once because somebody asked; others wait for their turn. Each holds a few pages.
const AT_ONCE: usize = 16;
/// Those that it is at or that wait.
const WAITING_MAX: usize = 64;
/// Of these, those of one organization: what it reads may be slow on purpose.
const AT_ONCE_OF_ONE: usize = 4;
const WAITING_MAX_OF_ONE: usize = 16;
/// Within this time a target is read to its end.
pub const READ_WITHIN: Duration = Duration::from_secs(3600);

/// The readings that a node is at.
pub struct Readings {
    patience: Duration,
    all: Share,
    of_one: Mutex<BTreeMap<Id, Share>>,
    open: Mutex<BTreeMap<Id, Open>>,
}

/// How much may be read at once, by all or by one organization.
#[derive(Clone)]
struct Share {
    /// For those that the node is at or that wait.
    room: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Share {
    fn of(waiting_max: usize, at_once: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(waiting_max)), turns: Arc::new(Semaphore::new(at_once)) }
    }
}

/// A reading that the node is at or that waits, and the room that it takes.
struct Open {
    progress: Arc<Progress>,
    _room: [OwnedSemaphorePermit; 2],
}

/// A reading that the node is at; let go when it ends, however it does.
struct At {
    readings: Arc<Readings>,
    directory: Directory,
    pen: Pen,
    progress: Arc<Progress>,
    /// The organization's, and everybody's.
    turns: [Arc<Semaphore>; 2],
}

impl Drop for At {
    fn drop(&mut self) {
        self.readings.open().remove(&self.pen.id);
        // Of organizations that nothing is read for nothing is kept.
        self.readings.of_one().retain(|_, share| share.room.available_permits() < WAITING_MAX_OF_ONE);
    }
}

/// Whoever asked. One who is gone before the reading's id was told has nobody come for it: it ends.
struct Asker {
    progress: Arc<Progress>,
    is_told: bool,
}

impl Drop for Asker {
    fn drop(&mut self) {
        if !self.is_told {
            self.progress.stop();
        }
    }
}

impl Readings {
    /// None yet; whoever asks for one waits so long before being told how far it is.
    pub fn new(patience: Duration) -> Self {
        Self { patience, all: Share::of(WAITING_MAX, AT_ONCE), of_one: Mutex::default(), open: Mutex::default() }
    }

    fn of_one(&self) -> MutexGuard<'_, BTreeMap<Id, Share>> {
        self.of_one.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room for one more, the organization's and everybody's, and the turns that it waits for; none where there is no room.
    fn room(&self, org: Id) -> Option<([OwnedSemaphorePermit; 2], [Arc<Semaphore>; 2])> {
        // The permit is taken under the lock: a share that is in use is never thrown away.
        let mut shares = self.of_one();
        let share = shares.entry(org).or_insert_with(|| Share::of(WAITING_MAX_OF_ONE, AT_ONCE_OF_ONE));
        let own = Arc::clone(&share.room).try_acquire_owned().ok()?;
        let of_all = Arc::clone(&self.all.room).try_acquire_owned().ok()?;
        Some(([own, of_all], [Arc::clone(&share.turns), Arc::clone(&self.all.turns)]))
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<Id, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that it is at or that wait.
    pub fn count(&self) -> usize {
        self.open().len()
    }

    /// Ends a reading, where this node is at it.
    pub fn stop(&self, id: Id) {
        if let Some(open) = self.open().get(&id) {
            open.progress.stop();
        }
    }

    /// Begins a reading, and waits for it a while.
    pub async fn read<W>(
        self: &Arc<Self>,
        directory: &Directory,
        (org, app, kind): (Id, Id, Kind),
        work: impl FnOnce(Pen, Arc<Progress>) -> W,
    ) -> Result<Reading>
    where
        W: Future<Output = Result<Found>> + Send + 'static,
    {
        // Taken before the reading begins: many may ask at the same time.
        let Some((room, turns)) = self.room(org) else {
            return Err(Error::Unavailable("many applications are being read".into()));
        };
        let begun_at = directory.env().clock.now();
        let pen = reading::begin(directory, org, app, kind).await?;
        let progress = Arc::new(Progress::of(pen));
        self.open().insert(pen.id, Open { progress: Arc::clone(&progress), _room: room });
        let at = At {
            readings: Arc::clone(self),
            directory: directory.clone(),
            pen,
            progress: Arc::clone(&progress),
            turns,
        };
        let mut asker = Asker { progress: Arc::clone(&progress), is_told: false };
        let (tell, mut told) = oneshot::channel();
        tokio::spawn(at.go(work(pen, Arc::clone(&progress)), tell));
        let ready = match tokio::time::timeout(self.patience, &mut told).await {
            Ok(ready) => ready.ok(),
            Err(_) => {
                told.close();
                // It may have ended just now.
                let Ok(ready) = told.try_recv() else {
                    asker.is_told = true;
                    return reading::get(directory, org, app, pen.id).await;
                };
                Some(ready)
            }
        };
        let found = ready.unwrap_or_else(|| Err(Error::Conflict("the reading was stopped: ask again".into())))?;
        Ok(Reading { id: pen.id, kind, begun_at, far: progress.far(), state: State::Finished(found) })
    }
}

impl At {
    /// To its end, which whoever waits is told of; where nobody does it is written down.
    async fn go(self, work: impl Future<Output = Result<Found>>, tell: oneshot::Sender<Result<Found>>) {
        let in_turn = async {
            let [own, of_all] = &self.turns;
            // Whoever waits for their own organization's stands in nobody's way.
            let _turns = (own.acquire().await, of_all.acquire().await);
            let too_long = |_| {
                Err(Error::Conflict("it could not be read to its end within an hour: it answers too slowly".into()))
            };
            tokio::time::timeout(READ_WITHIN, work).await.unwrap_or_else(too_long)
        };
        let outcome = tokio::select! {
            biased;
            () = self.progress.stopped() => None,
            () = self.beats() => None,
            outcome = in_turn => Some(outcome),
        };
        if let Err(error) = self.end(outcome, tell).await {
            log(&error, "what came of a reading could not be written down");
        }
    }

    /// Signs of life, until it is not to go on.
    async fn beats(&self) {
        loop {
            tokio::time::sleep(Duration::from_secs(BEAT_S)).await;
            match self.beat().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => log(&error, "a reading could not say that it goes on"),
            }
        }
    }

    async fn beat(&self) -> Result<bool> {
        self.pen.survey().keep(&self.directory, PLAN_S).await?;
        self.pen.beat(&self.directory).await
    }

    async fn end(&self, outcome: Option<Result<Found>>, tell: oneshot::Sender<Result<Found>>) -> Result<()> {
        if !matches!(outcome, Some(Ok(Found::Users(_)))) {
            self.pen.survey().end(&self.directory).await?;
        }
        let Some(outcome) = outcome else {
            return self.pen.forget(&self.directory).await;
        };
        let Err(outcome) = tell.send(outcome) else {
            return self.pen.forget(&self.directory).await;
        };
        if let Err(error) = &outcome {
            log_ours(error);
        }
        let found = outcome.as_ref().map_err(ToString::to_string);
        let found = found.as_ref().map_err(String::as_str).copied();
        self.pen.end(&self.directory, self.progress.far(), found).await.map(drop)
    }
}

/// A fault of ours is told in the log alone.
fn log_ours(error: &Error) {
    if error.private().is_some() {
        log(error, "a target could not be read");
    }
}
