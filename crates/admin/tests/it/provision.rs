//! Identity Management of an application by the API: settings, their faults, states, the tape, and who may not.

use muster_directory::change;
use muster_directory::provision::import_job;
use muster_directory::provision::reading::{Far, Found, Pen};
use muster_directory::provision::report::{Drift, Plan};
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::id;

const TOKEN: &str = "key-and-scim-key-of-profit";

fn settings() -> Value {
    json!({
        "apiType": "SCIM", "scimVersion": "2.0", "baseUrl": "https://api.profit.example/scim/v2/",
        "authentication": {"type": "bearer", "secret": TOKEN}, "testUserEmail": "scim-test@acme.example",
    })
}

async fn application(t: &Test) -> String {
    let made = t.post("/api/applications", json!({"name": "scim", "displayLabel": "Profit"})).ok().await;
    assert_eq!((&made["name"], &made["displayName"]), (&json!("scim"), &json!("Custom Application")));
    assert_eq!(made["sso"], json!({"hidden": true}), "nobody signs in to it");
    id(&made)
}

both! {
    async fn the_settings_of_seed_004_are_kept_and_the_token_is_never_shown(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        t.get(&at).expect(404).await;
        t.get(&format!("{at}/status")).expect(404).await;
        t.post(&format!("{at}/activate"), json!({})).expect(404).await;
        let shown = t.put(&at, settings()).ok().await;
        assert_eq!((&shown["active"], &shown["manageGroups"]), (&json!(false), &json!(false)));
        assert_eq!(shown["authentication"]["secretSet"], json!(true));
        let line = json!({"target": "title", "attribute": "jobTitle", "when": "always"});
        assert!(shown["mapping"].as_array().unwrap().contains(&line), "JumpCloud's mapping to begin with");
        // Kept where nothing else is said.
        let again = t.put(&at, json!({"baseUrl": "https://api.profit.example/scim/v2/", "manageGroups": true})).ok().await;
        assert_eq!((&again["authentication"]["secretSet"], &again["manageGroups"]), (&json!(true), &json!(true)));
        let moved = t.put(&at, json!({"baseUrl": "https://elsewhere.example/"}));
        assert_eq!(moved.fields().await, ["authentication.secret"], "it goes nowhere else by itself");
        let tried = t.post(&format!("{at}/test"), json!({"baseUrl": "https://elsewhere.example/"}));
        assert_eq!(tried.fields().await, ["authentication.secret"]);
        assert_eq!(t.post(&format!("{at}/test"), json!({})).ok().await["ok"], json!(true));
        let log = change::store::after(&mut t.d.read(), t.acme.id, 0, 1000).await.unwrap();
        let told = format!("{log:?} {shown} {again}");
        assert!(!told.contains(TOKEN) && told.contains("application_provision_update"));
        t.delete(&at).expect(204).await;
        t.get(&at).expect(404).await;
    }

    async fn what_is_wrong_is_named(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        for (change, field) in [
            (json!({"baseUrl": "ftp://x"}), "baseUrl"),
            (json!({"baseUrl": "http://x.example"}), "baseUrl"),
            (json!({"baseUrl": "https://ana:secret@x.example"}), "baseUrl"),
            (json!({"apiType": "REST"}), "apiType"),
            (json!({"testUserEmail": "nobody"}), "testUserEmail"),
            (json!({"profile": "magic"}), "profile"),
            (json!({"guard": {"percent": 101}}), "guard.percent"),
            (json!({"deprovision": {"action": "deleteAfter", "days": 0}}), "deprovision.days"),
            (json!({"authentication": {"type": "basic", "secret": "x"}}), "authentication.username"),
            (json!({"authentication": {"type": "header", "secret": "x", "headerName": "Host"}}), "authentication.headerName"),
            (json!({"authentication": {"type": "oauth", "secret": "x", "clientId": "c"}}), "authentication.tokenUrl"),
            (json!({"authentication": {"type": "bearer"}}), "authentication.secret"),
            (json!({"mapping": [{"target": "userName", "attribute": "nothing"}]}), "mapping[0].target"),
            (json!({"mapping": [{"target": "userName"}]}), "mapping[0]"),
            (json!({"mapping": [{"target": "title", "attribute": "jobTitle"}]}), "mapping"),
            // People may change their display name themselves.
            (json!({"mapping": [{"target": "userName", "attribute": "displayname"}]}), "mapping[0].attribute"),
        ] {
            let mut body = settings();
            for (name, value) in change.as_object().unwrap() {
                body[name] = value.clone();
            }
            let fields = t.put(&at, body).fields().await;
            assert!(fields.contains(&field.to_owned()), "{change}: {fields:?}");
        }
    }

    async fn editing_is_not_turned_on_under_a_name_of_accounts_that_reads_it(t) {
        let organization = format!("/api/organizations/{}", t.acme.id);
        let editing = |on: bool| t.put(&organization, json!({"settings": {"systemUsersCanEdit": on}}));
        editing(false).ok().await;
        let at = format!("/api/v2/applications/{}/provision", application(t).await);
        let mut body = settings();
        body["mapping"] = json!([{"target": "userName", "attribute": "displayname"}]);
        t.put(&at, body).ok().await;
        let refused = editing(true).expect(400).await;
        assert!(refused.message().contains("accounts at the application \"Profit\""), "{}", refused.message());
        t.put(&at, settings()).ok().await;
        editing(true).ok().await;
    }

    async fn it_is_turned_on_rests_and_is_turned_off(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        t.put(&at, settings()).ok().await;
        let ana = t.person("ana").await;
        let bound = json!({"op": "add", "type": "user", "id": ana});
        t.post(&format!("/api/v2/applications/{app}/associations"), bound).expect(204).await;
        let status = async || t.get(&format!("{at}/status")).ok().await;
        assert_eq!(status().await["state"], "off");
        assert_eq!(t.post(&format!("{at}/activate"), json!({})).ok().await["active"], json!(true));
        let seen = status().await;
        assert_eq!((&seen["state"], &seen["counts"]["waiting"], &seen["total"]), (&json!("running"), &json!(1), &json!(1)));
        let objects = t.get(&format!("{at}/objects?state=waiting&kind=user&search=AN")).ok().await;
        assert_eq!((&objects[0]["id"], &objects[0]["state"]), (&json!(ana), &json!("waiting")));
        assert_eq!(t.get(&format!("{at}/objects?state=held")).ok().await, json!([]));
        let one = t.get(&format!("{at}/objects/user/{ana}")).ok().await;
        assert_eq!((&one["name"], &one["calls"]), (&json!("ana"), &json!([])));
        t.get(&format!("{at}/objects/device/{ana}")).expect(404).await;
        for again in ["retry", "resend"] {
            t.post(&format!("{at}/objects/user/{ana}/{again}"), json!({})).expect(204).await;
        }
        for (to, state) in [("pause", "paused"), ("resume", "running"), ("approve", "running"), ("deactivate", "off")] {
            t.post(&format!("{at}/{to}"), json!({})).ok().await;
            assert_eq!(status().await["state"], state, "{to}");
        }
    }

    async fn what_is_decided_is_listed_and_taken_back(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        let (ana, group) = (t.person("ana").await, t.group("Sales").await);
        let decide = |body: Value| t.put(&format!("{at}/decisions"), body);
        let leave = json!({"kind": "group", "id": group, "decision": "leave"});
        decide(leave.clone()).expect(404).await;
        t.put(&at, settings()).ok().await;
        decide(leave).expect(204).await;
        decide(json!({"kind": "user", "id": ana, "decision": "takeOver", "remoteId": "r-7"})).expect(204).await;
        let listed = t.get(&format!("{at}/decisions")).ok().await;
        let of = |at: usize, member: &str| listed[at][member].clone();
        assert_eq!([of(0, "id"), of(0, "decision"), of(0, "remoteId")], [json!(ana), json!("takeOver"), json!("r-7")]);
        assert_eq!([of(1, "id"), of(1, "decision"), of(1, "remoteId")], [json!(group), json!("leave"), json!(null)]);
        let wrong = json!({"kind": "group", "id": group, "decision": "takeOver", "remoteId": "r-7"});
        assert_eq!(decide(wrong).fields().await, ["remoteId"]);
        decide(json!({"kind": "user", "id": group, "decision": "leave"})).expect(404).await;
        for (kind, id) in [("user", &ana), ("group", &group)] {
            decide(json!({"kind": kind, "id": id})).expect(204).await;
        }
        assert_eq!(t.get(&format!("{at}/decisions")).ok().await, json!([]));
    }

    async fn what_takes_long_to_read_is_followed_by_its_id(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        t.put(&at, settings()).ok().await;
        assert_eq!(t.post(&format!("{at}/repair"), json!({})).ok().await, json!({"repaired": 0}), "in time: as ever");
        let mut slow = settings();
        slow["baseUrl"] = json!(format!("https://{}/scim", crate::harness::probe::SLOW));
        t.put(&at, slow).ok().await;
        let directory = || t.d.clone();
        let app_id = app.parse().unwrap();
        for (kind, found, result) in [
            ("preview", Found::Plan(Plan::default()), json!(false)),
            ("drift", Found::Drift(Drift { found: 7, ..Drift::default() }), json!(7)),
            ("repair", Found::Repaired(3), json!(3)),
        ] {
            let begun = t.post(&format!("{at}/{kind}"), json!({})).expect(202).await.body;
            let running = json!({"id": begun["id"], "kind": kind, "status": "running", "read": 0, "total": null});
            assert_eq!(begun, running);
            let path = format!("{at}/readings/{}", begun["id"].as_str().unwrap());
            let pen = Pen { org: t.acme.id, app: app_id, id: begun["id"].as_str().unwrap().parse().unwrap() };
            let far = Far { read: 12_300, total: Some(50_000) };
            assert!(pen.progress(&directory(), far).await.unwrap());
            let shown = t.get(&path).ok().await;
            assert_eq!((&shown["status"], &shown["read"], &shown["total"]), (&json!("running"), &json!(12_300), &json!(50_000)));
            assert!(pen.end(&directory(), far, Ok(&found)).await.unwrap());
            let ended = t.get(&path).ok().await;
            assert_eq!(ended["status"], json!("finished"));
            let of = &ended["result"];
            let one = ["guarded", "totalCount", "repaired"].iter().find_map(|name| of.get(name)).unwrap();
            assert_eq!(one, &result, "{ended}");
            t.delete(&path).expect(204).await;
            t.get(&path).expect(404).await;
            t.delete(&path).expect(404).await;
        }
        let begun = t.get(&format!("/api/v2/applications/{app}/import/users")).expect(202).await.body;
        assert_eq!(begun["kind"], json!("import"));
        let id = begun["id"].as_str().unwrap();
        let pen = Pen { org: t.acme.id, app: app_id, id: id.parse().unwrap() };
        pen.survey().open(&directory(), 9).await.unwrap();
        let early = t.get(&format!("/api/v2/applications/{app}/import/users?sessionId={id}")).expect(202).await.body;
        assert_eq!(early, begun, "a part of a list is none");
        assert!(pen.end(&directory(), Far::default(), Ok(&Found::Users(0))).await.unwrap());
        let ended = t.get(&format!("{at}/readings/{id}")).ok().await;
        assert_eq!(ended["result"], json!({"totalCount": 0, "session_id": id}));
        let page = t.get(&format!("/api/v2/applications/{app}/import/users?sessionId={id}")).ok().await;
        assert_eq!(page["session_id"], json!(id));
        // Thrown away, it is no list any more: the application is read anew.
        t.delete(&format!("{at}/readings/{id}")).expect(204).await;
        let anew = t.get(&format!("/api/v2/applications/{app}/import/users?sessionId={id}")).expect(202).await.body;
        assert_ne!(anew["id"], json!(id));
        // One that fails says why; another application's is unknown.
        let begun = t.post(&format!("{at}/drift"), json!({})).expect(202).await.body;
        let pen = Pen { id: begun["id"].as_str().unwrap().parse().unwrap(), ..pen };
        assert!(pen.end(&directory(), Far::default(), Err("it says no")).await.unwrap());
        let path = format!("readings/{}", pen.id);
        let failed = t.get(&format!("{at}/{path}")).ok().await;
        assert_eq!((&failed["status"], &failed["error"]), (&json!("failed"), &json!("it says no")));
        let other = application(t).await;
        t.get(&format!("/api/v2/applications/{other}/provision/{path}")).expect(404).await;
        t.delete(&format!("/api/v2/applications/{other}/provision/{path}")).expect(404).await;
    }

    async fn who_may_only_read_changes_and_asks_nothing(t) {
        let app = application(t).await;
        let at = format!("/api/v2/applications/{app}/provision");
        t.put(&at, settings()).ok().await;
        let (_, bearer) = crate::service_accounts::account(t, "Reader", "Read Only").await;
        let as_reader = |method: &str, path: &str| t.ask(method, path).header("authorization", &*bearer);
        for path in ["", "/status", "/objects"] {
            as_reader("GET", &format!("{at}{path}")).expect(200).await;
        }
        as_reader("PUT", &at).json(settings()).expect(403).await;
        as_reader("DELETE", &at).expect(403).await;
        let decide = json!({"kind": "user", "id": t.acme.admin.text(), "decision": "leave"});
        as_reader("PUT", &format!("{at}/decisions")).json(decide).expect(403).await;
        let import = format!("/api/v2/applications/{app}/import/jobs");
        for path in ["activate", "deactivate", "pause", "resume", "approve", "test", "preview", "drift", "repair"] {
            as_reader("POST", &format!("{at}/{path}")).json(json!({})).expect(403).await;
        }
        as_reader("POST", &import).json(json!({})).expect(403).await;
        let (job, _, _beat) = import_job::begin(&t.d, t.acme.id, app.parse().unwrap()).await.unwrap();
        as_reader("DELETE", &format!("{import}/{job}")).expect(403).await;
    }

    async fn an_import_is_stopped(t) {
        let app = application(t).await;
        t.put(&format!("/api/v2/applications/{app}/provision"), settings()).ok().await;
        let (id, mut job, _beat) = import_job::begin(&t.d, t.acme.id, app.parse().unwrap()).await.unwrap();
        let other = application(t).await;
        t.delete(&format!("/api/v2/applications/{other}/import/jobs/{id}")).expect(404).await;
        let told = format!("/api/v2/applications/import/{id}/detailedresults");
        assert!(!import_job::stop_asked(&t.d, (t.acme.id, id)).await.unwrap());
        t.delete(&format!("/api/v2/applications/{app}/import/jobs/{id}")).expect(204).await;
        assert!(import_job::stop_asked(&t.d, (t.acme.id, id)).await.unwrap());
        assert_eq!(t.get(&told).ok().await["status"], json!("RUNNING"), "whoever does it ends it");
        job.stopped = true;
        job.done_at = Some(t.d.env().clock.now().0);
        import_job::keep(&t.d, t.acme.id, id, &job).await.unwrap();
        let ended = t.get(&told).ok().await;
        assert_eq!((&ended["status"], &ended["error"]), (&json!("STOPPED"), &json!(null)));
        t.delete(&format!("/api/v2/applications/{app}/import/jobs/{id}")).expect(204).await;
        assert_eq!(t.get(&told).ok().await, ended);
    }
}
