//! Signed answers (JARM) and the ways in which they are handed over.

use muster_directory::application::{Oidc, Requests, SigningAlg};
use serde_json::{Map, Value};

use crate::harness::{Browser, Rp, Test, fragment_of, oidc, query_of};

async fn start(t: &Test, alg: Option<SigningAlg>) -> (Rp, Browser) {
    let ana = t.person(&t.acme, "ana").await;
    let requests = Requests { authorization_signed_response_alg: alg, ..Requests::default() };
    let rp = t.app_for(&t.acme, &ana, Oidc { requests, ..oidc() }).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    (rp, browser)
}

/// The claims of the signed answer, which stands alone.
async fn opened(
    t: &Test,
    rp: &Rp,
    mut params: std::collections::BTreeMap<String, String>,
    alg: &str,
) -> Map<String, Value> {
    let response = params.remove("response").unwrap();
    assert!(params.is_empty(), "nothing stands beside it: {params:?}");
    let verified = rp.open(t, &response.into()).await;
    assert_eq!((verified.header.alg.name(), verified.header.typ.as_deref()), (alg, Some("JWT")));
    assert_eq!((&verified.claims["iss"], &verified.claims["aud"]), (&rp.issuer().into(), &rp.id.text().into()));
    assert_eq!(verified.claims["exp"], t.clock.now().seconds() + 300);
    verified.claims
}

both! {
    async fn a_signed_answer_in_the_query(t) {
        let (rp, browser) = start(t, None).await;
        for mode in ["jwt", "query.jwt"] {
            let params = browser.get(t, &rp.auth(&[("response_mode", mode)])).await.redirected_to(Rp::REDIRECT_URI);
            let claims = opened(t, &rp, params, "RS256").await;
            assert_eq!(claims["state"], "s1");
            rp.redeem(t, claims["code"].as_str().unwrap()).await.ok();
        }
    }

    async fn a_signed_answer_in_the_fragment_and_by_post(t) {
        let (rp, browser) = start(t, Some(SigningAlg::Es256)).await;
        let answer = browser.get(t, &rp.auth(&[("response_mode", "fragment.jwt")])).await;
        assert!(query_of(answer.location().split('#').next().unwrap()).is_empty());
        let claims = opened(t, &rp, fragment_of(answer.location()), "ES256").await;
        rp.redeem(t, claims["code"].as_str().unwrap()).await.ok();
        let answer = browser.get(t, &rp.auth(&[("response_mode", "form_post.jwt")])).await;
        let page = answer.page(200);
        assert!(!page.contains("name=\"code\"") && !page.contains("name=\"state\""));
        let response = page.split("name=\"response\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let claims = opened(t, &rp, [("response".to_owned(), response.to_owned())].into(), "ES256").await;
        rp.redeem(t, claims["code"].as_str().unwrap()).await.ok();
    }

    async fn errors_are_signed_and_sent_the_same_way(t) {
        let (rp, browser) = start(t, Some(SigningAlg::EdDsa)).await;
        for (extra, code) in [(("scope", "email"), "invalid_scope"), (("max_age", "x"), "invalid_request")] {
            let answer = browser.get(t, &rp.auth(&[("response_mode", "jwt"), extra])).await;
            let claims = opened(t, &rp, answer.redirected_to(Rp::REDIRECT_URI), "EdDSA").await;
            assert_eq!((&claims["error"], &claims["state"]), (&code.into(), &"s1".into()));
        }
        let silent = rp.auth(&[("response_mode", "jwt"), ("prompt", "none")]);
        let claims = opened(t, &rp, Browser::new().get(t, &silent).await.redirected_to(Rp::REDIRECT_URI), "EdDSA").await;
        assert_eq!(claims["error"], "login_required");
        // The same without a signature: a fragment, a form.
        let answer = browser.get(t, &rp.auth(&[("response_mode", "fragment"), ("scope", "email")])).await;
        assert_eq!(fragment_of(answer.location())["error"], "invalid_scope");
        let answer = browser.get(t, &rp.auth(&[("response_mode", "form_post"), ("scope", "email")])).await;
        assert!(answer.page(200).contains("name=\"error\" value=\"invalid_scope\""));
    }

    async fn a_fragment_for_a_code_only_when_it_is_asked_for(t) {
        let (rp, browser) = start(t, None).await;
        let answer = browser.get(t, &rp.auth(&[])).await;
        assert!(fragment_of(answer.location()).is_empty() && query_of(answer.location()).contains_key("code"));
        let answer = browser.get(t, &rp.auth(&[("response_mode", "fragment")])).await;
        let params = fragment_of(answer.location());
        assert_eq!((params["state"].as_str(), params["iss"].as_str()), ("s1", rp.issuer().as_str()));
        rp.redeem(t, &params["code"]).await.ok();
    }

    /// Class: shared one-time store. A signed answer is neither a token nor a hint.
    async fn a_signed_answer_is_no_token(t) {
        let (rp, browser) = start(t, None).await;
        let params = browser.get(t, &rp.auth(&[("response_mode", "jwt")])).await.redirected_to(Rp::REDIRECT_URI);
        let response = &params["response"];
        assert_eq!(rp.userinfo(t, response).await.status, 401);
        let hinted = rp.auth(&[("prompt", "none"), ("id_token_hint", response)]);
        assert_eq!(browser.get(t, &hinted).await.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
        assert_eq!(rp.redeem(t, response).await.error(), (400, "invalid_grant".into()));
    }
}
