//! A server that answers in the shapes that Google documents for tokens and the Directory API. It is no Google: it shows that
//! we ask and understand as the documents say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_directory::feed::Google;
use serde_json::{Value, json};

/// What it has, and how it behaves.
#[derive(Default)]
pub struct Inside {
    pub users: Vec<Value>,
    pub groups: Vec<(Value, Vec<Value>)>,
    /// Claims of the assertions that tokens were asked for with.
    pub asserted: Vec<Value>,
    /// Requests to the API, as path and query.
    pub asked: Vec<String>,
    /// The next answers, before those of the API.
    pub next: Vec<(u16, Value)>,
    /// The error that tokens are refused with.
    pub no_token: Option<Value>,
    /// After so many requests a page of people ends in an error.
    pub breaks_after: Option<usize>,
}

#[derive(Clone)]
pub struct GoogleServer {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

/// Rows of a page, whatever is asked for.
const PAGE: usize = 2;

impl GoogleServer {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { address, inside: Arc::default() };
        let router = Router::new()
            .route("/token", post(token))
            .route("/admin/directory/v1/users", get(users))
            .route("/admin/directory/v1/groups", get(groups))
            .route("/admin/directory/v1/groups/{id}/members", get(members))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub fn settings(&self) -> Google {
        Google {
            admin_email: "admin@acme.test".into(),
            api_url: self.address.clone(),
            token_url: format!("{}/token", self.address),
            ..Google::default()
        }
    }

    pub fn user(&self, n: usize, name: &str, more: Value) {
        let mut user = json!({
            "kind": "admin#directory#user", "id": format!("10000000000000000000{n}"), "primaryEmail": format!("{name}@acme.test"),
            "name": {"givenName": name, "familyName": "Of-Google", "fullName": format!("{name} Of-Google")},
            "suspended": false, "archived": false, "isAdmin": false,
        });
        for (name, value) in more.as_object().unwrap() {
            user[name] = value.clone();
        }
        let mut inside = self.inside();
        inside.users.retain(|u| u["id"] != user["id"]);
        inside.users.push(user);
    }
}

/// The file that Google gives out, with a key made for the tests.
pub fn key_file() -> String {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    json!({
        "type": "service_account", "project_id": "p", "private_key_id": "k1", "private_key": key.serialize_pem(),
        "client_email": "reader@p.iam.gserviceaccount.com", "client_id": "1", "token_uri": "https://elsewhere.example/token",
    })
    .to_string()
}

async fn token(State(server): State<GoogleServer>, body: String) -> Response {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let claims = form["assertion"].split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let mut inside = server.inside();
    inside.asserted.push(claims);
    match &inside.no_token {
        Some(error) => (StatusCode::UNAUTHORIZED, axum::Json(error.clone())).into_response(),
        None => {
            axum::Json(json!({"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"})).into_response()
        }
    }
}

type Query = BTreeMap<String, String>;

/// What comes before the answer: a token is needed, and what the test put in the way.
fn begin(inside: &mut Inside, headers: &HeaderMap, path: &str, query: Option<String>) -> Result<Query, Box<Response>> {
    let query = query.unwrap_or_default();
    inside.asked.push(format!("{path}?{query}"));
    if headers.get("authorization").map(|v| v.as_bytes()) != Some(b"Bearer ya29.x") {
        return Err(Box::new(error(401, "Request had invalid authentication credentials.", "authError")));
    }
    if !inside.next.is_empty() {
        let (status, body) = inside.next.remove(0);
        return Err(Box::new((StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()));
    }
    if inside.breaks_after.is_some_and(|n| inside.asked.len() > n) {
        return Err(Box::new(error(400, "Invalid Input: pageToken", "invalid")));
    }
    Ok(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

pub fn failure(status: u16, message: &str, reason: &str) -> Value {
    json!({"error": {"code": status, "message": message, "errors": [{"message": message, "domain": "global", "reason": reason}]}})
}

fn error(status: u16, message: &str, reason: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), axum::Json(failure(status, message, reason))).into_response()
}

fn page(kind: &str, name: &str, all: &[Value], query: &Query) -> Response {
    let at: usize = query.get("pageToken").map_or(0, |token| token.parse().unwrap());
    let rows: Vec<Value> = all.iter().skip(at).take(PAGE).cloned().collect();
    let mut body = json!({"kind": kind});
    // An empty list is left out.
    if !rows.is_empty() {
        body[name] = rows.into();
    }
    if at + PAGE < all.len() {
        body["nextPageToken"] = (at + PAGE).to_string().into();
    }
    axum::Json(body).into_response()
}

async fn users(State(server): State<GoogleServer>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let mut inside = server.inside();
    match begin(&mut inside, &headers, "users", query) {
        Ok(query) => {
            assert_eq!((query["customer"].as_str(), query["maxResults"].as_str()), ("my_customer", "500"));
            page("admin#directory#users", "users", &inside.users, &query)
        }
        Err(answer) => *answer,
    }
}

async fn groups(State(server): State<GoogleServer>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let mut inside = server.inside();
    match begin(&mut inside, &headers, "groups", query) {
        Ok(query) => {
            let all: Vec<Value> = inside.groups.iter().map(|(group, _)| group.clone()).collect();
            page("admin#directory#groups", "groups", &all, &query)
        }
        Err(answer) => *answer,
    }
}

async fn members(
    State(server): State<GoogleServer>,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let mut inside = server.inside();
    match begin(&mut inside, &headers, "members", query) {
        Ok(query) => {
            let found = inside.groups.iter().find(|(group, _)| group["id"] == id.as_str());
            found.map_or_else(
                || error(404, "Resource Not Found: groupKey", "notFound"),
                |(_, members)| page("admin#directory#members", "members", members, &query),
            )
        }
        Err(answer) => *answer,
    }
}
