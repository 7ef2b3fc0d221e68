//! Opening a file.

use std::os::unix::fs::PermissionsExt;

use muster_db::{Config, Db, Engine, Error};

use crate::engines::Test;

#[tokio::test]
async fn sqlite_makes_a_file_for_its_owner_only() {
    let t = Test::sqlite().await;
    t.add("one").await.unwrap();
    let Config::Sqlite { path, .. } = &t.config else { panic!() };
    for file in [path.clone(), path.with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    assert_eq!(t.db.engine(), Engine::Sqlite);
    assert_eq!(format!("{:?}", t.db), "Db(SQLite)");
}

#[tokio::test]
async fn sqlite_names_a_file_it_cannot_open() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage");
    std::fs::write(&garbage, "this is not a database, but it is long enough to be looked at".repeat(100)).unwrap();
    for path in [folder.path().join("no/such/folder/muster.db"), folder.path().to_owned(), garbage] {
        match Db::open(&Config::Sqlite { path: path.clone(), readers: 1 }).await {
            Err(Error::Unavailable(_)) => {}
            other => panic!("{}: {other:?}", path.display()),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_is_made_by_several_at_once() {
    for _ in 0..20 {
        let (config, _folder) = crate::engines::empty_sqlite();
        let opened = (0..6).map(|_| {
            let config = config.clone();
            tokio::spawn(async move {
                let db = Db::open(&config).await?;
                db.migrate(&[crate::engines::TABLES]).await.map(|()| db)
            })
        });
        for db in futures_util::future::join_all(opened).await {
            db.unwrap().unwrap().ping().await.unwrap();
        }
    }
}

both! {
    /// As `muster setup` beside a running server.
    async fn two_programs_share_a_database(t: Test) {
        let other = Db::open(&t.config).await.unwrap();
        for i in 0..20 {
            let writer = if i % 2 == 0 { &t.db } else { &other };
            writer.write(t.add_work(&format!("{i:02}"))).await.unwrap();
        }
        assert_eq!(t.names().await.len(), 20);
        other.close().await;
        t.add("still open").await.unwrap();
    }

    async fn answers_a_ping(t: Test) {
        t.db.ping().await.unwrap();
    }
}

#[test]
fn a_url_is_not_printed() {
    let config = Config::Postgres { url: "postgres://u:hunter2@h/d".to_owned(), connections: 2 };
    assert!(!format!("{config:?}").contains("hunter2"));
}
