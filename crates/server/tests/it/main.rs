//! The `muster` binary as it is run: commands and what they print, and the server as a process that is killed. SQLite only,
//! since a folder is all that it needs; what both databases must do alike is tested in the crates below.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod explain;
mod killed;
mod metrics;
mod user_import;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use muster_base::{Env, Id};
use muster_directory::group::create::Create;
use muster_directory::group::{Group, GroupKind, Input, Method};
use muster_directory::{Actor, Directory, Verb, user};
use muster_rules::MemberQuery;
use muster_server::config::Store;
use serde_json::{Value, json};

/// A folder with the database of one organization.
struct Installation {
    folder: tempfile::TempDir,
    api_key: String,
    org: Id,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        std::fs::write(&password, "vast-ocean-lantern-77").unwrap();
        let mut command = muster(folder.path(), &["setup", "--org", "Acme", "--admin-email", "admin@acme.example"]);
        let out = command.arg("--admin-password-file").arg(&password).arg("--json").output().unwrap();
        let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", errors(&out)));
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { api_key: text("api_key"), org: text("org_id").parse().unwrap(), folder }
    }

    fn run(&self, args: &[&str]) -> Output {
        muster(self.folder.path(), args).output().unwrap()
    }

    /// The directory itself, beside whatever else is running on it.
    async fn directory(&self) -> Directory {
        let data: PathBuf = self.folder.path().to_owned();
        let database = muster_db::Config::Sqlite { path: data.join("muster.db"), readers: 2 };
        let store = Store { database, master_key_file: data.join("master.key"), data };
        muster_server::open::open(&store, Env::system(), None, None).await.unwrap().directory
    }

    async fn write<V: Verb>(&self, d: &Directory, verb: V) -> V::Out {
        d.write(Actor::system(), self.org, verb).await.unwrap_or_else(|error| panic!("{error}"))
    }

    async fn person(&self, d: &Directory, name: &str, department: &str) -> Id {
        let create = user::create::Create {
            username: name.into(),
            email: format!("{name}@acme.example"),
            state: Some(user::State::Activated),
            profile: json!({"department": department}).as_object().unwrap().clone(),
            password_hash: None,
        };
        self.write(d, create).await.id
    }

    async fn group(&self, d: &Directory, kind: GroupKind, name: &str, rule: &str) -> Group {
        self.write(d, Create { kind, input: dynamic(name, rule) }).await
    }

    /// The server as a process, with the address it listens on.
    fn serve(&self, args: &[&str]) -> Server {
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = muster(self.folder.path(), &["serve", "--listen", &listen]);
        let child = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Server { child, base: format!("http://{listen}") }
    }
}

/// Killed at the latest when the test ends.
struct Server {
    child: Child,
    base: String,
}

impl Server {
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn muster(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(args).arg("--data").arg(data);
    command
}

fn dynamic(name: &str, rule: &str) -> Input {
    let query = MemberQuery::read(&json!({"queryType": "Expression", "expression": rule}), false).unwrap();
    let method = Some(Method::DynamicAutomated);
    Input { name: Some(name.into()), method, member_query: Some(Some(query)), ..Input::default() }
}

fn lines(out: &Output) -> String {
    String::from_utf8(out.stdout.clone()).unwrap()
}

fn errors(out: &Output) -> String {
    String::from_utf8(out.stderr.clone()).unwrap()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Asks until there is an answer.
async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
