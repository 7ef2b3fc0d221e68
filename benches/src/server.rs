//! The real binary on a database of its own, with one organization.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value;

/// The administrator's and the person's password.
pub const PASSWORD: &str = "vast-ocean-lantern-77";

pub struct Server {
    child: Child,
    data: PathBuf,
    keep: bool,
    start_ms: f64,
    pub base: String,
    pub api_key: String,
    pub org: String,
    pub slug: String,
}

impl Server {
    /// On a new database, set up.
    pub async fn start(binary: &str) -> Self {
        let data = std::env::temp_dir().join(format!("muster-bench-{}-{}", std::process::id(), free_port()));
        std::fs::create_dir_all(&data).expect("a folder");
        let mut server = Self::start_on(binary, &data).await;
        server.keep = false;
        let password = data.join("password");
        std::fs::write(&password, PASSWORD).expect("written");
        let output = Command::new(binary)
            .args([
                "setup",
                "--org",
                "Bench",
                "--admin-email",
                "admin@bench.example",
                "--json",
                "--admin-password-file",
            ])
            .arg(&password)
            .arg("--data")
            .arg(&data)
            .output()
            .expect("setup");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("setup answers JSON");
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        (server.api_key, server.org, server.slug) = (text("api_key"), text("org_id"), text("org_slug"));
        server
    }

    /// On an existing database.
    pub async fn start_on(binary: &str, data: &Path) -> Self {
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        let child = Command::new(binary)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--public-url", &base])
            // Accounts are pushed to a receiver of the benchmark's own.
            .args(["--egress-allow", "127.0.0.0/8", "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let http = crate::client::plain();
        while !http.get(format!("{base}/healthz")).send().await.is_ok_and(|r| r.status().is_success()) {
            assert!(began.elapsed().as_secs() < 30, "the server does not answer");
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let start_ms = began.elapsed().as_secs_f64() * 1000.0;
        let none = String::new;
        Self { child, data: data.to_owned(), keep: true, start_ms, base, api_key: none(), org: none(), slug: none() }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `host:port`
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub fn start_ms(&self) -> f64 {
        self.start_ms
    }

    /// Takes the folder of the database with it when it goes.
    pub fn owning_data(self) -> Self {
        let mut own = self;
        own.keep = false;
        own
    }

    /// Leaves the database in place when the server goes.
    pub fn keep_data(&self) -> PathBuf {
        let kept = self.data.with_extension("kept");
        let _ = Command::new("cp").arg("-r").arg(&self.data).arg(&kept).status();
        kept
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if !self.keep {
            std::fs::remove_dir_all(&self.data).ok();
        }
    }
}

/// A port of this machine on which nobody listens.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
