//! Directory providers by API. What they send is tested beside the SCIM server.

use muster_base::{Id, Secret};
use muster_directory::Actor;
use muster_directory::directory_provider::store;
use muster_directory::fed_group::{MemberStep, push as group_push};
use muster_directory::fed_user::{Feed, push as user_push};
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{each, id};

async fn provider(t: &Test, name: &str) -> Value {
    t.post("/api/v2/directoryproviders", json!({"name": name, "type": "okta"})).expect(201).await.body
}

/// Whether a token of Acme's directory provider holds.
async fn holds(t: &Test, token: &str) -> bool {
    let digest = Secret::new(token).digest();
    store::by_token(&mut t.d.read(), digest, t.clock.now()).await.unwrap().is_some()
}

/// Feeds a person and a group with them in it.
async fn feed(t: &Test, provider: &str) -> (String, String) {
    let provider: Id = provider.parse().unwrap();
    let feed = Feed {
        external_id: Some("e1".into()),
        username: "ana".into(),
        email: Some("ana@acme.test".into()),
        active: Some(true),
        profile: [("jobTitle".to_owned(), json!("Engineer"))].into_iter().collect(),
        doc: "{}".into(),
        ..Feed::default()
    };
    let actor = || Actor::directory_provider(provider, None);
    let push = user_push::Push::new(provider, feed);
    let user = t.d.write(actor(), t.acme.id, push).await.unwrap().user.id;
    let push = group_push::Push {
        provider,
        id: None,
        name: Some("Staff".into()),
        external_id: None,
        address: None,
        members: vec![MemberStep::Add(vec![user])],
        expected: None,
    };
    (user.text(), t.d.write(actor(), t.acme.id, push).await.unwrap().id.text())
}

both! {
    async fn a_provider_is_made_changed_and_removed(t) {
        let made = provider(t, "Okta").await;
        let path = format!("/api/v2/directoryproviders/{}", id(&made));
        assert_eq!(made["endpoint"], format!("https://id.example.test/scim/v2/{}", id(&made)));
        assert_eq!((&made["type"], &made["matching"], &made["precedence"], &made["active"]), (&json!("okta"), &json!("none"), &json!(100), &json!(true)));
        assert!(holds(t, made["token"].as_str().unwrap()).await);
        let shown = t.get(&path).ok().await;
        assert!(shown.get("token").is_none(), "it is shown once");
        assert_eq!((&shown["userCount"], &shown["groupCount"], shown["tokens"].as_array().unwrap().len()), (&json!(0), &json!(0), 1));
        let list = t.get("/api/v2/directoryproviders").ok().await;
        assert_eq!(each(&list, "name"), ["Okta"]);
        let changed = t.put(&path, json!({"name": "HR", "matching": "email", "precedence": 5, "active": false})).ok().await;
        assert_eq!((&changed["name"], &changed["matching"], &changed["precedence"], &changed["active"]), (&json!("HR"), &json!("email"), &json!(5), &json!(false)));
        t.post("/api/v2/directoryproviders", json!({"name": "hr", "type": "entra"})).expect(409).await;
        for (body, field) in [
            (json!({"type": "okta"}), "name"),
            (json!({"name": "x"}), "type"),
            (json!({"name": " ", "type": "okta"}), "name"),
            (json!({"name": "x", "type": "phonebook"}), "type"),
            (json!({"name": "a\u{0}b", "type": "okta"}), "name"),
            (json!({"name": "x", "type": "okta", "precedence": 5000}), "precedence"),
        ] {
            assert_eq!(t.post("/api/v2/directoryproviders", body).fields().await, [field]);
        }
        let whole = json!({"name": "x", "type": "okta", "precedence": 7, "matching": "email", "passwords": true});
        let at_once = t.post("/api/v2/directoryproviders", whole.clone()).expect(201).await.body;
        for name in ["precedence", "matching", "passwords"] {
            assert_eq!(at_once[name], whole[name]);
        }
        let group = t.group("Local").await;
        for (body, field) in [
            (json!({"precedence": 5000}), "precedence"),
            (json!({"matching": "name"}), "matching"),
            (json!({"roleMappings": [{"group": "x"}]}), "roleMappings[0].userGroup"),
            (json!({"roleMappings": [{"group": " ", "userGroup": group}]}), "roleMappings[0].group"),
            (json!({"roleMappings": [{"group": "x", "userGroup": "5f3a1c2e9d8b7a6f5e4d3c2b"}]}), "roleMappings[0].userGroup"),
            (json!({"roleMappings": [{"group": "x", "role": "Administrator", "userGroup": group}]}), "roleMappings[0].role"),
        ] {
            assert_eq!(t.put(&path, body).fields().await, [field]);
        }
        let mapped = t.put(&path, json!({"roleMappings": [{"group": "Finance", "role": null, "userGroup": group}]})).ok().await;
        assert_eq!(mapped["roleMappings"], json!([{"group": "Finance", "role": null, "limit": null, "userGroup": group, "administrators": 0, "held": null}]));
        t.delete(&path).expect(204).await;
        t.get(&path).expect(404).await;
        assert!(!holds(t, made["token"].as_str().unwrap()).await);
    }

    async fn tokens_are_rotated_with_an_overlap(t) {
        let made = provider(t, "Okta").await;
        let path = format!("/api/v2/directoryproviders/{}/tokens", id(&made));
        let (first, second) = (made["token"].as_str().unwrap(), t.post(&path, json!({})).expect(201).await.body);
        let second_token = second["token"].as_str().unwrap();
        assert!(holds(t, first).await && holds(t, second_token).await);
        assert!(t.clock.advance_s(86_401));
        assert!(!holds(t, first).await && holds(t, second_token).await);
        let third = t.post(&path, json!({"overlap_s": 0})).expect(201).await.body;
        assert!(!holds(t, second_token).await);
        assert_eq!(t.post(&path, json!({"overlap_s": -1})).fields().await, ["overlap_s"]);
        t.delete(&format!("{path}/{}", id(&third))).expect(204).await;
        t.delete(&format!("{path}/{}", id(&third))).expect(404).await;
        assert!(!holds(t, third["token"].as_str().unwrap()).await);
    }

    async fn what_came_is_listed_and_read_only(t) {
        let made = provider(t, "Okta").await;
        let path = format!("/api/v2/directoryproviders/{}", id(&made));
        let (user, group) = feed(t, &id(&made)).await;
        let users = t.get(&format!("{path}/users?search=AN")).ok().await;
        assert_eq!((&users[0]["id"], &users[0]["externalId"], &users[0]["userName"], &users[0]["email"], &users[0]["active"]), (&json!(user), &json!("e1"), &json!("ana"), &json!("ana@acme.test"), &json!(true)));
        assert_eq!(t.get(&format!("{path}/users?search=zz")).ok().await, json!([]));
        let groups = t.get(&format!("{path}/groups")).ok().await;
        assert_eq!((&groups[0]["id"], &groups[0]["displayName"], &groups[0]["memberCount"]), (&json!(group), &json!("Staff"), &json!(1)));
        let shown = t.get(&path).ok().await;
        assert_eq!((&shown["userCount"], &shown["groupCount"]), (&json!(1), &json!(1)));
        // The answer says which directory decides.
        let person = t.get(&format!("/api/systemusers/{user}")).ok().await;
        assert!(person["restrictedFields"].as_array().unwrap().contains(&json!({"field": "password", "type": "scim", "id": id(&made)})));
        let refused = t.put(&format!("/api/systemusers/{user}"), json!({"jobTitle": "Boss"})).expect(400).await;
        assert!(refused.body["fields"][0]["message"].as_str().unwrap().contains("\"Okta\""), "{}", refused.body);
        // What was shown can be sent back.
        t.put(&format!("/api/systemusers/{user}"), person).ok().await;
        t.put(&format!("/api/systemusers/{user}"), json!({"location": "Berlin"})).ok().await;
        let keeper = t.get(&format!("/api/v2/usergroups/{group}")).ok().await["directoryProvider"].clone();
        let listed = t.get("/api/v2/usergroups?filter=name:eq:Staff").ok().await[0]["directoryProvider"].clone();
        assert!(keeper == listed && path.ends_with(keeper["id"].as_str().unwrap()), "{keeper} {listed}");
        let refused = t.put(&format!("/api/v2/usergroups/{group}"), json!({"name": "Mine"})).expect(403).await;
        assert!(refused.body["message"].as_str().unwrap().contains("\"Okta\""), "{}", refused.body);
        t.delete(&format!("/api/v2/usergroups/{group}")).expect(403).await;
        t.post(&format!("/api/v2/usergroups/{group}/members"), json!({"op": "remove", "type": "user", "id": user})).expect(403).await;
    }

    async fn programs_may_look_but_not_touch(t) {
        let made = provider(t, "Okta").await;
        let (_, token) = crate::service_accounts::account(t, "robot", "Administrator").await;
        let path = format!("/api/v2/directoryproviders/{}", id(&made));
        let ask = |method: &str, path: &str| t.ask(method, path).header("authorization", token.clone());
        ask("GET", &path).expect(200).await;
        ask("PUT", &path).json(json!({"active": false})).expect(403).await;
        ask("POST", &format!("{path}/tokens")).json(json!({})).expect(403).await;
        ask("DELETE", &path).expect(403).await;
    }
}
