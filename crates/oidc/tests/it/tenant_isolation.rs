//! Class: tenant isolation. What belongs to one organization is unknown at another, with the right one as the control.

use crate::harness::{Browser, Rp, Test, oidc};

/// The same application as another organization's address would see it.
fn at(rp: &Rp, org: &crate::harness::Org) -> Rp {
    Rp { org: org.clone(), ..rp.clone() }
}

async fn both_organizations(t: &Test) -> (Rp, Rp, Browser) {
    let browser = Browser::new();
    let ana = t.person(&t.acme, "ana").await;
    let own = t.app_for(&t.acme, &ana, oidc()).await;
    browser.sign_in(t, &t.acme, &ana).await;
    let bea = t.person(&t.blue, "bea").await;
    let foreign = t.app_for(&t.blue, &bea, oidc()).await;
    browser.sign_in(t, &t.blue, &bea).await;
    (own, foreign, browser)
}

both! {
    async fn an_application_is_unknown_elsewhere(t) {
        let (own, _, browser) = both_organizations(t).await;
        let elsewhere = at(&own, &t.blue);
        let page = browser.get(t, &elsewhere.auth(&[])).await.page(400).to_owned();
        let unknown = browser.get(t, &elsewhere.auth(&[("client_id", "000000000000000000000000")])).await;
        assert_eq!(page, unknown.page(400));
        let refused = elsewhere.redeem(t, "x").await;
        assert_eq!(refused.error(), (401, "invalid_client".into()));
        own.code(t, &browser, &[]).await;
    }

    async fn codes_and_tokens_are_unknown_elsewhere(t) {
        let (own, foreign, browser) = both_organizations(t).await;
        let code = own.code(t, &browser, &[]).await;
        assert_eq!(foreign.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
        let tokens = own.redeem(t, &code).await.ok();
        let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        assert_eq!(foreign.refresh(t, refresh).await.error(), (400, "invalid_grant".into()));
        assert_eq!(foreign.userinfo(t, access).await.error(), (401, "invalid_token".into()));
        foreign.post(t, "/oauth2/revoke", &[("token", refresh)]).await;
        let hint = tokens["id_token"].as_str().unwrap();
        let silent = browser.get(t, &foreign.auth(&[("prompt", "none"), ("id_token_hint", hint)])).await;
        assert_eq!(silent.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        assert_eq!(own.userinfo(t, access).await.status, 200);
        own.refresh(t, refresh).await.ok();
    }

    async fn a_session_counts_in_its_organization_only(t) {
        let ana = t.person(&t.acme, "ana").await;
        let bea = t.person(&t.blue, "bea").await;
        let foreign = t.app_for(&t.blue, &bea, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let answer = browser.get(t, &foreign.auth(&[])).await;
        assert!(answer.location().starts_with("/o/blue/login?flow="));
    }

    async fn one_browser_is_signed_in_to_both(t) {
        let (own, foreign, browser) = both_organizations(t).await;
        for rp in [&own, &foreign] {
            let tokens = rp.tokens(t, &browser, &[]).await;
            assert_eq!(rp.open(t, &tokens["id_token"]).await.claims["iss"], rp.issuer());
        }
    }
}
