//! A directory that feeds Acme, and what it sends.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use muster_base::{Id, Secret};
use muster_directory::directory_provider::create::Create;
use muster_directory::directory_provider::token::Add;
use muster_directory::directory_provider::update::Update;
use muster_directory::directory_provider::{Matching, ProviderType};
use muster_directory::user::{self, User};
use muster_testkit::{Org, Test};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A directory provider and one of its tokens.
pub struct Feeder<'t> {
    pub t: &'t Test,
    pub org: Org,
    pub id: Id,
    pub token: String,
    router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The body of an answer of this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The `scimType` of a refusal of this status, after a look at its shape.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        let body = self.expect(status);
        assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{body}");
        assert_eq!(body["status"], status.to_string());
        assert!(body["detail"].as_str().is_some_and(|d| !d.is_empty()), "{body}");
        body["scimType"].as_str().unwrap_or_default().to_owned()
    }
}

impl<'t> Feeder<'t> {
    pub async fn new(t: &'t Test, org: Org, name: &str) -> Self {
        let (id, token) = (t.directory.env().id(), t.directory.env().secret());
        t.write(org, Create { id, name: name.into(), kind: ProviderType::Okta }).await.unwrap();
        let feeder = Self { t, org, id, token: token.expose().to_owned(), router: t.app(muster_scimserver::router()) };
        feeder.add_token(&token, 0).await;
        feeder
    }

    pub async fn add_token(&self, token: &Secret, overlap_s: i64) -> Id {
        let id = self.t.directory.env().id();
        self.t.write(self.org, Add { provider: self.id, id, secret: token.clone(), overlap_s }).await.unwrap()
    }

    /// One who takes over people by e-mail, with this precedence.
    pub async fn adopting(self, precedence: i64) -> Self {
        let matching = Some(Matching::Email);
        self.t.write(self.org, Update { matching, precedence: Some(precedence), ..Update::of(self.id) }).await.unwrap();
        self
    }

    /// One whose bulk requests have this long.
    pub fn within(mut self, bulk: Duration) -> Self {
        self.router = self.t.app(muster_scimserver::router_within(bulk));
        self
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        if !bytes.is_empty() {
            assert_eq!(head.headers["content-type"], "application/scim+json");
        }
        Answer { status: head.status, headers: head.headers, body }
    }

    /// A request with the directory's token.
    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let uri = format!("/scim/v2/{}{path}", self.id);
        Request::builder().method(method).uri(uri).header("authorization", format!("Bearer {}", self.token))
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(self.request(method, path).body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("PUT", path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, Value::Null).await
    }

    /// A PATCH of these operations.
    pub async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.ask("PATCH", path, json!({"Operations": operations})).await
    }

    /// Feeds `name@acme.test`, with these further attributes.
    pub async fn person(&self, name: &str, more: Value) -> String {
        let mut body = json!({"userName": name, "emails": [{"value": format!("{name}@acme.test"), "primary": true}]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        id(&self.post("/Users", body).await.expect(201))
    }

    /// Feeds a group.
    pub async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        id(&self.post("/Groups", json!({"displayName": name, "members": members})).await.expect(201))
    }

    /// Those whom a filter finds, by user name or display name.
    pub async fn find(&self, path: &str, filter: &str) -> Vec<String> {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
        let list = self.get(&format!("{path}?{query}")).await.expect(200);
        names(&list)
    }

    /// A person as stored.
    pub async fn stored(&self, id: &str) -> Option<User> {
        user::store::by_id(&mut self.t.directory.read(), self.org.id, id.parse().unwrap()).await.unwrap()
    }
}

pub fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap_or_else(|| panic!("no id: {resource}")).to_owned()
}

/// What a list holds, by name.
pub fn names(list: &Value) -> Vec<String> {
    let name = |r: &Value| r["userName"].as_str().or_else(|| r["displayName"].as_str()).unwrap_or_default().to_owned();
    list["Resources"].as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(name).collect()
}

/// `[{"op": ..., "path": ..., "value": ...}]`.
pub fn op(op: &str, path: &str, value: Value) -> Value {
    json!([{"op": op, "path": path, "value": value}])
}
