//! Who the client is: by its registered method only, and without telling an unknown id from a wrong secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_directory::application::{ClientAuthentication, Oidc, secret};

use crate::harness::{Browser, Rp, oidc, public};

const GRANT: [(&str, &str); 3] =
    [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", Rp::REDIRECT_URI)];

both! {
    async fn only_the_registered_method_is_taken(t) {
        let basic = Oidc { token_endpoint_auth_method: ClientAuthentication::ClientSecretBasic, ..oidc() };
        for oidc in [oidc(), basic, public()] {
            let rp = t.app(&t.acme, oidc).await;
            for method in [
                ClientAuthentication::ClientSecretPost,
                ClientAuthentication::ClientSecretBasic,
                ClientAuthentication::None,
            ] {
                let as_method = Rp { method, ..rp.clone() };
                let (status, error) = as_method.post(t, "/oauth2/token", &GRANT).await.error();
                let expected = if method == rp.method { (400, "invalid_grant") } else { (401, "invalid_client") };
                assert_eq!((status, error.as_str()), expected, "{:?} as {method:?}", rp.method);
            }
        }
    }

    async fn an_unknown_client_and_a_wrong_secret_are_one_answer(t) {
        let rp = t.app(&t.acme, oidc()).await;
        let wrong = Rp { secret: "wrong".into(), ..rp.clone() }.post(t, "/oauth2/token", &GRANT).await;
        let unknown = Rp { id: t.d.env().id(), ..rp.clone() }.post(t, "/oauth2/token", &GRANT).await;
        assert_eq!(wrong.error(), (401, "invalid_client".into()));
        assert_eq!(wrong.header("www-authenticate"), "Basic realm=\"Muster\"");
        assert_eq!((wrong.status, &wrong.body, wrong.headers.len()), (unknown.status, &unknown.body, unknown.headers.len()));
    }

    async fn two_ways_at_once_are_refused(t) {
        let rp = t.app(&t.acme, oidc()).await;
        let id = rp.id.text();
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{}", rp.secret)));
        let mut fields = GRANT.to_vec();
        fields.extend([("client_id", id.as_str()), ("client_secret", rp.secret.as_str())]);
        let answer = t.post(&rp.at("/oauth2/token"), &fields, &[("authorization", &basic)]).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()));
        for header in ["Basic", "Basic !!!", "Bearer x", "Basic Og=="] {
            let answer = t.post(&rp.at("/oauth2/token"), &GRANT, &[("authorization", header)]).await;
            assert_eq!(answer.error(), (401, "invalid_client".into()), "{header}");
        }
        let mut assertion = GRANT.to_vec();
        assertion.extend([("client_assertion", "x"), ("client_assertion_type", "y")]);
        assert_eq!(t.post(&rp.at("/oauth2/token"), &assertion, &[]).await.error(), (401, "invalid_client".into()));
    }

    async fn two_secrets_overlap_and_a_dropped_one_ends(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let second = t.d.env().secret();
        let id = t.write(&t.acme, secret::Add { app: rp.id, secret: second.clone() }).await;
        let with_second = Rp { secret: second.expose().to_owned(), ..rp.clone() };
        rp.tokens(t, &browser, &[]).await;
        with_second.tokens(t, &browser, &[]).await;
        t.write(&t.acme, secret::Drop { app: rp.id, secret: id }).await;
        assert_eq!(with_second.redeem(t, "x").await.error(), (401, "invalid_client".into()));
        rp.tokens(t, &browser, &[]).await;
    }
}
