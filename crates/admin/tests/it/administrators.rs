//! Administrators, their session and their API key.

use serde_json::json;

use crate::harness::ask::{each, id};

both! {
    async fn an_administrator_is_made_and_removed(t) {
        let body = json!({"email": "eve@acme.example", "firstname": "Eve", "roleName": "Administrator", "enableMultiFactor": true});
        let made = t.post("/api/users", body).expect(200).await.body;
        assert!(made["activationLink"].as_str().unwrap().starts_with("https://id.example.test/activate/admin?token="));
        let path = format!("/api/users/{}", id(&made));
        let shown = t.get(&path).ok().await;
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown, "an answer can be sent back");
        assert_eq!(each(&t.get("/api/users?sort=email").ok().await["results"], "email"), ["eve@acme.example", "root@acme.example"]);
        assert_eq!(t.put(&path, json!({"lastname": "Ex", "suspended": true})).ok().await["suspended"], true);
        t.post("/api/users", json!({"email": "EVE@acme.example"})).expect(409).await;
        for (body, field) in [
            (json!({}), "email"),
            (json!({"email": "x"}), "email"),
            (json!({"email": "x@y.example", "roleName": "Owner"}), "roleName"),
        ] {
            assert_eq!(t.post("/api/users", body).fields().await, [field]);
        }
        assert_eq!(t.put(&path, json!({"email": "other@acme.example"})).fields().await, ["email"]);
        t.delete(&path).expect(200).await;
        t.get(&path).expect(404).await;
        t.delete(&format!("/api/users/{}", t.acme.admin)).expect(409).await;
        t.put(&format!("/api/users/{}", t.acme.admin), json!({"suspended": true})).expect(403).await;
        t.get(&format!("/api/users/{}", t.blue.admin)).expect(404).await;
        t.put(&format!("/api/users/{}", t.blue.admin), json!({"suspended": true})).expect(404).await;
        t.delete(&format!("/api/users/{}", t.blue.admin)).expect(404).await;
    }

    async fn who_works_elsewhere_too_is_not_changed_from_here(t) {
        let body = json!({"email": "eve@blue.example"});
        let eve = id(&t.ask("POST", "/api/users").key(&t.blue.key).json(body).ok().await);
        let grant = muster_directory::administrator::grant::Grant::to(eve.parse().unwrap());
        t.d.write(muster_directory::Actor::command_line(), t.acme.id, grant).await.unwrap();
        t.put(&format!("/api/users/{eve}"), json!({"suspended": true})).expect(403).await;
        t.delete(&format!("/api/users/{eve}")).expect(200).await;
        t.ask("GET", &format!("/api/users/{eve}")).key(&t.blue.key).expect(200).await;
    }

    async fn the_session_tells_who_asks_and_ends(t) {
        let cookie = t.signed_in_admin(t.acme.admin).await;
        let ask = |method: &str, path: &str| t.ask(method, path).header("cookie", &cookie);
        let session = ask("GET", "/api/v2/session").ok().await;
        assert_eq!(session["admin"]["email"], "root@acme.example");
        assert_eq!((each(&session["organizations"], "slug"), &session["mailConfigured"]), (vec!["acme"], &json!(false)));
        assert_eq!((&session["admin"]["provider"], &session["publicUrl"]), (&json!(t.provider), &json!("https://id.example.test")));
        ask("GET", "/api/systemusers").org(t.acme.id).expect(200).await;
        ask("GET", "/api/systemusers").org(t.blue.id).expect(404).await;
        ask("DELETE", "/api/v2/session").expect(204).await;
        ask("GET", "/api/v2/session").expect(401).await;
        t.ask("GET", "/api/v2/session").expect(401).await;
    }

    async fn a_new_key_replaces_the_old_one(t) {
        let made = t.ask("POST", "/api/v2/administrators/me/apikey").key(&t.acme.key).expect(201).await.body;
        let key = made["apiKey"].as_str().unwrap();
        assert!(key.starts_with("jca_") && key.starts_with(made["prefix"].as_str().unwrap()));
        t.get("/api/v2/session").expect(401).await;
        let ask = |method: &str, path: &str| t.ask(method, path).key(key);
        assert_eq!(ask("GET", "/api/v2/session").ok().await["admin"]["apiKeySet"], true);
        ask("DELETE", "/api/v2/administrators/me/apikey").expect(204).await;
        ask("GET", "/api/v2/session").expect(401).await;
        let cookie = t.signed_in_admin(t.acme.admin).await;
        t.ask("DELETE", "/api/v2/administrators/me/apikey").header("cookie", cookie).expect(404).await;
        for wrong in ["", "jca_x", "é"] {
            t.ask("GET", "/api/v2/session").key(wrong).expect(401).await;
        }
    }
}
