//! Moves what the write-ahead log holds into the file, on a thread of its own, so that no commit waits for it. Nothing here
//! decides what is written.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::error::error;
use super::open;
use crate::error::Error;

/// The log is moved whenever it grew by so many pages.
const PAGES: i32 = 2_000;
/// A log of so many pages begins anew as soon as nearly all of it was moved. That takes a moment without a commit, so a commit
/// does the rest itself.
const PAGES_FULL: i32 = 8_000;
/// How much a commit does itself then.
const REST: i32 = 500;
/// A log of so many pages is moved by the commit whatever it takes: the disk is slower than those who write.
const PAGES_MAX: i32 = 64_000;

/// The thread, until it is stopped.
pub(super) struct Checkpointer(JoinHandle<()>);

/// Lets a thread of its own move the log that `writer` writes.
pub(super) fn start(path: &Path, writer: &mut Connection) -> Result<Checkpointer, Error> {
    let connection = open::connect(path)?;
    let moved = Arc::new(AtomicI32::new(0));
    let (grown, asked) = sync_channel(1);
    let by_thread = Arc::clone(&moved);
    let thread = std::thread::Builder::new()
        .name("muster-checkpoint".to_owned())
        .spawn(move || serve(&connection, &asked, &by_thread))
        .map_err(|e| Error::Unavailable(format!("cannot start the thread that moves the log: {e}")))?;
    let mut asked_at = 0;
    let hook = move |log: &mut Wal, pages: i32| {
        committed(log, pages, &mut asked_at, &grown, &moved);
        Ok(())
    };
    writer.wal_hook(Some(hook)).map_err(|e| error("open", &e))?;
    Ok(Checkpointer(thread))
}

impl Checkpointer {
    /// Ends the thread: `writer` goes on without it.
    pub(super) fn stop(self, writer: &mut Connection) {
        if let Err(error) = writer.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>) {
            // The thread would not end.
            tracing::warn!(%error, "the log is moved until the process ends");
        } else if self.0.join().is_err() {
            tracing::error!("the thread that moves the log did not end well");
        }
    }
}

/// After each commit; `pages` are in the log.
fn committed(log: &mut Wal, pages: i32, asked_at: &mut i32, grown: &SyncSender<()>, moved: &AtomicI32) {
    // The log began anew.
    *asked_at = (*asked_at).min(pages);
    let is_full = pages >= PAGES_FULL;
    if pages >= PAGES_MAX || (is_full && pages - moved.load(Ordering::Relaxed) <= REST) {
        moved.store(0, Ordering::Relaxed);
        // What this returns is what the commit answers, and that is done: the thread may be at it.
        if let Err(error) = log.checkpoint() {
            tracing::debug!(%error, "the log was not moved");
        }
        return;
    }
    if is_full || pages - *asked_at >= PAGES {
        *asked_at = pages;
        // One that waits to be heard is enough.
        let _ = grown.try_send(());
    }
}

fn serve(connection: &Connection, asked: &Receiver<()>, moved: &AtomicI32) {
    while asked.recv().is_ok() {
        // Waits for nobody: what readers still need stays in the log.
        let result = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i32>(2));
        match result {
            Ok(pages) => moved.store(pages, Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "the log was not moved"),
        }
    }
}
