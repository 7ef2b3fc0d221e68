//! Sessions, prompts, hints, access, and the ways in which an answer is handed over.

use muster_directory::application::{Mapping, Oidc};
use serde_json::json;

use crate::harness::{Browser, Rp, oidc, query_of};

both! {
    async fn prompt_none_answers_without_a_page(t) {
        let ana = t.person(&t.acme, "ana").await;
        let outsider = t.person(&t.acme, "otto").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let silent = rp.auth(&[("prompt", "none")]);
        let nobody = Browser::new();
        let answer = nobody.get(t, &silent).await;
        assert_eq!(answer.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        assert!(answer.headers.get("set-cookie").is_none());
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        assert!(browser.get(t, &silent).await.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
        t.later(100);
        let old = rp.auth(&[("prompt", "none"), ("max_age", "99")]);
        assert_eq!(browser.get(t, &old).await.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        let other = Browser::new();
        other.sign_in(t, &t.acme, &outsider).await;
        assert_eq!(other.get(t, &silent).await.redirected_to(Rp::REDIRECT_URI)["error"], "access_denied");
    }

    async fn someone_without_access_is_told_what_to_do(t) {
        let ana = t.person(&t.acme, "ana").await;
        let outsider = t.person(&t.acme, "otto").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &outsider).await;
        t.later(1);
        let answer = browser.get(t, &rp.auth(&[])).await;
        let page = answer.page(403);
        for words in ["You do not have access to Wiki", "otto@example.test", "ask an administrator of Acme", "Sign in as someone else"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let event = t.events(&t.acme, &outsider).await.remove(0);
        assert_eq!((event.kind.as_str(), event.detail.success), ("sso_auth", false));
        let steps: Vec<(&str, bool)> = event.detail.trace.iter().map(|s| (s.step.as_str(), s.passed)).collect();
        assert_eq!(steps.last(), Some(&("The person is in a group of the application, or bound to it", false)));
        assert_eq!(event.detail.application.unwrap().name, "Wiki");
        t.later(1);
        // Once in a group, the same request goes through.
        let group = t.group(&t.acme, "Late readers", &[&outsider]).await;
        t.bind(&t.acme, &rp, &group).await;
        rp.code(t, &browser, &[]).await;
        let event = t.events(&t.acme, &outsider).await.remove(0);
        assert!(event.detail.success && event.detail.trace.iter().all(|s| s.passed));
    }

    async fn a_refused_request_waits_on_for_an_administrator(t) {
        let outsider = t.person(&t.acme, "otto").await;
        let rp = t.app(&t.acme, oidc()).await;
        let browser = Browser::new();
        let login = browser.get(t, &rp.auth(&[])).await.location().to_owned();
        let resume = format!("/o/acme/oauth2/auth/resume?flow={}", query_of(&login)["flow"]);
        browser.sign_in(t, &t.acme, &outsider).await;
        browser.get(t, &resume).await.page(403);
        let group = t.group(&t.acme, "Readers", &[&outsider]).await;
        t.bind(&t.acme, &rp, &group).await;
        browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn a_hint_of_somebody_else_asks_for_their_sign_in(t) {
        let ana = t.person_with(&t.acme, "ana", json!({"attributes": [{"name": "alias", "value": "ana@blue.test"}]})).await;
        t.person_with(&t.acme, "bo", json!({"attributes": [{"name": "alias", "value": "bo@blue.test"}]})).await;
        let dynamic_claims = vec![Mapping { name: "email".into(), value: "alias".into() }];
        let rp = t.app_for(&t.acme, &ana, Oidc { dynamic_claims, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for own in ["ana@example.test", "ANA@Example.test", "ana@blue.test", "nobody@example.test", "Ana", ""] {
            browser.get(t, &rp.auth(&[("login_hint", own)])).await.redirected_to(Rp::REDIRECT_URI);
        }
        for others in ["bo@example.test", "BO@blue.test"] {
            let answer = browser.get(t, &rp.auth(&[("login_hint", others)])).await;
            assert!(answer.location().starts_with("/o/acme/login?flow="), "{others}");
            let silent = browser.get(t, &rp.auth(&[("login_hint", others), ("prompt", "none")])).await;
            assert_eq!(silent.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        }
    }

    async fn an_id_token_hint_names_who_must_sign_in(t) {
        let ana = t.person(&t.acme, "ana").await;
        let bo = t.person(&t.acme, "bo").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let group = t.group(&t.acme, "More", &[&bo]).await;
        t.bind(&t.acme, &rp, &group).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let hint = tokens["id_token"].as_str().unwrap();
        let other = Browser::new();
        other.sign_in(t, &t.acme, &bo).await;
        t.later(5);
        let login = other.get(t, &rp.auth(&[("id_token_hint", hint)])).await.location().to_owned();
        let resume = format!("/o/acme/oauth2/auth/resume?flow={}", query_of(&login)["flow"]);
        // Bo signs in again instead.
        other.sign_in(t, &t.acme, &bo).await;
        let params = other.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["error"].as_str(), params["iss"].as_str()), ("login_required", rp.issuer().as_str()));
        let login = other.get(t, &rp.auth(&[("id_token_hint", hint)])).await.location().to_owned();
        let resume = format!("/o/acme/oauth2/auth/resume?flow={}", query_of(&login)["flow"]);
        other.sign_in(t, &t.acme, &ana).await;
        assert!(other.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
    }

    async fn a_posted_request_becomes_a_get(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let address = rp.auth(&[("state", "a b&c")]);
        let fields = query_of(&address);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        // As from another site: without our cookie.
        let answer = t.post(&rp.at("/oauth2/auth"), &fields, &[]).await;
        let params = browser.get(t, answer.location()).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["state"], "a b&c");
        let long = "x".repeat(20_000);
        t.post(&rp.at("/oauth2/auth"), &[("state", &long)], &[]).await.page(400);
    }

    async fn an_answer_can_be_posted(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let answer = browser.get(t, &rp.auth(&[("response_mode", "form_post"), ("state", "\"><script>")])).await;
        let page = answer.page(200);
        assert!(page.contains("method=\"post\" action=\"https://app.example.test/callback\""), "{page}");
        assert!(!page.contains("\"><script>") && page.contains("<script src=\"/signin/form-post-1.js\">"));
        let code = page.split("name=\"code\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        rp.redeem(t, code).await.ok();
    }

    async fn scopes_that_are_not_given_are_passed_over(t) {
        let ana = t.person(&t.acme, "ana").await;
        let grant_types = vec![muster_directory::application::GrantType::AuthorizationCode];
        let rp = t.app_for(&t.acme, &ana, Oidc { grant_types, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[("scope", "openid wheels email offline_access https://x/y")]).await;
        assert_eq!(tokens["scope"], "openid email");
        assert!(tokens.get("refresh_token").is_none());
    }

    async fn consent_is_accepted_and_skipped(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        rp.code(t, &browser, &[("prompt", "consent")]).await;
    }
}
