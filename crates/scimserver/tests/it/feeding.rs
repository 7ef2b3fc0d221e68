//! A person from the first POST to the last DELETE.

use muster_base::Id;
use muster_directory::actor::ActorKind;
use muster_directory::change;
use muster_directory::user::{Authority, State};
use muster_testkit::both;
use serde_json::{Value, json};

use crate::world::{Feeder, id, op};

const WORK: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CUSTOM: &str = "urn:muster:params:scim:schemas:extension:custom:2.0:User";

both! {
    async fn a_pushed_user_is_a_person_with_what_was_sent(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let boss = hr.person("boss", json!({})).await;
        let sent = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", WORK, CUSTOM],
            "externalId": "e-1", "userName": "Ana", "displayName": "Ana Lopez", "title": "Engineer", "userType": "Employee",
            "name": {"givenName": "Ana", "familyName": "Lopez", "formatted": "Ana Lopez"}, "nickName": "An",
            "emails": [{"value": "home@ana.test", "type": "home"}, {"value": "ana@acme.test", "type": "work", "primary": true}],
            "phoneNumbers": [{"value": "+1", "type": "mobile"}],
            "addresses": [{"country": "DE", "locality": "Berlin", "type": "work"}],
            WORK: {"employeeNumber": "7", "department": "R&D", "costCenter": "42", "organization": "Acme", "manager": {"value": boss}},
            CUSTOM: {"shoeSize": "42"}, "password": "never-kept-1",
        });
        let answer = hr.post("/Users", sent).await;
        let location = answer.headers["location"].to_str().unwrap().to_owned();
        let etag = answer.headers["etag"].to_str().unwrap().to_owned();
        let told = answer.expect(201);
        let ana = id(&told);
        assert!(location.ends_with(&format!("/scim/v2/{}/Users/{ana}", hr.id)), "{location}");
        assert_eq!((&told["meta"]["location"], &told["meta"]["version"]), (&json!(location), &json!(etag)));
        assert_eq!((&told["active"], &told["nickName"], &told["externalId"]), (&json!(true), &json!("An"), &json!("e-1")));
        assert!(told.get("password").is_none());
        assert_eq!(told[CUSTOM]["shoeSize"], "42");
        let user = hr.stored(&ana).await.unwrap();
        assert_eq!((user.username.as_str(), user.email.as_str(), user.state), ("Ana", "ana@acme.test", State::Activated));
        let p = &user.profile;
        assert_eq!((p.firstname.as_deref(), p.job_title.as_deref(), p.department.as_deref()), (Some("Ana"), Some("Engineer"), Some("R&D")));
        assert_eq!((p.employee_identifier.as_deref(), p.manager.as_deref()), (Some("7"), Some(boss.as_str())));
        assert_eq!((p.phone_numbers.len(), p.addresses.len(), p.attributes.len()), (1, 1, 1));
        assert_eq!((user.authority(), user.password_hash), (Authority::Scim, None));
        let password = p.restricted_fields.iter().find(|r| r.field == "password").unwrap();
        assert_eq!((password.kind.as_str(), password.id.clone()), ("scim", Some(hr.id.text())));
        for field in ["username", "email", "jobTitle", "manager", "phoneNumbers", "attributes.shoeSize"] {
            assert!(p.restricted_fields.iter().any(|r| r.field == field), "{field}");
        }
        assert_eq!(hr.get(&format!("/Users/{ana}")).await.expect(200), told);
    }

    async fn the_log_says_which_directory_did_it(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.person("ana", json!({})).await;
        let log = change::store::after(&mut t.directory.read(), t.acme.id, 0, 1000).await.unwrap();
        let made = log.iter().rfind(|row| row.kind == "user_create").unwrap();
        assert_eq!((made.actor_kind.as_str(), made.actor_id), (ActorKind::DirectoryProvider.word(), Some(hr.id)));
        assert!(!format!("{log:?}").contains(&hr.token));
    }

    async fn patch_and_put_change_and_take_away(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({"title": "Engineer", "displayName": "Ana", WORK: {"department": "R&D"}})).await;
        let path = format!("/Users/{ana}");
        let told = hr.patch(&path, op("replace", "title", json!("Lead"))).await.expect(200);
        assert_eq!((&told["title"], &told["displayName"]), (&json!("Lead"), &json!("Ana")));
        hr.patch(&path, op("add", &format!("{CUSTOM}:team"), json!("blue"))).await.expect(200);
        hr.patch(&path, op("remove", &format!("{WORK}:department"), json!(null))).await.expect(200);
        let user = hr.stored(&ana).await.unwrap();
        assert_eq!((user.profile.job_title.as_deref(), user.profile.department.as_deref()), (Some("Lead"), None));
        assert_eq!(user.attribute("attributes.team").as_deref(), Some("blue"));
        assert!(user.profile.restricted_fields.iter().all(|r| r.field != "department"));
        let body = json!({"userName": "ana2", "emails": [{"value": "ana2@acme.test"}]});
        let told = hr.put(&path, body).await.expect(200);
        assert!(told.get("title").is_none() && told.get(CUSTOM).is_none() && told["active"] == json!(true), "{told}");
        let user = hr.stored(&ana).await.unwrap();
        assert_eq!((user.username.as_str(), user.profile.job_title, user.profile.attributes.len()), ("ana2", None, 0));
    }

    async fn inactive_suspends_and_active_lets_in_again(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let path = format!("/Users/{ana}");
        assert_eq!(hr.patch(&path, op("replace", "active", json!(false))).await.expect(200)["active"], json!(false));
        assert_eq!(hr.stored(&ana).await.unwrap().state, State::Suspended);
        hr.patch(&path, op("replace", "title", json!("Away"))).await.expect(200);
        assert_eq!(hr.stored(&ana).await.unwrap().state, State::Suspended, "another change does not let in");
        hr.patch(&path, json!([{"op": "Replace", "value": {"active": "True"}}])).await.expect(200);
        assert_eq!(hr.stored(&ana).await.unwrap().state, State::Activated);
        let kept_out = hr.person("bo", json!({"active": false})).await;
        assert_eq!(hr.stored(&kept_out).await.unwrap().state, State::Suspended);
    }

    async fn reactivation_by_silence_is_refused(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        for taken_away in [
            op("replace", "active", Value::Null),
            op("remove", "active", Value::Null),
            json!([{"op": "replace", "value": {"active": null}}]),
            json!([{"op": "remove", "value": {"active": false}}]),
        ] {
            let ana = hr.person("ana", json!({"active": false})).await;
            let path = format!("/Users/{ana}");
            let told = hr.patch(&path, taken_away.clone()).await.expect(200);
            assert_eq!(told.get("active"), None, "{taken_away}: it has no value, as RFC 7644 section 3.5.2.2 has it");
            hr.patch(&path, op("replace", "title", json!("Head"))).await.expect(200);
            hr.put(&path, json!({"userName": "ana", "emails": [{"value": "ana@acme.test"}]})).await.expect(200);
            assert_eq!(hr.stored(&ana).await.unwrap().state, State::Suspended, "{taken_away}");
            hr.patch(&path, op("replace", "active", json!(true))).await.expect(200);
            assert_eq!(hr.stored(&ana).await.unwrap().state, State::Activated);
            hr.delete(&path).await.expect(204);
        }
    }

    async fn whom_an_administrator_suspended_stays_so_until_the_directory_lets_them_in_anew(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let path = format!("/Users/{ana}");
        let whole = |active: bool, title: &str| {
            json!({"userName": "ana", "emails": [{"value": "ana@acme.test"}], "active": active, "title": title})
        };
        let state = async || hr.stored(&ana).await.unwrap().state;
        let user: Id = ana.parse().unwrap();
        for (first, then) in [(false, true), (true, false)] {
            t.set_state(t.acme, user, State::Suspended).await;
            // What it said all along is no word about that.
            assert_eq!(hr.put(&path, whole(true, "Head")).await.expect(200)["active"], json!(false));
            hr.patch(&path, op("replace", "active", json!(true))).await.expect(200);
            hr.patch(&path, op("replace", "title", json!("Lead"))).await.expect(200);
            assert_eq!(state().await, State::Suspended);
            let says = async |active: bool, by_put: bool| {
                if by_put {
                    hr.put(&path, whole(active, "Clerk")).await.expect(200)
                } else {
                    hr.patch(&path, op("replace", "active", json!(active))).await.expect(200)
                }
            };
            assert_eq!(says(false, first).await["active"], json!(false));
            assert_eq!(says(true, then).await["active"], json!(true));
            assert_eq!(state().await, State::Activated);
        }
        // It keeps out whom an administrator let in.
        hr.put(&path, whole(false, "Clerk")).await.expect(200);
        t.set_state(t.acme, user, State::Activated).await;
        hr.put(&path, whole(false, "Clerk")).await.expect(200);
        assert_eq!(state().await, State::Suspended);
    }

    async fn who_was_made_is_removed_and_who_was_adopted_is_suspended(t) {
        let before = t.person(t.acme, "cy@acme.test").await;
        let hr = Feeder::new(t, t.acme, "HR").await.adopting(100).await;
        let ana = hr.person("ana", json!({})).await;
        let cy = hr.person("cy", json!({"title": "Clerk"})).await;
        assert_eq!(cy, before.id.text());
        let group = hr.group("Staff", &[&ana, &cy]).await;
        hr.delete(&format!("/Users/{ana}")).await.expect(204);
        hr.delete(&format!("/Users/{cy}")).await.expect(204);
        assert!(hr.stored(&ana).await.is_none());
        let user = hr.stored(&cy).await.unwrap();
        assert_eq!((user.state, user.authority()), (State::Suspended, Authority::Muster));
        assert!(user.profile.restricted_fields.is_empty());
        for path in [format!("/Users/{ana}"), format!("/Users/{cy}")] {
            hr.get(&path).await.refused(404);
            hr.delete(&path).await.refused(404);
        }
        assert!(hr.get(&format!("/Groups/{group}")).await.expect(200).get("members").is_none());
    }

    async fn an_e_mail_is_not_needed(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = id(&hr.post("/Users", json!({"userName": "ana"})).await.expect(201));
        assert!(hr.stored(&ana).await.unwrap().email.ends_with(".directory.invalid"));
        let told = hr.get(&format!("/Users/{ana}")).await.expect(200);
        assert!(told.get("emails").is_none());
        let bo = id(&hr.post("/Users", json!({"userName": "bo@acme.test"})).await.expect(201));
        assert_eq!(hr.stored(&bo).await.unwrap().email, "bo@acme.test");
    }

    async fn versions_hold_a_change_off(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let path = format!("/Users/{ana}");
        let first = hr.get(&path).await.headers["etag"].to_str().unwrap().to_owned();
        let with = |name: &'static str, etag: String, method: &'static str, body: serde_json::Value| {
            let request = hr.request(method, &path).header(name, etag);
            hr.send(request.body(body.to_string().into()).unwrap())
        };
        assert_eq!(with("if-none-match", first.clone(), "GET", json!({})).await.status, 304);
        let change = json!({"Operations": op("replace", "title", json!("A"))});
        with("if-match", first.clone(), "PATCH", change.clone()).await.expect(200);
        with("if-match", first.clone(), "PATCH", change).await.refused(412);
        with("if-match", first.clone(), "PUT", json!({"userName": "ana"})).await.refused(412);
        with("if-match", first.clone(), "DELETE", json!({})).await.refused(412);
        assert_eq!(with("if-none-match", first, "GET", json!({})).await.status, 200);
        with("if-match", "*".into(), "DELETE", json!({})).await.expect(204);
    }
}
