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
use crate::migration_source::{self, KEY, fake, person_id};

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
        f.post(&format!("/api/v2/usergroups/{statics}/members"), json!({"op": "add", "type": "user", "id": member}))
            .await;
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

async fn suspend(d: &Directory, org: Id, admin: Id) {
    let update = muster_directory::administrator::update::Update {
        id: admin,
        firstname: None,
        lastname: None,
        suspended: Some(true),
    };
    d.write(Actor::command_line(), org, update).await.unwrap();
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
        let exempt: Vec<Value> = full["memberQueryExemptions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| json!([e["id"], e["mode"], e["reason"]]))
            .collect();
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

    async fn what_is_left_alone_in_the_plan_does_not_come_until_that_is_taken_back(t) {
        let source = furnished().await;
        let body = json!({"baseUrl": source.served.base, "apiKey": source.key});
        let plan = async || {
            let begun = t.post("/api/v2/imports/jumpcloud", body.clone()).expect(201).await.body;
            t.clock.advance_s(1);
            muster_admin::migration::run(&t.d, &egress(), (t.acme.id, id(&begun).parse().unwrap())).await.unwrap();
            format!("/api/v2/imports/jumpcloud/{}", id(&begun))
        };
        let apply = async |of: &str| {
            t.post(&format!("{of}/apply"), json!({})).ok().await;
            let job = of.rsplit('/').next().unwrap().parse().unwrap();
            muster_admin::migration::run(&t.d, &egress(), (t.acme.id, job)).await.unwrap();
        };
        let ana = async |of: &str| t.get(&format!("{of}/results?kind=user&search=ana@")).ok().await["results"][0].clone();
        let here = async || t.get("/api/systemusers?filter=username:$eq:ana").ok().await["totalCount"].clone();
        let of = plan().await;
        let decide = |of: &str, seq: &Value, leave: bool| {
            t.put(&format!("{of}/decisions"), json!({"seq": seq, "leave": leave}))
        };
        let seq = ana(&of).await["seq"].clone();
        decide(&of, &json!(7), true).expect(404).await;
        let manager = t.get(&format!("{of}/results?kind=manager")).ok().await["results"][0]["seq"].clone();
        decide(&of, &manager, true).expect(409).await;
        for (leave, planned) in [(true, "left"), (false, "created"), (true, "left")] {
            decide(&of, &seq, leave).expect(204).await;
            assert_eq!(ana(&of).await["outcome"], planned);
        }
        apply(&of).await;
        decide(&of, &seq, false).expect(409).await;
        assert_eq!((ana(&of).await["outcome"].clone(), here().await), (json!("left"), json!(0)));
        let refused = t.get(&format!("{of}/results?outcome=refused")).ok().await;
        assert_eq!(refused["results"], json!([]), "what belongs to her is left with her");
        let again = plan().await;
        let left = ana(&again).await;
        assert_eq!(left["outcome"], "left", "it holds: {left}");
        let (_, reader) = crate::service_accounts::account(t, "Reader", "Read Only").await;
        let asked = t.ask("PUT", &format!("{again}/decisions")).header("authorization", &*reader);
        asked.json(json!({"seq": left["seq"], "leave": false})).expect(403).await;
        decide(&again, &left["seq"], false).expect(204).await;
        apply(&again).await;
        assert_eq!(here().await, 1, "and is taken back");
        let bo = t.get(&format!("{}/results?kind=user&search=bo@", plan().await)).ok().await["results"][0].clone();
        assert_eq!(bo["outcome"], "unchanged");
    }

    async fn an_employee_id_that_somebody_has_here_is_left_out_and_told(t) {
        let f = furnished().await;
        f.put(&format!("/api/systemusers/{}", f.ids["ana"]), json!({"employeeIdentifier": "7"})).await;
        let body = json!({"username": "local", "email": "local@acme.example", "employeeIdentifier": "7"});
        t.post("/api/systemusers", body).ok().await;
        let job = begin(t, &f.served.base, &f.key, Choices { overwrite: false, at_once: false }).await;
        let of = format!("/api/v2/imports/jumpcloud/{}", job.id);
        for state in [State::Planned, State::Done] {
            let job = muster_admin::migration::run(&t.d, &egress(), (t.acme.id, job.id)).await.unwrap();
            assert_eq!((job.state, job.failure.clone()), (state, None));
            let counted = told(&t.d, &job).await;
            assert!(counted.contains(&"user created: 4".to_owned()), "{counted:?}");
            if state == State::Planned {
                t.post(&format!("{of}/apply"), json!({})).ok().await;
            }
        }
        let one = t.get(&format!("{of}/results?kind=user&search=ana@")).ok().await["results"][0].clone();
        assert!(one.to_string().contains("came without employeeIdentifier (local has it already)"), "{one}");
        let ana = t.get("/api/systemusers?filter=username:$eq:ana").ok().await["results"][0].clone();
        assert_eq!(ana["employeeIdentifier"], Value::Null);
    }

    async fn a_plan_tells_what_would_follow_and_waits(t) {
        let source = furnished().await;
        let before = changes(&t.d, t.acme.id).await;
        let body = json!({"baseUrl": format!("{}/api/v2/", source.served.base), "apiKey": source.key});
        let begun = t.post("/api/v2/imports/jumpcloud", body.clone()).expect(201).await.body;
        assert_eq!(begun["state"], "reading");
        t.post("/api/v2/imports/jumpcloud", body).expect(409).await;
        let of = format!("/api/v2/imports/jumpcloud/{}", id(&begun));
        t.post(&format!("{of}/apply"), json!({})).expect(409).await;
        let job = (t.acme.id, id(&begun).parse().unwrap());
        muster_admin::migration::run(&t.d, &egress(), job).await.unwrap();
        let planned = t.get(&of).ok().await;
        assert_eq!((&planned["state"], &planned["organizationName"]), (&json!("planned"), &json!("Blue")), "{planned}");
        assert_eq!(changes(&t.d, t.acme.id).await, before);
        let joins = |name: &str| planned["groups"].as_array().unwrap().iter().find(|g| g["name"] == name).map(|g| g["joins"].clone());
        assert_eq!((joins("Crew"), joins("Sellers"), joins("All Users")), (Some(json!(2)), Some(json!(1)), Some(json!(4))));
        let users = t.get(&format!("{of}/results?kind=user")).ok().await;
        assert_eq!(users["results"].as_array().unwrap().len(), 4);
        assert!(users["results"][0]["localId"].is_null() && users["results"][0]["outcome"] == "created");
        t.post(&format!("{of}/apply"), json!({})).ok().await;
        muster_admin::migration::run(&t.d, &egress(), job).await.unwrap();
        assert_eq!(t.get(&of).ok().await["state"], "done");
        assert_eq!(likeness(t, &t.acme.key).await, likeness(&source.test, &source.key).await);
        let names = async |query: &str| -> Vec<String> {
            let found = t.get(&format!("{of}/results?outcome=created&kind=user&{query}")).ok().await;
            found["results"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        let all = names("").await;
        assert_eq!(names("search=ANA").await, all.iter().filter(|name| name.contains("ana")).cloned().collect::<Vec<_>>());
        assert!(names("search=nobody-of-this-name").await.is_empty());
        let seq = users["results"][0]["seq"].as_i64().unwrap();
        assert_eq!(names(&format!("search=e&after={seq}")).await, names("search=e").await[1..], "a search has pages too");
        let created = String::from_utf8(t.get(&format!("{of}/report?outcome=created")).send().await.bytes).unwrap();
        let lines: Vec<&str> = created.lines().skip(1).collect();
        assert!(lines.iter().all(|line| line.starts_with("created,")) && lines.len() > 4, "{created}");
        t.get(&format!("{of}/report?outcome=nothing")).expect(400).await;
        let report = String::from_utf8(t.get(&format!("{of}/report")).send().await.bytes).unwrap();
        assert!(report.contains("passwords of 4 people") && report.contains("client id and secret are new"), "{report}");
        assert!(!report.contains(&source.key));
        t.post(&format!("{of}/cancel"), json!({})).expect(409).await;
        // Who carried it out stands in the log, and the key nowhere.
        let log = muster_directory::change::store::after(&mut t.d.read(), t.acme.id, before, 1_000).await.unwrap();
        let by = log.iter().filter(|c| c.actor_id == Some(t.acme.admin)).count();
        assert!(by > 8 && !format!("{log:?}").contains(&source.key));
    }

    async fn what_was_changed_here_by_hand_is_left_and_told(t) {
        let source = furnished().await;
        migrate(t, &source.served.base, &source.key, false).await;
        let here = |email: &'static str| async move {
            let found = t.get(&format!("/api/systemusers?filter=email:$eq:{email}")).ok().await;
            id(&found["results"][0])
        };
        let (ana, di) = (here("ana@blue.example").await, here("di@blue.example").await);
        let crew = t.get("/api/v2/usergroups?filter=name:eq:Crew").ok().await;
        let crew = format!("/api/v2/usergroups/{}", id(&crew[0]));
        t.put(&format!("/api/systemusers/{ana}"), json!({"department": "Here", "jobTitle": "Mine"})).ok().await;
        t.post(&format!("{crew}/members"), json!({"op": "add", "type": "user", "id": di})).expect(204).await;
        let there = |name: &str| format!("/api/systemusers/{}", source.ids[name]);
        source.put(&there("ana"), json!({"department": "There"})).await;
        source.put(&there("bo"), json!({"jobTitle": "Baker"})).await;
        source.put(&there("di"), json!({"state": "SUSPENDED"})).await;
        let out = json!({"op": "remove", "type": "user", "id": source.ids["cy"]});
        source.post(&format!("/api/v2/usergroups/{}/members", source.ids["crew"]), out).await;
        source.ask("DELETE", &format!("/api/v2/usergroups/{}", source.ids["both"])).send().await;
        t.clock.advance_s(5);
        let job = migrate(t, &source.served.base, &source.key, false).await;
        let counts = told(&t.d, &job).await;
        for wanted in ["user kept: 1", "user updated: 2", "members_left removed: 1", "gone gone: 1"] {
            assert!(counts.contains(&wanted.to_owned()), "{wanted}: {counts:?}");
        }
        let kept = t.get(&format!("/api/v2/imports/jumpcloud/{}/results?outcome=kept", job.id)).ok().await;
        assert_eq!((&kept["results"][0]["name"], &kept["results"][0]["kept"]), (&json!("ana@blue.example"), &json!(["department", "jobTitle"])));
        let user = |of: String| async move { t.get(&format!("/api/systemusers/{of}")).ok().await };
        assert_eq!(user(ana.clone()).await["department"], "Here");
        assert_eq!(user(here("bo@blue.example").await).await["jobTitle"], "Baker");
        assert_eq!(user(di.clone()).await["state"], "SUSPENDED");
        let members = t.get(&format!("{crew}/members")).ok().await;
        let members: BTreeSet<&str> = members.as_array().unwrap().iter().map(|m| m["to"]["id"].as_str().unwrap()).collect();
        assert_eq!(members, BTreeSet::from([ana.as_str(), di.as_str()]), "who was put in by hand stays");
        // It is told again until somebody decides; overwritten it is as there.
        t.clock.advance_s(5);
        migrate(t, &source.served.base, &source.key, true).await;
        let after = user(ana).await;
        assert_eq!((&after["department"], &after["jobTitle"]), (&json!("There"), &json!("")));
    }

    async fn a_source_that_is_busy_moves_and_says_odd_things_is_read_whole(t) {
        let fake = fake(35);
        {
            let mut seen = fake.lock().unwrap();
            (seen.busy_every, seen.page, seen.shrinks) = (7, 10, true);
            let rule = |id: &str, name: &str, query: Value| json!({"id": id, "type": "user_group", "name": name, "email": "", "description": "",
                "attributes": {"radius": {"reply": [{"name": "x", "value": "y"}]}, "sambaEnabled": false}, "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": query, "memberQueryExemptions": []});
            seen.groups = vec![
                rule("5b0000000000000000000001", "Forms 1", json!({"queryType": "FilterQuery", "filters": [{"field": "department", "operator": "eq", "value": "Sales"}]})),
                rule("5b0000000000000000000002", "Forms 2", json!({"queryType": "Filter", "filters": ["department:$eq:Sales"]})),
                rule("5b0000000000000000000003", "Forms 3", json!({"queryType": "Search", "searchFilters": "{\"filter\":{\"and\":[\"department:$eq:Sales\"]}}"})),
                rule("5b0000000000000000000004", "Forms 4", json!({"filters": [{"field": "groups", "operation": "member_of", "value": ["5b0000000000000000000001"]}]})),
                rule("5b0000000000000000000005", "Odd", json!({"queryType": "FilterQuery", "filters": [{"field": "shoeSize", "operator": "eq", "value": "9"}]})),
            ];
        }
        let served = serve(migration_source::router(&fake)).await;
        let job = migrate(t, &served.base, KEY, false).await;
        assert_eq!((job.state, job.failure.clone()), (State::Done, None));
        let counts = told(&t.d, &job).await;
        // The first one was read before it went away.
        assert!(counts.contains(&"user created: 35".to_owned()), "{counts:?}");
        assert!(counts.contains(&"rule created: 4".to_owned()) && counts.contains(&"rule refused: 1".to_owned()), "{counts:?}");
        let groups = t.get("/api/v2/usergroups?limit=100").ok().await;
        for group in groups.as_array().unwrap().iter().filter(|g| g["name"].as_str().unwrap().starts_with("Forms")) {
            assert_eq!(group["memberCount"], 35, "{}", group["name"]);
        }
        let report = String::from_utf8(t.get(&format!("/api/v2/imports/jumpcloud/{}/report", job.id)).send().await.bytes).unwrap();
        for words in ["2 device policies", "RADIUS attributes of Forms 1", "second factors of 1 people", "shoeSize"] {
            assert!(report.contains(words), "{words}: {report}");
        }
        let asked = fake.lock().unwrap().asked.clone();
        assert!(asked.iter().all(|a| a.starts_with("GET ")), "{asked:?}");
    }

    async fn killed_in_the_middle_it_goes_on_and_nothing_is_there_twice(t) {
        let fake = fake(450);
        fake.lock().unwrap().groups = vec![json!({"id": "5b0000000000000000000001", "name": "Crew", "membershipMethod": "STATIC"})];
        fake.lock().unwrap().members = (1..=450).map(person_id).collect();
        let served = serve(migration_source::router(&fake)).await;
        let job = begin(t, &served.base, KEY, Choices { overwrite: false, at_once: true }).await;
        // Killed while it reads, then each time another step is done, until it comes to its end.
        let (mut states, mut done) = (BTreeSet::new(), 0);
        for round in 0..20 {
            let (d, of) = (t.d.clone(), (t.acme.id, job.id));
            let running = tokio::spawn(async move { muster_admin::migration::run(&d, &egress(), of).await });
            while !running.is_finished() {
                let counts = migration::counts(&mut t.d.read(), t.acme.id, job.id).await.unwrap();
                let is = migration::get(&mut t.d.read(), t.acme.id, job.id).await.unwrap();
                let now: i64 = counts.iter().filter(|c| c.outcome == "created").map(|c| c.count).sum();
                if is.state == State::Reading && round == 0 && !counts.is_empty() || now > done {
                    (done, _) = (now, states.insert(is.state.word()));
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            running.abort();
            drop(running.await);
            let is = migration::get(&mut t.d.read(), t.acme.id, job.id).await.unwrap();
            assert_eq!(is.failure, None);
            if is.state == State::Done {
                break;
            }
            // The dead node's lease runs out.
            t.clock.advance_s(121);
        }
        assert!(states.contains("reading") && states.contains("applying"), "{states:?}");
        let counts = told(&t.d, &job).await;
        assert!(counts.contains(&"user created: 450".to_owned()) && counts.contains(&"member created: 450".to_owned()), "{counts:?}");
        let users = t.get("/api/systemusers?limit=1").ok().await;
        assert_eq!(users["totalCount"], 450);
    }

    async fn no_other_node_begins_while_a_source_is_read_slowly(t) {
        let fake = fake(1);
        {
            let mut seen = fake.lock().unwrap();
            let app = |n: usize| json!({"_id": format!("5c{n:022x}"), "name": "bookmark", "displayLabel": format!("App {n}")});
            (seen.applications, seen.clock) = ((1..=100).map(app).collect(), Some(t.clock.clone()));
        }
        let served = serve(migration_source::router(&fake)).await;
        let job = begin(t, &served.base, KEY, Choices { overwrite: false, at_once: false }).await;
        let (d, of) = (t.d.clone(), (t.acme.id, job.id));
        let first = tokio::spawn(async move { muster_admin::migration::run(&d, &egress(), of).await });
        while fake.lock().unwrap().asked.is_empty() {
            tokio::task::yield_now().await;
        }
        while !first.is_finished() {
            muster_admin::migration::run(&t.d, &egress(), of).await.unwrap();
            tokio::task::yield_now().await;
        }
        let job = first.await.unwrap().unwrap();
        assert_eq!((job.state, job.failure.clone()), (State::Planned, None));
        let asked = fake.lock().unwrap().asked.clone();
        let begun = asked.iter().filter(|path| path.ends_with("/api/organizations")).count();
        assert_eq!((begun, asked.len() > 100), (1, true), "{asked:?}");
    }

    async fn a_source_that_cannot_be_read_says_why_and_nothing_happens(t) {
        let fake = fake(1);
        let served = serve(migration_source::router(&fake)).await;
        let wrong = migrate(t, &served.base, "jca_wrong_key_0123456789", false).await;
        assert_eq!(wrong.state, State::Failed);
        assert!(wrong.failure.as_ref().unwrap().contains("API key is not accepted"), "{wrong:?}");
        assert!(!serde_json::to_string(&wrong).unwrap().contains("jca_wrong"));
        // Where the configuration lets nobody through, a private address is not asked.
        let body = json!({"baseUrl": served.base, "apiKey": KEY});
        let tested = t.post("/api/v2/imports/jumpcloud/test", body).ok().await;
        assert_eq!(tested["ok"], false, "{tested}");
        for (body, field) in [
            (json!({"baseUrl": "ftp://a.example", "apiKey": "x"}), "baseUrl"),
            (json!({"apiKey": ""}), "apiKey"),
            (json!({"apiKey": "x", "organizationId": "7"}), "organizationId"),
        ] {
            assert_eq!(t.post("/api/v2/imports/jumpcloud", body).fields().await, [field]);
        }
        let (d, admin) = (t.d.clone(), t.acme.admin);
        // Whoever began it and may no longer change the organization does not go on changing it.
        let job = begin(t, &served.base, KEY, Choices { overwrite: false, at_once: true }).await;
        suspend(&d, t.acme.id, admin).await;
        let ended = muster_admin::migration::run(&d, &egress(), (t.acme.id, job.id)).await.unwrap();
        assert_eq!(ended.state, State::Failed);
    }
}
