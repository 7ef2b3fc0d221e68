//! What an endpoint costs at least here: the same HTTP library, form, look-up, comparison and signature, with no database,
//! no rate limits, no events and no policy. It runs as a process of its own, this very program with `--skeleton`.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use muster_base::{Digest, Secret};
use muster_jose::{Alg, JwkSet, SigningKey, verify};
use serde_json::{Value, json};

use crate::provider::{App, Endpoints};
use crate::server::free_port;

/// So many clients know it.
const CLIENTS: u32 = 10_000;

struct Known {
    clients: HashMap<String, Digest>,
    keys: HashMap<&'static str, SigningKey>,
    /// Those of the server whose tokens it reads.
    foreign: JwkSet,
    /// That server's discovery document.
    document: Bytes,
}

/// The process.
pub struct Skeleton {
    child: Child,
    pub host: String,
}

impl Skeleton {
    /// Starts it with the key set and the discovery document of the server that it stands beside.
    pub async fn start(key_set: &str, document: &str) -> Self {
        let port = free_port();
        let own = std::env::current_exe().expect("a program");
        let child = Command::new(own)
            .args(["--skeleton", &port.to_string(), key_set, document])
            .stdout(Stdio::null())
            .spawn()
            .expect("the skeleton starts");
        let host = format!("127.0.0.1:{port}");
        while tokio::net::TcpStream::connect(&host).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        Self { child, host }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// One of its clients; tokens are signed with `alg`.
    pub fn app(&self, alg: &str) -> App {
        let mut at = Endpoints::muster(&self.host, "skeleton");
        at.token = format!("/token/{alg}");
        App { at, id: "client-77".into(), secret: secret(77), cookie: String::new() }
    }
}

impl Drop for Skeleton {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn secret(n: u32) -> String {
    format!("a secret of forty characters, number {n:05}")
}

/// Serves until it is killed.
pub async fn serve(port: u16, key_set: &str, document: &str) {
    let key = |name: &'static str| {
        let alg = Alg::parse(name).expect("known");
        (name, SigningKey::generate(alg).expect("a key"))
    };
    let known = Known {
        clients: (0..CLIENTS).map(|n| (format!("client-{n}"), Secret::new(secret(n)).digest())).collect(),
        keys: ["RS256", "ES256", "EdDSA"].into_iter().map(key).collect(),
        foreign: JwkSet::parse(key_set.as_bytes()).expect("a key set"),
        document: Bytes::from(document.to_owned()),
    };
    let router = Router::new()
        .route("/token/{alg}", post(token))
        .route("/o/skeleton/userinfo", get(userinfo))
        .route("/o/skeleton/.well-known/openid-configuration", get(discovery))
        .with_state(Arc::new(known));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
    axum::serve(listener, router).await.expect("served");
}

async fn token(
    State(known): State<Arc<Known>>,
    Path(alg): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let digest = known.clients.get(text("client_id")).ok_or(StatusCode::UNAUTHORIZED)?;
    if Secret::new(text("client_secret")).digest() != *digest {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let key = known.keys.get(alg.as_str()).ok_or(StatusCode::NOT_FOUND)?;
    let claims = json!({"iss": "https://id.example.com/o/acme", "sub": text("client_id"), "client_id": text("client_id"),
        "aud": "https://id.example.com/o/acme", "iat": 1, "exp": 2, "jti": "0123456789abcdef01234567"});
    let token = key.sign(Some("at+jwt"), &claims).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600})))
}

async fn userinfo(State(known): State<Arc<Known>>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = token.ok_or(StatusCode::UNAUTHORIZED)?;
    let verified = verify(token, &known.foreign, &Alg::ALL).map_err(|_| StatusCode::UNAUTHORIZED)?;
    Ok(Json(json!({"sub": verified.claims.get("sub"), "email": "ana@bench.example"})))
}

async fn discovery(State(known): State<Arc<Known>>) -> ([(&'static str, &'static str); 1], Bytes) {
    ([("content-type", "application/json")], known.document.clone())
}
