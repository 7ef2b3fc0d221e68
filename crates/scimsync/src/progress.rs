//! How far the reading of a target is, told while it goes on: written down once a second at most, and what finds out that
//! nobody wants it any more.

use std::sync::{Mutex, MutexGuard, PoisonError};

use muster_base::{Id, Micros};
use muster_directory::provision::import_job;
use muster_directory::provision::reading::{Far, Pen};
use muster_directory::{Directory, Result};
use tokio::sync::Notify;

use crate::client::log;

/// Between two times that it is written down, in seconds.
const WRITTEN_EVERY_S: i64 = 1;

/// Where it is written down.
#[derive(Clone, Copy, Default)]
enum At {
    /// Nobody waits for it.
    #[default]
    Nowhere,
    Reading(Pen),
    /// An organization and its import job.
    Import((Id, Id)),
}

impl At {
    async fn write(self, directory: &Directory, far: Far) -> Result<bool> {
        match self {
            Self::Nowhere => Ok(true),
            Self::Reading(pen) => pen.progress(directory, far).await,
            Self::Import(job) => import_job::reads(directory, job, far).await,
        }
    }
}

/// How far one reading is.
#[derive(Default)]
pub struct Progress {
    at: At,
    state: Mutex<State>,
    stopped: Notify,
}

#[derive(Clone, Copy, Default)]
struct State {
    far: Far,
    /// Of the kinds that were read before.
    before: u64,
    written_at: Option<Micros>,
}

impl Progress {
    /// Of a reading that is told about.
    pub fn of(pen: Pen) -> Self {
        Self { at: At::Reading(pen), ..Self::default() }
    }

    /// Of a job of an organization that imports.
    pub fn of_import(job: (Id, Id)) -> Self {
        Self { at: At::Import(job), ..Self::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is.
    pub fn far(&self) -> Far {
        self.state().far
    }

    /// Another kind is read from its beginning.
    pub fn begins(&self) {
        let mut state = self.state();
        state.before = state.far.read;
    }

    /// So many of the kind were read, of so many. Whoever is not to go on does not come back from here.
    pub async fn is_at(&self, directory: &Directory, seen: u64, told: Option<u64>) {
        let now = directory.env().clock.now();
        let far = {
            let mut state = self.state();
            state.far = Far { read: state.before + seen, total: told.map(|told| state.before + told.max(seen)) };
            if state.written_at.is_some_and(|at| now < at.plus_s(WRITTEN_EVERY_S)) {
                return;
            }
            state.written_at = Some(now);
            state.far
        };
        match self.at.write(directory, far).await {
            Ok(true) => {}
            Ok(false) => {
                self.stop();
                std::future::pending::<()>().await;
            }
            // It is said again with the next page.
            Err(error) => log(&error, "how far a reading is could not be written down"),
        }
    }

    /// Ends it, where it is at.
    pub fn stop(&self) {
        self.stopped.notify_one();
    }

    /// When it is to end.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }
}
