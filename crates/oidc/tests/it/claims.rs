//! The application's attribute mapping, in the ID token and at userinfo.

use muster_directory::application::{GroupsClaim, Mapping, Oidc};
use serde_json::{Map, Value, json};

use crate::harness::{Browser, Rp, Test, oidc};

fn map(pairs: &[(&str, &str)]) -> Vec<Mapping> {
    pairs.iter().map(|(name, value)| Mapping { name: (*name).into(), value: (*value).into() }).collect()
}

async fn claims(t: &Test, rp: &Rp, browser: &Browser, scope: &str) -> Map<String, Value> {
    let tokens = rp.tokens(t, browser, &[("scope", scope)]).await;
    let id_token = rp.open(t, &tokens["id_token"]).await.claims;
    let userinfo = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
    for (name, value) in userinfo.as_object().unwrap() {
        assert_eq!(id_token.get(name), Some(value), "userinfo and ID token differ in {name}");
    }
    id_token
}

both! {
    async fn fixed_and_custom_attributes_and_constants(t) {
        let profile = json!({
            "firstname": "Ana", "department": "Ops", "manager": "",
            "attributes": [{"name": "SecondaryEmail", "value": "ana@blue.test"}, {"name": "manager", "value": "forged"},
                           {"name": "jobTitle", "value": "forged"}],
        });
        let ana = t.person_with(&t.acme, "ana", profile).await;
        let dynamic_claims = map(&[
            ("email", "SecondaryEmail"),
            ("alias", "attributes.SecondaryEmail"),
            ("dept", "department"),
            ("boss", "manager"),
            ("title", "jobTitle"),
            ("nothing", "NoSuchAttribute"),
            ("name", "username"),
            ("uid", "id"),
        ]);
        let constant_claims = map(&[("role", "reader")]);
        let rp = t.app_for(&t.acme, &ana, Oidc { dynamic_claims, constant_claims, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for scope in ["openid", "openid email profile"] {
            let claims = claims(t, &rp, &browser, scope).await;
            for (name, value) in [
                ("email", Some("ana@blue.test")),
                ("alias", Some("ana@blue.test")),
                ("dept", Some("Ops")),
                ("role", Some("reader")),
                ("name", Some("ana")),
                ("uid", Some(ana.id.text().as_str())),
                // A custom attribute does not speak for an empty fixed field.
                ("boss", None),
                ("title", None),
                ("nothing", None),
            ] {
                assert_eq!(claims.get(name).and_then(Value::as_str), value, "{name} with {scope}");
            }
            // Who maps an attribute does not vouch for the address.
            assert!(!claims.contains_key("email_verified"));
            assert_eq!(claims.contains_key("given_name"), scope.contains("profile"));
        }
    }

    async fn scopes_give_the_standard_claims(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let own: [(&str, &[&str]); 2] = [
            ("openid email", &["email", "email_verified"]),
            ("openid profile", &["name", "given_name", "family_name", "preferred_username"]),
        ];
        for (scope, names) in own {
            let claims = claims(t, &rp, &browser, scope).await;
            for (_, all) in own {
                for name in all {
                    assert_eq!(claims.contains_key(*name), names.contains(name), "{name} with {scope}");
                }
            }
        }
    }

    async fn groups_are_those_of_the_application(t) {
        let ana = t.person(&t.acme, "ana").await;
        let groups = |string_when_one| Some(GroupsClaim { name: "memberOf".into(), string_when_one });
        let rp = t.app(&t.acme, Oidc { groups_claim: groups(false), ..oidc() }).await;
        let readers = t.group(&t.acme, "Readers", &[&ana]).await;
        t.group(&t.acme, "Elsewhere", &[&ana]).await;
        t.bind(&t.acme, &rp, &readers).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        assert_eq!(claims(t, &rp, &browser, "openid").await["memberOf"], json!(["Readers"]));
        t.set_oidc(&rp, Oidc { groups_claim: groups(true), ..oidc() }).await;
        assert_eq!(claims(t, &rp, &browser, "openid").await["memberOf"], json!("Readers"));
        let writers = t.group(&t.acme, "Writers", &[&ana]).await;
        t.bind(&t.acme, &rp, &writers).await;
        assert_eq!(claims(t, &rp, &browser, "openid").await["memberOf"], json!(["Readers", "Writers"]));
    }
}
