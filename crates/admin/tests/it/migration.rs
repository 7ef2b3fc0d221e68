//! Migration through JumpCloud's API: another Muster that is served on a port is the source, and a small fake where JumpCloud
//! answers as Muster does not.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::Router;
use muster_base::{Id, Secret};
use muster_directory::migration::{self, Choices, Job, State};
use muster_directory::{Actor, Directory};
use muster_http::Egress;
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{Ask, id};

/// A source on a port.
pub struct Served {
    pub base: String,
}

/// Serves a router on a port of its own.
pub async fn serve(router: Router) -> Served {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Served { base: format!("http://{address}") }
}

/// An egress that reaches this machine.
pub fn egress() -> Egress {
    Egress::new(vec!["127.0.0.0/8".parse().unwrap()], &"http://localhost:1".parse().unwrap()).unwrap()
}

/// A Muster with an organization that has something of everything.
pub struct Furnished {
    pub test: Test,
    pub served: Served,
    pub key: String,
    pub ids: BTreeMap<&'static str, String>,
}

impl Furnished {
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        self.test.ask(method, path).key(&self.key)
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.ask("POST", path).json(body).send().await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        answer.body
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.ask("PUT", path).json(body).ok().await
    }
}

pub async fn furnished() -> Furnished {
    let test = Test::sqlite(false).await;
    let served = serve(test.router.clone()).await;
    let key = test.blue.key.clone();
    let mut f = Furnished { test, served, key, ids: BTreeMap::new() };
    let person = |name: &str, department: &str| {
        json!({"username": name, "email": format!("{name}@blue.example"), "firstname": name, "department": department,
               "attributes": [{"name": "badge", "value": format!("B-{name}")}],
               "phoneNumbers": [{"type": "work", "number": "+1 555"}], "state": "ACTIVATED"})
    };
    for (name, department) in [("ana", "Sales"), ("bo", "Sales"), ("cy", "Ops"), ("di", "Ops")] {
        let made = f.post("/api/systemusers", person(name, department)).await;
        f.ids.insert(name, id(&made));
    }
    let (ana, bo, cy, di) = (f.ids["ana"].clone(), f.ids["bo"].clone(), f.ids["cy"].clone(), f.ids["di"].clone());
    f.put(&format!("/api/systemusers/{ana}"), json!({"manager": di})).await;
    f.put(&format!("/api/systemusers/{cy}"), json!({"state": "SUSPENDED"})).await;
    let statics = id(&f.post("/api/v2/usergroups", json!({"name": "Crew", "description": "By hand"})).await);
    for member in [&ana, &cy] {
        f.post(&format!("/api/v2/usergroups/{statics}/members"), json!({"op": "add", "type": "user", "id": member})).await;
    }
    let rule = json!({"name": "Sellers", "membershipMethod": "DYNAMIC_AUTOMATED",
        "memberQuery": {"queryType": "FilterQuery", "filters": [{"field": "department", "operator": "eq", "value": "Sales"}]},
        "memberQueryExemptions": [{"id": bo, "type": "USER", "mode": "out", "reason": "on leave"}]});
    let sellers = id(&f.post("/api/v2/usergroups", rule).await);
    let both = json!({"name": "Everyone who counts", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": {
        "queryType": "Expression", "expression": format!("member of \"{statics}\" or department equals \"Nobody\"")},
        "memberGroups": [sellers]});
    let both = f.ask("POST", "/api/v2/usergroups").json(both).send().await;
    assert!(both.status.is_success(), "{}", both.body);
    let both = id(&both.body);
    let saml = json!({"name": "saml2", "displayLabel": "Wiki", "active": true, "config": {
        "spEntityId": {"value": "urn:wiki"}, "acsUrl": {"value": "https://wiki.example/acs"},
        "databaseAttributes": {"value": [{"name": "mail", "value": "email"}]}}});
    let saml = id(&f.post("/api/applications", saml).await);
    let oidc = id(&f.post("/api/applications", json!({"name": "oidc", "displayLabel": "Chat", "active": true})).await);
    let sso = json!({"type": "oidc", "oidc": {"redirectUris": ["https://chat.example/cb"],
        "dynamicClaims": [{"name": "email", "value": "email"}]}});
    f.post(&format!("/api/v2/applications/{oidc}/sso"), sso).await;
    let bind = |kind: &str, id: &str| json!({"op": "add", "type": kind, "id": id});
    f.post(&format!("/api/v2/applications/{saml}/associations"), bind("user_group", &sellers)).await;
    f.post(&format!("/api/v2/applications/{oidc}/associations"), bind("user", &di)).await;
    f.ids.extend([("crew", statics), ("sellers", sellers), ("both", both), ("saml", saml), ("oidc", oidc)]);
    f
}

/// Begins a migration of a source into Acme.
pub async fn begin(t: &Test, base: &str, key: &str, choices: Choices) -> Job {
    let order = muster_admin::migration::Order {
        org: t.acme.id,
        actor: Actor::admin(t.acme.admin, None),
        base_url: Some(base.to_owned()),
        key: Secret::new(key),
        organization: None,
        choices,
    };
    muster_admin::migration::begin(&t.d, order).await.unwrap()
}

/// A whole migration.
pub async fn migrate(t: &Test, base: &str, key: &str, overwrite: bool) -> Job {
    let job = begin(t, base, key, Choices { overwrite, at_once: true }).await;
    muster_admin::migration::run(&t.d, &egress(), (t.acme.id, job.id)).await.unwrap()
}

/// The counts of a migration as `kind outcome: count`.
pub async fn told(d: &Directory, job: &Job) -> Vec<String> {
    let counts = migration::counts(&mut d.read(), job.org, job.id).await.unwrap();
    counts.iter().map(|c| format!("{} {}: {}", c.kind.word(), c.outcome, c.count)).collect()
}

/// What an organization looks like through the API, by names: the same on both sides where the migration was right.
pub async fn likeness(t: &Test, key: &str) -> BTreeMap<String, Value> {
    let get = |path: String| async move { t.ask("GET", &path).key(key).ok().await };
    let mut out = BTreeMap::new();
    let users = get("/api/systemusers?limit=100".into()).await;
    let mut names = BTreeMap::new();
    for user in users["results"].as_array().unwrap() {
        names.insert(id(user), user["email"].as_str().unwrap().to_owned());
    }
    for user in users["results"].as_array().unwrap() {
        let mut seen = serde_json::Map::new();
        for field in ["username", "email", "firstname", "department", "attributes", "phoneNumbers", "jobTitle"] {
            seen.insert(field.into(), user[field].clone());
        }
        let manager = user["manager"].as_str().and_then(|id| names.get(id)).cloned();
        seen.insert("manager".into(), json!(manager));
        seen.insert("mayNot".into(), json!(user["state"] == "SUSPENDED"));
        out.insert(format!("user {}", user["email"]), Value::Object(seen));
    }
    let groups = get("/api/v2/usergroups?limit=100".into()).await;
    for group in groups.as_array().unwrap() {
        names.insert(id(group), group["name"].as_str().unwrap().to_owned());
    }
    let named = |value: &Value| {
        let mut text = value.to_string();
        for (id, name) in &names {
            text = text.replace(id, name);
        }
        serde_json::from_str::<Value>(&text).unwrap()
    };
    for group in groups.as_array().unwrap() {
        let of = id(group);
        let full = get(format!("/api/v2/usergroups/{of}")).await;
        let members = get(format!("/api/v2/usergroups/{of}/members?limit=100")).await;
        let members: BTreeSet<String> =
            members.as_array().unwrap().iter().map(|m| names[m["to"]["id"].as_str().unwrap()].clone()).collect();
        let exempt: Vec<Value> = full["memberQueryExemptions"].as_array().into_iter().flatten()
            .map(|e| json!([e["id"], e["mode"], e["reason"]])).collect();
        let seen = json!({"members": members, "rule": full["memberQueryText"], "method": full["membershipMethod"],
            "nested": full["memberGroups"], "exempt": exempt, "description": full["description"]});
        out.insert(format!("group {}", group["name"]), named(&seen));
    }
    let apps = get("/api/applications?limit=100".into()).await;
    for app in apps["results"].as_array().unwrap() {
        let of = id(app);
        let mut bound = BTreeSet::new();
        for target in ["user", "user_group"] {
            let rows = get(format!("/api/v2/applications/{of}/associations?targets={target}")).await;
            bound.extend(rows.as_array().unwrap().iter().map(|r| names[r["to"]["id"].as_str().unwrap()].clone()));
        }
        let config = |name: &str| app["config"][name]["value"].clone();
        let mut seen = json!({"active": app["active"], "bound": bound, "acs": config("acsUrl"), "sp": config("spEntityId"),
            "map": config("databaseAttributes")});
        if app["name"] == "oidc" {
            let sso = get(format!("/api/v2/applications/{of}/sso")).await;
            seen["redirect"] = sso["oidc"]["redirectUris"].clone();
            seen["claims"] = sso["oidc"]["dynamicClaims"].clone();
        }
        out.insert(format!("app {}", app["displayLabel"]), seen);
    }
    out
}

/// How many changes an organization has seen.
async fn changes(d: &Directory, org: Id) -> i64 {
    muster_directory::change::store::after(&mut d.read(), org, 0, 100_000).await.unwrap().len().try_into().unwrap()
}

both! {
    async fn an_organization_comes_as_it_is_and_comes_once(t) {
        let source = furnished().await;
        let job = migrate(t, &source.served.base, &source.key, false).await;
        assert_eq!((job.state, job.failure.clone()), (State::Done, None));
        let refused = told(&t.d, &job).await.into_iter().filter(|c| c.contains("refused")).collect::<Vec<_>>();
        assert!(refused.is_empty(), "{refused:?} {:#?}", t.get(&format!("/api/v2/imports/jumpcloud/{}/results?outcome=refused", job.id)).ok().await);
        assert_eq!(likeness(t, &t.acme.key).await, likeness(&source.test, &source.key).await);
        let before = changes(&t.d, t.acme.id).await;
        t.clock.advance_s(5);
        let again = migrate(t, &source.served.base, &source.key, false).await;
        assert_eq!(again.state, State::Done);
        assert_eq!(changes(&t.d, t.acme.id).await, before, "{:?}", told(&t.d, &again).await);
        // The key went with the end of the reading.
        assert!(migration::secret(&t.d, t.acme.id, again.id).await.unwrap().is_none());
    }
}
