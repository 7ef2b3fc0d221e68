//! Class: shared one-time store. A thing of one kind is never taken for one of another.

use crate::harness::{Browser, oidc, query_of};

both! {
    async fn nothing_passes_for_something_else(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let waiting = browser.get(t, &rp.auth(&[])).await;
        let flow = query_of(waiting.location())["flow"].clone();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        let code = rp.code(t, &browser, &[]).await;
        let cookie = browser.cookie().unwrap();
        let things = [flow, text("access_token"), text("id_token"), text("refresh_token"), code.clone(), rp.secret.clone(), cookie];
        for thing in things.iter().filter(|thing| **thing != code) {
            assert_eq!(rp.redeem(t, thing).await.error(), (400, "invalid_grant".into()), "as a code: {thing}");
        }
        for thing in things.iter().filter(|thing| **thing != things[3]) {
            assert_eq!(rp.refresh(t, thing).await.error(), (400, "invalid_grant".into()), "as a refresh token: {thing}");
        }
        for thing in things.iter().filter(|thing| **thing != things[1]) {
            assert_eq!(rp.userinfo(t, thing).await.status, 401, "as an access token: {thing}");
        }
        for thing in &things[1..] {
            browser.get(t, &rp.at(&format!("/oauth2/auth/resume?flow={thing}"))).await.page(400);
        }
        // The control: each in its own place, after all of that.
        rp.redeem(t, &code).await.ok();
        rp.refresh(t, &things[3]).await.ok();
    }
}
