//! People of a directory as they lie in the database, a million of them, and the bound of the SCIM server: the same rows
//! behind the same HTTP library, read and written by one statement each, with nothing decided and nothing derived. A person is
//! made of one row there; beside it, every row that a create leaves can be written.

use std::path::Path as Folder;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use muster_base::{Env, Id, Micros};
use muster_db::{Config, Db, Tx, V, Work, sql};
use muster_directory::group::progress;
use muster_server::config::Store;
use serde_json::{Value, json};

use crate::server::free_port;

/// Rows of one statement.
const AT_ONCE: usize = 5_000;

sql! {
    BENCH_SCIM_MODEL = "SELECT u.profile, l.doc FROM users u JOIN fed_users l ON l.org_id = u.org_id AND l.user_id = u.id WHERE u.org_id = $1";
    BENCH_SCIM_USERS = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, state, profile, search, password_expired, created_at, tokens_from) \
                        SELECT $1, e.value ->> 'id', e.value ->> 'name', e.value ->> 'name', e.value ->> 'email', e.value ->> 'email', 'ACTIVATED', $3, \
                        e.value ->> 'name', 0, $4, 0 FROM {each $2} AS e";
    BENCH_SCIM_FED = "INSERT INTO fed_users (org_id, provider_id, user_id, external_id, made_here, doc, version, created_at, updated_at) \
                      SELECT $1, $5, e.value ->> 'id', e.value ->> 'name', 1, replace($3, 'model@bench.example', e.value ->> 'email'), 1, $4, $4 FROM {each $2} AS e";
    BENCH_SCIM_EMAILS = "INSERT INTO fed_user_emails (org_id, provider_id, user_id, email_norm) \
                         SELECT $1, $3, e.value ->> 'id', e.value ->> 'email' FROM {each $2} AS e";
    BENCH_SCIM_BEGIN = "INSERT INTO group_updates (org_id, group_id, after_id, done, total, started_at, cause_seq) \
                        SELECT org_id, id, '', 0, $2, $3, 1 FROM groups WHERE org_id = $1";
    BOUND_BY_ID = "SELECT id, username, email, state, profile FROM users WHERE org_id = $1 AND id = $2";
    BOUND_BY_NAME = "SELECT id, username, email, state, profile FROM users WHERE org_id = $1 AND username_norm = $2";
    BOUND_INSERT = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, state, profile, search, password_expired, created_at, tokens_from) \
                    VALUES ($1, $2, $3, $3, $4, $4, 'ACTIVATED', $5, $3, 0, 0, 0)";
    BOUND_WHERE = "SELECT p.id, g.id FROM directory_providers p JOIN groups g ON g.org_id = p.org_id WHERE p.org_id = $1 ORDER BY g.id LIMIT 1";
    BOUND_FED = "INSERT INTO fed_users (org_id, provider_id, user_id, external_id, made_here, doc, version, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, 1, $5, 1, 0, 0)";
    BOUND_FED_EMAIL = "INSERT INTO fed_user_emails (org_id, provider_id, user_id, email_norm) VALUES ($1, $2, $3, $4)";
    BOUND_MEMBER = "INSERT INTO group_memberships (org_id, group_id, member_id, via, since_at, since_seq) VALUES ($1, $2, $3, 'rule', 0, 0)";
    BOUND_NUMBER = "UPDATE organizations SET log_seq = log_seq + 1 WHERE id = $1 /* org_id */";
    BOUND_LOG = "INSERT INTO change_log (org_id, seq, at, actor_kind, actor_id, kind, subject_kind, subject_id, fields, request_id) \
                 VALUES ($1, (SELECT log_seq FROM organizations WHERE id = $1), 0, 'directory_provider', $2, 'user_create', 'user', $3, $4, $3)";
    BOUND_UPDATE = "UPDATE users SET profile = $3 WHERE org_id = $1 AND id = $2";
}

/// The person of this number.
pub fn id(n: usize) -> String {
    format!("{n:024x}")
}

/// Whom a directory feeds, in columns.
struct People {
    org: Id,
    provider: Id,
    from: usize,
    profile: String,
    doc: String,
}

impl Work for People {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        let row = |n: usize| {
            json!({"id": id(n), "name": format!("person{n}"), "email": format!("person{n}@bench.example")}).to_string()
        };
        let rows: Vec<Value> =
            (self.from..self.from + AT_ONCE).map(|n| serde_json::from_str(&row(n)).expect("its own text")).collect();
        let rows = Value::Array(rows).to_string();
        let (org, provider, long_ago) = ((&self.org).into(), (&self.provider).into(), Micros(1_700_000_000_000_000));
        let each = || V::T(rows.as_str().into());
        tx.exec(&BENCH_SCIM_USERS, &[org, each(), self.profile.as_str().into(), long_ago.into()]).await?;
        let org = (&self.org).into();
        tx.exec(&BENCH_SCIM_FED, &[org, each(), self.doc.as_str().into(), long_ago.into(), provider]).await?;
        tx.exec(&BENCH_SCIM_EMAILS, &[(&self.org).into(), each(), (&self.provider).into()]).await?;
        Ok(())
    }
}

/// Makes so many people like the one whom the directory fed already, in the groups that everybody is in.
pub async fn fill(data: &Folder, org: &str, provider: &str, people: usize) {
    let database = Config::Sqlite { path: data.join("muster.db"), readers: 4 };
    let store = Store { database, data: data.to_owned(), master_key_file: data.join("master.key") };
    let opened = muster_server::open::open(&store, Env::system(), None, None).await.expect("the database opens");
    let directory = &opened.directory;
    let org: Id = org.parse().expect("an id");
    let provider: Id = provider.parse().expect("an id");
    let (profile, doc): (String, String) =
        directory.db().first(&BENCH_SCIM_MODEL, &[(&org).into()]).await.expect("read").expect("one whom it feeds");
    for from in (0..people).step_by(AT_ONCE) {
        directory
            .work(People { org, provider, from, profile: profile.clone(), doc: doc.clone() })
            .await
            .expect("people");
    }
    let total = i64::try_from(people).expect("a number");
    let now = directory.env().clock.now();
    directory.db().exec(&BENCH_SCIM_BEGIN, &[(&org).into(), total.into(), now.into()]).await.expect("begun");
    while progress::go_on(directory).await.expect("a step") {}
    directory.db().close().await;
}

/// The bound, as a process of its own on a copy of the rows.
pub struct Bound {
    child: Child,
    pub host: String,
}

impl Bound {
    pub async fn start(data: &Folder, org: &str) -> Self {
        let port = free_port();
        let own = std::env::current_exe().expect("a program");
        let mut command = Command::new(own);
        command.args(["--scim-skeleton", &port.to_string()]).arg(data).arg(org).stdout(Stdio::null());
        let child = command.spawn().expect("the bound starts");
        let host = format!("127.0.0.1:{port}");
        while tokio::net::TcpStream::connect(&host).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        Self { child, host }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

struct Bare {
    db: Db,
    org: Id,
    /// The directory provider, and the group that everybody is in.
    within: Option<(String, String)>,
}

type Row = (String, String, String, String, String);

/// Serves until it is killed.
pub async fn serve(port: u16, data: &str, org: &str) {
    let path = Folder::new(data).join("muster.db");
    let db = Db::open(&Config::Sqlite { path, readers: 4 }).await.expect("the database opens");
    let org: Id = org.parse().expect("an id");
    let within = db.first(&BOUND_WHERE, &[(&org).into()]).await.expect("read");
    let bare = Arc::new(Bare { db, org, within });
    let router = Router::new()
        .route("/Users", get(find).post(create))
        .route("/Users/{id}", get(read).patch(change))
        .route("/whole/Users", post(create_whole))
        .with_state(bare);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
    axum::serve(listener, router).await.expect("served");
}

fn told((id, username, email, state, profile): Row) -> Result<Value, StatusCode> {
    let profile: Value = serde_json::from_str(&profile).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(json!({"id": id, "userName": username, "emails": [{"value": email}], "active": state == "ACTIVATED",
        "title": profile["jobTitle"], "name": {"givenName": profile["firstname"], "familyName": profile["lastname"]}}))
}

async fn one(bare: &Bare, by_name: bool, key: &str) -> Result<Value, StatusCode> {
    let params = [(&bare.org).into(), key.into()];
    let found = match by_name {
        true => bare.db.first::<Row>(&BOUND_BY_NAME, &params).await,
        false => bare.db.first::<Row>(&BOUND_BY_ID, &params).await,
    };
    told(found.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.ok_or(StatusCode::NOT_FOUND)?)
}

async fn read(State(bare): State<Arc<Bare>>, Path(id): Path<String>) -> Result<Json<Value>, StatusCode> {
    one(&bare, false, &id).await.map(Json)
}

async fn find(
    State(bare): State<Arc<Bare>>,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> Result<Json<Value>, StatusCode> {
    let name = query.get("filter").and_then(|filter| filter.split('"').nth(1)).ok_or(StatusCode::BAD_REQUEST)?;
    Ok(Json(json!({"totalResults": 1, "Resources": [one(&bare, true, name).await?]})))
}

async fn create(State(bare): State<Arc<Bare>>, body: Bytes) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let name = body["userName"].as_str().ok_or(StatusCode::BAD_REQUEST)?;
    let email = body["emails"][0]["value"].as_str().ok_or(StatusCode::BAD_REQUEST)?;
    let profile = json!({"jobTitle": body["title"], "firstname": body["name"]["givenName"]}).to_string();
    let id = Env::system().id().text();
    let params = [(&bare.org).into(), id.as_str().into(), name.into(), email.into(), profile.as_str().into()];
    bare.db.exec(&BOUND_INSERT, &params).await.map_err(|_| StatusCode::CONFLICT)?;
    Ok((StatusCode::CREATED, Json(told((id, name.to_owned(), email.to_owned(), "ACTIVATED".into(), profile))?)))
}

/// Every row that a person of a directory consists of, written by one statement each.
struct Whole {
    org: Id,
    within: Option<(String, String)>,
    id: String,
    name: String,
    email: String,
    profile: String,
    doc: String,
}

impl Work for Whole {
    type Out = ();
    type Err = muster_db::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<(), muster_db::Error> {
        let Some((provider, group)) = &self.within else { return Ok(()) };
        let (org, id) = (|| V::from(&self.org), || V::from(self.id.as_str()));
        let (name, email) = (self.name.as_str(), self.email.as_str());
        tx.exec(&BOUND_INSERT, &[org(), id(), name.into(), email.into(), self.profile.as_str().into()]).await?;
        let provider = || V::from(provider.as_str());
        tx.exec(&BOUND_FED, &[org(), provider(), id(), name.into(), self.doc.as_str().into()]).await?;
        tx.exec(&BOUND_FED_EMAIL, &[org(), provider(), id(), email.into()]).await?;
        tx.exec(&BOUND_MEMBER, &[org(), group.as_str().into(), id()]).await?;
        tx.exec(&BOUND_NUMBER, &[org()]).await?;
        tx.exec(&BOUND_LOG, &[org(), provider(), id(), self.doc.as_str().into()]).await?;
        Ok(())
    }
}

async fn create_whole(State(bare): State<Arc<Bare>>, body: Bytes) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or(StatusCode::BAD_REQUEST);
    let (name, email) = (text(&body["userName"])?, text(&body["emails"][0]["value"])?);
    let profile = json!({"jobTitle": body["title"], "firstname": body["name"]["givenName"]}).to_string();
    let (org, id, within) = (bare.org, Env::system().id().text(), bare.within.clone());
    let row = (id.clone(), name.clone(), email.clone(), "ACTIVATED".to_owned(), profile.clone());
    let whole = Whole { org, within, id, name, email, profile, doc: body.to_string() };
    bare.db.write(whole).await.map_err(|_| StatusCode::CONFLICT)?;
    Ok((StatusCode::CREATED, Json(told(row)?)))
}

async fn change(State(bare): State<Arc<Bare>>, Path(id): Path<String>, body: Bytes) -> Result<Json<Value>, StatusCode> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let row = bare.db.first::<Row>(&BOUND_BY_ID, &[(&bare.org).into(), id.as_str().into()]).await;
    let mut row = row.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.ok_or(StatusCode::NOT_FOUND)?;
    let mut profile: Value = serde_json::from_str(&row.4).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    profile["jobTitle"] = body["Operations"][0]["value"].clone();
    row.4 = profile.to_string();
    let params = [(&bare.org).into(), id.as_str().into(), row.4.as_str().into()];
    bare.db.exec(&BOUND_UPDATE, &params).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    told(row).map(Json)
}
