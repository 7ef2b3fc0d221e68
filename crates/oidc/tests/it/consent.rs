//! Consent to applications of others. Classes: clickjacking and CSRF of consent, session mix-up, token use after the
//! consent was taken back.

use muster_directory::Actor;
use muster_directory::application::{Consent, Logout, Mapping, Oidc, Requests};
use muster_directory::consent::{revoke::Revoke, store};
use muster_directory::user::User;
use muster_oidc::back_channel;
use serde_json::json;

use crate::harness::{Answer, Application, BASE, Browser, Rp, Test, oidc, query_of};

const PATH: &str = "/o/acme/oauth2/consent";
const OURS: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

fn third_party() -> Oidc {
    Oidc { requests: Requests { consent: Consent::Required, ..Requests::default() }, ..oidc() }
}

async fn start(t: &Test, oidc: Oidc) -> (User, Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, oidc).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (ana, rp, browser)
}

/// The flow that waits for an answer.
fn asked(answer: &Answer) -> String {
    assert!(answer.location().starts_with(&format!("{PATH}?flow=")), "{}", answer.location());
    query_of(answer.location())["flow"].clone()
}

async fn decide(t: &Test, browser: &Browser, flow: &str, decision: &str) -> Answer {
    browser.post(t, PATH, &[("flow", flow), ("decision", decision)], &OURS).await
}

/// Asked, allowed, redeemed.
async fn tokens(t: &Test, rp: &Rp, browser: &Browser, extra: &[(&str, &str)]) -> serde_json::Value {
    let flow = asked(&browser.get(t, &rp.auth(extra)).await);
    let params = decide(t, browser, &flow, "allow").await.redirected_to(Rp::REDIRECT_URI);
    rp.redeem(t, &params["code"]).await.ok()
}

async fn take_back(t: &Test, user: &User) {
    let consent = store::of_user(&mut t.d.read(), t.acme.id, user.id).await.unwrap().remove(0);
    let verb = Revoke { user: user.id, id: consent.id };
    t.d.write(Actor::user(user.id, None), t.acme.id, verb).await.unwrap();
}

both! {
    async fn the_person_is_asked_once(t) {
        let dynamic_claims = vec![Mapping { name: "dept".into(), value: "department".into() }];
        let (ana, rp, browser) = start(t, Oidc { dynamic_claims, ..third_party() }).await;
        let answer = browser.get(t, &rp.auth(&[])).await;
        let page = browser.get(t, answer.location()).await;
        let page = page.page(200);
        for words in ["Allow Wiki?", "Wiki is not run by Acme", "e-mail address", "while you are away", "dept", "app.example.test",
            "ana@example.test", "Do not allow", "/portal/acme/"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("<script"), "it works without JavaScript");
        let params = decide(t, &browser, &asked(&answer), "allow").await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!(params["state"], "s1");
        rp.redeem(t, &params["code"]).await.ok();
        // Remembered: the same, and less; also without a page.
        rp.code(t, &browser, &[]).await;
        rp.code(t, &browser, &[("scope", "openid"), ("prompt", "none")]).await;
        // A row for the person and the application, and its change in the log.
        assert_eq!(store::of_user(&mut t.d.read(), t.acme.id, ana.id).await.unwrap().len(), 1);
    }

    async fn taken_back_is_told_to_that_application(t) {
        let application = Application::start().await;
        let logout = Logout { backchannel_logout_uri: Some(application.logout_uri()), ..Logout::default() };
        let (ana, rp, browser) = start(t, Oidc { logout: logout.clone(), ..third_party() }).await;
        let other = Application::start().await;
        let logout = Logout { backchannel_logout_uri: Some(other.logout_uri()), ..logout };
        t.app_for(&t.acme, &ana, Oidc { logout, ..oidc() }).await.tokens(t, &browser, &[]).await;
        tokens(t, &rp, &browser, &[]).await;
        take_back(t, &ana).await;
        back_channel::deliver(&t.site).await.unwrap();
        assert_eq!((application.got().len(), other.got().len()), (1, 0));
        // Given again before the notice was made: the application has what it should have.
        tokens(t, &rp, &browser, &[]).await;
        take_back(t, &ana).await;
        tokens(t, &rp, &browser, &[]).await;
        back_channel::deliver(&t.site).await.unwrap();
        assert!(application.got().is_empty());
    }

    async fn more_is_asked_for_again(t) {
        let requests = Requests { resources: vec!["https://api.example.test/".into()], consent: Consent::Required, ..Requests::default() };
        let (_, rp, browser) = start(t, Oidc { requests, ..oidc() }).await;
        tokens(t, &rp, &browser, &[("scope", "openid")]).await;
        let claims = json!({"userinfo": {"name": null}}).to_string();
        for more in [
            vec![("scope", "openid email")],
            vec![("scope", "openid"), ("claims", claims.as_str())],
            vec![("scope", "openid"), ("resource", "https://api.example.test/")],
        ] {
            asked(&browser.get(t, &rp.auth(&more)).await);
            let silent = [more.as_slice(), &[("prompt", "none")]].concat();
            let params = browser.get(t, &rp.auth(&silent)).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!(params["error"], "consent_required", "{more:?}");
        }
        // What is allowed adds up.
        tokens(t, &rp, &browser, &[("scope", "openid email")]).await;
        tokens(t, &rp, &browser, &[("scope", "openid profile")]).await;
        rp.code(t, &browser, &[("scope", "openid email profile")]).await;
    }

    async fn prompt_none_is_told_and_prompt_consent_asks_again(t) {
        let (_, rp, browser) = start(t, third_party()).await;
        let silent = rp.auth(&[("prompt", "none")]);
        let params = browser.get(t, &silent).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["error"].as_str(), params["state"].as_str()), ("consent_required", "s1"));
        tokens(t, &rp, &browser, &[]).await;
        assert!(browser.get(t, &silent).await.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
        tokens(t, &rp, &browser, &[("prompt", "consent")]).await;
        let both = browser.get(t, &rp.auth(&[("prompt", "login consent")])).await;
        assert!(both.location().starts_with("/o/acme/login?flow="));
    }

    async fn who_does_not_allow_it_goes_back_without_a_code(t) {
        let (ana, rp, browser) = start(t, third_party()).await;
        let flow = asked(&browser.get(t, &rp.auth(&[])).await);
        t.later(1);
        let params = decide(t, &browser, &flow, "deny").await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["error"].as_str(), params["state"].as_str(), params.contains_key("code")), ("access_denied", "s1", false));
        let event = t.events(&t.acme, &ana).await.remove(0);
        assert_eq!((event.detail.success, event.detail.summary.as_str()), (false, "Did not allow Wiki to sign them in"));
        // Used up, and nothing is remembered.
        decide(t, &browser, &flow, "allow").await.page(400);
        asked(&browser.get(t, &rp.auth(&[])).await);
    }

    async fn csrf_only_our_own_page_answers(t) {
        let (ana, rp, browser) = start(t, third_party()).await;
        let flow = asked(&browser.get(t, &rp.auth(&[])).await);
        let fields = [("flow", flow.as_str()), ("decision", "allow")];
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://evil.test")],
            vec![("origin", "null")],
            vec![("origin", BASE), ("sec-fetch-site", "cross-site")],
        ] {
            let answer = browser.post(t, PATH, &fields, &headers).await;
            assert!(answer.location().starts_with(PATH), "{headers:?} leads back to the question");
        }
        // A GET, another word, or none decide nothing.
        browser.get(t, &format!("{PATH}?flow={flow}&decision=allow")).await.page(200);
        for decision in ["", "yes", "Allow"] {
            browser.post(t, PATH, &[("flow", flow.as_str()), ("decision", decision)], &OURS).await.page(200);
        }
        // Another browser, also one of the same person; another organization; nonsense.
        let other = Browser::new();
        other.sign_in(t, &t.acme, &ana).await;
        decide(t, &other, &flow, "allow").await.page(400);
        Browser::new().post(t, PATH, &fields, &OURS).await.page(400);
        browser.post(t, "/o/blue/oauth2/consent", &fields, &OURS).await.page(400);
        for nonsense in ["", "x", "000000000000000000000000"] {
            decide(t, &browser, nonsense, "allow").await.page(400);
        }
        assert!(store::of_user(&mut t.d.read(), t.acme.id, ana.id).await.unwrap().is_empty());
        // The control: an older browser, which says its origin only.
        let answer = browser.post(t, PATH, &fields, &[("origin", BASE)]).await;
        assert!(answer.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
    }

    async fn clickjacking_the_question_stands_in_no_frame(t) {
        let (_, rp, browser) = start(t, third_party()).await;
        let answer = browser.get(t, &rp.auth(&[])).await;
        let page = browser.get(t, answer.location()).await;
        assert_eq!((page.status.as_u16(), page.header("x-frame-options"), page.header("referrer-policy")), (200, "DENY", "same-origin"));
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(page.header("cache-control"), "no-store");
    }

    async fn session_mixup_whoever_signed_in_meanwhile_is_asked_anew(t) {
        let (_, rp, browser) = start(t, third_party()).await;
        let bo = t.person(&t.acme, "bo").await;
        let group = t.group(&t.acme, "More", &[&bo]).await;
        t.bind(&t.acme, &rp, &group).await;
        let flow = asked(&browser.get(t, &rp.auth(&[])).await);
        t.later(1);
        browser.sign_in(t, &t.acme, &bo).await;
        let resume = decide(t, &browser, &flow, "allow").await.location().to_owned();
        assert!(resume.starts_with("/o/acme/oauth2/auth/resume?flow="), "{resume}");
        let again = browser.get(t, &resume).await;
        assert_ne!(asked(&again), flow);
        assert!(browser.get(t, again.location()).await.page(200).contains("bo@example.test"));
    }

    async fn it_follows_a_sign_in_and_counts_once(t) {
        let (ana, rp, _) = start(t, third_party()).await;
        let browser = Browser::new();
        let login = browser.get(t, &rp.auth(&[("prompt", "login")])).await.location().to_owned();
        t.later(1);
        browser.sign_in(t, &t.acme, &ana).await;
        let resume = login.replace("/login?", "/oauth2/auth/resume?");
        let flow = asked(&browser.get(t, &resume).await);
        browser.get(t, &resume).await.page(400);
        let (a, b) = tokio::join!(decide(t, &browser, &flow, "allow"), decide(t, &browser, &flow, "allow"));
        let codes = [a, b].iter().filter(|answer| answer.status == 303).count();
        assert_eq!(codes, 1);
    }

    async fn login_and_consent_together_are_both_asked_for(t) {
        let (ana, rp, browser) = start(t, third_party()).await;
        tokens(t, &rp, &browser, &[]).await;
        let login = browser.get(t, &rp.auth(&[("prompt", "login consent")])).await.location().to_owned();
        t.later(1);
        browser.sign_in(t, &t.acme, &ana).await;
        let flow = asked(&browser.get(t, &login.replace("/login?", "/oauth2/auth/resume?")).await);
        assert!(decide(t, &browser, &flow, "allow").await.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
    }

    async fn taking_it_back_ends_what_was_granted(t) {
        let (ana, rp, browser) = start(t, third_party()).await;
        let granted = tokens(t, &rp, &browser, &[]).await;
        let code = rp.code(t, &browser, &[]).await;
        let (access, refresh) = (granted["access_token"].as_str().unwrap(), granted["refresh_token"].as_str().unwrap());
        assert_eq!(rp.userinfo(t, access).await.status, 200);
        t.later(1);
        take_back(t, &ana).await;
        assert_eq!(rp.redeem(t, &code).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.refresh(t, refresh).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.userinfo(t, access).await.error(), (401, "invalid_token".into()));
        // Allowed again: what was granted before stays dead.
        t.later(1);
        let anew = tokens(t, &rp, &browser, &[]).await;
        assert_eq!(rp.userinfo(t, anew["access_token"].as_str().unwrap()).await.status, 200);
        assert_eq!(rp.refresh(t, refresh).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.userinfo(t, access).await.error(), (401, "invalid_token".into()));
    }

    async fn an_application_that_becomes_a_third_party_s_has_to_ask(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        t.set_oidc(&rp, third_party()).await;
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 401);
        asked(&browser.get(t, &rp.auth(&[])).await);
        t.set_oidc(&rp, oidc()).await;
        rp.code(t, &browser, &[]).await;
    }

    async fn stored_xss_names_are_text_on_the_page(t) {
        let (_, rp, browser) = start(t, third_party()).await;
        let scope = "openid <script>alert(1)</script>";
        let claims = json!({"userinfo": {"<img src=x>": null}}).to_string();
        let answer = browser.get(t, &rp.auth(&[("scope", scope), ("claims", &claims)])).await;
        let page = browser.get(t, answer.location()).await;
        assert!(!page.page(200).contains("<script") && !page.body.contains("<img src=x"));
    }

    async fn a_pushed_request_is_asked_for_too(t) {
        let (_, rp, browser) = start(t, third_party()).await;
        let uri = rp.pushed(t, &[]).await;
        let flow = asked(&browser.get(t, &rp.bare(&[("request_uri", &uri)])).await);
        assert!(decide(t, &browser, &flow, "allow").await.redirected_to(Rp::REDIRECT_URI).contains_key("code"));
    }
}
