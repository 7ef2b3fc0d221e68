//! A source that answers as JumpCloud does where Muster does not: it is busy, its pages move and are shorter than asked for, and
//! it says things that nobody knows.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::Clock;
use serde_json::{Value, json};

/// What the fake holds and saw.
#[derive(Default)]
pub struct Seen {
    pub users: Vec<Value>,
    pub groups: Vec<Value>,
    pub members: Vec<String>,
    /// Methods and paths asked.
    pub asked: Vec<String>,
    /// Every so many requests one is refused with 429.
    pub busy_every: usize,
    /// Rows of a page, whatever is asked for.
    pub page: usize,
    pub applications: Vec<Value>,
    /// A clock that each request takes two seconds of.
    pub clock: Option<Clock>,
    /// Whether the first person goes away once the second page was read.
    pub shrinks: bool,
}

pub type Fake = Arc<Mutex<Seen>>;

/// The id of the fake's organization.
pub const ORG: &str = "5e0000000000000000000001";
/// Its API key.
pub const KEY: &str = "jca_fake_key_0123456789";

/// The nth person's id.
pub fn person_id(n: usize) -> String {
    format!("5f{n:022x}")
}

/// A person as JumpCloud shows one.
pub fn person(n: usize) -> Value {
    json!({"_id": person_id(n), "id": person_id(n), "username": format!("user{n}"), "email": format!("user{n}@there.example"),
        "firstname": "User", "lastname": n.to_string(), "state": "ACTIVATED", "activated": true, "department": "Sales",
        "mfa": {"configured": n == 1, "exclusion": false}, "totp_enabled": false, "addresses": [], "systems": [{"x": 1}],
        "phoneNumbers": [{"id": "5a0000000000000000000001", "type": "work", "number": "+1 555"}], "location": "",
        "unknownNewField": {"deep": [1, 2, 3]}, "costCenter": null, "ldap_binding_user": false, "badField": "\u{0}"})
}

/// A source with so many people.
pub fn fake(people: usize) -> Fake {
    let seen = Seen { users: (1..=people).map(person).collect(), page: 100, ..Seen::default() };
    Arc::new(Mutex::new(seen))
}

/// Its routes.
pub fn router(fake: &Fake) -> Router {
    Router::new().fallback(answer).with_state(Arc::clone(fake))
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let mut seen = fake.lock().unwrap();
    let (path, query) = (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
    seen.asked.push(format!("{} {path}", request.method()));
    if let Some(clock) = &seen.clock {
        clock.advance_s(2);
    }
    if request.headers().get("x-api-key").is_none_or(|k| k != KEY) {
        return (StatusCode::UNAUTHORIZED, axum::Json(json!({"error": "Unauthorized"}))).into_response();
    }
    if seen.busy_every > 0 && seen.asked.len().is_multiple_of(seen.busy_every) {
        let body = axum::Json(json!({"message": format!("slow down, {KEY}")}));
        return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")], body).into_response();
    }
    let number = |name: &str| {
        let found = url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name);
        found.and_then(|(_, v)| v.parse::<usize>().ok()).unwrap_or(0)
    };
    let (skip, limit) = (number("skip"), number("limit").min(seen.page));
    let cut = |rows: &[Value]| rows.iter().skip(skip).take(limit).cloned().collect::<Vec<_>>();
    match path.as_str() {
        // One organization: a bare list.
        "/api/organizations" => axum::Json(json!([{"_id": ORG, "displayName": "There"}])).into_response(),
        "/api/systemusers" => {
            if seen.shrinks && skip > 0 {
                seen.shrinks = false;
                seen.users.remove(0);
            }
            axum::Json(json!({"results": cut(&seen.users), "totalCount": seen.users.len()})).into_response()
        }
        "/api/applications" => {
            axum::Json(json!({"results": cut(&seen.applications), "totalCount": seen.applications.len()}))
                .into_response()
        }
        "/api/systems" => axum::Json(json!({"results": [], "totalCount": 0})).into_response(),
        "/api/v2/usergroups" => axum::Json(cut(&seen.groups)).into_response(),
        "/api/v2/systemgroups" => axum::Json(json!([])).into_response(),
        "/api/v2/policies" => axum::Json(json!([{"id": "1"}, {"id": "2"}])).into_response(),
        other => {
            if let Some(group) =
                seen.groups.iter().find(|g| other == format!("/api/v2/usergroups/{}", g["id"].as_str().unwrap()))
            {
                return axum::Json(group).into_response();
            }
            let is = |app: &&Value| other == format!("/api/applications/{}", app["_id"].as_str().unwrap());
            if let Some(app) = seen.applications.iter().find(is) {
                return axum::Json(app).into_response();
            }
            if other.ends_with("/members") {
                let rows: Vec<Value> = seen
                    .members
                    .iter()
                    .map(|id| json!({"attributes": null, "from": null, "to": {"id": id, "type": "user"}}))
                    .collect();
                return axum::Json(cut(&rows)).into_response();
            }
            (StatusCode::NOT_FOUND, axum::Json(json!({"message": "Not Found"}))).into_response()
        }
    }
}
