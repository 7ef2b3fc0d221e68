//! PostgreSQL: connections break, statements grow old; whoever asks next does not notice.

use muster_db::{Config, Db, Error, Migration, Tx, Work, values};

use crate::engines::{TABLES, Test};

muster_db::sql! {
    global TERMINATE = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()) AS ended";
    STAR = "SELECT * FROM things WHERE org_id = $1";
}

const WIDER: Migration = Migration::new(2, "wider", "ALTER TABLE things ADD COLUMN colour {text};");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_replaces_broken_connections() {
    let t = Test::postgres().await;
    let other = Db::open(&t.config).await.unwrap();
    for i in 0..5 {
        t.add(&format!("before {i}")).await.unwrap();
        assert!(other.first::<i64>(&TERMINATE, &[]).await.unwrap() >= Some(1));
        t.db.ping().await.unwrap();
        assert!(other.first::<i64>(&TERMINATE, &[]).await.unwrap() >= Some(1));
        assert_eq!(t.names().await.len(), 2 * i + 1);
        t.add(&format!("after {i}")).await.unwrap();
    }
}

/// Ends its own connection in the middle.
struct CutOff(muster_base::Id, muster_base::Id);

muster_db::sql! {
    global CUT = "SELECT pg_terminate_backend(pg_backend_pid())";
}

impl Work for CutOff {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        tx.exec(&crate::engines::THING_ADD, &values![self.0, self.1, "not kept"]).await?;
        tx.first::<bool>(&CUT, &[]).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_does_not_repeat_a_work_whose_connection_broke() {
    let t = Test::postgres().await;
    let cut = t.db.write(CutOff(t.org, t.env.id())).await;
    assert!(matches!(cut, Err(Error::Unavailable(_))), "{cut:?}");
    assert!(t.names().await.is_empty());
    t.add("kept").await.unwrap();
}

both! {
    async fn a_schema_changed_under_a_statement_is_no_matter(t: Test) {
        t.add("one").await.unwrap();
        let before: Vec<(String,)> = t.db.all(&STAR, &values![t.org]).await.unwrap();
        t.db.migrate(&[TABLES, WIDER]).await.unwrap();
        for _ in 0..4 {
            assert_eq!(t.db.all::<(String,)>(&STAR, &values![t.org]).await.unwrap(), before);
        }
    }
}

#[tokio::test]
async fn an_unreachable_server_is_unavailable() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_port = silent.local_addr().unwrap().port();
    // One of our own: a server that the environment names may know TLS.
    let server = muster_db::testing::Postgres::start().unwrap();
    let own = server.admin_url();
    let cases = [
        (format!("postgres://nobody@127.0.0.1:{closed}/x"), "cannot connect to PostgreSQL"),
        (format!("postgres://nobody@127.0.0.1:{silent_port}/x?connect_timeout=1"), "no answer in 2 s"),
        ("postgres://[".to_owned(), "the PostgreSQL URL is not valid"),
        (format!("{own}?sslmode=require"), "TLS"),
        (format!("{own}_not_there"), "does not exist"),
    ];
    for (url, words) in cases {
        match Db::open(&Config::Postgres { url, connections: 2 }).await {
            Err(Error::Unavailable(why)) => assert!(why.contains(words), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}
