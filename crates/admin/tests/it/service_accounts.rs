//! Service accounts by API, and what their tokens open here; and the tokens with which clients register themselves.

use muster_base::Secret;
use muster_directory::service_account::token;
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{each, id};

/// A new service account of Acme: as it was answered, and a token.
pub async fn account(t: &Test, name: &str, role: &str) -> (Value, String) {
    let made = t.post("/api/v2/service-accounts", json!({"name": name, "roleName": role})).expect(201).await.body;
    let token = bearer(t, &made).await.unwrap();
    (made, token)
}

/// What `/oauth2/token` does.
async fn bearer(t: &Test, made: &Value) -> Option<String> {
    let secret = Secret::new(made["authConfigs"][0]["clientSecret"].as_str().unwrap());
    let token = token::issue(&t.d, made["clientId"].as_str().unwrap(), &secret).await.unwrap();
    token.map(|token| format!("Bearer {}", token.expose()))
}

both! {
    async fn an_account_is_made_changed_and_removed(t) {
        let (made, _) = account(t, "Terraform", "Administrator").await;
        assert_eq!(made["clientId"], format!("sa_{}", made["id"].as_str().unwrap()));
        let config = &made["authConfigs"][0];
        assert_eq!(config["authType"], "CLIENT_SECRET");
        assert_eq!(config["clientSecret"].as_str().unwrap().len(), 43);
        let path = format!("/api/v2/service-accounts/{}", made["id"].as_str().unwrap());
        // The secret is shown once.
        let shown = t.get(&path).ok().await;
        assert_eq!((&shown["name"], &shown["roleName"]), (&json!("Terraform"), &json!("Administrator")));
        assert!(shown["authConfigs"][0].get("clientSecret").is_none());
        let list = t.get("/api/v2/service-accounts").ok().await;
        assert_eq!((&list["totalCount"], each(&list["results"], "name")), (&json!(1), vec!["Terraform"]));
        let changed = t.put(&path, json!({"roleName": "Read Only", "name": "Reports"})).ok().await;
        assert_eq!((&changed["name"], &changed["roleName"]), (&json!("Reports"), &json!("Read Only")));
        t.post("/api/v2/service-accounts", json!({"name": "Reports", "roleName": "Read Only"})).expect(409).await;
        for (body, field) in [
            (json!({"roleName": "Administrator"}), "name"),
            (json!({"name": "x"}), "roleName"),
            (json!({"name": "x", "roleName": "Owner"}), "roleName"),
            (json!({"name": " ", "roleName": "Administrator"}), "name"),
            (json!({"name": "x", "roleName": "Administrator", "lifetime": "400 Days"}), "lifetime"),
            (json!({"name": "x", "roleName": "Administrator", "lifetime": "soon"}), "lifetime"),
        ] {
            assert_eq!(t.post("/api/v2/service-accounts", body).fields().await, [field]);
        }
        let second = t.post(&format!("{path}/auth-config"), json!({"lifetime": "30 Days"})).expect(201).await.body;
        t.post(&format!("{path}/auth-config"), json!({})).expect(409).await;
        t.delete(&format!("{path}/auth-config/{}", second["id"].as_str().unwrap())).expect(204).await;
        t.delete(&format!("{path}/auth-config/{}", second["id"].as_str().unwrap())).expect(404).await;
        // Another organization's is unknown.
        t.ask("GET", &path).key(&t.blue.key).expect(404).await;
        t.ask("PUT", &path).key(&t.blue.key).json(json!({"disabled": true})).expect(404).await;
        t.ask("DELETE", &path).key(&t.blue.key).expect(404).await;
        t.delete(&path).expect(204).await;
        t.get(&path).expect(404).await;
        assert_eq!(bearer(t, &made).await, None);
        assert_eq!(t.get("/api/v2/roles").ok().await["totalCount"], 2);
    }

    async fn a_token_opens_what_its_role_allows(t) {
        let (_, writer) = account(t, "Writer", "Administrator").await;
        let (_, reader) = account(t, "Reader", "Read Only").await;
        let group = |name: &str| json!({"name": name});
        let made = t.ask("POST", "/api/v2/usergroups").header("authorization", &*writer).json(group("By program"));
        let made = made.expect(201).await.body;
        let path = format!("/api/v2/usergroups/{}", id(&made));
        t.ask("GET", &path).header("authorization", &*reader).expect(200).await;
        for (method, path) in [("POST", "/api/v2/usergroups"), ("PUT", path.as_str()), ("DELETE", path.as_str())] {
            let asked = t.ask(method, path).header("authorization", &*reader).json(group("x"));
            let answer = asked.expect(403).await;
            assert!(answer.message().contains("Read Only"), "{}", answer.message());
        }
        t.ask("DELETE", &path).header("authorization", &*writer).expect(200).await;
        // The log says who it was.
        let log = muster_directory::change::store::after(&mut t.d.read(), t.acme.id, 0, 1000).await.unwrap();
        let by = log.iter().find(|entry| entry.kind == "group_delete").unwrap();
        assert_eq!(by.actor_kind, "service_account");
    }

    async fn what_gives_rights_is_for_people(t) {
        let (made, token) = account(t, "Robot", "Administrator").await;
        let own = format!("/api/v2/service-accounts/{}", made["id"].as_str().unwrap());
        let admin = format!("/api/users/{}", t.acme.admin);
        for (method, path, body) in [
            ("GET", "/api/organizations", Value::Null),
            ("POST", "/api/v2/administrators/me/apikey", Value::Null),
            ("DELETE", "/api/v2/administrators/me/apikey", Value::Null),
            ("POST", "/api/users", json!({"email": "eve@acme.example"})),
            ("PUT", &admin, json!({"suspended": true})),
            ("DELETE", &admin, Value::Null),
            ("POST", "/api/v2/service-accounts", json!({"name": "Another", "roleName": "Administrator"})),
            ("PUT", &own, json!({"roleName": "Administrator"})),
            ("DELETE", &own, Value::Null),
            ("POST", &format!("{own}/auth-config"), json!({})),
        ] {
            let mut asked = t.ask(method, path).header("authorization", &*token);
            if !body.is_null() {
                asked = asked.json(body);
            }
            let answer = asked.expect(403).await;
            assert_eq!(answer.message(), "service accounts are not allowed to access this endpoint", "{method} {path}");
        }
    }

    async fn tenant_isolation_a_token_is_of_its_organization(t) {
        let (made, token) = account(t, "Robot", "Administrator").await;
        let ask = |token: &str| t.ask("GET", "/api/v2/usergroups").header("authorization", token);
        ask(&token).expect(200).await;
        ask(&token).org(t.acme.id).expect(200).await;
        ask(&token).org(t.blue.id).expect(404).await;
        ask(&token).org("x").expect(404).await;
        // With a key beside it, in another scheme, cut short, after its time: nobody.
        ask(&token).key(&t.acme.key).expect(401).await;
        let bare = token.strip_prefix("Bearer ").unwrap();
        for wrong in [bare.to_owned(), format!("Basic {bare}"), token[..token.len() - 1].to_owned(), "Bearer".into(), format!("Bearer {}", t.acme.key)] {
            ask(&wrong).expect(401).await;
        }
        t.put(&format!("/api/v2/service-accounts/{}", made["id"].as_str().unwrap()), json!({"disabled": true})).ok().await;
        ask(&token).expect(401).await;
        t.put(&format!("/api/v2/service-accounts/{}", made["id"].as_str().unwrap()), json!({"disabled": false})).ok().await;
        ask(&token).expect(200).await;
        assert!(t.clock.advance_s(3600));
        ask(&token).expect(401).await;
    }

    async fn registration_tokens_are_shown_once(t) {
        let body = json!({"description": "CI", "uses": 3, "expiresIn": 3600});
        let made = t.post("/api/v2/registration-tokens", body).expect(201).await.body;
        assert_eq!(made["token"].as_str().unwrap().len(), 43);
        let list = t.get("/api/v2/registration-tokens").ok().await;
        assert_eq!((each(&list, "description"), &list[0]["usesLeft"]), (vec!["CI"], &json!(3)));
        assert!(list[0].get("token").is_none());
        assert_eq!(t.ask("GET", "/api/v2/registration-tokens").key(&t.blue.key).ok().await, json!([]));
        for (body, field) in [(json!({"uses": 0}), "uses"), (json!({"expiresIn": 1}), "expiresIn")] {
            assert_eq!(t.post("/api/v2/registration-tokens", body).fields().await, [field]);
        }
        let path = format!("/api/v2/registration-tokens/{}", made["id"].as_str().unwrap());
        t.ask("DELETE", &path).key(&t.blue.key).expect(404).await;
        t.delete(&path).expect(204).await;
        t.delete(&path).expect(404).await;
    }
}
