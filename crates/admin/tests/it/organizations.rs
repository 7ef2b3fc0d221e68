//! Organizations, a service provider's list, signing keys.

use serde_json::json;

use crate::harness::ask::{each, id};

both! {
    async fn an_organization_is_shown_and_changed(t) {
        let list = t.get("/api/organizations").expect(200).await.body;
        assert_eq!((&list["totalCount"], &list["results"][0]["displayName"]), (&json!(1), &json!("Acme")));
        let path = format!("/api/organizations/{}", t.acme.id);
        let shown = t.get(&path).org(t.acme.id).ok().await;
        assert_eq!((&shown["slug"], &shown["provider"]), (&json!("acme"), &json!(t.provider)));
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown, "an answer can be sent back");
        let changed = t.put(&path, json!({"displayName": "Acme Ltd", "slug": "other", "settings": {"passwordPolicy": {"minLength": 16}, "newSystemUserStateDefaults": {"manualEntry": "STAGED"}}})).ok().await;
        assert_eq!((&changed["displayName"], &changed["slug"]), (&json!("Acme Ltd"), &json!("acme")), "the name in addresses never changes");
        assert_eq!(changed["settings"]["passwordPolicy"]["disallowCommonlyUsedPasswords"], true, "settings merge in their depth");
        let made = t.post("/api/systemusers", json!({"username": "a", "email": "a@acme.example"})).ok().await;
        assert_eq!(made["state"], "STAGED");
        for (body, field) in [
            (json!({"displayName": ""}), "displayName"),
            (json!({"settings": {"passwordPolicy": {"minLength": 2}}}), "settings.passwordPolicy.minLength"),
            (json!({"settings": {"userPortal": {"idleSessionDurationMinutes": "x"}}}), "settings.userPortal.idleSessionDurationMinutes"),
            (json!({"settings": []}), "settings"),
        ] {
            assert_eq!(t.put(&path, body.clone()).fields().await, [field], "{body}");
        }
        t.get(&path).org(t.blue.id).expect(400).await;
        t.get(&format!("/api/organizations/{}", t.blue.id)).expect(404).await;
        t.put(&format!("/api/organizations/{}", t.blue.id), json!({})).expect(404).await;
    }

    async fn a_service_provider_makes_organizations(t) {
        let path = format!("/api/v2/providers/{}/organizations", t.provider);
        assert_eq!(t.get(&format!("/api/v2/providers/{}", t.provider)).ok().await["name"], "Provider");
        let made = t.post(&path, json!({"name": "Third"})).expect(201).await.body;
        assert_eq!((&made["name"], &made["slug"]), (&json!("Third"), &json!("third")));
        assert_eq!(each(&t.get(&format!("{path}?sort=name")).ok().await["results"], "name"), ["Acme", "Third"]);
        assert_eq!(t.post(&path, json!({"name": ""})).fields().await, ["name"]);
        t.post(&path, json!({"name": "x", "slug": "third"})).expect(409).await;
        // Several organizations now: the key says which.
        let refused = t.get("/api/systemusers").expect(401).await;
        assert!(refused.message().contains("x-org-id"), "{}", refused.message());
        let third = id(&made);
        assert_eq!(t.get("/api/v2/usergroups").org(&third).ok().await[0]["name"], "All Users");
        t.get("/api/systemusers").org("x").expect(400).await;
        t.get("/api/systemusers").org(t.blue.id).expect(404).await;
        t.get("/api/systemusers").org("5f3a1c2e9d8b7a6f5e4d3c2b").expect(404).await;
        t.get("/api/organizations").expect(200).await;
        t.ask("GET", &path).key(&t.blue.key).expect(404).await;
        t.get("/api/v2/providers/5f3a1c2e9d8b7a6f5e4d3c2b/organizations").expect(404).await;
    }

    async fn keys_are_rotated_with_overlap(t) {
        assert_eq!(t.get("/api/v2/keys").ok().await, json!([]), "made on first use");
        let first = t.post("/api/v2/keys/rotate", json!({"alg": "ES256"})).expect(201).await.body;
        assert_eq!((each(&first, "state"), each(&first, "alg")), (vec!["active"], vec!["ES256"]));
        let second = t.post("/api/v2/keys/rotate", json!({"alg": "ES256"})).ok().await;
        assert_eq!(each(&second, "state"), ["next", "active"]);
        t.clock.advance_s(2 * 3600);
        assert_eq!(each(&t.get("/api/v2/keys").ok().await, "state"), ["active", "retiring"]);
        assert_eq!(t.post("/api/v2/keys/rotate", json!({"alg": "HS256"})).fields().await, ["alg"]);
    }
}
