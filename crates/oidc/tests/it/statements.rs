//! Every statement on both engines, and what the worker sweeps.

use muster_db::testing::check_statements;

use crate::harness::{Browser, oidc};

muster_db::sql! {
    global TEST_GRANTS = "SELECT count(*) FROM oidc_grants WHERE expires_at > $1";
    global TEST_REFRESH_TOKENS = "SELECT count(*) FROM oidc_refresh_tokens WHERE expires_at > $1";
}

both! {
    async fn all_can_be_prepared(t) {
        let problems = check_statements(t.d.db()).await;
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    async fn what_has_ended_is_swept_and_nothing_else(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        rp.code(t, &browser, &[]).await; // never redeemed
        rp.tokens(t, &browser, &[("scope", "openid")]).await; // as long as its access token
        let offline = rp.tokens(t, &browser, &[]).await;
        rp.refresh(t, offline["refresh_token"].as_str().unwrap()).await.ok();
        let mut left = Vec::new();
        for seconds in [0, 661, 3000, 30 * 86_400] {
            t.later(seconds);
            muster_oidc::prune(&t.d).await.unwrap();
            let grants: Option<i64> = t.d.db().first(&TEST_GRANTS, &[0.into()]).await.unwrap();
            let tokens: Option<i64> = t.d.db().first(&TEST_REFRESH_TOKENS, &[0.into()]).await.unwrap();
            left.push((grants.unwrap(), tokens.unwrap()));
        }
        assert_eq!(left, [(3, 2), (2, 2), (1, 2), (0, 0)]);
    }
}
