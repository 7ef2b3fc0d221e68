//! Accounts out: how fast a receiver is filled that answers in 50 ms, and how long a change takes from its commit to the
//! request. The receiver is a fake of this benchmark: what is measured is the sender.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::server::Server;
use crate::table::quantity;
use crate::wire::{self, Wire};

/// People who are sent first.
const PEOPLE: usize = 1_000;
/// Changes after it, and the pause between them.
const CHANGES: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);
/// What the receiver takes for each answer while it is filled.
const ANSWERS_IN: Duration = Duration::from_millis(50);

/// What has arrived.
#[derive(Default)]
struct Arrived {
    made: usize,
    slow: bool,
    /// When each title came.
    titles: HashMap<String, Instant>,
}

type Receiver = Arc<Mutex<Arrived>>;

pub async fn lines(binary: &str, only: &str) {
    if !("SCIM push".contains(only) || only.starts_with("SCIM push")) {
        return;
    }
    let receiver = Receiver::default();
    receiver.lock().expect("whole").slow = true;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new()
        .route("/Users", get(nobody).post(make))
        .route("/Users/{id}", patch(change).get(missing))
        .route("/ServiceProviderConfig", get(config))
        .with_state(receiver.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let server = Server::start(binary).await;
    let sender = Sender::new(&server, &format!("http://{address}")).await;
    sender.first(&receiver).await;
    receiver.lock().expect("whole").slow = false;
    sender.then(&receiver).await;
    serving.abort();
}

struct Sender<'a> {
    server: &'a Server,
    app: String,
    people: Vec<String>,
}

impl<'a> Sender<'a> {
    async fn new(server: &'a Server, receiver: &str) -> Self {
        let mut sender = Self { server, app: String::new(), people: Vec::new() };
        let mut wire = Wire::connect(server.host()).await;
        let app = json!({"name": "scim", "displayLabel": "Receiver", "active": true});
        sender.app = text(&sender.ask(&mut wire, "POST", "/api/applications", &app).await, "_id");
        let group = sender.ask(&mut wire, "POST", "/api/v2/usergroups", &json!({"name": "Sent"})).await;
        let group = text(&group, "id");
        for n in 0..PEOPLE {
            let person = json!({"username": format!("person{n}"), "email": format!("person{n}@bench.example"),
                "firstname": "Ana", "lastname": "Adams", "state": "ACTIVATED"});
            let id = text(&sender.ask(&mut wire, "POST", "/api/systemusers", &person).await, "_id");
            let member = json!({"op": "add", "type": "user", "id": id});
            sender.ask(&mut wire, "POST", &format!("/api/v2/usergroups/{group}/members"), &member).await;
            sender.people.push(id);
        }
        let bind = json!({"op": "add", "type": "user_group", "id": group});
        sender.ask(&mut wire, "POST", &format!("/api/v2/applications/{}/associations", sender.app), &bind).await;
        let settings = json!({"baseUrl": receiver, "authentication": {"type": "bearer", "secret": "of the benchmark"},
            "manageGroups": false, "guard": {"count": null, "percent": null}});
        sender.ask(&mut wire, "PUT", &sender.path(""), &settings).await;
        sender
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v2/applications/{}/provision{rest}", self.app)
    }

    async fn ask(&self, wire: &mut Wire, method: &str, path: &str, body: &Value) -> Value {
        let key = self.server.api_key.as_str();
        let headers =
            [("x-api-key", key), ("x-org-id", self.server.org.as_str()), ("content-type", "application/json")];
        let answer = wire.ask(&wire::request(method, self.server.host(), path, &headers, &body.to_string())).await;
        assert!(matches!(answer.status, 200..300), "{path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Everybody for the first time.
    async fn first(&self, receiver: &Receiver) {
        let mut wire = Wire::connect(self.server.host()).await;
        let began = Instant::now();
        self.ask(&mut wire, "POST", &self.path("/activate"), &json!({})).await;
        while receiver.lock().expect("whole").made < PEOPLE {
            assert!(began.elapsed().as_secs() < 120, "not everybody was sent");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let rate = PEOPLE as f64 / began.elapsed().as_secs_f64();
        quantity("SCIM push: initial load", rate, "objects/s, answered in 50 ms", "50, 200");
        while self.ask(&mut wire, "GET", &self.path("/status"), &Value::Null).await["counts"]["waiting"] != 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// One change after the other; the time from the answer, which stands for the commit, to the request.
    async fn then(&self, receiver: &Receiver) {
        let mut wire = Wire::connect(self.server.host()).await;
        let mut committed = Vec::new();
        for n in 0..CHANGES {
            let title = format!("Title {n}");
            let path = format!("/api/systemusers/{}", self.people[(n * 7) % PEOPLE]);
            self.ask(&mut wire, "PUT", &path, &json!({"jobTitle": title})).await;
            committed.push((title, Instant::now()));
            tokio::time::sleep(PAUSE).await;
        }
        let until = Instant::now() + Duration::from_secs(30);
        while receiver.lock().expect("whole").titles.len() < CHANGES {
            assert!(Instant::now() < until, "not every change was sent");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let titles = &receiver.lock().expect("whole").titles;
        let mut lags: Vec<f64> = committed
            .iter()
            .map(|(title, at)| titles[title].saturating_duration_since(*at).as_secs_f64() * 1e3)
            .collect();
        lags.sort_by(f64::total_cmp);
        quantity("SCIM push: commit to request, p50", lags[CHANGES / 2], "ms", "100, 50");
        quantity("SCIM push: commit to request, p99", lags[CHANGES * 99 / 100], "ms", "1000");
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
}

async fn slowly(receiver: &Receiver) {
    let is_slow = receiver.lock().expect("whole").slow;
    if is_slow {
        tokio::time::sleep(ANSWERS_IN).await;
    }
}

async fn nobody(State(receiver): State<Receiver>) -> Json<Value> {
    slowly(&receiver).await;
    Json(json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []}))
}

async fn config() -> Json<Value> {
    let yes = json!({"supported": true});
    Json(json!({"patch": yes, "filter": {"supported": true, "maxResults": 200}, "bulk": {"supported": false},
        "etag": {"supported": false}, "sort": {"supported": false}, "changePassword": {"supported": false}}))
}

async fn missing() -> StatusCode {
    StatusCode::NOT_FOUND
}

async fn make(State(receiver): State<Receiver>, body: Bytes) -> (StatusCode, Json<Value>) {
    slowly(&receiver).await;
    let mut person: Value = serde_json::from_slice(&body).expect("JSON");
    let mut arrived = receiver.lock().expect("whole");
    arrived.made += 1;
    person["id"] = json!(format!("r{}", arrived.made));
    (StatusCode::CREATED, Json(person))
}

async fn change(State(receiver): State<Receiver>, Path(id): Path<String>, body: Bytes) -> Json<Value> {
    let body = String::from_utf8_lossy(&body);
    let mut arrived = receiver.lock().expect("whole");
    if let Some(title) = body.split('"').find(|part| part.starts_with("Title ")) {
        arrived.titles.entry(title.to_owned()).or_insert_with(Instant::now);
    }
    Json(json!({"id": id}))
}
