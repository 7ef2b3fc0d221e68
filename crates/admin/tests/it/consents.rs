//! What people allowed applications of others: their own in the portal, and an administrator's view of it.

use serde_json::json;

use crate::harness::Test;
use crate::harness::ask::{Ask, id};

fn me<'t>(t: &'t Test, cookie: &str, method: &str, path: &str) -> Ask<'t> {
    t.ask(method, path).header("cookie", cookie).org(t.acme.id)
}

both! {
    async fn a_person_lists_their_own_and_takes_them_back(t) {
        let (ana, bo) = (t.person("ana").await, t.person("bo").await);
        let (wiki, _) = t.application("Wiki").await;
        let (shop, _) = t.application("Shop").await;
        let (here, other) = (t.signed_in(&ana).await, t.signed_in(&bo).await);
        assert_eq!(me(t, &here, "GET", "/api/v2/me/consents").ok().await, json!([]));
        t.allow(&ana, &wiki, &["openid"]).await;
        t.allow(&ana, &shop, &["openid"]).await;
        t.allow(&ana, &wiki, &["email"]).await;
        t.allow(&bo, &wiki, &["openid"]).await;
        let own = me(t, &here, "GET", "/api/v2/me/consents").ok().await;
        let labels: Vec<_> = own.as_array().unwrap().iter().map(|c| c["application"]["displayLabel"].clone()).collect();
        assert_eq!((labels, &own[0]["scopes"]), (vec![json!("Wiki"), json!("Shop")], &json!(["email", "openid"])));
        let first = format!("/api/v2/me/consents/{}", id(&own[0]));
        // Somebody else's is as unknown as one that never was.
        let stranger = me(t, &other, "DELETE", &first).expect(404).await;
        let unknown = me(t, &other, "DELETE", "/api/v2/me/consents/000000000000000000000000").expect(404).await;
        assert_eq!(stranger.body, unknown.body);
        me(t, &here, "DELETE", &first).expect(204).await;
        me(t, &here, "DELETE", &first).expect(404).await;
        assert_eq!(me(t, &here, "GET", "/api/v2/me/consents").ok().await.as_array().unwrap().len(), 1);
        t.ask("GET", "/api/v2/me/consents").org(t.acme.id).expect(401).await;
    }

    async fn an_administrator_sees_and_ends_them(t) {
        let ana = t.person("ana").await;
        let (wiki, _) = t.application("Wiki").await;
        t.allow(&ana, &wiki, &["openid"]).await;
        let path = format!("/api/v2/users/{ana}/consents");
        let listed = t.get(&path).ok().await;
        assert_eq!(listed[0]["application"]["id"], json!(wiki));
        let one = format!("{path}/{}", id(&listed[0]));
        // Tenant isolation: another organization's administrator.
        t.ask("GET", &path).key(&t.blue.key).expect(404).await;
        t.ask("DELETE", &one).key(&t.blue.key).expect(404).await;
        let bo = t.person("bo").await;
        t.delete(&format!("/api/v2/users/{bo}/consents/{}", id(&listed[0]))).expect(404).await;
        t.delete(&one).expect(204).await;
        assert_eq!(t.get(&path).ok().await, json!([]));
    }

    async fn they_go_with_the_person_and_the_application(t) {
        let (ana, bo) = (t.person("ana").await, t.person("bo").await);
        let (wiki, _) = t.application("Wiki").await;
        t.allow(&ana, &wiki, &["openid"]).await;
        t.allow(&bo, &wiki, &["openid"]).await;
        t.delete(&format!("/api/systemusers/{bo}")).expect(200).await;
        t.delete(&format!("/api/applications/{wiki}")).expect(200).await;
        assert_eq!(t.get(&format!("/api/v2/users/{ana}/consents")).ok().await, json!([]));
    }

    async fn a_tile_begins_the_sign_in_at_the_application(t) {
        let ana = t.person("ana").await;
        let cookie = t.signed_in(&ana).await;
        let (wiki, _) = t.application("Wiki").await;
        let bind = json!({"op": "add", "type": "application", "id": wiki});
        t.post(&format!("/api/v2/users/{ana}/associations"), bind).ok().await;
        let sso = |more: serde_json::Value| {
            let mut oidc = json!({"redirectUris": ["https://app.example/cb"], "initiateLoginUri": "https://app.example/start?x=1"});
            oidc.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            t.put(&format!("/api/v2/applications/{wiki}/sso"), json!({"type": "oidc", "oidc": oidc}))
        };
        let url = async || {
            let tiles = me(t, &cookie, "GET", "/api/v2/me/applications").ok().await;
            tiles[0]["url"].as_str().unwrap().to_owned()
        };
        sso(json!({})).ok().await;
        let expected = "https://app.example/start?x=1&iss=https%3A%2F%2Fid.example%2Fo%2Facme&login_hint=ana%40acme.example";
        assert_eq!(url().await.replace("id.example.test", "id.example"), expected);
        // The e-mail by which the application knows the person, and where to go.
        let mapped = json!({"relyingPartyUrl": "https://app.example/home?a=b", "dynamicClaims": [{"name": "email", "value": "username"}]});
        sso(mapped).ok().await;
        assert!(url().await.ends_with("&login_hint=ana&target_link_uri=https%3A%2F%2Fapp.example%2Fhome%3Fa%3Db"));
        assert_eq!(sso(json!({"initiateLoginUri": "javascript:alert(1)"})).fields().await, ["oidc.initiateLoginUri"]);
    }

    async fn what_requests_must_be_like_is_a_setting(t) {
        let (wiki, made) = t.application("Wiki").await;
        let shown = &made["oidc"];
        assert_eq!((&shown["requirePkce"], &shown["consent"]), (&json!(true), &json!("trusted")));
        let path = format!("/api/v2/applications/{wiki}/sso");
        let own = json!({"redirectUris": ["https://app.example/cb"], "requirePkce": false, "requirePushedAuthorizationRequests": true,
            "requireSignedRequestObject": true, "requestObjectSigningAlg": "ES256", "authorizationSignedResponseAlg": "EdDSA",
            "defaultMaxAge": 60, "requireAuthTime": true, "defaultAcrValues": ["urn:a"], "resources": ["https://api.example/"],
            "consent": "required"});
        t.put(&path, json!({"type": "oidc", "oidc": own})).ok().await;
        let kept = t.get(&path).ok().await["oidc"].clone();
        for (name, value) in own.as_object().unwrap() {
            assert_eq!(&kept[name], value, "{name}");
        }
        for (name, value) in [("requestObjectSigningAlg", json!("none")), ("resources", json!(["api"])), ("defaultAcrValues", json!([""]))] {
            let wrong = json!({"type": "oidc", "oidc": {"redirectUris": ["https://app.example/cb"], name: value}});
            assert!(t.put(&path, wrong).fields().await[0].starts_with(&format!("oidc.{name}")), "{name}");
        }
        t.put(&path, json!({"type": "oidc", "oidc": {"redirectUris": ["https://app.example/cb"], "consent": "maybe"}})).expect(400).await;
    }
}
