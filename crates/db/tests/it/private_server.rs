//! The tests' own PostgreSQL leaves nothing behind, however its process ends.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use muster_db::testing::Postgres;

const STARTED: &str = "MUSTER_TEST_STARTS_A_SERVER";

/// Not a test: the process that is killed.
#[tokio::test]
#[ignore = "started by the test below"]
async fn starts_one() {
    if std::env::var_os(STARTED).is_some() {
        println!("url {}", Postgres::shared().fresh_database().await);
        std::future::pending::<()>().await;
    }
}

#[tokio::test]
async fn dies_with_its_process() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "private_server::starts_one", "--ignored", "--nocapture"])
        .env(STARTED, "1")
        .env_remove("MUSTER_TEST_POSTGRES_URL")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| Some(line.unwrap().split_once("url ")?.1.to_owned())).unwrap();
    let address = url.split(['@', '/']).nth(3).unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok(), "it answers at {address}");
    let folder = std::env::temp_dir().join(format!("muster-pg-{}-0", child.id()));
    assert!(folder.is_dir());
    child.kill().unwrap();
    child.wait().unwrap();
    let gone = async {
        while TcpStream::connect(&address).is_ok() || folder.exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.unwrap();
}
