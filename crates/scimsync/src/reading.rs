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

/// Targets that a node reads at once because somebody asked; others wait for their turn.
const AT_ONCE: usize = 8;
/// Those that it is at or that wait.
const WAITING_MAX: usize = 64;

/// The readings that a node is at.
pub struct Readings {
    patience: Duration,
    /// For those that it is at or that wait.
    room: Arc<Semaphore>,
    turns: Semaphore,
    open: Mutex<BTreeMap<Id, Open>>,
}

/// A reading that the node is at or that waits, and the room that it takes.
struct Open {
    progress: Arc<Progress>,
    _room: OwnedSemaphorePermit,
}

/// A reading that the node is at; let go when it ends, however it does.
struct At {
    readings: Arc<Readings>,
    directory: Directory,
    pen: Pen,
    progress: Arc<Progress>,
}

impl Drop for At {
    fn drop(&mut self) {
        self.readings.open().remove(&self.pen.id);
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
        let room = Arc::new(Semaphore::new(WAITING_MAX));
        Self { patience, room, turns: Semaphore::new(AT_ONCE), open: Mutex::default() }
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
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            return Err(Error::Unavailable("many applications are being read".into()));
        };
        let begun_at = directory.env().clock.now();
        let pen = reading::begin(directory, org, app, kind).await?;
        let progress = Arc::new(Progress::of(pen));
        self.open().insert(pen.id, Open { progress: Arc::clone(&progress), _room: room });
        let at = At { readings: Arc::clone(self), directory: directory.clone(), pen, progress: Arc::clone(&progress) };
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
            let _turn = self.readings.turns.acquire().await;
            work.await
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
