//! Pairwise subjects: stable within a sector, different between them, and understood wherever they come back.

use muster_directory::application::{Oidc, SubjectType, Tokens};
use serde_json::Value;

use crate::harness::{Browser, Rp, Test, oidc};

fn pairwise(sector: Option<&str>) -> Oidc {
    let tokens = Tokens {
        subject_type: SubjectType::Pairwise,
        sector_identifier_uri: sector.map(str::to_owned),
        ..Tokens::default()
    };
    Oidc { tokens, ..oidc() }
}

async fn subject(t: &Test, rp: &Rp, tokens: &Value) -> String {
    rp.open(t, &tokens["id_token"]).await.claims["sub"].as_str().unwrap().to_owned()
}

both! {
    async fn stable_in_a_sector_and_different_between_them(t) {
        let ana = t.person(&t.acme, "ana").await;
        let bo = t.person(&t.acme, "bo").await;
        let (one, same) = (t.app_for(&t.acme, &ana, pairwise(None)).await, t.app_for(&t.acme, &ana, pairwise(None)).await);
        let other = t.app_for(&t.acme, &ana, pairwise(Some("https://sector.example.test/uris.json"))).await;
        let readers = t.group(&t.acme, "Readers", &[&bo]).await;
        t.bind(&t.acme, &one, &readers).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = one.tokens(t, &browser, &[]).await;
        let first = subject(t, &one, &tokens).await;
        assert_ne!(first, ana.id.text());
        let refreshed = one.refresh(t, tokens["refresh_token"].as_str().unwrap()).await.ok();
        assert_eq!(subject(t, &one, &refreshed).await, first);
        assert_eq!(subject(t, &same, &same.tokens(t, &browser, &[]).await).await, first, "one sector, one name");
        assert_ne!(subject(t, &other, &other.tokens(t, &browser, &[]).await).await, first);
        let of_bo = Browser::new();
        of_bo.sign_in(t, &t.acme, &bo).await;
        assert_ne!(subject(t, &one, &one.tokens(t, &of_bo, &[]).await).await, first);
    }

    async fn every_place_names_the_person_alike(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, pairwise(None)).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let name = subject(t, &rp, &tokens).await;
        let access_token = rp.open(t, &tokens["access_token"]).await.claims;
        assert_eq!(access_token["sub"], name.as_str());
        let userinfo = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
        assert_eq!(userinfo["sub"], name.as_str());
        // As a hint it is the person's: no question, and nobody else may go on with it.
        let hint = tokens["id_token"].as_str().unwrap();
        rp.code(t, &browser, &[("prompt", "none"), ("id_token_hint", hint)]).await;
        let bo = t.person(&t.acme, "bo").await;
        let other = Browser::new();
        other.sign_in(t, &t.acme, &bo).await;
        let refused = other.get(t, &rp.auth(&[("prompt", "none"), ("id_token_hint", hint)])).await;
        assert_eq!(refused.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        let out = format!("{}?id_token_hint={hint}", rp.at("/oauth2/sessions/logout"));
        assert!(browser.get(t, &out).await.page(200).contains("You are signed out"));
    }

    async fn another_applications_name_is_nobody_here(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, pairwise(None)).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        // The settings change: what was named by the old ones is not understood by the new ones.
        t.set_oidc(&rp, oidc()).await;
        let refused = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(refused.error(), (401, "invalid_token".into()));
        t.set_oidc(&rp, pairwise(Some("https://sector.example.test/uris.json"))).await;
        let refused = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(refused.error(), (401, "invalid_token".into()));
        t.set_oidc(&rp, pairwise(None)).await;
        rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
    }

    async fn tenant_isolation_the_same_sector_in_another_organization_is_another(t) {
        let (ana, bea) = (t.person(&t.acme, "ana").await, t.person(&t.blue, "ana").await);
        let (acme, blue) = (t.app_for(&t.acme, &ana, pairwise(None)).await, t.app_for(&t.blue, &bea, pairwise(None)).await);
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        browser.sign_in(t, &t.blue, &bea).await;
        let here = subject(t, &acme, &acme.tokens(t, &browser, &[]).await).await;
        assert_ne!(subject(t, &blue, &blue.tokens(t, &browser, &[]).await).await, here);
        let of = muster_directory::application::subject::user(&t.d, t.blue.id, &pairwise(None), &here).await.unwrap();
        assert_eq!(of, None);
    }
}
