//! Dynamic registration (RFC 7591, RFC 7592). Class: dynamic registration escalation. A client says about itself what it
//! may, and gets nothing that an administrator gives.

use axum::body::Body;
use http::Request;
use muster_directory::application::{AccessTokens, GroupsClaim, Mapping, store, update};
use muster_directory::organization::settings::RegistrationMode::{Off, Open, Token};
use muster_directory::registration;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Org, Rp, Test};

async fn send(t: &Test, method: &str, address: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(address);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    t.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()).await
}

async fn register(t: &Test, org: &Org, token: Option<&str>, body: Value) -> Answer {
    send(t, "POST", &format!("/o/{}/oauth2/register", org.slug), token, Some(&body)).await
}

fn wiki() -> Value {
    json!({"client_name": "Wiki", "redirect_uris": [Rp::REDIRECT_URI]})
}

/// An initial access token.
async fn initial(t: &Test, org: &Org, uses: i64, ttl_s: i64) -> String {
    let token = t.d.env().secret();
    t.write(org, registration::create::Create { token: token.clone(), description: "CI".into(), uses, ttl_s }).await;
    token.expose().to_owned()
}

/// Where a client manages itself, as a path.
fn own_address(client: &Value) -> String {
    client["registration_client_uri"].as_str().unwrap().strip_prefix(crate::harness::BASE).unwrap().to_owned()
}

fn own_token(client: &Value) -> Option<&str> {
    client["registration_access_token"].as_str()
}

both! {
    async fn rfc7591_a_client_registers_itself_and_signs_people_in(t) {
        let ana = t.person(&t.acme, "ana").await;
        let readers = t.group(&t.acme, "Readers", &[&ana]).await;
        t.set_registration(&t.acme, Open, &[&readers]).await;
        let answer = register(t, &t.acme, None, wiki()).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (201, "no-store"));
        let client = answer.json();
        assert_eq!(client["client_name"], "Wiki");
        // The defaults of RFC 7591 section 2.
        assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
        assert_eq!((&client["grant_types"], &client["response_types"]), (&json!(["authorization_code"]), &json!(["code"])));
        assert_eq!((&client["client_secret_expires_at"], &client["client_id_issued_at"]), (&json!(0), &json!(t.clock.now().seconds())));
        let rp = Rp {
            id: client["client_id"].as_str().unwrap().parse().unwrap(),
            org: t.acme.clone(),
            secret: client["client_secret"].as_str().unwrap().to_owned(),
            method: muster_directory::application::ClientAuthentication::ClientSecretBasic,
        };
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        // A third party: where consent is spoken, it is asked for; the settings say so.
        let answer = browser.get(t, &rp.auth(&[("scope", "openid")])).await;
        assert!(matches!(answer.status.as_u16(), 200 | 303), "{answer:?}");
    }

    async fn who_may_register_is_the_organizations_to_say(t) {
        assert_eq!(register(t, &t.acme, None, wiki()).await.error(), (403, "access_denied".into()));
        t.set_registration(&t.acme, Token, &[]).await;
        assert_eq!(register(t, &t.acme, None, wiki()).await.error(), (401, "invalid_token".into()));
        assert_eq!(register(t, &t.acme, Some("wrong"), wiki()).await.error(), (401, "invalid_token".into()));
        let token = initial(t, &t.acme, 2, 3600).await;
        // A fault of the request uses nothing up.
        let fault = register(t, &t.acme, Some(&token), json!({"redirect_uris": ["http://x.example/cb"]})).await;
        assert_eq!(fault.error(), (400, "invalid_redirect_uri".into()));
        for status in [201, 201, 401] {
            assert_eq!(register(t, &t.acme, Some(&token), wiki()).await.status.as_u16(), status);
        }
        // Another organization's, one that has ended, one that was removed.
        t.set_registration(&t.blue, Token, &[]).await;
        let foreign = initial(t, &t.blue, 1, 3600).await;
        assert_eq!(register(t, &t.acme, Some(&foreign), wiki()).await.error(), (401, "invalid_token".into()));
        assert_eq!(register(t, &t.blue, Some(&foreign), wiki()).await.status, 201);
        let late = initial(t, &t.acme, 1, 60).await;
        t.later(60);
        assert_eq!(register(t, &t.acme, Some(&late), wiki()).await.error(), (401, "invalid_token".into()));
        let removed = initial(t, &t.acme, 1, 3600).await;
        let kept = registration::store::all(&mut t.d.read(), t.acme.id).await.unwrap();
        t.write(&t.acme, registration::delete::Delete { id: kept.last().unwrap().id }).await;
        assert_eq!(register(t, &t.acme, Some(&removed), wiki()).await.error(), (401, "invalid_token".into()));
        // In the open mode a token that is shown has to hold.
        t.set_registration(&t.acme, Open, &[]).await;
        assert_eq!(register(t, &t.acme, Some("wrong"), wiki()).await.error(), (401, "invalid_token".into()));
    }

    async fn rfc7591_3_2_2_errors(t) {
        t.set_registration(&t.acme, Open, &[]).await;
        for (body, code) in [
            (json!({}), "invalid_redirect_uri"),
            (json!({"redirect_uris": []}), "invalid_redirect_uri"),
            (json!({"redirect_uris": ["https://a.example/#x"]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": ["https://*.example/"]}), "invalid_redirect_uri"),
            (json!({"redirect_uris": "https://a.example/"}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "software_statement": "x.y.z"}), "unapproved_software_statement"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "response_types": ["token"]}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "grant_types": ["password"]}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"]}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "token_endpoint_auth_method": "private_key_jwt"}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "token_endpoint_auth_method": "client_secret_jwt"}), "invalid_client_metadata"),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "id_token_signed_response_alg": "none"}), "invalid_client_metadata"),
            (
                json!({
                    "redirect_uris": [Rp::REDIRECT_URI],
                    "subject_type": "pairwise",
                    "sector_identifier_uri": "https://127.0.0.1:9/sector",
                }),
                "invalid_client_metadata",
            ),
            (json!({"redirect_uris": [Rp::REDIRECT_URI], "client_name": {"x": 1}}), "invalid_client_metadata"),
        ] {
            assert_eq!(register(t, &t.acme, None, body.clone()).await.error(), (400, code.into()), "{body}");
        }
        let request = Request::post("/o/acme/oauth2/register").header("content-type", "application/json");
        let twice = r#"{"redirect_uris":["https://a.example/"],"redirect_uris":["https://b.example/"]}"#;
        assert_eq!(t.send(request.body(Body::from(twice)).unwrap()).await.error(), (400, "invalid_client_metadata".into()));
        assert_eq!(t.post("/o/acme/oauth2/register", &[("client_name", "x")], &[]).await.error(), (400, "invalid_client_metadata".into()));
    }

    async fn dynamic_registration_escalation_a_client_gives_itself_nothing(t) {
        t.set_registration(&t.acme, Open, &[]).await;
        let body = json!({
            "redirect_uris": [Rp::REDIRECT_URI],
            "grant_types": ["authorization_code", "client_credentials"],
            "scope": "admin reports.read",
            "dynamic_claims": [{"name": "email", "value": "username"}],
            "dynamicClaims": [{"name": "email", "value": "username"}],
            "constantClaims": [{"name": "role", "value": "admin"}],
            "groupsClaim": {"name": "groups"},
            "consent": "trusted",
            "introspect_all_tokens": true,
            "introspectAllTokens": true,
            "tokenExchangeClients": ["x"],
            "accessTokenTtlS": 86_400,
            "active": true,
            "client_id": "aaaaaaaaaaaaaaaaaaaaaaaa",
            "client_secret": "chosen",
        });
        let client = register(t, &t.acme, None, body).await.json();
        assert_ne!(client["client_id"], "aaaaaaaaaaaaaaaaaaaaaaaa");
        assert_ne!(client["client_secret"], "chosen");
        let id = client["client_id"].as_str().unwrap().parse().unwrap();
        let oidc = store::get(&mut t.d.read(), t.acme.id, id).await.unwrap().doc.oidc.unwrap();
        assert!(oidc.dynamic_claims.is_empty() && oidc.constant_claims.is_empty() && oidc.groups_claim.is_none());
        assert_eq!(oidc.access, AccessTokens::default());
        assert_eq!(oidc.access_token_ttl_s, 3600);
        assert!(store::bindings(&mut t.d.read(), t.acme.id, id).await.unwrap().is_empty());
        let rp = Rp {
            id,
            org: t.acme.clone(),
            secret: client["client_secret"].as_str().unwrap().to_owned(),
            method: oidc.token_endpoint_auth_method,
        };
        assert_eq!(rp.post(t, "/oauth2/token", &[("grant_type", "client_credentials")]).await.ok()["scope"], "");
        let admin = [("grant_type", "client_credentials"), ("scope", "admin")];
        assert_eq!(rp.post(t, "/oauth2/token", &admin).await.error(), (400, "invalid_scope".into()));
    }

    async fn rfc7592_a_client_reads_changes_and_removes_itself(t) {
        t.set_registration(&t.acme, Open, &[]).await;
        let client = register(t, &t.acme, None, wiki()).await.json();
        let (address, token) = (own_address(&client), own_token(&client));
        let read = send(t, "GET", &address, token, None).await.ok();
        assert_eq!((&read["client_id"], &read["client_name"]), (&client["client_id"], &json!("Wiki")));
        assert!(read.get("client_secret").is_none());
        let mut new = wiki();
        new["client_id"] = client["client_id"].clone();
        new["client_name"] = json!("Wiki 2");
        new["redirect_uris"] = json!(["https://new.example/cb"]);
        let changed = send(t, "PUT", &address, token, Some(&new)).await.ok();
        assert_eq!((&changed["client_name"], &changed["redirect_uris"]), (&json!("Wiki 2"), &json!(["https://new.example/cb"])));
        // What an administrator set beside it stays.
        let id = client["client_id"].as_str().unwrap().parse().unwrap();
        let mut oidc = store::get(&mut t.d.read(), t.acme.id, id).await.unwrap().doc.oidc.unwrap();
        oidc.constant_claims = vec![Mapping { name: "tier".into(), value: "gold".into() }];
        oidc.groups_claim = Some(GroupsClaim { name: "groups".into(), string_when_one: false });
        t.write(&t.acme, update::SetOidc { id, hidden: None, oidc: oidc.clone() }).await;
        send(t, "PUT", &address, token, Some(&new)).await.ok();
        let after = store::get(&mut t.d.read(), t.acme.id, id).await.unwrap().doc.oidc.unwrap();
        assert_eq!((after.constant_claims, after.groups_claim), (oidc.constant_claims, oidc.groups_claim));
        // Everything is checked anew, and a client does not choose what is ours.
        for (name, value, code) in [
            ("redirect_uris", json!(["http://x.example/"]), "invalid_redirect_uri"),
            ("client_id", json!("bbbbbbbbbbbbbbbbbbbbbbbb"), "invalid_client_metadata"),
            ("client_id", Value::Null, "invalid_client_metadata"),
            ("client_secret", json!("chosen"), "invalid_client_metadata"),
            ("registration_access_token", json!("chosen"), "invalid_client_metadata"),
            ("software_statement", json!("x"), "unapproved_software_statement"),
        ] {
            let mut wrong = new.clone();
            wrong[name] = value;
            assert_eq!(send(t, "PUT", &address, token, Some(&wrong)).await.error(), (400, code.into()), "{name}");
        }
        assert_eq!(send(t, "DELETE", &address, token, None).await.status, 204);
        assert_eq!(send(t, "GET", &address, token, None).await.error(), (401, "invalid_token".into()));
        assert!(store::by_id(&mut t.d.read(), t.acme.id, id).await.unwrap().is_none());
    }

    async fn rfc7592_nobody_manages_another_client(t) {
        t.set_registration(&t.acme, Open, &[]).await;
        t.set_registration(&t.blue, Open, &[]).await;
        let mine = register(t, &t.acme, None, wiki()).await.json();
        let other = register(t, &t.acme, None, wiki()).await.json();
        let foreign = register(t, &t.blue, None, wiki()).await.json();
        let address = own_address(&mine);
        let secret = mine["client_secret"].as_str();
        for token in [None, Some("wrong"), own_token(&other), own_token(&foreign), secret] {
            for method in ["GET", "PUT", "DELETE"] {
                let body = (method == "PUT").then(wiki);
                let answer = send(t, method, &address, token, body.as_ref()).await;
                assert_eq!(answer.error(), (401, "invalid_token".into()), "{method} {token:?}");
            }
        }
        let elsewhere = address.replace("/o/acme/", "/o/blue/");
        assert_eq!(send(t, "GET", &elsewhere, own_token(&mine), None).await.error(), (401, "invalid_token".into()));
        assert_eq!(send(t, "GET", &address, own_token(&mine), None).await.status, 200);
        // An application that an administrator made has no such token at all.
        let made = t.app(&t.acme, crate::harness::oidc()).await;
        let address = format!("/o/acme/oauth2/register/{}", made.id);
        assert_eq!(send(t, "GET", &address, own_token(&mine), None).await.error(), (401, "invalid_token".into()));
        // Off is off for all of it.
        t.set_registration(&t.acme, Off, &[]).await;
        assert_eq!(send(t, "GET", &own_address(&mine), own_token(&mine), None).await.status, 403);
    }
}
