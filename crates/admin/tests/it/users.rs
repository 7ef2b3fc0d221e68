//! People over v1: create, read, change, remove.

use serde_json::{Value, json};

use crate::harness::PASSWORD;
use crate::harness::ask::id;

both! {
    async fn a_person_is_made_shown_and_removed(t) {
        let body = json!({
            "username": "ana", "email": "Ana@acme.example", "firstname": "Ana", "department": "Sales",
            "attributes": [{"name": "alias", "value": "ana+b@acme.example"}], "unknown": [1, 2]
        });
        let made = t.post("/api/systemusers", body).expect(200).await.body;
        assert_eq!(made["email"], "Ana@acme.example");
        assert_eq!((&made["state"], &made["passwordStatus"]), (&json!("ACTIVATED"), &json!("Password Pending")));
        let link = made["activationLink"].as_str().unwrap();
        assert!(link.starts_with("https://id.example.test/activate?token="), "{link}");
        let path = format!("/api/systemusers/{}", id(&made));
        let shown = t.get(&path).expect(200).await.body;
        assert_eq!(shown["attributes"], json!([{"name": "alias", "value": "ana+b@acme.example"}]));
        assert_eq!(shown["lastname"], "", "what was not entered is an empty text");
        assert!(shown.get("activationLink").is_none(), "the link is shown once");
        let removed = t.delete(&path).expect(200).await.body;
        assert_eq!(id(&removed), id(&made));
        t.get(&path).expect(404).await;
        t.delete(&path).expect(404).await;
    }

    async fn a_wrong_person_is_refused_by_field(t) {
        t.person("bo").await;
        assert_eq!(t.post("/api/systemusers", json!({})).fields().await, ["username", "email"]);
        let wrong = json!({"username": "a b", "email": "x", "password": "short"});
        assert_eq!(t.post("/api/systemusers", wrong).fields().await, ["password", "username", "email"]);
        for (body, field) in [
            (json!({"username": 5, "email": "a@b.example"}), "username"),
            (json!({"username": "a", "email": "a@b.example", "state": "GONE"}), "state"),
            (json!({"username": "a", "email": "a@b.example", "attributes": [{"name": "x", "value": 1}]}), "attributes[0].value"),
            (json!({"username": "a", "email": "a@b.example", "manager": "x"}), "manager"),
            (json!({"username": "a", "email": "a@b.example", "restrictedFields": [{"field": "shoe", "type": "scim"}]}), "restrictedFields[0].field"),
        ] {
            assert_eq!(t.post("/api/systemusers", body).fields().await, [field]);
        }
        let twice = json!({"username": "bo2", "email": "BO@acme.example"});
        let conflict = t.post("/api/systemusers", twice).expect(409).await;
        assert!(conflict.message().contains("email"), "{}", conflict.message());
        t.post("/api/systemusers", json!([])).expect(400).await;
        t.ask("POST", "/api/systemusers").key(&t.acme.key).raw("application/json", b"{\"a\":".to_vec()).expect(400).await;
        t.ask("POST", "/api/systemusers").key(&t.acme.key).raw("text/plain", b"{}".to_vec()).expect(415).await;
        t.ask("POST", "/api/systemusers").key(&t.acme.key).raw("application/json", vec![b' '; 1_100_000]).expect(413).await;
    }

    async fn every_broken_rule_of_a_password_is_told(t) {
        let settings = json!({"settings": {"passwordPolicy": {"needsUppercase": true, "needsNumeric": true}}});
        t.put(&format!("/api/organizations/{}", t.acme.id), settings).ok().await;
        let body = json!({"username": "ana", "email": "ana@acme.example", "password": "short"});
        let refused = t.post("/api/systemusers?fullValidationDetails=password", body).expect(400).await;
        assert_eq!(refused.body["fields"].as_array().unwrap().len(), 3, "{}", refused.body);
    }

    async fn an_answer_can_be_sent_back(t) {
        let body = json!({
            "username": "ana", "email": "ana@acme.example", "password": PASSWORD, "department": "Sales", "jobTitle": "",
            "ssh_keys": [{"name": "laptop", "public_key": "ssh-ed25519 AAAA ana"}],
            "phoneNumbers": [{"type": "work", "number": "1"}], "restrictedFields": [{"field": "company", "type": "scim"}]
        });
        let made = t.post("/api/systemusers", body).ok().await;
        let path = format!("/api/systemusers/{}", id(&made));
        let shown = t.get(&path).ok().await;
        let before = changes(t).await;
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown);
        assert_eq!(changes(t).await, before, "sending the same back changes nothing");
        let mut changed = shown.clone();
        changed["department"] = json!("Support");
        changed["attributes"] = json!([{"name": "floor", "value": "3"}]);
        let answer = t.put(&path, changed).ok().await;
        assert_eq!((&answer["department"], &answer["attributes"][0]["value"]), (&json!("Support"), &json!("3")));
    }

    async fn put_merges_and_empty_texts_clear(t) {
        let body = json!({"username": "ana", "email": "ana@acme.example", "department": "Sales", "location": "Bern", "employeeIdentifier": "7"});
        let path = format!("/api/systemusers/{}", id(&t.post("/api/systemusers", body).ok().await));
        let after = t.put(&path, json!({"location": "", "employeeIdentifier": null})).ok().await;
        assert_eq!((&after["department"], &after["location"]), (&json!("Sales"), &json!("")));
        assert_eq!(after["employeeIdentifier"], Value::Null);
        assert_eq!(t.put(&path, json!({"username": ""})).fields().await, ["username"]);
        assert_eq!(t.put(&path, json!({"email": "nobody"})).fields().await, ["email"]);
        t.put("/api/systemusers/5f3a1c2e9d8b7a6f5e4d3c2b", json!({})).expect(404).await;
        t.put("/api/systemusers/nonsense", json!({})).expect(404).await;
    }

    async fn state_and_suspended_agree(t) {
        let ana = t.person("ana").await;
        let path = format!("/api/systemusers/{ana}");
        let conflict = t.put(&path, json!({"state": "ACTIVATED", "suspended": true})).expect(400).await;
        let text = "Cannot save conflicting state and suspended fields. (state=ACTIVATED suspended=true)";
        assert_eq!(conflict.message(), text);
        let body = json!({"username": "x", "email": "x@acme.example", "state": "SUSPENDED", "suspended": false});
        t.post("/api/systemusers", body).expect(400).await;
        assert_eq!(t.put(&path, json!({"suspended": true})).ok().await["state"], "SUSPENDED");
        assert_eq!(t.put(&path, json!({"suspended": false})).ok().await["state"], "ACTIVATED");
        assert_eq!(t.put(&path, json!({"state": "STAGED"})).fields().await, ["state"]);
        assert_eq!(t.post(&format!("{path}/state/suspend"), json!({})).ok().await["suspended"], true);
        assert_eq!(t.ask("POST", &format!("{path}/state/activate")).key(&t.acme.key).ok().await["state"], "ACTIVATED");
        let elsewhere = json!({"email": "mallory@evil.example"});
        assert_eq!(t.post(&format!("{path}/state/activate"), elsewhere).fields().await, ["email"]);
    }

    async fn a_staged_person_gets_the_link_when_let_in(t) {
        let body = json!({"username": "ana", "email": "ana@acme.example", "state": "STAGED"});
        let made = t.post("/api/systemusers", body).ok().await;
        assert!(made.get("activationLink").is_none());
        let path = format!("/api/systemusers/{}/state/activate", id(&made));
        let first = t.post(&path, json!({"email": "ana@acme.example"})).ok().await;
        assert!(first["activationLink"].is_string());
        assert!(t.post(&path, json!({})).ok().await.get("activationLink").is_none(), "once");
    }

    async fn another_authority_keeps_the_password(t) {
        let restricted = json!([{"field": "password", "type": "federated_identity_provider"}]);
        let body = json!({"username": "ana", "email": "ana@acme.example", "restrictedFields": restricted});
        let made = t.post("/api/systemusers", body.clone()).ok().await;
        assert_eq!(made["passwordStatus"], "Federated Managed by External IdP");
        assert!(made["warnings"][0].as_str().unwrap().contains("they cannot sign in"), "{}", made["warnings"]);
        let path = format!("/api/systemusers/{}", id(&made));
        t.put(&path, json!({"password": PASSWORD})).expect(403).await;
        t.post(&format!("{path}/password"), json!({"password": PASSWORD})).expect(403).await;
        t.post(&format!("{path}/expire"), json!({})).expect(403).await;
        let with_password = json!({"username": "b", "email": "b@acme.example", "password": PASSWORD, "restrictedFields": restricted});
        t.post("/api/systemusers", with_password).expect(403).await;
        // Given back to Muster in the same request: the password may come along.
        let back = json!({"restrictedFields": [], "password": PASSWORD});
        assert_eq!(t.put(&path, back).ok().await["passwordStatus"], "Active");
        assert_eq!(t.get(&path).ok().await["warnings"], json!([]));
    }

    async fn a_manager_is_removed_with_a_successor_only(t) {
        let (boss, next, ana) = (t.person("boss").await, t.person("next").await, t.person("ana").await);
        t.put(&format!("/api/systemusers/{ana}"), json!({"manager": boss})).ok().await;
        let cycle = json!({"manager": ana});
        assert_eq!(t.put(&format!("/api/systemusers/{boss}"), cycle).fields().await, ["manager"]);
        t.delete(&format!("/api/systemusers/{boss}")).expect(409).await;
        t.delete(&format!("/api/systemusers/{boss}?cascade_manager=x")).expect(400).await;
        t.delete(&format!("/api/systemusers/{boss}?cascade_manager={boss}")).expect(400).await;
        t.delete(&format!("/api/systemusers/{boss}?cascade_manager={next}")).expect(200).await;
        assert_eq!(t.get(&format!("/api/systemusers/{ana}")).ok().await["manager"], json!(next));
        t.delete(&format!("/api/systemusers/{next}?cascade_manager=null")).expect(200).await;
        assert_eq!(t.get(&format!("/api/systemusers/{ana}")).ok().await["manager"], Value::Null);
    }
}

/// How many changes Acme's log holds.
async fn changes(t: &crate::harness::Test) -> usize {
    let entries = muster_directory::change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.len()
}
