//! The device authorization grant (RFC 8628) from end to end: the device, the person's page, and what may go wrong.

use muster_directory::application::{Consent, GrantType, Oidc, Requests};
use muster_directory::user::{State, User};
use serde_json::Value;

use crate::harness::{Answer, Browser, Rp, Test, oidc, public};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn tv() -> Oidc {
    Oidc { grant_types: vec![GrantType::DeviceCode, GrantType::RefreshToken], redirect_uris: Vec::new(), ..public() }
}

async fn begin(t: &Test, rp: &Rp) -> Value {
    let answer = rp.post(t, "/oauth2/device/auth", &[("scope", "openid email offline_access")]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.ok()
}

async fn poll(t: &Test, rp: &Rp, begun: &Value) -> Answer {
    let code = begun["device_code"].as_str().unwrap();
    rp.post(t, "/oauth2/token", &[("grant_type", GRANT), ("device_code", code)]).await
}

async fn say(t: &Test, browser: &Browser, begun: &Value, decision: &str) -> Answer {
    let code = begun["user_code"].as_str().unwrap();
    browser.post(t, "/o/acme/device", &[("user_code", code), ("decision", decision)], &[]).await
}

/// A person who is signed in, with an application for their television.
async fn before_the_tv(t: &Test) -> (User, Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, tv()).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (ana, rp, browser)
}

both! {
    async fn rfc8628_a_person_allows_a_device(t) {
        let (ana, rp, browser) = before_the_tv(t).await;
        t.later(60);
        let begun = begin(t, &rp).await;
        let user_code = begun["user_code"].as_str().unwrap();
        // Section 6.1: easy to type, no vowels, a dash.
        assert!(user_code.len() == 9 && user_code.as_bytes()[4] == b'-');
        assert!(user_code.chars().all(|c| "BCDFGHJKLMNPQRSTVWXZ-".contains(c)), "{user_code}");
        assert_eq!((&begun["expires_in"], &begun["interval"]), (&900.into(), &5.into()));
        assert_eq!(begun["verification_uri"], "https://id.example.test/o/acme/device");
        let complete = begun["verification_uri_complete"].as_str().unwrap();
        assert_eq!(complete, format!("https://id.example.test/o/acme/device?user_code={user_code}"));
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "authorization_pending".into()));

        // The page works without JavaScript, and shows the number that stands on the device.
        let entry = browser.get(t, "/o/acme/device").await;
        assert!(entry.page(200).contains("name=\"user_code\"") && !entry.body.contains("<script"));
        let typed = user_code.to_lowercase().replace('-', " ");
        let question = browser.get(t, &format!("/o/acme/device?user_code={}", typed.replace(' ', "%20"))).await;
        let page = question.page(200);
        assert!(page.contains(user_code) && page.contains("Wiki") && page.contains("ana@example.test"), "{page}");
        assert!(page.contains("value=\"allow\"") && page.contains("value=\"deny\"") && !page.contains("<script"));
        say(t, &browser, &begun, "allow").await.page(200);

        t.later(5);
        let tokens = poll(t, &rp, &begun).await.ok();
        let claims = rp.open(t, &tokens["id_token"]).await.claims;
        assert_eq!(claims["sub"], serde_json::json!(ana.id));
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok()["email"], "ana@example.test");
        rp.refresh(t, tokens["refresh_token"].as_str().unwrap()).await.ok();
        let event = &t.events(&t.acme, &ana).await[0];
        assert_eq!((event.kind.as_str(), event.detail.success), ("sso_auth", true));
        // Once: the code is gone, and the user code too.
        t.later(60);
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "invalid_grant".into()));
        say(t, &browser, &begun, "allow").await.page(404);
    }

    async fn rfc8628_3_5_a_device_is_told_what_to_do(t) {
        let (_, rp, browser) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "authorization_pending".into()));
        t.later(4);
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "slow_down".into()));
        t.later(9); // now it has to wait ten
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "slow_down".into()));
        t.later(15);
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "authorization_pending".into()));
        say(t, &browser, &begun, "deny").await.page(200);
        t.later(15);
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "access_denied".into()));
        let late = begin(t, &rp).await;
        t.later(900);
        assert_eq!(poll(t, &rp, &late).await.error(), (400, "expired_token".into()));
        say(t, &browser, &late, "allow").await.page(404);
        t.later(1);
        assert!(muster_oidc::prune(&t.d).await.unwrap() >= 1);
        assert_eq!(poll(t, &rp, &late).await.error(), (400, "invalid_grant".into()));
    }

    async fn another_client_and_another_organization_get_nothing(t) {
        let (ana, rp, browser) = before_the_tv(t).await;
        let thief = t.app_for(&t.acme, &ana, tv()).await;
        let begun = begin(t, &rp).await;
        say(t, &browser, &begun, "allow").await.page(200);
        assert_eq!(poll(t, &thief, &begun).await.error(), (400, "invalid_grant".into()));
        let elsewhere = t.app(&t.blue, tv()).await;
        assert_eq!(poll(t, &elsewhere, &begun).await.error(), (400, "invalid_grant".into()));
        poll(t, &rp, &begun).await.ok();
        // A code of one organization is none of another.
        let bob = t.person(&t.blue, "bob").await;
        let stranger = Browser::new();
        stranger.sign_in(t, &t.blue, &bob).await;
        let begun = begin(t, &rp).await;
        let code = begun["user_code"].as_str().unwrap();
        let fields = [("user_code", code), ("decision", "allow")];
        stranger.post(t, "/o/blue/device", &fields, &[]).await.page(404);
    }

    async fn who_is_not_signed_in_signs_in_and_comes_back(t) {
        let (ana, rp, _) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        let browser = Browser::new();
        let code = begun["user_code"].as_str().unwrap();
        let there = browser.get(t, &format!("/o/acme/device?user_code={code}")).await;
        assert!(there.location().starts_with("/o/acme/login?flow="));
        let flow = crate::harness::query_of(there.location())["flow"].parse().unwrap();
        let cookie = muster_base::Secret::new(browser.cookie().unwrap());
        let id = muster_directory::session::store::browser(&mut t.d.read(), &cookie, t.clock.now()).await.unwrap();
        let waiting = muster_directory::flow::find(&mut t.d.read(), t.acme.id, flow, id.unwrap(), t.clock.now()).await;
        assert_eq!(waiting.unwrap().return_to, format!("/o/acme/device?user_code={code}"));
        // Nothing that is no code is carried along.
        let odd = browser.get(t, "/o/acme/device?user_code=https://evil.example").await;
        assert!(odd.location().starts_with("/o/acme/login?flow="));
        browser.sign_in(t, &t.acme, &ana).await;
        let page = browser.get(t, &format!("/o/acme/device?user_code={code}")).await;
        assert!(page.page(200).contains(code));
        let answer = browser.post(t, "/o/acme/device", &[("user_code", "<b>x</b>")], &[]).await;
        assert!(!answer.page(404).contains("<b>x"));
    }

    async fn a_third_party_is_told_by_what_it_would_do_and_the_answer_is_kept(t) {
        let ana = t.person(&t.acme, "ana").await;
        let requests = Requests { consent: Consent::Required, ..Requests::default() };
        let rp = t.app_for(&t.acme, &ana, Oidc { requests, ..tv() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let begun = begin(t, &rp).await;
        let code = begun["user_code"].as_str().unwrap();
        let page = browser.get(t, &format!("/o/acme/device?user_code={code}")).await;
        for words in ["who you are", "See your e-mail address", "while you are away"] {
            assert!(page.page(200).contains(words), "{words}");
        }
        say(t, &browser, &begun, "allow").await.page(200);
        poll(t, &rp, &begun).await.ok();
        let kept = muster_directory::consent::store::of(&mut t.d.read(), t.acme.id, ana.id, rp.id).await.unwrap();
        assert!(kept.unwrap().allowed.scope.contains("email"));
        // Who says no allows nothing.
        let bob = t.person(&t.acme, "bob").await;
        let begun = begin(t, &rp).await;
        say(t, &browser, &begun, "deny").await.page(200);
        assert!(muster_directory::consent::store::of(&mut t.d.read(), t.acme.id, bob.id, rp.id).await.unwrap().is_none());
    }

    async fn clickjacking_and_csrf_another_site_cannot_say_yes(t) {
        let (_, rp, browser) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        let fields = [("user_code", begun["user_code"].as_str().unwrap()), ("decision", "allow")];
        let cross = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        let answer = browser.post(t, "/o/acme/device", &fields, &cross).await;
        assert_eq!(answer.status, 403);
        // Without the cookie, as another site's form comes (SameSite=Lax), it is a sign-in.
        let answer = t.post("/o/acme/device", &fields, &[]).await;
        assert!(answer.location().starts_with("/o/acme/login"));
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "authorization_pending".into()));
    }

    async fn who_may_not_use_the_application_cannot_allow_it(t) {
        let (_, rp, _) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        let bob = t.person(&t.acme, "bob").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &bob).await;
        t.later(1);
        say(t, &browser, &begun, "allow").await.page(403);
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "authorization_pending".into()));
        assert!(!t.events(&t.acme, &bob).await[0].detail.success);
    }

    async fn deactivated_user_keeps_access_not_between_yes_and_the_tokens(t) {
        let (ana, rp, browser) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        say(t, &browser, &begun, "allow").await.page(200);
        t.set_state(&t.acme, &ana, State::Suspended).await;
        assert_eq!(poll(t, &rp, &begun).await.error(), (400, "invalid_grant".into()));
    }

    async fn of_two_questions_at_once_one_gets_the_tokens(t) {
        let (_, rp, browser) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        say(t, &browser, &begun, "allow").await.page(200);
        let (a, b) = tokio::join!(poll(t, &rp, &begun), poll(t, &rp, &begun));
        assert_eq!([a.status.as_u16(), b.status.as_u16()].iter().filter(|status| **status == 200).count(), 1);
    }

    async fn codes_cannot_be_guessed(t) {
        let (_, rp, browser) = before_the_tv(t).await;
        let begun = begin(t, &rp).await;
        let mut limited = None;
        for n in 0..60 {
            let answer = browser.get(t, "/o/acme/device?user_code=BBBB-BBBB").await;
            if answer.status == 429 {
                assert!(!answer.header("retry-after").is_empty());
                limited = Some(n);
                break;
            }
            answer.page(404);
        }
        assert!(limited.is_some_and(|n| n >= 20), "{limited:?}");
        // The right one too, while the limit holds.
        assert_eq!(say(t, &browser, &begun, "allow").await.status, 429);
    }

    async fn rfc8628_3_1_only_a_registered_client_begins(t) {
        let rp = t.app(&t.acme, oidc()).await;
        assert_eq!(rp.post(t, "/oauth2/device/auth", &[]).await.error(), (400, "unauthorized_client".into()));
        let unknown = Rp { id: t.d.env().id(), ..rp };
        assert_eq!(unknown.post(t, "/oauth2/device/auth", &[]).await.error(), (401, "invalid_client".into()));
    }
}
