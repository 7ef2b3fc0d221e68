//! What was answered is there after the process was killed. This does not prove that the disk was told to keep it:
//! the system's cache survives kill -9. A file system that forgets what was not synced has to show that.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use muster_base::Env;
use muster_db::{Config, Db, Error, Tx, Work, values};

use crate::engines::{THING_ADD, THING_NAMES, Test};

const CONFIG: &str = "MUSTER_TEST_KILLED_CONFIG";
const ORG: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";

/// Not a test: the process that is killed. It prints each name after the write was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the tests below"]
async fn killed() {
    let Ok(config) = std::env::var(CONFIG) else { return };
    let config = if config.starts_with("postgres:") {
        Config::Postgres { url: config, connections: 4 }
    } else {
        Config::Sqlite { path: config.into(), readers: 1 }
    };
    let (db, env) = (Db::open(&config).await.unwrap(), Env::system());
    let writers = (0..4).map(|writer| {
        let (db, env) = (db.clone(), env.clone());
        tokio::spawn(async move {
            for i in 0..1_000_000 {
                let name = format!("name {writer} {i}");
                db.exec(&THING_ADD, &values![ORG, env.id(), &name]).await.unwrap();
                println!("{name}");
            }
        })
    });
    futures_util::future::join_all(writers).await;
}

muster_db::sql! {
    global SYNCHRONOUS = "PRAGMA synchronous";
}

struct Synchronous;

impl Work for Synchronous {
    type Out = Option<i64>;
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Option<i64>, Error> {
        tx.first(&SYNCHRONOUS, &[]).await
    }
}

#[tokio::test]
async fn sqlite_syncs_at_every_commit() {
    let t = Test::sqlite().await;
    assert_eq!(t.db.write(Synchronous).await, Ok(Some(2)), "2 is FULL");
}

both! {
    async fn an_answer_survives_kill_9(t: Test) {
        let config = match &t.config {
            Config::Sqlite { path, .. } => path.display().to_string(),
            Config::Postgres { url, .. } => url.clone(),
        };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "durability::killed", "--ignored", "--nocapture"])
            .env(CONFIG, config)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answered: Vec<String> = Vec::new();
        while answered.len() < 200 {
            let line = lines.next().unwrap().unwrap();
            // The harness prints the test's name before the first.
            if let Some(at) = line.find("name ") {
                answered.push(line[at..].to_owned());
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What stood in the pipe was answered too; the last line may be cut.
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        answered.extend(rest.iter().take(rest.len().saturating_sub(1)).cloned());
        let again = Db::open(&t.config).await.unwrap();
        let names: Vec<String> = again.all(&THING_NAMES, &values![ORG]).await.unwrap();
        let lost: Vec<&String> = answered.iter().filter(|name| names.binary_search(name).is_err()).collect();
        assert!(lost.is_empty(), "{lost:?}");
        again.exec(&THING_ADD, &values![ORG, t.env.id(), "after"]).await.unwrap();
    }
}

/// The log is moved into the file beside those who write, and begins anew: it takes no more of the disk than it may.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_its_log_bounded() {
    const THINGS: usize = 800;
    const BYTES: usize = 400_000;
    const LOG_MAX: u64 = 40_000 * 4_096;
    // More than the thread is behind whenever it has nothing to do.
    const BEHIND: u64 = 6_000 * 4_096;
    let t = Test::sqlite().await;
    let Config::Sqlite { path, .. } = &t.config else { panic!() };
    let (log, raw) = (path.with_extension("db-wal"), vec![7_u8; BYTES]);
    for i in 0..THINGS {
        let name = format!("thing {i}");
        let row = values![&t.org, t.env.id(), &name, 0_i64, raw.as_slice(), None::<&str>];
        t.db.exec(&crate::engines::THING_FULL, &row).await.unwrap();
        // It may have to wait for a processor.
        let (written, began) = ((i * BYTES) as u64, Instant::now());
        while i % 40 == 0 && std::fs::metadata(path).unwrap().len() + BEHIND < written {
            assert!(began.elapsed() < Duration::from_secs(60), "it does not move the log");
            tokio::task::yield_now().await;
        }
    }
    // Without the thread it would have grown to what a commit moves itself, 64,000 pages.
    let (log, file) = (std::fs::metadata(log).unwrap().len(), std::fs::metadata(path).unwrap().len());
    assert!(log < LOG_MAX, "{log}");
    assert!(file + log > (THINGS * BYTES) as u64 && file > LOG_MAX / 4, "{file}");
    t.db.close().await;
    let again = Db::open(&t.config).await.unwrap();
    let names: Vec<(String,)> = again.all(&THING_NAMES, &values![&t.org]).await.unwrap();
    assert_eq!(names.len(), THINGS);
}
