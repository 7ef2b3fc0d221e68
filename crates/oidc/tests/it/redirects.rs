//! Class: open redirect. Whatever is wrong with the client or the return address is a page; only what is registered, byte
//! for byte, is ever redirected to.

use muster_directory::application::Oidc;

use crate::harness::{Browser, Rp, oidc, public};

/// What an attacker sends for the registered `https://app.example.test/callback`.
const CORPUS: &[&str] = &[
    "",
    "https://evil.test/callback",
    "https://app.example.test/callback/",
    "https://app.example.test/callback?x=1",
    "https://app.example.test/callback#x",
    "https://app.example.test/callback/../evil",
    "https://app.example.test/Callback",
    "https://APP.example.test/callback",
    "https://app.example.test:443/callback",
    "https://app.example.test.evil.test/callback",
    "https://app.example.test@evil.test/callback",
    "https://user@app.example.test/callback",
    "https://app.example.test\\@evil.test/callback",
    "https:\\\\app.example.test\\callback",
    "https:app.example.test/callback",
    "https:///app.example.test/callback",
    "http://app.example.test/callback",
    "//app.example.test/callback",
    "//evil.test/callback",
    "/callback",
    "/\\evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://app.example.test/%63allback",
    "https://app.example.test/callback%00",
    "https://app.example.test/callback%0d%0aLocation:%20https://evil.test",
    "https://app.example.test/callback ",
    " https://app.example.test/callback",
    "https://аpp.example.test/callback",
    "https://app.example.test/callback,https://evil.test",
    "http://127.0.0.1:8000/cb",
    "http://localhost/cb",
];

both! {
    async fn an_unregistered_address_is_a_page(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for uri in CORPUS {
            for extra in [vec![], vec![("prompt", "none")], vec![("response_type", "token")], vec![("scope", "x y")]] {
                let given: Vec<_> = [("redirect_uri", *uri)].into_iter().chain(extra).collect();
                let answer = browser.get(t, &rp.auth(&given)).await;
                let page = answer.page(400);
                assert!(!page.contains("href=\"https://evil"), "{uri}");
            }
        }
    }

    async fn an_address_is_registered_for_one_application(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let other = "https://other.example.test/callback";
        t.app_for(&t.acme, &ana, Oidc { redirect_uris: vec![other.into()], ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        browser.get(t, &rp.auth(&[("redirect_uri", other)])).await.page(400);
    }

    async fn an_unknown_or_inactive_application_is_a_page(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let upper = rp.id.text().to_uppercase();
        for id in ["", "nobody", "000000000000000000000000", upper.as_str(), "' OR 1=1 --"] {
            t.get(&rp.auth(&[("client_id", id)])).await.page(400);
        }
        t.set_active(&rp, false).await;
        let answer = t.get(&rp.auth(&[("prompt", "none")])).await;
        assert!(answer.page(403).contains("Wiki is not active"));
    }

    async fn a_parameter_that_comes_twice_is_a_page(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        for twice in ["redirect_uri=https://evil.test/", "state=2", "client_id=x", "x=1&x=2"] {
            t.get(&format!("{}&{twice}", rp.auth(&[]))).await.page(400);
        }
    }

    async fn what_is_wrong_otherwise_goes_to_the_registered_address(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        for (extra, code) in [
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", "code id_token"), "unsupported_response_type"),
            (("scope", "email"), "invalid_scope"),
            (("prompt", "none login"), "invalid_request"),
            (("max_age", "-1"), "invalid_request"),
            (("request", "x"), "invalid_request_object"),
            (("request_uri", "https://evil.test/"), "request_uri_not_supported"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("response_mode", "web_message"), "invalid_request"),
            (("registration", "{}"), "registration_not_supported"),
            (("claims", "x"), "invalid_request"),
            (("resource", "https://not-registered.example.test/"), "invalid_target"),
            (("resource", "/relative"), "invalid_target"),
        ] {
            let params = t.get(&rp.auth(&[extra])).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!((params["error"].as_str(), params["state"].as_str()), (code, "s1"), "{extra:?}");
            assert_eq!(params["iss"], rp.issuer());
            assert!(!params.contains_key("code"));
        }
    }

    async fn an_address_with_a_query_keeps_it(t) {
        let ana = t.person(&t.acme, "ana").await;
        let uri = "https://app.example.test/callback?tenant=1";
        let rp = t.app_for(&t.acme, &ana, Oidc { redirect_uris: vec![uri.into()], ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let params = browser.get(t, &rp.auth(&[("redirect_uri", uri)])).await.redirected_to("https://app.example.test/callback");
        assert_eq!(params["tenant"], "1");
        rp.redeem_with(t, &params["code"], Some(crate::harness::VERIFIER), uri).await.ok();
    }

    async fn a_native_application_chooses_its_port_on_loopback(t) {
        let ana = t.person(&t.acme, "ana").await;
        let registered = || vec!["http://127.0.0.1/cb".to_owned()];
        let native = t.app_for(&t.acme, &ana, Oidc { redirect_uris: registered(), ..public() }).await;
        let secret = t.app_for(&t.acme, &ana, Oidc { redirect_uris: registered(), ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let port = [("redirect_uri", "http://127.0.0.1:49152/cb")];
        browser.get(t, &native.auth(&port)).await.redirected_to("http://127.0.0.1:49152/cb");
        browser.get(t, &secret.auth(&port)).await.page(400);
        browser.get(t, &native.auth(&[("redirect_uri", "http://127.0.0.1:49152@evil.test/cb")])).await.page(400);
    }
}
