//! The code flow from end to end, by hand, and what the tokens say.

use muster_directory::application::{ClientAuthentication, Consent, Oidc, Requests, SigningAlg};
use muster_directory::consent::Allowed;
use muster_directory::consent::give::Give;
use serde_json::json;

use crate::harness::{Browser, Rp, oidc, public};

both! {
    async fn a_session_becomes_a_code_and_the_code_tokens(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        let session = browser.sign_in(t, &t.acme, &ana).await;
        t.later(30);
        let answer = browser.get(t, &rp.auth(&[])).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let params = answer.redirected_to(Rp::REDIRECT_URI);
        assert_eq!((params["state"].as_str(), params["iss"].as_str()), ("s1", rp.issuer().as_str()));
        assert!(answer.headers.get("set-cookie").is_none());

        let response = rp.redeem(t, &params["code"]).await;
        assert_eq!(response.header("cache-control"), "no-store");
        let tokens = response.ok();
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 3600);
        assert_eq!(tokens["scope"], "openid email profile offline_access");

        let now = t.clock.now().seconds();
        let id_token = rp.open(t, &tokens["id_token"]).await;
        assert_eq!(id_token.header.typ.as_deref(), Some("JWT"));
        let claims = id_token.claims;
        for (name, value) in [
            ("iss", json!(rp.issuer())),
            ("sub", json!(ana.id)),
            ("aud", json!(rp.id)),
            ("iat", json!(now)),
            ("exp", json!(now + 3600)),
            ("auth_time", json!(session.auth_at.seconds())),
            ("nonce", json!("n1")),
            ("sid", json!(session.id)),
            ("amr", json!(["pwd"])),
            ("email", json!("ana@example.test")),
            ("email_verified", json!(true)),
            ("name", json!("Ana Example")),
            ("given_name", json!("Ana")),
            ("preferred_username", json!("ana")),
        ] {
            assert_eq!(claims.get(name), Some(&value), "{name}");
        }
        let access_token = rp.open(t, &tokens["access_token"]).await;
        assert_eq!(access_token.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(access_token.claims["aud"], json!(rp.issuer()));
        assert_eq!(access_token.claims["client_id"], json!(rp.id));
        assert_ne!(access_token.claims["jti"], claims["jti"]);
        let at_hash = muster_jose::half_hash(id_token.header.alg, tokens["access_token"].as_str().unwrap());
        assert_eq!(claims["at_hash"], json!(at_hash));

        let userinfo = rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.ok();
        assert_eq!((&userinfo["sub"], &userinfo["email"]), (&json!(ana.id), &json!("ana@example.test")));
    }

    async fn each_client_has_its_algorithm(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        for alg in SigningAlg::ALL {
            let rp = t.app_for(&t.acme, &ana, Oidc { id_token_signed_response_alg: alg, ..oidc() }).await;
            let tokens = rp.tokens(t, &browser, &[]).await;
            for token in [&tokens["id_token"], &tokens["access_token"]] {
                assert_eq!(rp.open(t, token).await.header.alg.name(), alg.word());
            }
            assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 200);
        }
    }

    async fn each_way_of_client_authentication_works(t) {
        let ana = t.person(&t.acme, "ana").await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let basic = Oidc { token_endpoint_auth_method: ClientAuthentication::ClientSecretBasic, ..oidc() };
        for oidc in [oidc(), basic, public()] {
            let rp = t.app_for(&t.acme, &ana, oidc).await;
            rp.tokens(t, &browser, &[]).await;
        }
    }

    async fn a_code_on_a_session_costs_one_commit_and_no_waiting_request(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        rp.code(t, &browser, &[]).await;
        let before = t.d.db().counts();
        let code = rp.code(t, &browser, &[]).await;
        let after = t.d.db().counts();
        assert_eq!(after.commits - before.commits, 1);
        // browser, session, person, two of the access decision, grant, event; organization and application are known
        assert!(after.statements - before.statements <= 7, "{}", after.statements - before.statements);
        rp.redeem(t, &code).await.ok();
        let redeemed = t.d.db().counts();
        assert_eq!(redeemed.commits - after.commits, 1 + 2 /* the organization's first key, and its first use */);
        // Now that the keys are there: grant, person, session, access, refresh token, redeemed, and that the application is
        // to hear of the session's end.
        let code = rp.code(t, &browser, &[]).await;
        let before = t.d.db().counts();
        rp.redeem(t, &code).await.ok();
        let after = t.d.db().counts();
        assert_eq!(after.commits - before.commits, 1);
        assert!(after.statements - before.statements <= 7, "{}", after.statements - before.statements);
    }

    async fn a_pushed_request_costs_one_commit_more_at_each_end(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        // Organization and application are known from here on.
        rp.code(t, &browser, &[]).await;
        let before = t.d.db().counts();
        let uri = rp.pushed(t, &[]).await;
        let pushed = t.d.db().counts();
        assert_eq!((pushed.commits - before.commits, pushed.statements - before.statements), (1, 1));
        browser.get(t, &rp.bare(&[("request_uri", &uri)])).await.redirected_to(Rp::REDIRECT_URI);
        let after = t.d.db().counts();
        // The request is taken; then as without it.
        assert_eq!(after.commits - pushed.commits, 2);
        assert!(after.statements - pushed.statements <= 8, "{}", after.statements - pushed.statements);
    }

    async fn an_allowed_request_costs_one_statement_more(t) {
        let ana = t.person(&t.acme, "ana").await;
        let requests = Requests { consent: Consent::Required, ..Requests::default() };
        let rp = t.app_for(&t.acme, &ana, Oidc { requests, ..oidc() }).await;
        let allowed = Allowed { scope: ["openid".to_owned()].into(), ..Allowed::default() };
        t.write(&t.acme, Give { user: ana.id, app: rp.id, allowed }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        rp.code(t, &browser, &[("scope", "openid")]).await;
        let before = t.d.db().counts();
        let code = rp.code(t, &browser, &[("scope", "openid")]).await;
        let after = t.d.db().counts();
        assert_eq!(after.commits - before.commits, 1);
        assert!(after.statements - before.statements <= 8, "{}", after.statements - before.statements);
        rp.redeem(t, &code).await.ok();
    }

    async fn a_code_expires(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let code = rp.code(t, &browser, &[]).await;
        t.later(60);
        let answer = rp.redeem(t, &code).await;
        assert_eq!(answer.error(), (400, "invalid_grant".into()));
        assert!(answer.json()["error_description"].as_str().unwrap().contains("expired"));
    }

    async fn requests_that_cannot_be_read_are_told_why(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        for (fields, code) in [
            (vec![], "invalid_request"),
            (vec![("grant_type", "password")], "unsupported_grant_type"),
            (vec![("grant_type", "authorization_code")], "invalid_request"),
            (vec![("grant_type", "authorization_code"), ("code", "x")], "invalid_request"),
            (vec![("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "y")], "invalid_grant"),
            (vec![("grant_type", "refresh_token")], "invalid_request"),
            (vec![("grant_type", "refresh_token"), ("grant_type", "refresh_token")], "invalid_request"),
        ] {
            assert_eq!(rp.post(t, "/oauth2/token", &fields).await.error(), (400, code.into()), "{fields:?}");
        }
        let json = http::Request::post(rp.at("/oauth2/token")).header("content-type", "application/json");
        let answer = t.send(json.body(axum::body::Body::from("{}")).unwrap()).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()));
        let huge = "x".repeat(70_000);
        let answer = rp.post(t, "/oauth2/token", &[("grant_type", &huge)]).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()));
        assert_eq!(t.post("/o/nobody/oauth2/token", &[], &[]).await.status, 404);
    }
}
