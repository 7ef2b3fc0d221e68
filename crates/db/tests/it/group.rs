//! Many writers at once: on SQLite they share commits, on both engines nobody suffers from another's failure.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use muster_base::Id;
use muster_db::{Db, Error, Tx, V, Work, values};

use crate::engines::{Add, PART_ADD, Test};

muster_db::sql! {
    global DEFER = "PRAGMA defer_foreign_keys = ON";
}

/// How many more a group takes on that came while it ran.
const TAKEN_ON: usize = 32;

/// Stands on the writer's thread until the test lets it go.
struct Gate {
    entered: Mutex<Sender<()>>,
    go: Mutex<Receiver<()>>,
}

impl Work for Gate {
    type Out = ();
    type Err = Error;

    async fn run(&self, _: &mut Tx) -> Result<(), Error> {
        // Once: it may run again, beside one that is undone.
        if self.entered.lock().unwrap().send(()).is_ok() {
            self.go.lock().unwrap().recv().unwrap();
        }
        Ok(())
    }
}

enum Kind {
    Good,
    Refuses,
    /// Before it changed anything.
    RefusesAtOnce,
    Panics,
    /// Breaks a reference that is looked at only when all commit.
    BreaksTheCommit,
}

struct One {
    kind: Kind,
    add: Add,
    runs: Arc<AtomicUsize>,
}

impl Work for One {
    type Out = Id;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Id, Error> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        if matches!(self.kind, Kind::RefusesAtOnce) {
            return Err(Error::Internal("refused".to_owned()));
        }
        let id = self.add.run(tx).await?;
        match self.kind {
            Kind::Good | Kind::RefusesAtOnce => Ok(id),
            Kind::Refuses => Err(Error::Internal("refused".to_owned())),
            Kind::Panics => panic!("as the test wants it"),
            Kind::BreaksTheCommit => {
                tx.exec(&DEFER, &[]).await?;
                tx.exec(&PART_ADD, &values![self.add.org, id, "nothing there"]).await?;
                Ok(id)
            }
        }
    }
}

/// Runs `works` so that all of them wait while the gate is closed; returns their answers and how many commits it took with the
/// gate's own.
async fn behind_the_gate(t: &Test, works: Vec<One>) -> (Vec<Result<Id, Error>>, u64) {
    let (entered, has_entered) = channel();
    let (go, let_go) = channel();
    let gate = tokio::spawn({
        let (db, gate) = (t.db.clone(), Gate { entered: Mutex::new(entered), go: Mutex::new(let_go) });
        async move { db.write(gate).await }
    });
    tokio::task::spawn_blocking(move || has_entered.recv().unwrap()).await.unwrap();
    let before = t.db.counts().commits;
    let mut answers: Vec<_> = works.into_iter().map(|work| Box::pin(t.db.write(work))).collect();
    for answer in &mut answers {
        // One poll puts it into the queue, if it may go on for as long as it can.
        assert!(futures_util::poll!(tokio::task::unconstrained(answer.as_mut())).is_pending());
    }
    go.send(()).unwrap();
    gate.await.unwrap().unwrap();
    let answers = futures_util::future::join_all(answers).await;
    (answers, t.db.counts().commits - before)
}

/// The same of works that begin a group of their own: as many as the gate's group takes on come before them.
async fn together(t: &Test, works: Vec<One>) -> (Vec<Result<Id, Error>>, u64) {
    let taken_on = (0..TAKEN_ON).map(|i| one(t, Kind::RefusesAtOnce, i));
    let (answers, commits) = behind_the_gate(t, taken_on.chain(works).collect()).await;
    (answers.into_iter().skip(TAKEN_ON).collect(), commits - 1)
}

fn one(t: &Test, kind: Kind, name: usize) -> One {
    One { kind, add: t.add_work(&format!("{name:03}")), runs: Arc::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_commits_the_queue_at_once() {
    let t = Test::sqlite().await;
    let kinds = (0..50).map(|i| match i {
        10 => Kind::Refuses,
        20 => Kind::Panics,
        _ => Kind::Good,
    });
    let works = kinds.enumerate().map(|(i, kind)| one(&t, kind, i)).collect();
    let (answers, commits) = together(&t, works).await;
    assert_eq!(commits, 1);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 48);
    assert_eq!(answers[10], Err(Error::Internal("refused".to_owned())));
    assert_eq!(answers[20], Err(Error::Internal("a work panicked: as the test wants it".to_owned())));
    let names = t.names().await;
    assert_eq!(names.len(), 48);
    assert!(!names.contains(&"010".to_owned()) && !names.contains(&"020".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_commits_with_a_group_what_came_while_it_ran() {
    let t = Test::sqlite().await;
    let kinds = [Kind::Good, Kind::RefusesAtOnce, Kind::Good, Kind::Good];
    let works = kinds.into_iter().enumerate().map(|(i, kind)| one(&t, kind, i)).collect();
    let (answers, commits) = behind_the_gate(&t, works).await;
    assert_eq!((commits, answers.iter().filter(|answer| answer.is_ok()).count()), (1, 3));
    assert_eq!(t.names().await, ["000", "002", "003"]);
    // Nobody's answer is put off by all who come.
    let works = (10..10 + TAKEN_ON + 1).map(|i| one(&t, Kind::Good, i)).collect();
    let (answers, commits) = behind_the_gate(&t, works).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(commits, 2);
}

/// Only what fails after a change makes the others run again, once, however many there are; what it answered stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_runs_a_work_again_only_beside_one_that_is_undone() {
    for (refusals, times) in [([Kind::RefusesAtOnce, Kind::RefusesAtOnce], 1), ([Kind::Refuses, Kind::Panics], 2)] {
        let t = Test::sqlite().await;
        let mut works: Vec<One> = (0..10).map(|i| one(&t, Kind::Good, i)).collect();
        for (i, kind) in refusals.into_iter().enumerate() {
            works.insert(3 + 4 * i, one(&t, kind, 100 + i));
        }
        let runs: Vec<_> = works.iter().map(|work| Arc::clone(&work.runs)).collect();
        let (answers, commits) = together(&t, works).await;
        assert_eq!(commits, 1);
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 10);
        assert_eq!(t.names().await.len(), 10);
        let runs: Vec<usize> = runs.iter().map(|runs| runs.load(Ordering::SeqCst)).collect();
        // The first three ran before it, the others had not yet.
        assert_eq!((runs[0], runs[3], runs[4], runs[11]), (times, 1, 1, 1), "{runs:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_fails_the_whole_group_when_its_commit_fails() {
    let t = Test::sqlite().await;
    let kinds = [Kind::RefusesAtOnce, Kind::Good, Kind::BreaksTheCommit, Kind::Refuses, Kind::Good];
    let works = kinds.into_iter().enumerate().map(|(i, kind)| one(&t, kind, i)).collect();
    let (answers, commits) = together(&t, works).await;
    assert_eq!(commits, 0);
    let refused = Err(Error::Internal("refused".to_owned()));
    let failed = || Err(Error::Foreign);
    // Who was refused after others may have been refused for what those did, which is not there.
    assert_eq!(answers, [refused, failed(), failed(), failed(), failed()]);
    assert!(t.names().await.is_empty());
    // Nothing is left open: another program can write, and so can the next group.
    let other = Db::open(&t.config).await.unwrap();
    other.write(t.add_work("another program")).await.unwrap();
    t.add("the next group").await.unwrap();
    assert_eq!(t.names().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_bounds_a_group() {
    let t = Test::sqlite().await;
    let works = (0..600).map(|i| one(&t, Kind::Good, i)).collect();
    let (answers, commits) = together(&t, works).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(commits, 3, "256 at most share one commit");
}

both! {
    async fn concurrent_writers_do_not_lose_anything(t: Test) {
        let t = Arc::new(t);
        let tasks: Vec<_> = (0..8).map(|writer| tokio::spawn({
            let t = Arc::clone(&t);
            async move {
                for i in 0..25 {
                    let kind = if i % 5 == 0 { Kind::Refuses } else { Kind::Good };
                    let _ = t.db.write(one(&t, kind, writer * 100 + i)).await;
                    // Every reader sees what was answered.
                    let seen: Vec<String> = t.db.all(&crate::engines::THING_NAMES, &[V::from(t.org)]).await.unwrap();
                    assert_eq!(seen.contains(&format!("{:03}", writer * 100 + i)), i % 5 != 0);
                }
            }
        })).collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(t.names().await.len(), 8 * 20);
    }
}
