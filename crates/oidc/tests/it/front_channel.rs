//! Front-channel logout: the page opens the addresses of the session's applications in frames, and may frame nothing else.

use muster_directory::application::{Logout, Oidc};
use muster_directory::user::User;

use crate::harness::{BASE, Browser, Rp, Test, oidc};

const ADDRESS: &str = "https://app.example.test/signed-out?tab=1";

fn framed(with_session: bool) -> Oidc {
    let logout = Logout {
        frontchannel_logout_uri: Some(ADDRESS.into()),
        frontchannel_logout_session_required: with_session,
        ..Logout::default()
    };
    Oidc { logout, ..oidc() }
}

async fn signed_in(t: &Test, settings: Oidc) -> (User, Rp, Browser, String, String) {
    let ana = t.person(&t.acme, "ana").await;
    let rp = t.app_for(&t.acme, &ana, settings).await;
    let browser = Browser::new();
    let session = browser.sign_in(t, &t.acme, &ana).await;
    let tokens = rp.tokens(t, &browser, &[]).await;
    (ana, rp, browser, tokens["id_token"].as_str().unwrap().to_owned(), session.id.text())
}

async fn sign_out(t: &Test, rp: &Rp, browser: &Browser, hint: &str, more: &str) -> crate::harness::Answer {
    browser.get(t, &format!("{}?id_token_hint={hint}{more}", rp.at("/oauth2/sessions/logout"))).await
}

both! {
    async fn the_frames_are_the_sessions_applications(t) {
        let (ana, rp, browser, hint, sid) = signed_in(t, framed(true)).await;
        t.app_for(&t.acme, &ana, framed(true)).await; // never used in this session
        let answer = sign_out(t, &rp, &browser, &hint, "").await;
        let page = answer.page(200);
        let issuer = format!("{BASE}/o/acme").replace(':', "%3A").replace('/', "%2F");
        let src = format!("https://app.example.test/signed-out?tab=1&#38;iss={issuer}&#38;sid={sid}");
        assert!(page.contains(&format!("src=\"{src}\"")), "{page}");
        assert_eq!(page.matches("<iframe").count(), 1);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-src https://app.example.test;"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert!(answer.header("refresh").ends_with("; url=/o/acme/oauth2/sessions/logout"));
        // The session is over whatever becomes of the frames.
        assert!(sign_out(t, &rp, &browser, &hint, "").await.page(200).contains("You are signed out"));
    }

    async fn open_redirect_it_goes_on_to_the_registered_address_alone(t) {
        let (_, rp, browser, hint, _) = signed_in(t, framed(false)).await;
        let uri = "&post_logout_redirect_uri=https%3A%2F%2Fevil.test%2F";
        sign_out(t, &rp, &browser, &hint, uri).await.page(400);
        let uri = format!("&post_logout_redirect_uri={}&state=a%22b", Rp::LOGGED_OUT_URI);
        let answer = sign_out(t, &rp, &browser, &hint, &uri).await;
        assert!(answer.page(200).contains(&format!("href=\"{}?state=a%22b\"", Rp::LOGGED_OUT_URI)));
        assert!(answer.body.contains("src=\"https://app.example.test/signed-out?tab=1\""), "no session where none is asked for");
    }

    async fn an_application_without_an_address_is_left_out(t) {
        let (_, rp, browser, hint, _) = signed_in(t, oidc()).await;
        let uri = format!("&post_logout_redirect_uri={}", Rp::LOGGED_OUT_URI);
        assert_eq!(sign_out(t, &rp, &browser, &hint, &uri).await.location(), Rp::LOGGED_OUT_URI);
    }

    async fn only_an_address_beside_a_redirect_uri_is_taken(t) {
        let (_, rp, ..) = signed_in(t, oidc()).await;
        for uri in ["https://evil.test/out", "https://app.example.test:8443/out", "http://app.example.test/out",
                    "javascript:alert(1)", "https://app.example.test/out#x", ""] {
            let logout = Logout { frontchannel_logout_uri: Some(uri.into()), ..Logout::default() };
            let set = muster_directory::application::update::SetOidc { id: rp.id, hidden: None, oidc: Oidc { logout, ..oidc() } };
            let refused = t.d.write(muster_directory::Actor::system(), t.acme.id, set).await;
            assert!(format!("{refused:?}").contains("frontchannelLogoutUri"), "{uri}: {refused:?}");
        }
    }
}
