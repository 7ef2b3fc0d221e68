//! The userinfo endpoint: the ways to send a token, and the refusals of RFC 6750.

use axum::body::Body;
use http::Request;

use crate::harness::{Browser, oidc};

both! {
    async fn a_token_comes_in_the_header_or_a_form(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let token = tokens["access_token"].as_str().unwrap();
        let (address, bearer) = (rp.at("/userinfo"), format!("bearer {token}"));
        let answer = t.post(&address, &[("access_token", token)], &[]).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.ok()["sub"], ana.id.text());
        t.post(&address, &[], &[("authorization", &bearer)]).await.ok();
        let empty = Request::post(&address).header("authorization", &bearer).body(Body::empty()).unwrap();
        t.send(empty).await.ok();
        let twice = t.post(&address, &[("access_token", token)], &[("authorization", &bearer)]).await;
        assert_eq!(twice.error(), (400, "invalid_request".into()));
    }

    async fn refusals_are_challenges(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let nothing = t.get(&rp.at("/userinfo")).await;
        assert_eq!((nothing.status.as_u16(), nothing.header("www-authenticate")), (401, "Bearer realm=\"Muster\""));
        let wrong = rp.userinfo(t, "nonsense").await;
        assert!(wrong.header("www-authenticate").contains("error=\"invalid_token\""));
        let tokens = rp.tokens(t, &browser, &[]).await;
        t.later(3600);
        let expired = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(expired.error(), (401, "invalid_token".into()));
        assert!(expired.header("www-authenticate").contains("expired"));
        assert_eq!(t.get("/o/nobody/userinfo").await.status, 404);
    }
}
