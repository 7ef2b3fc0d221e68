//! Revocation (RFC 7009): by its client only; what is unknown is answered as what was revoked.

use muster_base::Id;

use crate::harness::{Browser, Rp, oidc};

both! {
    async fn a_refresh_token_takes_its_family_along(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let thief = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let first = tokens["refresh_token"].as_str().unwrap();
        let next = rp.refresh(t, first).await.ok();
        let access = next["access_token"].as_str().unwrap();
        for (client, token) in [(&thief, first), (&rp, "unknown"), (&thief, access), (&rp, "a.b.c")] {
            let answer = client.post(t, "/oauth2/revoke", &[("token", token), ("token_type_hint", "x")]).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
        }
        let told = rp.post(t, "/oauth2/revoke", &[("token", access)]).await;
        assert_eq!(told.error(), (400, "unsupported_token_type".into()), "it lives on, which is not passed over");
        assert_eq!(rp.userinfo(t, access).await.status, 200);
        let last = next["refresh_token"].as_str().unwrap();
        assert_eq!(rp.post(t, "/oauth2/revoke", &[("token", last)]).await.status, 200);
        assert_eq!(rp.refresh(t, last).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.userinfo(t, access).await.status, 401);
    }

    async fn the_client_has_to_be_who_it_says(t) {
        let rp = t.app(&t.acme, oidc()).await;
        let stranger = Rp { secret: "wrong".into(), ..rp.clone() };
        assert_eq!(stranger.post(t, "/oauth2/revoke", &[("token", "x")]).await.error(), (401, "invalid_client".into()));
        let unknown = Rp { id: Id::new(t.clock.now(), &t.d.env().rng), ..rp.clone() };
        assert_eq!(unknown.post(t, "/oauth2/revoke", &[("token", "x")]).await.error(), (401, "invalid_client".into()));
        assert_eq!(rp.post(t, "/oauth2/revoke", &[]).await.error(), (400, "invalid_request".into()));
    }
}
