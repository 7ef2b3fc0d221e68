//! Class: a deactivated person keeps access. Each way of losing access is tried against everything given before: the
//! session, a code, an access token, a refresh token. All refuse at once.

use muster_directory::user::{State, User};
use muster_directory::{application, session, user};

use crate::harness::{Browser, Rp, Test, oidc};

/// What a person and an application hold of each other.
struct Held {
    browser: Browser,
    code: String,
    access_token: String,
    refresh_token: String,
}

async fn hold(t: &Test, rp: &Rp, user: &User, scope: &str) -> Held {
    let browser = Browser::new();
    browser.sign_in(t, &rp.org, user).await;
    let tokens = rp.tokens(t, &browser, &[("scope", scope)]).await;
    let code = rp.code(t, &browser, &[("scope", scope)]).await;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    let held = Held { browser, code, access_token: text("access_token"), refresh_token: text("refresh_token") };
    assert_eq!(rp.userinfo(t, &held.access_token).await.status, 200);
    held
}

async fn all_refused(t: &Test, rp: &Rp, held: &Held) {
    let answer = held.browser.get(t, &rp.auth(&[("prompt", "none")])).await;
    if answer.status != 403 {
        let params = answer.redirected_to(Rp::REDIRECT_URI);
        assert!(["login_required", "access_denied"].contains(&params["error"].as_str()), "{params:?}");
    }
    for answer in [rp.redeem(t, &held.code).await, rp.refresh(t, &held.refresh_token).await] {
        let (status, error) = answer.error();
        assert!(status == 400 && ["invalid_grant", "unauthorized_client"].contains(&error.as_str()), "{answer:?}");
        assert!(!answer.body.contains("access_token"));
    }
    assert_eq!(rp.userinfo(t, &held.access_token).await.error(), (401, "invalid_token".into()));
}

const OFFLINE: &str = "openid offline_access";

both! {
    async fn a_suspended_person(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        t.later(1);
        t.set_state(&t.acme, &ana, State::Suspended).await;
        all_refused(t, &rp, &held).await;
        // What was given before does not come back with the person.
        t.later(1);
        t.set_state(&t.acme, &ana, State::Activated).await;
        all_refused(t, &rp, &held).await;
    }

    async fn a_removed_person(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        t.write(&t.acme, user::delete::Delete { id: ana.id, cascade_manager: None }).await;
        all_refused(t, &rp, &held).await;
    }

    async fn a_person_who_left_the_group(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app(&t.acme, oidc()).await;
        let group = t.group(&t.acme, "Readers", &[&ana]).await;
        t.bind(&t.acme, &rp, &group).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        t.leave(&t.acme, &group, &ana).await;
        all_refused(t, &rp, &held).await;
    }

    async fn a_group_that_lost_the_application(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app(&t.acme, oidc()).await;
        let group = t.group(&t.acme, "Readers", &[&ana]).await;
        t.bind(&t.acme, &rp, &group).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        let unbind = application::bind::Bind { app: rp.id, kind: "user_group", subject: group.id, add: false };
        t.write(&t.acme, unbind).await;
        all_refused(t, &rp, &held).await;
    }

    async fn an_application_that_was_deactivated_or_removed(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        t.set_active(&rp, false).await;
        all_refused(t, &rp, &held).await;
        t.set_active(&rp, true).await;
        assert_eq!(rp.userinfo(t, &held.access_token).await.status, 200);
        t.write(&t.acme, application::delete::Delete { id: rp.id }).await;
        assert_eq!(rp.userinfo(t, &held.access_token).await.error(), (401, "invalid_token".into()));
        assert_eq!(rp.refresh(t, &held.refresh_token).await.error(), (401, "invalid_client".into()));
    }

    async fn a_person_who_was_signed_out_everywhere(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        t.later(1);
        t.write(&t.acme, session::end::EndAll { user: ana.id }).await;
        all_refused(t, &rp, &held).await;
        // Signing in again begins anew.
        t.later(1);
        held.browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &held.browser, &[]).await;
        assert_eq!(rp.userinfo(t, tokens["access_token"].as_str().unwrap()).await.status, 200);
        assert_eq!(rp.userinfo(t, &held.access_token).await.status, 401);
    }

    async fn a_session_that_ended_takes_what_is_bound_to_it(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let bound = hold(t, &rp, &ana, "openid").await;
        let session = bound.browser.sign_in(t, &t.acme, &ana).await;
        t.write(&t.acme, session::end::End { session: session.id, principal: None }).await;
        all_refused(t, &rp, &Held { refresh_token: "none".into(), ..bound }).await;
    }

    async fn offline_access_outlives_the_session_but_its_codes_do_not(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, OFFLINE).await;
        let session = held.browser.sign_in(t, &t.acme, &ana).await;
        t.write(&t.acme, session::end::End { session: session.id, principal: None }).await;
        assert_eq!(rp.redeem(t, &held.code).await.error(), (400, "invalid_grant".into()));
        assert_eq!(rp.userinfo(t, &held.access_token).await.status, 200);
        rp.refresh(t, &held.refresh_token).await.ok();
    }

    async fn a_session_that_rested_too_long_is_none(t) {
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, oidc()).await;
        let held = hold(t, &rp, &ana, "openid").await;
        t.later(480 * 60);
        let answer = held.browser.get(t, &rp.auth(&[("prompt", "none")])).await;
        assert_eq!(answer.redirected_to(Rp::REDIRECT_URI)["error"], "login_required");
    }
}
