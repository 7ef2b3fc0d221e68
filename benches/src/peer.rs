//! npm `oidc-provider` with its store in memory, doing the same as we do: a Node process of `peer/`, whose packages the
//! Makefile puts there. Without Node or the packages its column stays empty.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::client::plain;
use crate::provider::{App, Endpoints};
use crate::server::free_port;

/// What its clients all have; they are named after their algorithm.
const SECRET: &str = "a-secret-of-the-benchmark-that-is-long-enough";

pub struct Peer {
    child: Child,
    host: String,
    cookie: String,
}

impl Peer {
    /// Starts it and signs a person in; `None` when it is not there.
    pub async fn start() -> Option<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peer");
        if !folder.join("node_modules/oidc-provider").exists() {
            return None;
        }
        let port = free_port();
        let child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .args([&port.to_string(), SECRET])
            .env("NODE_ENV", "production")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let host = format!("127.0.0.1:{port}");
        let mut peer = Self { child, host, cookie: String::new() };
        while tokio::net::TcpStream::connect(&peer.host).await.is_err() {
            assert!(
                peer.child.try_wait().is_ok_and(|ended| ended.is_none()),
                "the peer ended; run peer/provider.mjs by hand"
            );
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        peer.cookie = peer.sign_in().await;
        Some(peer)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The client whose tokens are signed with `alg`; of these one has opaque access tokens (`opaque`), and one gets refresh
    /// tokens (`refresh`).
    pub fn app(&self, alg: &str, which: &str) -> App {
        let id = if which.is_empty() { alg.to_owned() } else { format!("{alg}-{which}") };
        App { at: Endpoints::peer(&self.host), id, secret: SECRET.into(), cookie: self.cookie.clone() }
    }

    /// Follows its redirects until it sends the browser to the application; all cookies that it set.
    async fn sign_in(&self) -> String {
        let http = plain();
        let mut jar: Vec<(String, String)> = Vec::new();
        let mut next = format!("http://{}{}", self.host, self.app("ES256", "").authorization("openid"));
        for _ in 0..10 {
            let answer = http.get(&next).header("cookie", cookies(&jar)).send().await.expect("an answer");
            for set in answer.headers().get_all("set-cookie") {
                let pair = set.to_str().expect("text").split(';').next().and_then(|pair| pair.split_once('='));
                let (name, value) = pair.expect("a cookie");
                jar.retain(|(own, _)| own != name);
                if !value.is_empty() {
                    jar.push((name.to_owned(), value.to_owned()));
                }
            }
            let location = answer.headers().get("location").expect("a redirect").to_str().expect("text");
            next = answer.url().join(location).expect("an address").into();
            if next.starts_with(crate::provider::REDIRECT) {
                assert!(next.contains("code="), "{next}");
                return cookies(&jar);
            }
        }
        panic!("the peer does not sign in: {next}");
    }
}

fn cookies(jar: &[(String, String)]) -> String {
    jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
