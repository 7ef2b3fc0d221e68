//! Sign-out that an application asks for: at once with an ID token of the person, else after a question; and never a
//! redirect to an address that is not registered.

use muster_directory::user::User;

use crate::harness::{Browser, Rp, Test, oidc};

fn address(rp: &Rp, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{}?{query}", rp.at("/oauth2/sessions/logout"))
}

async fn is_signed_in(t: &Test, rp: &Rp, browser: &Browser) -> bool {
    let answer = browser.get(t, &rp.auth(&[("prompt", "none")])).await;
    answer.redirected_to(Rp::REDIRECT_URI).contains_key("code")
}

async fn signed_in(t: &Test, name: &str) -> (User, Rp, Browser, String) {
    let person = t.person(&t.acme, name).await;
    let rp = t.app_for(&t.acme, &person, oidc()).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &person).await;
    let tokens = rp.tokens(t, &browser, &[]).await;
    let hint = tokens["id_token"].as_str().unwrap().to_owned();
    (person, rp, browser, hint)
}

const SAME_ORIGIN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

both! {
    async fn a_hint_of_the_person_ends_the_session_at_once(t) {
        let (_, rp, browser, hint) = signed_in(t, "ana").await;
        t.later(7200); // the ID token has expired long ago
        let id = rp.id.text();
        let answer = browser.get(t, &address(&rp, &[
            ("id_token_hint", &hint),
            ("client_id", &id),
            ("post_logout_redirect_uri", Rp::LOGGED_OUT_URI),
            ("state", "s 2"),
        ])).await;
        assert_eq!(answer.location(), "https://app.example.test/bye?state=s%202");
        assert!(!is_signed_in(t, &rp, &browser).await);
        // Once more: there is nothing left to end.
        let again = browser.get(t, &address(&rp, &[("id_token_hint", &hint)])).await;
        assert!(again.page(200).contains("You are signed out"));
    }

    async fn without_a_hint_the_person_is_asked(t) {
        let (_, rp, browser, _) = signed_in(t, "ana").await;
        let id = rp.id.text();
        let fields = [("client_id", id.as_str()), ("post_logout_redirect_uri", Rp::LOGGED_OUT_URI), ("state", "s2")];
        let page = browser.get(t, &address(&rp, &fields)).await.page(200).to_owned();
        for words in ["Sign out of Acme?", "ana@example.test", "Wiki asks to sign you out", "name=\"confirmed\""] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(is_signed_in(t, &rp, &browser).await);
        let confirmed: Vec<_> = fields.into_iter().chain([("confirmed", "yes")]).collect();
        let answer = browser.post(t, &rp.at("/oauth2/sessions/logout"), &confirmed, &SAME_ORIGIN).await;
        assert_eq!(answer.location(), "https://app.example.test/bye?state=s2");
        assert!(!is_signed_in(t, &rp, &browser).await);
    }

    async fn a_hint_of_another_person_is_a_question(t) {
        let (_, rp, browser, _) = signed_in(t, "ana").await;
        let (_, _, _, others) = signed_in(t, "bo").await;
        let answer = browser.get(t, &address(&rp, &[("id_token_hint", &others)])).await;
        assert!(answer.page(200).contains("Sign out of Acme?"));
        assert!(is_signed_in(t, &rp, &browser).await);
    }

    async fn another_site_cannot_confirm(t) {
        let (_, rp, browser, _) = signed_in(t, "ana").await;
        let path = rp.at("/oauth2/sessions/logout");
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none"), ("origin", "https://id.example.test")],
            vec![("origin", "https://evil.test")],
            vec![("origin", "null")],
            vec![("origin", "https://id.example.test.evil.test")],
        ] {
            let answer = browser.post(t, &path, &[("confirmed", "yes"), ("state", "x")], &headers).await;
            assert_eq!(answer.location(), "/o/acme/oauth2/sessions/logout?state=x", "{headers:?}");
            assert!(is_signed_in(t, &rp, &browser).await);
        }
        let answer = browser.post(t, &path, &[("confirmed", "yes")], &[("origin", "https://id.example.test")]).await;
        answer.page(200);
        assert!(!is_signed_in(t, &rp, &browser).await);
    }

    async fn a_posted_request_becomes_a_get(t) {
        let (_, rp, browser, hint) = signed_in(t, "ana").await;
        let answer = t.post(&rp.at("/oauth2/sessions/logout"), &[("id_token_hint", &hint)], &[]).await;
        browser.get(t, answer.location()).await.page(200);
        assert!(!is_signed_in(t, &rp, &browser).await);
    }

    async fn an_unregistered_return_address_is_a_page(t) {
        let (_, rp, browser, hint) = signed_in(t, "ana").await;
        let other = t.app(&t.acme, muster_directory::application::Oidc {
            post_logout_redirect_uris: vec!["https://other.example.test/bye".into()],
            ..oidc()
        }).await;
        let (id, other_id) = (rp.id.text(), other.id.text());
        for uri in [
            "https://evil.test/",
            "https://other.example.test/bye",
            "https://app.example.test/bye/",
            "https://app.example.test/bye?x",
            "https://app.example.test@evil.test/bye",
            "//app.example.test/bye",
            Rp::REDIRECT_URI,
        ] {
            for pairs in [vec![("id_token_hint", hint.as_str())], vec![("client_id", id.as_str())], vec![]] {
                let pairs: Vec<_> = pairs.into_iter().chain([("post_logout_redirect_uri", uri)]).collect();
                browser.get(t, &address(&rp, &pairs)).await.page(400);
                t.get(&address(&rp, &pairs)).await.page(400);
            }
        }
        // Registered, but nobody says by whom; or two say different things.
        let registered = ("post_logout_redirect_uri", Rp::LOGGED_OUT_URI);
        browser.get(t, &address(&rp, &[registered])).await.page(400);
        browser.get(t, &address(&rp, &[registered, ("id_token_hint", &hint), ("client_id", &other_id)])).await.page(400);
        assert!(is_signed_in(t, &rp, &browser).await);
    }

    async fn other_organizations_stay_signed_in(t) {
        let (_, rp, browser, hint) = signed_in(t, "ana").await;
        let bea = t.person(&t.blue, "bea").await;
        let blue = t.app_for(&t.blue, &bea, oidc()).await;
        browser.sign_in(t, &t.blue, &bea).await;
        browser.get(t, &address(&rp, &[("id_token_hint", &hint)])).await.page(200);
        assert!(!is_signed_in(t, &rp, &browser).await);
        assert!(is_signed_in(t, &blue, &browser).await);
    }
}
