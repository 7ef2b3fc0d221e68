//! Dynamic groups in the store: a hundred thousand people and a thousand rules, worked out to committed rows, edited, and
//! followed by changes through the API of the real server.

use std::time::Instant;

use muster_base::{Env, Id, Micros};
use muster_db::{Tx, V, Work, sql};
use muster_directory::group::create::Create;
use muster_directory::group::update::Update;
use muster_directory::group::{Input, Method, progress, store};
use muster_directory::{Actor, Directory, user};
use muster_rules::MemberQuery;
use muster_server::config::Store;
use serde_json::json;

use crate::load::median;
use crate::rules::{self, RULES};
use crate::server::Server;
use crate::table::quantity;
use crate::wire::{self, Wire};
use crate::{ROUNDS, cpu};

/// How many people there are.
const PEOPLE: usize = 100_000;
/// How long a chain of groups is in which each speaks of the one before.
const DEEP: usize = 10;
/// How many changes go through the API.
const CHANGES: usize = 400;

sql! {
    BENCH_PEOPLE = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, state, profile, search, password_expired, created_at, tokens_from) \
                    SELECT $1, e.value ->> 'id', e.value ->> 'name', e.value ->> 'name', e.value ->> 'email', e.value ->> 'email', 'ACTIVATED', \
                    e.value ->> 'profile', e.value ->> 'name', 0, $3, 0 FROM {each $2} AS e";
    BENCH_BEGIN = "INSERT INTO group_updates (org_id, group_id, after_id, done, total, started_at, cause_seq) \
                   SELECT org_id, id, '', 0, $2, $3, 1 FROM groups WHERE org_id = $1";
    BENCH_COUNT = "SELECT count(*) FROM group_memberships WHERE org_id = $1";
    BENCH_COPY = "CREATE TABLE bench_rows (org_id TEXT NOT NULL, group_id TEXT NOT NULL, member_id TEXT NOT NULL, via TEXT NOT NULL, \
                  since_at INTEGER NOT NULL, since_seq INTEGER NOT NULL, PRIMARY KEY (org_id, group_id, member_id)) STRICT";
    BENCH_INDEX = "CREATE INDEX bench_rows_by_member ON bench_rows (org_id, member_id, group_id)";
    BENCH_ROWS = "INSERT INTO bench_rows SELECT $1, $2, e.value, 'rule', $4, 1 FROM {each $3} AS e";
    BENCH_DROP = "DROP TABLE bench_rows";
}

struct Bulk {
    org: Id,
    from: usize,
}

impl Work for Bulk {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        let row = |n: usize| {
            let (name, email) = (format!("person{n}"), rules::email(n));
            json!({"id": format!("{n:024x}"), "name": name, "email": email, "profile": rules::profile(n).to_string()})
        };
        let rows = V::list((self.from..self.from + 5_000).map(row));
        let long_ago = Micros(Env::system().clock.now().0 - 90 * 86_400_000_000);
        tx.exec(&BENCH_PEOPLE, &[(&self.org).into(), rows, long_ago.into()]).await?;
        Ok(())
    }
}

/// The store's bulk path with nothing around it: rows like memberships, of a thousand members in each statement.
struct Rows {
    org: Id,
    from: usize,
}

/// How many rows go into one transaction of the bound.
const ROWS: usize = 20_000;

impl Work for Rows {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        for part in 0..ROWS / 1_000 {
            // Members come in order, as in a step; the groups are many.
            let members = V::list((0..1_000).map(|n| format!("{:024x}", self.from + n)));
            let group = format!("{part:024x}");
            tx.exec(&BENCH_ROWS, &[(&self.org).into(), group.as_str().into(), members, Micros(1).into()]).await?;
        }
        Ok(())
    }
}

pub async fn lines(binary: &str, only: &str) {
    if !"rules: groups".contains(only) && !only.starts_with("rules: groups") {
        return;
    }
    let empty = Server::start(binary).await;
    let data = empty.keep_data();
    let (api_key, org) = (empty.api_key.clone(), empty.org.clone());
    drop(empty);
    in_process(&data, org.parse().expect("an id")).await;
    let server = Server::start_on(binary, &data).await.owning_data();
    through_api(&server, &api_key, &org).await;
}

fn dynamic(name: &str, text: &str) -> Input {
    let query = MemberQuery::read(&json!({"queryType": "Expression", "expression": text}), false).expect("a rule");
    let (name, method) = (Some(name.to_owned()), Some(Method::DynamicAutomated));
    Input { name, method, member_query: Some(Some(query)), ..Input::default() }
}

async fn in_process(data: &std::path::Path, org: Id) {
    let database = muster_db::Config::Sqlite { path: data.join("muster.db"), readers: 4 };
    let store = Store { database, data: data.to_owned(), master_key_file: data.join("master.key") };
    let opened = muster_server::open::open(&store, Env::system(), None, None).await.expect("the database opens");
    let directory = &opened.directory;
    let create = async |name: &str, text: &str| {
        let verb = Create::of_users(dynamic(name, text));
        directory.write(Actor::system(), org, verb).await.unwrap_or_else(|error| panic!("{text}: {error}")).id
    };
    let mut first = None;
    for n in 0..RULES - DEEP {
        let id = create(&format!("Group {n}"), &rules::text(n)).await;
        first = first.or(Some(id));
    }
    create("Deep 0", "employeeType equals \"Deep\"").await;
    for n in 1..DEEP {
        create(&format!("Deep {n}"), &format!("member of \"Deep {}\"", n - 1)).await;
    }
    for from in (0..PEOPLE).step_by(5_000) {
        directory.work(Bulk { org, from }).await.expect("people");
    }
    everything(directory, org).await;
    edits(directory, org, first.expect("a group")).await;
    one_change(directory, org).await;
    directory.db().close().await;
}

/// Every group of everybody, to committed rows; beside it the bare rows.
async fn everything(directory: &Directory, org: Id) {
    let total = i64::try_from(PEOPLE).expect("a number");
    let now = directory.env().clock.now();
    directory.db().exec(&BENCH_BEGIN, &[(&org).into(), total.into(), now.into()]).await.expect("begun");
    let (began, used) = (Instant::now(), cpu::own());
    let mut longest: f64 = 0.0;
    loop {
        let step = Instant::now();
        if !progress::go_on(directory).await.expect("a step") {
            break;
        }
        longest = longest.max(step.elapsed().as_secs_f64());
    }
    let (took, used) = (began.elapsed().as_secs_f64(), cpu::own() - used);
    let (rows,): (i64,) = directory.db().first(&BENCH_COUNT, &[(&org).into()]).await.expect("read").expect("a row");
    for statement in [&BENCH_COPY, &BENCH_INDEX] {
        directory.db().exec(statement, &[]).await.expect("a table");
    }
    let began = Instant::now();
    let parts = usize::try_from(rows).unwrap_or(0) / ROWS;
    for part in 0..parts {
        directory.work(Rows { org, from: part * 1_000 }).await.expect("rows");
    }
    let bare = (parts * ROWS) as f64 / began.elapsed().as_secs_f64();
    directory.db().exec(&BENCH_DROP, &[]).await.expect("dropped");
    let ours = rows as f64 / took;
    quantity("rules: groups: 100,000 x 1,000", took, "s", "-");
    quantity("rules: groups: the same in CPU", used, "core-seconds", "-");
    quantity("rules: groups: longest step", longest * 1e3, "ms", "-");
    quantity("rules: groups: committed rows", rows as f64, "rows", "-");
    quantity("rules: groups: rows of a second", ours, "rows/s", "-");
    quantity("rules: groups: bare bulk rows", bare, "rows/s", "(the bound)");
    quantity("rules: groups: ratio of the two", ours / bare, "", "-");
}

/// One rule is another: until every membership is committed.
async fn edits(directory: &Directory, org: Id, group: Id) {
    let mut took = Vec::new();
    for round in 0..ROUNDS {
        let text = format!("department in (\"Dept {}\", \"Dept 7\") or location equals \"Site {round}\"", round + 1);
        let input = Input { name: None, method: None, ..dynamic("", &text) };
        let began = Instant::now();
        directory.write(Actor::system(), org, Update::of_users(group, input)).await.expect("edited");
        while progress::go_on(directory).await.expect("a step") {}
        took.push(began.elapsed().as_secs_f64());
    }
    let members = store::members(&mut directory.read(), org, group).await.expect("read").len();
    assert!(members > 1_000, "the rule matches: {members}");
    quantity("rules: groups: a rule edit", median(took), "s", "3");
}

async fn one_change(directory: &Directory, org: Id) {
    let change = async |n: usize, name: &str, to: String| {
        let id: Id = format!("{n:024x}").parse().expect("an id");
        let fields = json!({name: to}).as_object().cloned().expect("an object");
        directory.write(Actor::system(), org, user::update::Update::profile(id, fields)).await.expect("changed");
    };
    for (what, name) in
        [("description", "description"), ("department", "department"), ("10 deep references", "employeeType")]
    {
        let mut used = Vec::new();
        for n in 0..200 {
            let to = match name {
                "employeeType" => "Deep".to_owned(),
                _ => format!("Dept {}", (n * 3 + 1) % 400),
            };
            let before = cpu::own();
            change(n, name, to).await;
            used.push((cpu::own() - before) * 1e3);
        }
        let goal = if name == "description" { "(no rule reads it)" } else { "-" };
        quantity(&format!("rules: groups: {what}"), median(used), "ms of CPU, committed", goal);
    }
    let groups = store::all(&mut directory.read(), org).await.expect("read");
    let last = groups.iter().find(|g| g.name == format!("Deep {}", DEEP - 1)).expect("a group").id;
    assert_eq!(store::members(&mut directory.read(), org, last).await.expect("read").len(), 200, "all followed");
}

/// A change of a department through the API of the real server, to the answer that stands for the commit.
async fn through_api(server: &Server, api_key: &str, org: &str) {
    let mut wire = Wire::connect(server.host()).await;
    let mut took = Vec::new();
    let before = cpu::of(server.pid());
    for n in 0..CHANGES {
        let path = format!("/api/systemusers/{:024x}", 1_000 + n * 7);
        let body = json!({"department": format!("Dept {}", (n * 5 + 2) % 400)}).to_string();
        let headers = [("x-api-key", api_key), ("x-org-id", org), ("content-type", "application/json")];
        let request = wire::put(server.host(), &path, &headers, &body);
        let began = Instant::now();
        let answer = wire.ask(&request).await;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let used = (cpu::of(server.pid()) - before) * 1e3 / CHANGES as f64;
    took.sort_by(f64::total_cmp);
    quantity("rules: groups: API call, p50", took[CHANGES / 2], "ms", "-");
    quantity("rules: groups: API call, p99", took[CHANGES * 99 / 100], "ms", "-, 100");
    quantity("rules: groups: API call", used, "ms of CPU", "-");
    quantity("rules: groups: server's memory", cpu::resident_mib(server.pid()), "MiB", "-");
}
