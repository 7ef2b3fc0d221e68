//! What needs an administrator: each kind appears when it is the matter, and goes when it is not any more.

use muster_base::Id;
use muster_directory::feed::run::{Ask, End, What};
use muster_directory::feed::{RunDoc, RunState, store as feeds};
use muster_directory::migration::{self, State};
use muster_directory::provision::record::{self, Record, Verdict, Which};
use muster_directory::provision::{self, ObjectKind, import_job};
use muster_directory::saml_source::{Answered, Refresh};
use muster_directory::{Actor, Verb};
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::id;

const TOKEN: &str = "a-key-that-nobody-is-told";

async fn attention(t: &Test) -> Vec<Value> {
    let all = t.get("/api/v2/attention").ok().await;
    assert!(!all.to_string().contains(TOKEN));
    let results = all["results"].as_array().unwrap().clone();
    assert_eq!(all["totalCount"], results.len());
    results
}

/// Kind, state and name of each.
async fn told(t: &Test) -> Vec<String> {
    let word = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
    let line = |one: &Value| [word(one, "kind"), word(one, "state"), word(one, "name")].join(" ");
    attention(t).await.iter().map(line).collect()
}

/// A target with two people, and a verdict on the first.
async fn target(t: &Test, label: &str) -> (String, Id, [Id; 2]) {
    let app = id(&t.post("/api/applications", json!({"name": "scim", "displayLabel": label})).ok().await);
    let at = format!("/api/v2/applications/{app}/provision");
    let settings =
        json!({"baseUrl": "https://a.example/scim/v2", "authentication": {"type": "bearer", "secret": TOKEN}});
    t.put(&at, settings).ok().await;
    t.post(&format!("{at}/activate"), json!({})).ok().await;
    let mut people = Vec::new();
    for name in ["ana", "bo"] {
        let person = t.person(&format!("{name}.{}", label.to_lowercase())).await;
        let bound = json!({"op": "add", "type": "user", "id": person});
        t.post(&format!("/api/v2/applications/{app}/associations"), bound).expect(204).await;
        people.push(person.parse().unwrap());
    }
    (at, app.parse().unwrap(), people.try_into().unwrap())
}

async fn verdict(t: &Test, app: Id, id: Id, verdict: Verdict) {
    let which = Which { org: t.acme.id, app, kind: ObjectKind::User, id, receiver: 0 };
    let object =
        provision::store::object(&mut t.d.read(), t.acme.id, app, ObjectKind::User, id).await.unwrap().unwrap();
    let record = Record {
        which,
        marks: object.marks,
        name: None,
        before: object.known.clone(),
        known: object.known,
        verdict,
        attempts: 1,
        calls: Vec::new(),
        lag: None,
    };
    record.keep(&t.d).await.unwrap();
}

async fn write<V: Verb>(t: &Test, verb: V) -> V::Out {
    t.d.write(Actor::command_line(), t.acme.id, verb).await.unwrap()
}

async fn directory(t: &Test, kind: &str) -> String {
    let made = t.post("/api/v2/directoryproviders", json!({"name": kind, "type": kind})).expect(201).await.body;
    let made = id(&made);
    if kind == "ldap" {
        let source = json!({"ldap": {"host": "ldap.example", "baseDn": "dc=example"}, "secret": TOKEN});
        t.put(&format!("/api/v2/directoryproviders/{made}/source"), source).ok().await;
    }
    made
}

/// A run that was asked for and ended.
async fn ended(t: &Test, provider: &str, what: What, state: RunState, failure: Option<&str>) {
    let run = write(t, Ask { provider: provider.parse().unwrap(), id: t.d.env().id(), what }).await;
    feeds::begin(&t.d, (run.org, run.provider, run.id)).await.unwrap().unwrap();
    let doc = RunDoc { failure: failure.map(str::to_owned), ..run.doc.clone() };
    write(t, End { run: muster_directory::feed::Run { doc, ..run }, state }).await;
    t.clock.advance_s(1);
}

both! {
    async fn targets_that_are_held_fail_or_cannot_be_reached(t) {
        let (at, app, [ana, bo]) = target(t, "Profit").await;
        let quiet = target(t, "Quiet").await;
        assert_eq!(told(t).await, [""; 0], "what is in step or waits its turn is not told");
        verdict(t, app, ana, Verdict::Failed("the name is too long".into())).await;
        verdict(t, app, bo, Verdict::Held("many would go".into())).await;
        assert_eq!(told(t).await, ["provisioning failing Profit", "provisioning held Profit"]);
        let all = attention(t).await;
        assert_eq!((&all[0]["id"], &all[0]["count"]), (&json!(app), &json!(1)));
        assert_eq!(all[0]["link"], format!("/console/acme/sso-applications/{app}?tab=identity"));
        for (one, why) in [(0, "1 could not be sent: the name is too long"), (1, "1 wait for your approval: many would go")] {
            assert_eq!(all[one]["message"], why);
        }
        assert!(all[0]["since"].is_string(), "since the change that is not sent");
        // The list of applications tells the same.
        let listed = t.get("/api/applications?sort=displayLabel").ok().await["results"].clone();
        assert_eq!(listed[0]["identityManagement"], json!({"state": "held", "held": 1, "failing": 1}));
        assert_eq!(listed[1]["identityManagement"], json!({"state": "running", "held": 0, "failing": 0}));
        let held = t.get("/api/applications?filter=identityManagement.state:eq:held").ok().await;
        assert_eq!(held["totalCount"], 1);
        t.post(&format!("{at}/approve"), json!({})).ok().await;
        assert_eq!(told(t).await, ["provisioning failing Profit"]);
        let of = provision::store::get(&mut t.d.read(), t.acme.id, quiet.1).await.unwrap();
        record::target(&t.d, &of, &of.breaker, Some("it answers 401"), of.next_at).await.unwrap();
        assert_eq!(told(t).await, ["provisioning unreachable Quiet", "provisioning failing Profit"], "the worst first");
        for at in [&at, &quiet.0] {
            t.post(&format!("{at}/pause"), json!({})).ok().await;
        }
        assert_eq!(told(t).await, [""; 0], "what rests is let rest");
        let listed = t.get("/api/applications?sort=displayLabel").ok().await["results"].clone();
        assert_eq!(listed[1]["identityManagement"]["state"], "paused");
    }

    async fn directories_that_fail_hold_wait_or_are_silent(t) {
        let ldap = directory(t, "ldap").await;
        let okta = directory(t, "okta").await;
        assert_eq!(told(t).await, [""; 0]);
        ended(t, &ldap, What::Plan, RunState::Done, None).await;
        ended(t, &ldap, What::Import, RunState::Held, None).await;
        assert_eq!(told(t).await, ["directory_provider held ldap"]);
        ended(t, &ldap, What::Import, RunState::Failed, Some("it refuses the password")).await;
        assert_eq!(told(t).await, ["directory_provider failed ldap", "directory_provider held ldap"], "who was held still is");
        ended(t, &ldap, What::Import, RunState::Done, None).await;
        assert_eq!(told(t).await, [""; 0]);
        let source = json!({"ldap": {"host": "ldap.example", "baseDn": "dc=other"}});
        t.put(&format!("/api/v2/directoryproviders/{ldap}/source"), source).ok().await;
        assert_eq!(told(t).await, ["directory_provider review ldap"], "it is not read by itself until its plan was seen");
        t.put(&format!("/api/v2/directoryproviders/{ldap}"), json!({"active": false})).ok().await;
        t.clock.advance_s(8 * 86_400);
        assert_eq!(told(t).await, ["directory_provider quiet okta"], "one that is turned off is not told");
        assert!(attention(t).await[0]["message"].as_str().unwrap().contains("never"));
        assert_eq!(attention(t).await[0]["id"], json!(okta));
    }

    async fn groups_whose_rule_is_broken_or_whose_review_waits(t) {
        let rule = |text: &str| json!({"queryType": "Expression", "expression": text});
        t.put("/api/v2/attributes", json!({"name": "level", "type": "number"})).ok().await;
        t.post("/api/systemusers", json!({"username": "ana", "email": "ana@acme.example", "department": "Sales"})).ok().await;
        let review = json!({"name": "Sales", "membershipMethod": "DYNAMIC_REVIEW_REQUIRED", "memberQuery": rule("department equals \"Sales\"")});
        let sales = id(&t.post("/api/v2/usergroups", review).ok().await);
        let level = json!({"name": "Level", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": rule("attributes.level > 3")});
        t.post("/api/v2/usergroups", level).ok().await;
        assert_eq!(told(t).await, ["user_group review Sales"]);
        assert_eq!(attention(t).await[0]["link"], format!("/console/acme/user-groups/{sales}?tab=suggestions"));
        t.ask("DELETE", "/api/v2/attributes/level").key(&t.acme.key).send().await;
        assert_eq!(told(t).await, ["user_group flagged Level", "user_group review Sales"]);
        let listed = t.get("/api/v2/usergroups?filter=name:eq:Level").ok().await;
        assert_eq!(listed[0]["memberQueryErrorFlags"], json!(["INVALID_ATTRIBUTE"]), "the list shows it too");
        t.post(&format!("/api/v2/usergroups/{sales}/suggestions"), json!({"all": true})).ok().await;
        assert_eq!(told(t).await, ["user_group flagged Level"]);
    }

    async fn certificates_that_end_and_metadata_that_waits(t) {
        let saml = id(&t.post("/api/applications", json!({"name": "saml2", "displayLabel": "Wiki"})).ok().await);
        t.post(&format!("/api/v2/applications/{saml}/saml/certificates"), json!({})).ok().await;
        assert_eq!(told(t).await, [""; 0]);
        write(t, Refresh { app: saml.parse().unwrap(), url: "https://nowhere.example".into(), answer: Answered::Failed("x".into()) }).await;
        assert_eq!(told(t).await, [""; 0], "no source: an answer of no interest");
        t.clock.advance_s(muster_directory::saml_key::CERTIFICATE_S - 10 * 86_400);
        let all = attention(t).await;
        let own: Vec<&Value> = all.iter().filter(|one| one["name"] == "Wiki").collect();
        assert_eq!((&own[0]["kind"], &own[0]["state"]), (&json!("saml_certificate"), &json!("ends")), "{all:?}");
        assert_eq!(own[0]["message"], "The certificate ends in 10 days: add the next one, and give it to the service provider");
        assert_eq!(own[0]["link"], format!("/console/acme/sso-applications/{saml}?tab=sso"));
    }

    async fn jobs_that_stopped_for_some_days(t) {
        let (_, app, _) = target(t, "Profit").await;
        let begun = json!({"baseUrl": "https://a.example", "apiKey": TOKEN});
        let job = id(&t.post("/api/v2/imports/jumpcloud", begun).expect(201).await.body);
        assert_eq!(told(t).await, [""; 0], "it goes on");
        let mut job = migration::get(&mut t.d.read(), t.acme.id, job.parse().unwrap()).await.unwrap();
        job.failure = Some("the key was refused".into());
        migration::save(&t.d, &job).await.unwrap();
        assert!(migration::set_state(&t.d, &mut job, State::Failed).await.unwrap());
        let (import, mut left, _beat) = import_job::begin(&t.d, t.acme.id, app).await.unwrap();
        (left.failure, left.done_at) = (Some("the server stopped".into()), Some(t.clock.now().0));
        import_job::keep(&t.d, t.acme.id, import, &left).await.unwrap();
        let bulk = json!([{"username": "dup", "email": "dup@acme.example"}, {"username": "dup", "email": "dup@acme.example"}]);
        t.post("/api/v2/bulk/users", bulk).expect(201).await;
        assert_eq!(told(t).await, ["migration failed JumpCloud", "application_import failed Profit"]);
        assert_eq!(attention(t).await[0]["link"], "/console/acme/imports?tab=jumpcloud");
        t.clock.advance_s(1_000);
        let stuck = told(t).await;
        assert!(stuck.contains(&"bulk_job failed Many people at once".to_owned()), "{stuck:?}");
        t.clock.advance_s(1);
        let (_, _, _beat) = import_job::begin(&t.d, t.acme.id, app).await.unwrap();
        assert!(!told(t).await.iter().any(|line| line.starts_with("application_import")), "one was begun since");
        t.clock.advance_s(8 * 86_400);
        assert_eq!(told(t).await, [""; 0], "told for a week");
    }

    async fn another_organization_is_told_nothing_of_it(t) {
        let (_, app, [ana, _]) = target(t, "Profit").await;
        verdict(t, app, ana, Verdict::Failed("no".into())).await;
        let (_, reader) = crate::service_accounts::account(t, "Reader", "Read Only").await;
        for (asked, count) in [
            (t.get("/api/v2/attention"), 1),
            (t.ask("GET", "/api/v2/attention").header("authorization", &*reader), 1),
            (t.ask("GET", "/api/v2/attention").key(&t.blue.key), 0),
        ] {
            assert_eq!(asked.ok().await["totalCount"], count);
        }
        t.ask("GET", "/api/v2/attention").key(&t.blue.key).org(t.acme.id).expect(404).await;
    }
}
