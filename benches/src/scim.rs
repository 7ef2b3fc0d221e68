//! The SCIM server: reading, finding, making and changing a person among a thousand and among a million, beside the bound
//! and beside npm scimmy and PyPI scim2-server; and one member more in a group of a hundred thousand.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::ROUNDS;
use crate::load::{median, requests_per_core_second};
use crate::scim_peer::Peer;
use crate::scim_store::{Bound, fill, id};
use crate::server::Server;
use crate::table::{Goal, Measured, line, quantity};
use crate::wire::{self, Wire};

/// People of the small and of the large directory.
const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
/// Members of the large group, and how many come by one request while it is made.
const MEMBERS: usize = 100_000;
const PART: usize = 1_000;
/// How many members are added one by one.
const ADDED: usize = 400;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A SCIM service: ours, the bound, or a peer.
pub struct Service {
    pub pid: u32,
    pub host: String,
    /// The path in front of `/Users`.
    pub base: String,
    pub token: String,
    /// The identifiers of people; `None` where they are counted.
    pub ids: Option<Vec<String>>,
    /// What the names of those begin with who are made while it is measured, so that rounds do not collide.
    pub made: std::cell::Cell<usize>,
}

impl Service {
    pub fn request(&self, method: &str, path: &str, body: &Value) -> Vec<u8> {
        let authorization = format!("Bearer {}", self.token);
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/scim+json")];
        let body = if method == "GET" { String::new() } else { body.to_string() };
        wire::request(method, &self.host, &format!("{}{path}", self.base), &headers, &body)
    }

    fn id(&self, n: usize) -> String {
        self.ids.as_ref().map_or_else(|| id(n), |ids| ids[n % ids.len()].clone())
    }

    /// Operations of one core-second; `people` are there.
    async fn does(&self, operation: &str, people: usize) -> f64 {
        // Spread over all of them, and not in their order.
        let at = |n: usize| (n * 7_919) % people;
        let first = self.made.get();
        self.made.set(first + 1_000_000);
        requests_per_core_second(self.pid, &self.host, |n| match operation {
            "get" => self.request("GET", &format!("/Users/{}", self.id(at(n))), &Value::Null),
            "filter eq" => {
                let path = format!("/Users?filter=userName%20eq%20%22person{}%22", at(n));
                self.request("GET", &path, &Value::Null)
            }
            "create" => self.request("POST", "/Users", &person(&format!("made{}", first + n))),
            _ => {
                let change = [json!({"op": "replace", "path": "title", "value": format!("Title {}", first + n)})];
                let body = json!({"schemas": [PATCH], "Operations": change});
                self.request("PATCH", &format!("/Users/{}", self.id(at(n))), &body)
            }
        })
        .await
    }
}

/// A person as a directory sends them.
pub fn person(name: &str) -> Value {
    json!({"schemas": [format!("{CORE}User")], "userName": name, "externalId": name,
        "name": {"givenName": "Ana", "familyName": "Adams"},
        "emails": [{"value": format!("{name}@bench.example"), "type": "work", "primary": true}],
        "active": true, "title": "Clerk"})
}

pub async fn lines(binary: &str, only: &str) {
    let of = |people: &str| -> Vec<(String, &'static str, Goal)> {
        let titled = OPERATIONS.into_iter().map(|(does, goal)| (format!("SCIM server: {does}, {people}"), does, goal));
        titled.filter(|(title, ..)| title.contains(only)).collect()
    };
    let at_few = few(binary, of("1,000")).await;
    let (operations, member) = (of("1,000,000"), MEMBER.contains(only));
    if operations.is_empty() && !member {
        return;
    }
    let many = Fed::start(binary, MANY).await;
    for (title, operation, goal) in operations {
        let (mut measured, mut whole) = (Measured::default(), Vec::new());
        for _ in 0..ROUNDS {
            measured.bound.push(many.bare().does(operation, MANY).await);
            measured.ours.push(many.ours().does(operation, MANY).await);
            if operation == "create" {
                whole.push(many.whole.does(operation, MANY).await);
            }
        }
        line(&title, &measured, goal);
        beside_every_row(&measured, &whole);
        if let Some(at_few) = at_few.get(operation) {
            let times = at_few / median(measured.ours);
            quantity("  times the cost among 1,000", times, "", "1.5");
        }
    }
    if member {
        add_members(many.ours()).await;
    }
}

/// A thousand people, ours beside the peers: operations of a core-second by operation.
async fn few(binary: &str, operations: Vec<(String, &'static str, Goal)>) -> HashMap<&'static str, f64> {
    let mut at_few = HashMap::new();
    if operations.is_empty() {
        return at_few;
    }
    let few = Fed::start(binary, FEW).await;
    let peers = [Peer::scimmy(FEW).await, Peer::scim2_server(FEW).await];
    for (title, operation, goal) in operations {
        let (mut measured, mut whole) = (Measured::default(), Vec::new());
        let mut second = Vec::new();
        for _ in 0..ROUNDS {
            measured.bound.push(few.bare().does(operation, FEW).await);
            measured.ours.push(few.ours().does(operation, FEW).await);
            if operation == "create" {
                whole.push(few.whole.does(operation, FEW).await);
            }
            if let Some(peer) = &peers[0] {
                measured.peer.push(peer.service.does(operation, FEW).await);
            }
            if let Some(peer) = &peers[1] {
                second.push(peer.service.does(operation, FEW).await);
            }
        }
        line(&title, &measured, goal);
        beside_every_row(&measured, &whole);
        if !second.is_empty() {
            quantity("  the same by PyPI scim2-server", median(second), "per core-second", "");
        }
        at_few.insert(operation, median(measured.ours));
    }
    at_few
}

/// The part of a bound that writes every row which a create leaves, and not the person's alone.
fn beside_every_row(measured: &Measured, whole: &[f64]) {
    if !whole.is_empty() {
        let parts: Vec<f64> = measured.ours.iter().zip(whole).map(|(ours, whole)| ours / whole).collect();
        quantity("  a bound that writes every row", median(whole.to_vec()), "per core-second", "-");
        quantity("  the part of it, in 100", median(parts) * 100.0, "", "-");
    }
}

const OPERATIONS: [(&str, Goal); 4] = [
    ("get", Goal::Ratio(0.2, 0.35)),
    ("filter eq", Goal::Ratio(0.2, 0.35)),
    ("create", Goal::Ratio(0.3, 0.5)),
    ("patch", Goal::Ratio(0.3, 0.5)),
];

/// The lines of [`add_members`].
const MEMBER: &str = "SCIM server: a member of 100,000, p50, p99";

/// One member more in a group of many, alone on the line.
async fn add_members(ours: &Service) {
    let mut wire = Wire::connect(&ours.host).await;
    let group = json!({"schemas": [format!("{CORE}Group")], "displayName": "Big"});
    let made = wire.ask(&ours.request("POST", "/Groups", &group)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/Groups/{}", made.json()["id"].as_str().expect("an id"));
    let add = |from: usize, count: usize| {
        let members: Vec<Value> = (from..from + count).map(|n| json!({"value": id(n)})).collect();
        json!({"schemas": [PATCH], "Operations": [{"op": "add", "path": "members", "value": members}]})
    };
    for from in (0..MEMBERS).step_by(PART) {
        let answer = wire.ask(&ours.request("PATCH", &path, &add(from, PART))).await;
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
    }
    let (mut took, mut bytes) = (Vec::new(), 0);
    for n in 0..ADDED {
        let request = ours.request("PATCH", &path, &add(MEMBERS + n, 1));
        let began = Instant::now();
        let answer = wire.ask(&request).await;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        bytes = bytes.max(answer.body.len());
        assert!(matches!(answer.status, 200 | 204), "{}", answer.text());
    }
    took.sort_by(f64::total_cmp);
    quantity("SCIM server: a member of 100,000, p50", took[ADDED / 2], "ms", "-");
    quantity("SCIM server: a member of 100,000, p99", took[ADDED * 99 / 100], "ms", "25, 5");
    quantity("SCIM server: bytes of its answer", bytes as f64, "bytes", "O(1)");
}

/// Ours and the bound over copies of the same rows.
struct Fed {
    _server: Server,
    _bound: Bound,
    copy: std::path::PathBuf,
    ours: Service,
    bare: Service,
    /// The bound that writes every row.
    whole: Service,
}

impl Fed {
    async fn start(binary: &str, people: usize) -> Self {
        let empty = Server::start(binary).await;
        let (org, api_key) = (empty.org.clone(), empty.api_key.clone());
        let (provider, token) = provider(&empty, &api_key).await;
        let base = format!("/scim/v2/{provider}");
        let service = |pid, host: &str, base: &str| Service {
            pid,
            host: host.to_owned(),
            base: base.to_owned(),
            token: token.clone(),
            ids: None,
            made: std::cell::Cell::new(0),
        };
        let model = service(empty.pid(), empty.host(), &base);
        let answer = Wire::connect(empty.host()).await.ask(&model.request("POST", "/Users", &person("model"))).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let data = empty.keep_data();
        drop(empty);
        fill(&data, &org, &provider, people).await;
        let copy = data.with_extension("bound");
        copy_of(&data, &copy);
        let bound = Bound::start(&copy, &org).await;
        let server = Server::start_on(binary, &data).await.owning_data();
        let ours = service(server.pid(), server.host(), &base);
        let bare = service(bound.pid(), &bound.host, "");
        let whole = service(bound.pid(), &bound.host, "/whole");
        // Both make people there: of other names.
        whole.made.set(500_000);
        Self { _server: server, _bound: bound, copy, ours, bare, whole }
    }

    fn ours(&self) -> &Service {
        &self.ours
    }

    fn bare(&self) -> &Service {
        &self.bare
    }
}

impl Drop for Fed {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.copy).ok();
    }
}

fn copy_of(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status();
    assert!(done.is_ok_and(|status| status.success()), "copied");
}

/// A directory provider: its id and its token.
async fn provider(server: &Server, api_key: &str) -> (String, String) {
    let headers = [("x-api-key", api_key), ("content-type", "application/json")];
    let body = json!({"name": "HR", "type": "generic"}).to_string();
    let request = wire::request("POST", server.host(), "/api/v2/directoryproviders", &headers, &body);
    let made = Wire::connect(server.host()).await.ask(&request).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let text = |name: &str| made.json()[name].as_str().expect("a text").to_owned();
    (text("id"), text("token"))
}
