//! The portal's own routes: a person about themselves.

use serde_json::{Value, json};

use crate::harness::ask::{Ask, each, id};
use crate::harness::{PASSWORD, Test};

const NEW: &str = "Quiet-Meadow-42-copper";

/// Asks as this browser, in Acme.
fn me<'t>(t: &'t Test, cookie: &str, method: &str, path: &str) -> Ask<'t> {
    t.ask(method, path).header("cookie", cookie).org(t.acme.id)
}

both! {
    async fn a_person_sees_and_edits_their_profile(t) {
        let cookie = t.signed_in(&t.person("ana").await).await;
        let shown = me(t, &cookie, "GET", "/api/v2/me").ok().await;
        assert_eq!((&shown["user"]["username"], &shown["organization"]["slug"]), (&json!("ana"), &json!("acme")));
        assert_eq!((&shown["passwordAuthority"], &shown["canChangePassword"], &shown["canEditProfile"]), (&json!("None"), &json!(true), &json!(true)));
        // The portal's page begins with the name in its address.
        assert_eq!(t.ask("GET", "/api/v2/me?org=acme").header("cookie", &cookie).ok().await, shown);
        t.ask("GET", "/api/v2/me?org=blue").header("cookie", &cookie).expect(401).await;
        t.ask("GET", "/api/v2/me").header("cookie", &cookie).expect(401).await;
        t.ask("GET", "/api/v2/me").header("cookie", &cookie).org("x").expect(400).await;
        let edit = |body: Value| me(t, &cookie, "PUT", "/api/v2/me").json(body);
        let mut user = shown["user"].clone();
        user["firstname"] = json!("Ana");
        user["phoneNumbers"] = json!([{"type": "mobile", "number": "1"}]);
        assert_eq!(edit(user).ok().await["user"]["firstname"], "Ana");
        for (body, field) in [
            (json!({"email": "root@acme.example"}), "email"),
            (json!({"username": "root"}), "username"),
            (json!({"department": "Board"}), "department"),
            (json!({"attributes": [{"name": "role", "value": "admin"}]}), "attributes"),
            (json!({"restrictedFields": []}), "restrictedFields"),
            (json!({"state": "STAGED"}), "state"),
            (json!({"alternateEmail": "x"}), "alternateEmail"),
            (json!({"phoneNumbers": "1"}), "phoneNumbers"),
            (json!({"firstname": "x".repeat(2000)}), "firstname"),
        ] {
            assert_eq!(edit(body.clone()).fields().await, [field], "{body}");
        }
        let off = json!({"settings": {"systemUsersCanEdit": false}});
        t.put(&format!("/api/organizations/{}", t.acme.id), off).ok().await;
        edit(json!({"firstname": "B"})).expect(403).await;
    }

    async fn what_another_system_keeps_is_not_edited(t) {
        let ana = t.person("ana").await;
        let restricted = json!({"restrictedFields": [{"field": "firstname", "type": "scim"}]});
        t.put(&format!("/api/systemusers/{ana}"), restricted).ok().await;
        let cookie = t.signed_in(&ana).await;
        assert_eq!(me(t, &cookie, "PUT", "/api/v2/me").json(json!({"firstname": "A"})).fields().await, ["firstname"]);
    }

    async fn tiles_are_what_one_can_open(t) {
        let ana = t.person("ana").await;
        let cookie = t.signed_in(&ana).await;
        let bind = async |app: &str| {
            t.post(&format!("/api/v2/users/{ana}/associations"), json!({"op": "add", "type": "application", "id": app})).ok().await
        };
        let (wiki, _) = t.application("Wiki").await;
        let (_foreign, _) = t.application("Not mine").await;
        let (hidden, _) = t.application("Hidden").await;
        let half = id(&t.post("/api/applications", json!({"name": "oidc", "active": true})).ok().await);
        for app in [&wiki, &hidden, &half] {
            bind(app).await;
        }
        t.put(&format!("/api/applications/{hidden}"), json!({"name": "oidc", "active": true, "sso": {"hidden": true}})).ok().await;
        let tiles = me(t, &cookie, "GET", "/api/v2/me/applications").ok().await;
        assert_eq!((each(&tiles, "displayLabel"), each(&tiles, "url")), (vec!["Wiki"], vec!["https://app.example/"]));
        t.put(&format!("/api/applications/{wiki}"), json!({"name": "oidc"})).ok().await;
        assert_eq!(me(t, &cookie, "GET", "/api/v2/me/applications").ok().await, json!([]), "not active any more");
    }

    async fn sessions_are_ones_own(t) {
        let (ana, bo) = (t.person("ana").await, t.person("bo").await);
        let (one, two, other) = (t.signed_in(&ana).await, t.signed_in(&ana).await, t.signed_in(&bo).await);
        let sessions = me(t, &one, "GET", "/api/v2/me/sessions").ok().await;
        let list = sessions.as_array().unwrap();
        assert_eq!(list.iter().filter(|s| s["current"] == true).count(), 1);
        let second = id(list.iter().find(|s| s["current"] == false).unwrap());
        me(t, &other, "DELETE", &format!("/api/v2/me/sessions/{second}")).expect(404).await;
        me(t, &one, "DELETE", &format!("/api/v2/me/sessions/{second}")).expect(204).await;
        me(t, &two, "GET", "/api/v2/me").expect(401).await;
        me(t, &one, "DELETE", "/api/v2/me/session").expect(204).await;
        me(t, &one, "GET", "/api/v2/me").expect(401).await;
        me(t, &other, "GET", "/api/v2/me").expect(200).await;
    }

    async fn the_current_password_changes_it(t) {
        let ana = t.person("ana").await;
        let (here, there) = (t.signed_in(&ana).await, t.signed_in(&ana).await);
        let change = |current: &str, new: &str| {
            me(t, &here, "POST", "/api/v2/me/password").json(json!({"currentPassword": current, "newPassword": new}))
        };
        assert_eq!(change("wrong", NEW).fields().await, ["currentPassword"]);
        assert_eq!(change(PASSWORD, "short").fields().await, ["newPassword"]);
        change(PASSWORD, NEW).expect(204).await;
        me(t, &here, "GET", "/api/v2/me").expect(200).await;
        me(t, &there, "GET", "/api/v2/me").expect(401).await;
        assert_eq!(change(PASSWORD, PASSWORD).fields().await, ["currentPassword"], "the old one is gone");
        me(t, &here, "POST", "/api/v2/me/password").json(json!({})).expect(400).await;
    }

    async fn guessing_is_counted_like_a_sign_in(t) {
        let ana = t.person("ana").await;
        let cookie = t.signed_in(&ana).await;
        let change = |current: &str| {
            me(t, &cookie, "POST", "/api/v2/me/password").json(json!({"currentPassword": current, "newPassword": NEW}))
        };
        for _ in 0..8 {
            change("guess").expect(400).await;
        }
        assert_eq!(change(PASSWORD).fields().await, ["currentPassword"], "the right one does not come through either");
        assert_eq!(t.get(&format!("/api/systemusers/{ana}")).ok().await["passwordStatus"], "Locked");
        t.ask("POST", &format!("/api/systemusers/{ana}/unlock")).key(&t.acme.key).ok().await;
        change(PASSWORD).expect(204).await;
    }

    async fn a_password_that_is_not_ours_is_not_changed(t) {
        t.probe.reachable(true);
        let (ana, bo) = (t.person("ana").await, t.person("bo").await);
        let federated = json!({"restrictedFields": [{"field": "password", "type": "federated_identity_provider"}]});
        t.put(&format!("/api/systemusers/{ana}"), federated).ok().await;
        let idp = t.identity_provider("Okta").await;
        let policy = json!({"name": "p", "identityProviderId": idp, "users": [bo]});
        t.post("/api/v2/identity-provider/policies", policy).ok().await;
        for (user, authority) in [(&ana, "Federated Identity Provider"), (&bo, "None")] {
            let cookie = t.signed_in(user).await;
            let shown = me(t, &cookie, "GET", "/api/v2/me").ok().await;
            assert_eq!((&shown["passwordAuthority"], &shown["canChangePassword"]), (&json!(authority), &json!(false)));
            let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
            me(t, &cookie, "POST", "/api/v2/me/password").json(body).expect(403).await;
        }
    }

    async fn an_api_key_opens_no_portal(t) {
        t.get("/api/v2/me").org(t.acme.id).expect(401).await;
        let cookie = t.signed_in(&t.person("ana").await).await;
        me(t, &cookie, "GET", "/api/systemusers").expect(401).await;
        me(t, &cookie, "GET", "/api/v2/session").expect(401).await;
    }
}
