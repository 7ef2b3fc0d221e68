//! Routing policies, and what they show elsewhere: who is routed, and who has no way in.

use serde_json::{Value, json};

use crate::harness::ask::{each, id};

both! {
    async fn a_policy_is_made_replaced_and_removed(t) {
        t.probe.reachable(true);
        let (group, ana, idp) = (t.group("Sales").await, t.person("ana").await, t.identity_provider("Okta").await);
        t.post(&format!("/api/v2/usergroups/{group}/members"), json!({"op": "add", "type": "user", "id": ana})).ok().await;
        let body = json!({"name": "Sales to Okta", "description": "d", "enabled": true, "identityProviderId": idp, "userGroups": [group], "users": [ana, ana]});
        let made = t.post("/api/v2/identity-provider/policies", body).expect(201).await.body;
        assert_eq!((&made["userGroups"], &made["users"]), (&json!([group]), &json!([ana])));
        let path = format!("/api/v2/identity-provider/policies/{}", id(&made));
        assert_eq!(t.get(&path).ok().await, made);
        assert_eq!(t.put(&path, made.clone()).ok().await, made, "an answer can be sent back");
        assert_eq!(t.get(&format!("/api/v2/identity-providers/{idp}")).ok().await["routedUsers"], 1);
        t.delete(&format!("/api/v2/identity-providers/{idp}")).expect(409).await;
        let off = t.put(&path, json!({"name": "Sales to Okta", "identityProviderId": idp, "enabled": false})).ok().await;
        assert_eq!((&off["userGroups"], &off["order"], &off["description"]), (&json!([]), &made["order"], &json!("")));
        t.post("/api/v2/identity-provider/policies", json!({"name": "First", "order": 0, "identityProviderId": idp})).ok().await;
        let listed = t.get("/api/v2/identity-provider/policies").ok().await;
        assert_eq!(each(&listed["results"], "name"), ["First", "Sales to Okta"], "in the order in which they are asked");
        t.delete(&path).expect(200).await;
        t.delete(&path).expect(404).await;
        t.put(&path, json!({"name": "x", "identityProviderId": idp})).expect(404).await;
    }

    async fn a_wrong_policy_is_refused_by_field(t) {
        t.probe.reachable(true);
        let idp = t.identity_provider("Okta").await;
        let unknown = "5f3a1c2e9d8b7a6f5e4d3c2b";
        for (body, field) in [
            (json!({"identityProviderId": idp}), "name"),
            (json!({"name": "x"}), "identityProviderId"),
            (json!({"name": "", "identityProviderId": idp}), "name"),
            (json!({"name": "x", "identityProviderId": unknown}), "identityProviderId"),
            (json!({"name": "x", "identityProviderId": "x"}), "identityProviderId"),
            (json!({"name": "x", "identityProviderId": idp, "order": -1}), "order"),
            (json!({"name": "x", "identityProviderId": idp, "userGroups": [unknown]}), "userGroups"),
            (json!({"name": "x", "identityProviderId": idp, "users": [unknown]}), "users"),
            (json!({"name": "x", "identityProviderId": idp, "users": ["x"]}), "users[0]"),
        ] {
            assert_eq!(t.post("/api/v2/identity-provider/policies", body.clone()).fields().await, [field], "{body}");
        }
        let body = json!({"name": "x", "identityProviderId": idp});
        t.post("/api/v2/identity-provider/policies", body.clone()).expect(201).await;
        t.post("/api/v2/identity-provider/policies", body).expect(409).await;
    }

    async fn the_warning_goes_when_a_policy_comes(t) {
        t.probe.reachable(true);
        let restricted = json!([{"field": "password", "type": "federated_identity_provider"}]);
        let body = json!({"username": "ana", "email": "ana@acme.example", "restrictedFields": restricted});
        let ana = t.post("/api/systemusers", body).ok().await;
        assert_eq!(ana["warnings"].as_array().unwrap().len(), 1);
        assert_eq!(ana.get("activationLink"), None, "their password is not chosen here");
        let idp = t.identity_provider("Okta").await;
        let policy = json!({"name": "p", "identityProviderId": idp, "users": [id(&ana)]});
        t.post("/api/v2/identity-provider/policies", policy).ok().await;
        assert_eq!(t.get(&format!("/api/systemusers/{}", id(&ana))).ok().await["warnings"], json!([]));
        // A disabled provider routes nobody.
        let path = format!("/api/v2/identity-providers/{idp}");
        let mut off: Value = t.get(&path).ok().await;
        off["enabled"] = json!(false);
        t.put(&path, off).ok().await;
        assert_eq!(t.get(&path).ok().await["routedUsers"], 0);
        assert_eq!(t.get(&format!("/api/systemusers/{}", id(&ana))).ok().await["warnings"].as_array().unwrap().len(), 1);
    }
}
