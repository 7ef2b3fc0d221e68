//! The `claims` parameter, authentication classes, `max_age` (OpenID Connect Core 5.5 and 3.1.2.1).

use muster_base::Secret;
use muster_directory::application::{Mapping, Oidc, Requests};
use muster_directory::flow;
use muster_directory::session::{Method, store};
use serde_json::{Value, json};

use crate::harness::{Browser, Rp, Test, oidc, query_of};

const FEDERATED: &str = "urn:muster:acr:federated";
const PASSWORD: &str = "urn:muster:acr:password";

async fn start(t: &Test, oidc: Oidc) -> (muster_directory::user::User, Rp, Browser) {
    let profile = json!({"firstname": "Ana", "lastname": "Example", "department": "Ops"});
    let ana = t.person_with(&t.acme, "ana", profile).await;
    let rp = t.app_for(&t.acme, &ana, oidc).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (ana, rp, browser)
}

/// The claims of the ID token and of userinfo.
async fn both_places(t: &Test, rp: &Rp, browser: &Browser, claims: &Value) -> (Value, Value) {
    let tokens = rp.tokens(t, browser, &[("scope", "openid"), ("claims", &claims.to_string())]).await;
    let userinfo = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
    (Value::Object(rp.open(t, &tokens["id_token"]).await.claims), userinfo)
}

fn resume_of(login: &str) -> String {
    format!("/o/acme/oauth2/auth/resume?flow={}", query_of(login)["flow"])
}

both! {
    async fn claims_are_given_where_they_are_asked_for(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let (id_token, userinfo) = both_places(t, &rp, &browser, &json!({
            "id_token": {"email": null, "email_verified": {"essential": true}},
            "userinfo": {"given_name": {"essential": true}, "name": {"value": "Somebody Else"}, "phone_number": {"essential": true}},
        })).await;
        assert_eq!((&id_token["email"], &id_token["email_verified"]), (&json!("ana@example.test"), &json!(true)));
        assert_eq!(userinfo["given_name"], "Ana");
        for (place, name) in [(&id_token, "given_name"), (&userinfo, "email"), (&userinfo, "name"), (&userinfo, "phone_number"), (&id_token, "name")] {
            assert!(place.get(name).is_none(), "{name}: {place}");
        }
        // Refreshed tokens keep to it, and ask for nothing anew.
        let asked = json!({"id_token": {"email": null}}).to_string();
        let tokens = rp.tokens(t, &browser, &[("scope", "openid offline_access"), ("claims", &asked)]).await;
        let again = rp.refresh(t, tokens["refresh_token"].as_str().unwrap()).await.ok();
        assert_eq!(rp.open(t, &again["id_token"]).await.claims["email"], "ana@example.test");
    }

    async fn groups_may_be_asked_for_by_themselves(t) {
        let (ana, rp, browser) = start(t, oidc()).await;
        let readers = t.group(&t.acme, "Readers", &[&ana]).await;
        t.bind(&t.acme, &rp, &readers).await;
        let (id_token, userinfo) = both_places(t, &rp, &browser, &json!({"userinfo": {"groups": null}})).await;
        assert!(userinfo["groups"].as_array().unwrap().contains(&json!("Readers")), "{userinfo}");
        assert!(id_token.get("groups").is_none());
    }

    async fn nobody_asks_for_more_than_the_application_may_learn(t) {
        let dynamic_claims = vec![Mapping { name: "email".into(), value: "attributes.alias".into() }];
        let (_, rp, browser) = start(t, Oidc { dynamic_claims, ..oidc() }).await;
        let names = ["email", "email_verified", "department", "password_hash", "iss", "aud", "nonce", "sid", "exp"];
        let wanted: Value = names.iter().map(|name| ((*name).to_owned(), json!({"essential": true}))).collect::<serde_json::Map<_, _>>().into();
        let (id_token, userinfo) = both_places(t, &rp, &browser, &json!({"id_token": wanted, "userinfo": wanted})).await;
        for name in ["email", "email_verified", "department", "password_hash"] {
            assert!(id_token.get(name).is_none() && userinfo.get(name).is_none(), "{name}");
        }
        // What the provider itself says is not written by a request.
        assert_eq!((&id_token["iss"], &id_token["aud"]), (&json!(rp.issuer()), &json!(rp.id)));
        assert!(userinfo.get("iss").is_none() && userinfo.get("aud").is_none());
    }

    async fn the_claim_sub_names_who_must_sign_in(t) {
        let (ana, rp, browser) = start(t, oidc()).await;
        let bo = t.person(&t.acme, "bo").await;
        let group = t.group(&t.acme, "More", &[&bo]).await;
        t.bind(&t.acme, &rp, &group).await;
        let wanted = |user: &str| json!({"id_token": {"sub": {"value": user}}}).to_string();
        rp.code(t, &browser, &[("claims", &wanted(&ana.id.text()))]).await;
        for other in [bo.id.text(), "nobody".into(), "x' OR 1=1".into()] {
            let silent = [("prompt", "none"), ("claims", &wanted(&other))];
            let params = browser.get(t, &rp.auth(&silent)).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "login_required", "{other}");
        }
        let login = browser.get(t, &rp.auth(&[("claims", &wanted(&bo.id.text()))])).await.location().to_owned();
        // Ana signs in again instead.
        browser.sign_in(t, &t.acme, &ana).await;
        let params = browser.get(t, &resume_of(&login)).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["error"], "login_required");
        let login = browser.get(t, &rp.auth(&[("claims", &wanted(&bo.id.text()))])).await.location().to_owned();
        browser.sign_in(t, &t.acme, &bo).await;
        browser.get(t, &resume_of(&login)).await.redirected_to(Rp::REDIRECT_URI).remove("code").unwrap();
    }

    async fn acr_says_what_really_happened(t) {
        let (ana, rp, browser) = start(t, oidc()).await;
        // Wishes change nothing about it, and stop nobody.
        for wish in [vec![], vec![("acr_values", FEDERATED)], vec![("acr_values", "urn:other 1")]] {
            let tokens = rp.tokens(t, &browser, &wish).await;
            let claims = rp.open(t, &tokens["id_token"]).await.claims;
            assert_eq!((&claims["acr"], &claims["amr"]), (&json!(PASSWORD), &json!(["pwd"])), "{wish:?}");
            assert_eq!(rp.open(t, &tokens["access_token"]).await.claims["acr"], PASSWORD);
        }
        let federated = Browser::new();
        federated.sign_in_by(t, &t.acme, &ana, Method::Federated).await;
        let tokens = rp.tokens(t, &federated, &[("acr_values", PASSWORD)]).await;
        let claims = rp.open(t, &tokens["id_token"]).await.claims;
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!(FEDERATED), &json!(["fed"])));
    }

    async fn the_classes_wished_for_wait_for_a_provider_to_hear_them(t) {
        let defaults = Requests { default_acr_values: vec!["urn:default".into()], ..Requests::default() };
        let rp = t.app(&t.acme, Oidc { requests: defaults, ..oidc() }).await;
        let claims = json!({"id_token": {"acr": {"essential": true, "values": ["urn:a", "urn:b"]}}}).to_string();
        for (extra, wished) in [
            (vec![], "urn:default"),
            (vec![("acr_values", "urn:c urn:d")], "urn:c urn:d"),
            (vec![("acr_values", "urn:c"), ("claims", claims.as_str())], "urn:a urn:b"),
        ] {
            let browser = Browser::new();
            let answer = browser.get(t, &rp.auth(&extra)).await;
            let id = query_of(answer.location())["flow"].parse().unwrap();
            let (mut read, now) = (t.d.read(), t.clock.now());
            let row = store::browser(&mut read, &Secret::new(browser.cookie().unwrap()), now).await.unwrap().unwrap();
            let flow = flow::find(&mut read, t.acme.id, id, row, now).await.unwrap();
            assert_eq!(flow.payload["acr_values"], wished);
        }
    }

    async fn an_essential_acr_is_met_or_refused(t) {
        let (ana, rp, browser) = start(t, oidc()).await;
        let wanted = |class: &str| json!({"id_token": {"acr": {"essential": true, "values": [class, "urn:other"]}}}).to_string();
        rp.code(t, &browser, &[("claims", &wanted(PASSWORD))]).await;
        let federated = wanted(FEDERATED);
        let silent = browser.get(t, &rp.auth(&[("prompt", "none"), ("claims", &federated)])).await;
        assert_eq!(silent.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        // Asked to sign in anew; the same way again is not enough.
        let login = browser.get(t, &rp.auth(&[("claims", &federated)])).await.location().to_owned();
        t.later(1);
        browser.sign_in(t, &t.acme, &ana).await;
        let params = browser.get(t, &resume_of(&login)).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["error"], "unmet_authentication_requirements");
        let login = browser.get(t, &rp.auth(&[("claims", &federated)])).await.location().to_owned();
        t.later(1);
        browser.sign_in_by(t, &t.acme, &ana, Method::Federated).await;
        let params = browser.get(t, &resume_of(&login)).await.redirected_to(Rp::REDIRECT_URI);
        let tokens = rp.redeem(t, &params["code"]).await.ok();
        assert_eq!(rp.open(t, &tokens["id_token"]).await.claims["acr"], FEDERATED);
        // A voluntary one stops nobody.
        let voluntary = json!({"id_token": {"acr": {"values": [PASSWORD]}}}).to_string();
        rp.code(t, &browser, &[("claims", &voluntary)]).await;
    }

    async fn a_registered_age_holds_where_the_request_says_none(t) {
        let requests = Requests { default_max_age: Some(60), require_auth_time: true, ..Requests::default() };
        let (_, rp, browser) = start(t, Oidc { requests, ..oidc() }).await;
        t.later(60);
        let tokens = rp.tokens(t, &browser, &[]).await;
        assert!(rp.open(t, &tokens["id_token"]).await.claims["auth_time"].is_i64());
        t.later(1);
        assert!(browser.get(t, &rp.auth(&[])).await.location().starts_with("/o/acme/login?flow="));
        // The request's own word comes first.
        rp.code(t, &browser, &[("max_age", "3600")]).await;
    }

    async fn wishes_of_the_page_are_accepted_safely(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        for (name, value) in [
            ("display", "popup"), ("display", "\"><script>"), ("ui_locales", "de fr-CA <x> '"), ("claims_locales", "en"),
            ("acr_values", "<script> '; DROP"), ("prompt", "create"), ("unknown", "\"'<>"),
        ] {
            rp.code(t, &browser, &[(name, value)]).await;
            // Nor do they turn up on a page.
            let nobody = Browser::new();
            let login = nobody.get(t, &rp.auth(&[(name, value)])).await;
            assert!(login.location().starts_with("/o/acme/login?flow=") && !login.location().contains("script"), "{name}");
        }
    }
}
