//! Resource indicators (RFC 8707). Class: token escalation. A token is for what it was asked for and nothing else.

use muster_directory::application::{Oidc, Requests};
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Rp, Test, VERIFIER, oidc};

const ORDERS: &str = "https://orders.example.test/";
const STOCK: &str = "urn:example:stock";
const OTHERS: &str = "https://others.example.test/";

async fn start(t: &Test) -> (Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let requests = Requests { resources: vec![ORDERS.into(), STOCK.into()], ..Requests::default() };
    let rp = t.app_for(&t.acme, &ana, Oidc { requests, ..oidc() }).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (rp, browser)
}

async fn redeem(t: &Test, rp: &Rp, code: &str, resources: &[&str]) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", Rp::REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    fields.extend(resources.iter().map(|resource| ("resource", *resource)));
    rp.post(t, "/oauth2/token", &fields).await
}

async fn refresh(t: &Test, rp: &Rp, tokens: &Value, resources: &[&str]) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap();
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    fields.extend(resources.iter().map(|resource| ("resource", *resource)));
    rp.post(t, "/oauth2/token", &fields).await
}

async fn audience(t: &Test, rp: &Rp, tokens: &Value) -> Value {
    rp.open(t, &tokens["access_token"]).await.claims["aud"].clone()
}

both! {
    async fn a_token_is_for_the_resource_and_not_for_us(t) {
        let (rp, browser) = start(t).await;
        let tokens = rp.tokens(t, &browser, &[("resource", ORDERS)]).await;
        assert_eq!(audience(t, &rp, &tokens).await, ORDERS);
        // Whoever gets it there cannot read the person's data here with it.
        let access_token = tokens["access_token"].as_str().unwrap();
        assert_eq!(rp.userinfo(t, access_token).await.error(), (401, "invalid_token".into()));
        // The ID token stays the client's.
        assert_eq!(rp.open(t, &tokens["id_token"]).await.claims["aud"], json!(rp.id));
        let plain = rp.tokens(t, &browser, &[]).await;
        assert_eq!(audience(t, &rp, &plain).await, rp.issuer());
    }

    async fn several_are_narrowed_at_the_token_endpoint(t) {
        let (rp, browser) = start(t).await;
        let both = [("resource", ORDERS), ("resource", STOCK)];
        let tokens = redeem(t, &rp, &rp.code(t, &browser, &both).await, &[]).await.ok();
        assert_eq!(audience(t, &rp, &tokens).await, json!([ORDERS, STOCK]));
        let tokens = refresh(t, &rp, &tokens, &[STOCK]).await.ok();
        assert_eq!(audience(t, &rp, &tokens).await, STOCK);
        // Narrowing one token narrows no later one.
        let tokens = refresh(t, &rp, &tokens, &[]).await.ok();
        assert_eq!(audience(t, &rp, &tokens).await, json!([ORDERS, STOCK]));
        let tokens = redeem(t, &rp, &rp.code(t, &browser, &both).await, &[ORDERS]).await.ok();
        assert_eq!(audience(t, &rp, &tokens).await, ORDERS);
    }

    async fn token_escalation_nothing_is_widened(t) {
        let (rp, browser) = start(t).await;
        for resource in [OTHERS, "https://orders.example.test", "https://orders.example.test/#x", "orders", &rp.issuer()] {
            let params = browser.get(t, &rp.auth(&[("resource", resource)])).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "invalid_target", "{resource}");
        }
        let code = rp.code(t, &browser, &[("resource", ORDERS)]).await;
        // One that the client never registered is refused before the code is used up.
        assert_eq!(redeem(t, &rp, &code, &[OTHERS]).await.error(), (400, "invalid_target".into()));
        let tokens = redeem(t, &rp, &code, &[]).await.ok();
        assert_eq!(refresh(t, &rp, &tokens, &[OTHERS]).await.error(), (400, "invalid_target".into()));
        let tokens = refresh(t, &rp, &tokens, &[ORDERS]).await.ok();
        assert_eq!(refresh(t, &rp, &tokens, &[STOCK]).await.error(), (400, "invalid_target".into()));
        // A code for us becomes no token for others.
        let code = rp.code(t, &browser, &[]).await;
        assert_eq!(redeem(t, &rp, &code, &[ORDERS]).await.error(), (400, "invalid_target".into()));
    }
}
