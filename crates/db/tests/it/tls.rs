//! PostgreSQL over TLS: `sslmode=require` means a certificate that is checked. The certificates in `tls/` are for this
//! test only; the authority's key was thrown away.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use muster_db::testing::Postgres;
use muster_db::{Config, Db};
use tokio_postgres::NoTls;

const URL: &str = "MUSTER_TEST_TLS_URL";

/// Not a test: opens the database with the roots that its environment names.
#[tokio::test]
#[ignore = "started by the test below"]
async fn connects() {
    if let Ok(url) = std::env::var(URL) {
        let db = Db::open(&Config::Postgres { url, connections: 2 }).await.unwrap();
        db.ping().await.unwrap();
    }
}

/// Whether a process that trusts `root` can open `url`.
fn opens(url: &str, root: &Path) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::connects", "--ignored", "--nocapture"])
        .env(URL, url)
        .env("SSL_CERT_FILE", root)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Puts certificate and key where the server reads them, and turns TLS on.
async fn turn_on(server: &Postgres, certificates: &Path) {
    let (client, connection) = tokio_postgres::connect(server.admin_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let data: String = client.query_one("SHOW data_directory", &[]).await.unwrap().get(0);
    let owner = std::fs::metadata(&data).unwrap();
    for file in ["server.pem", "server.key"] {
        let to = Path::new(&data).join(file);
        std::fs::copy(certificates.join(file), &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
        chown(&to, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    for setting in ["ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'", "ssl = on"] {
        client.batch_execute(&format!("ALTER SYSTEM SET {setting}")).await.unwrap();
    }
    client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    // A backend that starts after the server has reloaded says so.
    loop {
        let (fresh, connection) = tokio_postgres::connect(server.admin_url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let on: String = fresh.query_one("SHOW ssl", &[]).await.unwrap().get(0);
        if on == "on" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn require_checks_the_certificate() {
    let server = Postgres::start().unwrap();
    let certificates = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls");
    turn_on(&server, &certificates).await;
    let by_name = server.admin_url().replace("127.0.0.1", "localhost");
    let require = format!("{by_name}?sslmode=require");
    let (opened, why) = opens(&require, &certificates.join("authority.pem"));
    assert!(opened, "{why}");
    let (opened, why) = opens(&require, &certificates.join("server.pem"));
    assert!(!opened && why.contains("certificate"), "no root signed it: {why}");
    let by_address = format!("{}?sslmode=require", server.admin_url());
    let (opened, why) = opens(&by_address, &certificates.join("authority.pem"));
    assert!(!opened && why.contains("certificate"), "it is for another name: {why}");
    let (opened, why) = opens(&by_name, &certificates.join("authority.pem"));
    assert!(opened, "without TLS, as the URL says: {why}");
}
