//! Pushed authorization requests (RFC 9126). Classes: replay (also on another node), shared one-time store, tenant
//! isolation.

use muster_directory::application::{ClientAuthentication, Oidc, Requests};
use muster_directory::user::User;

use crate::harness::{Browser, Rp, Test, oidc, public, query_of};

async fn start(t: &Test, oidc: Oidc) -> (User, Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, oidc).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (ana, rp, browser)
}

fn required() -> Oidc {
    Oidc { requests: Requests { require_pushed_authorization_requests: true, ..Requests::default() }, ..oidc() }
}

both! {
    async fn a_pushed_request_becomes_a_code(t) {
        let basic = Oidc { token_endpoint_auth_method: ClientAuthentication::ClientSecretBasic, ..oidc() };
        let (ana, _, browser) = start(t, oidc()).await;
        for oidc in [oidc(), basic, public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            let answer = rp.push(t, &[]).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (201, "no-store"));
            let pushed = answer.json();
            assert_eq!(pushed["expires_in"], 90);
            let uri = pushed["request_uri"].as_str().unwrap();
            assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:") && uri.len() > 34 + 40);
            // What stands beside it does not count (section 4).
            let beside = [("request_uri", uri), ("state", "evil"), ("redirect_uri", "https://evil.test/"), ("scope", "openid")];
            let params = browser.get(t, &rp.bare(&beside)).await.redirected_to(Rp::REDIRECT_URI);
            assert_eq!((params["state"].as_str(), params["iss"].as_str()), ("s1", rp.issuer().as_str()));
            let tokens = rp.redeem(t, &params["code"]).await.ok();
            assert_eq!(tokens["scope"], "openid email profile offline_access");
            assert_eq!(rp.open(t, &tokens["id_token"]).await.claims["nonce"], "n1");
        }
    }

    async fn a_stranger_cannot_fill_the_store(t) {
        // Anybody can say that they are a public client; one with a secret has to know it.
        let (ana, rp, _) = start(t, public()).await;
        let mut limited = false;
        for _ in 0..400 {
            let answer = rp.push(t, &[]).await;
            limited = answer.status == 429;
            if limited {
                assert!(!answer.header("retry-after").is_empty());
                break;
            }
            assert_eq!(answer.status, 201);
        }
        assert!(limited);
        assert_eq!(t.app_for(&t.acme, &ana, oidc()).await.push(t, &[]).await.status, 201);
    }

    async fn replay_a_request_uri_is_good_once(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let uri = rp.pushed(t, &[]).await;
        let address = rp.bare(&[("request_uri", &uri)]);
        browser.get(t, &address).await.redirected_to(Rp::REDIRECT_URI);
        let page = browser.get(t, &address).await;
        assert!(page.page(400).contains("push the request again"));
        assert!(browser.get_at(&t.other_node().await, &address).await.page(400).contains("push the request again"));
        // Where the address names a registered return address, the application is told.
        let told = rp.auth(&[("request_uri", &uri)]);
        assert_eq!(browser.get(t, &told).await.redirected_to(Rp::REDIRECT_URI)["error"], "invalid_request_uri");
    }

    async fn replay_of_two_at_once_on_two_nodes_one_gets_the_code(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let other = t.other_node().await;
        for _ in 0..5 {
            let address = rp.bare(&[("request_uri", &rp.pushed(t, &[]).await)]);
            let (a, b) = tokio::join!(browser.get(t, &address), browser.get_at(&other, &address));
            let codes = [a, b].iter().filter(|answer| answer.status == 303 && answer.header("location").contains("code=")).count();
            assert_eq!(codes, 1);
        }
    }

    async fn a_request_uri_ends_soon(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let (early, late) = (rp.pushed(t, &[]).await, rp.pushed(t, &[]).await);
        t.later(89);
        browser.get(t, &rp.bare(&[("request_uri", &early)])).await.redirected_to(Rp::REDIRECT_URI);
        t.later(1);
        browser.get(t, &rp.bare(&[("request_uri", &late)])).await.page(400);
    }

    async fn tenant_isolation_it_belongs_to_its_client_and_organization(t) {
        let (ana, rp, browser) = start(t, oidc()).await;
        let other = t.app_for(&t.acme, &ana, oidc()).await;
        let bea = t.person(&t.blue, "bea").await;
        let foreign = t.app_for(&t.blue, &bea, oidc()).await;
        browser.sign_in(t, &t.blue, &bea).await;
        let uri = rp.pushed(t, &[]).await;
        for stranger in [&other, &foreign] {
            browser.get(t, &stranger.bare(&[("request_uri", &uri)])).await.page(400);
        }
        // They did not use it up.
        browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn shared_one_time_store_only_a_reference_is_one(t) {
        let (_, rp, browser) = start(t, oidc()).await;
        let uri = rp.pushed(t, &[]).await;
        let reference = uri.rsplit(':').next().unwrap();
        assert_eq!(rp.redeem(t, reference).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.refresh(t, reference).await.error(), (400, "invalid_grant".into()));
        let code = rp.code(t, &browser, &[]).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        for thing in [code.as_str(), tokens["refresh_token"].as_str().unwrap(), rp.secret.as_str(), ""] {
            let forged = format!("urn:ietf:params:oauth:request_uri:{thing}");
            browser.get(t, &rp.bare(&[("request_uri", &forged)])).await.page(400);
        }
        browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn it_waits_for_a_sign_in(t) {
        let (ana, rp, _) = start(t, required()).await;
        let browser = Browser::new();
        let address = rp.bare(&[("request_uri", &rp.pushed(t, &[("prompt", "login")]).await)]);
        let login = browser.get(t, &address).await.location().to_owned();
        assert!(login.starts_with("/o/acme/login?flow="));
        browser.sign_in(t, &t.acme, &ana).await;
        let resume = format!("/o/acme/oauth2/auth/resume?flow={}", query_of(&login)["flow"]);
        assert_eq!(browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI)["state"], "s1");
    }

    async fn someone_without_access_signs_in_as_someone_else(t) {
        let (ana, rp, _) = start(t, required()).await;
        let otto = t.person(&t.acme, "otto").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &otto).await;
        let refused = browser.get(t, &rp.bare(&[("request_uri", &rp.pushed(t, &[]).await)])).await;
        let link = refused.page(403).split("href=\"").find_map(|rest| rest.strip_prefix("/o/acme/login?flow=")).unwrap();
        let flow = link.split('"').next().unwrap();
        t.later(1);
        browser.sign_in(t, &t.acme, &ana).await;
        let resume = format!("/o/acme/oauth2/auth/resume?flow={flow}");
        browser.get(t, &resume).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn a_client_may_have_to_push(t) {
        let (_, rp, browser) = start(t, required()).await;
        let params = browser.get(t, &rp.auth(&[])).await.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["error"].as_str(), params["state"].as_str()), ("invalid_request", "s1"));
        assert!(params["error_description"].contains("push"));
        let uri = rp.pushed(t, &[]).await;
        browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
    }

    async fn what_is_wrong_is_refused_when_it_is_pushed(t) {
        let (ana, rp, _) = start(t, oidc()).await;
        let other = t.app_for(&t.acme, &ana, oidc()).await;
        for (extra, code) in [
            (("redirect_uri", "https://evil.test/"), "invalid_request"),
            (("redirect_uri", ""), "invalid_request"),
            (("redirect_uri", "https://app.example.test/callback/"), "invalid_request"),
            (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", ""), "invalid_request"),
            (("scope", "email"), "invalid_scope"),
            (("prompt", "none login"), "invalid_request"),
            (("code_challenge", ""), "invalid_request"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("response_mode", "web_message"), "invalid_request"),
            (("request", "x"), "invalid_request_object"),
            (("resource", "https://not-registered.example.test/"), "invalid_target"),
            (("registration", "{}"), "registration_not_supported"),
            (("claims", "[]"), "invalid_request"),
        ] {
            assert_eq!(rp.push(t, &[extra]).await.error(), (400, code.into()), "{extra:?}");
        }
        let id = rp.id.text();
        let path = rp.at("/oauth2/par");
        // RFC 6749 section 5.2: who it is comes first.
        assert_eq!(t.post(&path, &[("response_type", "code")], &[]).await.error(), (401, "invalid_client".into()));
        let wrong = t.post(&path, &[("client_id", id.as_str()), ("client_secret", "wrong")], &[]).await;
        assert_eq!(wrong.error(), (401, "invalid_client".into()));
        let stolen = Rp { secret: other.secret.clone(), ..rp.clone() };
        assert_eq!(stolen.push(t, &[]).await.error(), (401, "invalid_client".into()));
        t.set_active(&rp, false).await;
        assert_eq!(rp.push(t, &[]).await.error(), (400, "unauthorized_client".into()));
    }

    async fn what_cannot_be_read_is_refused(t) {
        let (_, rp, _) = start(t, oidc()).await;
        let path = rp.at("/oauth2/par");
        let json = http::Request::post(&path).header("content-type", "application/json");
        let answer = t.send(json.body(axum::body::Body::from("{}")).unwrap()).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()));
        let long = "x".repeat(70_000);
        assert_eq!(rp.push(t, &[("state", &long)]).await.error(), (400, "invalid_request".into()));
        assert_eq!(rp.post(t, "/oauth2/par", &[("state", "1"), ("state", "2")]).await.error(), (400, "invalid_request".into()));
        assert_eq!(t.get(&path).await.status, 405);
        assert_eq!(t.post("/o/nobody/oauth2/par", &[], &[]).await.status, 404);
    }
}
