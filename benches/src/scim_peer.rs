//! The SCIM server's peers: npm scimmy with everything in memory, and PyPI scim2-server. Where they are not installed their
//! columns stay empty.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::scim::{Service, person};
use crate::server::free_port;
use crate::wire::Wire;

const TOKEN: &str = "token-of-the-benchmark";

pub struct Peer {
    child: Child,
    pub service: Service,
}

impl Peer {
    /// npm scimmy behind scimmy-routers, with so many people.
    pub async fn scimmy(people: usize) -> Option<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peer");
        if !folder.join("node_modules/scimmy").exists() {
            return None;
        }
        let mut command = Command::new("node");
        command.arg(folder.join("scim.mjs")).env("NODE_ENV", "production");
        Self::start(command, "/scim", people, |command, port| {
            command.args([port, TOKEN]);
        })
        .await
    }

    /// PyPI scim2-server, of the folder that `make interop` keeps.
    pub async fn scim2_server(people: usize) -> Option<Self> {
        let cache = std::env::var("MUSTER_CACHE")
            .or_else(|_| std::env::var("HOME").map(|home| home + "/.cache/muster"))
            .ok()?;
        let program = PathBuf::from(cache).join("venv-scim2-server/bin/scim2-server");
        if !program.exists() {
            return None;
        }
        Self::start(Command::new(program), "/v2", people, |command, port| {
            command.args(["--bearer-token", TOKEN, "--port", port]);
        })
        .await
    }

    async fn start(
        mut command: Command,
        base: &str,
        people: usize,
        arguments: impl Fn(&mut Command, &str),
    ) -> Option<Self> {
        let port = free_port();
        arguments(&mut command, &port.to_string());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let host = format!("127.0.0.1:{port}");
        let service = Service {
            pid: child.id(),
            host,
            base: base.to_owned(),
            token: TOKEN.to_owned(),
            ids: Some(Vec::new()),
            made: std::cell::Cell::new(0),
        };
        let mut peer = Self { child, service };
        while tokio::net::TcpStream::connect(&peer.service.host).await.is_err() {
            assert!(peer.child.try_wait().is_ok_and(|ended| ended.is_none()), "a peer ended at its start");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let mut ids = Vec::new();
        for n in 0..people {
            let mut wire = Wire::connect(&peer.service.host).await;
            let answer = wire.ask(&peer.service.request("POST", "/Users", &person(&format!("person{n}")))).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            ids.push(answer.json()["id"].as_str().expect("an id").to_owned());
        }
        peer.service.ids = Some(ids);
        Some(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
