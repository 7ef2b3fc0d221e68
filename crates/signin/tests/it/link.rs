//! Reset-flow bypass: a link sets a password once, for the one it was sent to, while they may have a password here.

use muster_base::{Id, Secret};
use muster_directory::user::token::{ACTIVATION_TTL_S, RESET_TTL_S, SendLink};
use muster_directory::user::{self, State};
use muster_testkit::{Browser, PASSWORD, Page, Test, both, object};
use serde_json::json;

use crate::door::{app, password, sign_in};

const NEW: &str = "quiet-river-41-copper";
const EMAIL: &str = "ana@example.test";

/// The link that is mailed to a person now.
async fn link(t: &Test, user: Id) -> String {
    t.write(t.acme, SendLink { id: user, by_anyone: false }).await.unwrap();
    t.mailed_links().await.remove(0)
}

/// A new person without a password and their link.
async fn invited(t: &Test) -> (Id, String) {
    let ana = t.person_with(t.acme, "ana", json!({}), State::Activated).await;
    let link = t.mailed_links().await.remove(0);
    assert!(link.starts_with("/activate?token="));
    (ana.id, link)
}

fn token(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

/// Sends a link's form without opening it.
async fn set(t: &Test, path: &str, link: &str, password: &str) -> Page {
    Browser::new(&app(t)).post(path, &[("token", token(link)), ("password", password)]).await
}

fn is_dead(page: &Page) {
    page.is(404).says("This link does not work any more");
}

/// Whether the person can sign in with [`NEW`].
async fn took_effect(t: &Test) -> bool {
    password(&mut Browser::at(&app(t), "198.51.100.9"), "acme", EMAIL, NEW).await.status.is_redirection()
}

/// The hash that is stored, while the person is.
async fn hash(t: &Test, id: Id) -> Option<String> {
    user::store::by_id(&mut t.directory.read(), t.acme.id, id).await.unwrap()?.password_hash
}

both! {
    async fn the_first_password_by_the_activation_link(t) {
        let (ana, link) = invited(t).await;
        let mut browser = Browser::new(&app(t));
        let page = browser.get(&link).await;
        page.is(200).says("Choose your password").says("at least 12 characters").says("Acme");
        assert_eq!(page.form().value("username"), Some(EMAIL));
        let page = browser.submit(&page, &[("password", NEW)]).await;
        page.is(200).says("Your password is set");
        assert!(page.body.contains("href=\"/o/acme/login\""));
        assert!(browser.cookies.is_empty());
        assert!(took_effect(t).await);
        // Opening it did not use it up; the form did.
        is_dead(&browser.get(&link).await);
        is_dead(&set(t, "/activate", &link, "quiet-river-42-copper").await);
        assert!(took_effect(t).await);
        assert!(t.stored(t.acme, ana).await.password_hash.is_some());
    }

    async fn a_reset_ends_every_session_and_every_other_link(t) {
        let ana = t.person(t.acme, "ana").await;
        let mut browser = Browser::new(&app(t));
        sign_in(&mut browser, "/o/acme/login", EMAIL, PASSWORD).await.leads_on();
        let first = link(t, ana.id).await;
        t.later(1);
        let second = link(t, ana.id).await;
        is_dead(&browser.get(&first).await);
        is_dead(&set(t, "/reset", &first, NEW).await);
        browser.get(&second).await.is(200).says("All your sessions end");
        set(t, "/reset", &second, NEW).await.is(200);
        assert!(t.sessions(t.acme, ana.id).await.is_empty());
        browser.get("/o/acme/login").await.is(200);
        password(&mut browser, "acme", EMAIL, PASSWORD).await.is(400);
        assert!(took_effect(t).await);
    }

    async fn of_two_uses_at_once_one_wins(t) {
        let (_, link) = invited(t).await;
        let uses = ["quiet-river-51-copper", "quiet-river-52-copper", "quiet-river-53-copper"].map(|new| {
            let (app, link) = (app(t), link.clone());
            tokio::spawn(async move {
                Browser::new(&app).post("/activate", &[("token", token(&link)), ("password", new)]).await.status
            })
        });
        let mut won = 0;
        for handle in uses {
            won += u32::from(handle.await.unwrap() == 200);
        }
        assert_eq!(won, 1);
    }

    async fn links_end_with_their_time(t) {
        let (ana, link_) = invited(t).await;
        t.later(ACTIVATION_TTL_S - 1);
        Browser::new(&app(t)).get(&link_).await.is(200);
        t.later(1);
        is_dead(&Browser::new(&app(t)).get(&link_).await);
        is_dead(&set(t, "/activate", &link_, NEW).await);
        t.set_password(t.acme, ana, PASSWORD).await;
        let reset = link(t, ana).await;
        t.later(RESET_TTL_S - 1);
        Browser::new(&app(t)).get(&reset).await.is(200);
        t.later(1);
        is_dead(&set(t, "/reset", &reset, NEW).await);
        assert!(!took_effect(t).await);
    }

    async fn a_link_of_one_kind_is_none_of_another(t) {
        let (ana, activation) = invited(t).await;
        let (_, admin) = t.administrator(t.acme, "root@adm.test", None).await;
        let admin = format!("/activate/admin?token={}", admin.unwrap().expose());
        let mut browser = Browser::new(&app(t));
        for (path, link) in [
            ("/reset", &activation), ("/activate/admin", &activation), ("/activate", &admin), ("/reset", &admin),
        ] {
            is_dead(&browser.get(&format!("{path}?token={}", token(link))).await);
            is_dead(&set(t, path, link, NEW).await);
        }
        browser.get(&activation).await.is(200);
        browser.get(&admin).await.is(200);
        t.set_password(t.acme, ana, PASSWORD).await;
        let reset = link(t, ana).await;
        is_dead(&browser.get(&format!("/activate?token={}", token(&reset))).await);
        is_dead(&set(t, "/activate", &reset, NEW).await);
        assert!(!took_effect(t).await);
        browser.get(&reset).await.is(200);
    }

    async fn what_is_no_token_is_a_dead_link(t) {
        let (_, link) = invited(t).await;
        let longer = format!("{link}x");
        let shorter = &link[..link.len() - 1];
        for link in ["token=", "token=x", "token=%00", &longer, shorter, &format!("token={}", "A".repeat(43))] {
            let page = Browser::new(&app(t)).get(&format!("/activate?token={}", token(link))).await;
            is_dead(&page);
            is_dead(&set(t, "/activate", link, NEW).await);
        }
        is_dead(&Browser::new(&app(t)).get("/activate").await);
        is_dead(&set(t, "/activate/admin", "token=x", NEW).await);
    }

    async fn a_weak_password_shows_the_rules_and_keeps_the_link(t) {
        let settings = object(json!({"passwordPolicy": {"needsNumeric": true, "needsUppercase": true, "enableMaxHistory": true}}));
        t.write(t.acme, muster_directory::organization::update::Update { name: None, settings }).await.unwrap();
        let (_, link) = invited(t).await;
        let mut browser = Browser::new(&app(t));
        let mut page = browser.get(&link).await;
        page.says("an upper-case letter").says("a digit").says("not one you used lately");
        for (weak, told) in [
            ("", "must have at least 12 characters"),
            ("short", "must contain a digit"),
            ("Password12345", "easy to guess"),
            ("Vast-ana-Ocean-77-lamp", "must not contain the user name"),
            (&"Vast1".repeat(60), "at most 256 characters"),
        ] {
            page = browser.submit(&page, &[("password", weak)]).await;
            page.is(400).says("This password cannot be used").says(told);
            assert_eq!(page.form().action, "/activate");
            assert!(weak.is_empty() || !page.body.contains(weak), "a password is repeated");
        }
        browser.submit(&page, &[("password", "Quiet-river-41-copper")]).await.is(200);
    }

    /// Each thing that can happen between the link and its form, and what then becomes of it. Only what leaves the
    /// person active and with a password here lets it through.
    async fn reset_flow_bypass_the_state_decides_when_the_password_is_set(t) {
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await.id;
        for what in ["nothing", "suspended", "staged", "federated", "routed", "policy", "deleted", "password", "reset"] {
            let ana = t.person(t.acme, "ana").await;
            let link = link(t, ana.id).await;
            let mut browser = Browser::new(&app(t));
            let page = browser.get(&link).await;
            page.is(200);
            let mut policy = None;
            match what {
                "suspended" => t.set_state(t.acme, ana.id, State::Suspended).await,
                "staged" => t.set_state(t.acme, ana.id, State::Staged).await,
                "federated" => t.federate(t.acme, ana.id).await,
                "routed" => policy = Some(t.route(t.acme, idp, &[ana.id]).await.id),
                "policy" => {
                    t.federate(t.acme, ana.id).await;
                    policy = Some(t.route(t.acme, idp, &[ana.id]).await.id);
                }
                "password" => t.set_password(t.acme, ana.id, "other-stone-93-maple").await,
                "reset" => {
                    t.later(1);
                    t.write(t.acme, SendLink { id: ana.id, by_anyone: false }).await.unwrap();
                }
                "deleted" => t.remove(t.acme, ana.id).await,
                _ => {}
            }
            let before = hash(t, ana.id).await;
            let answer = browser.submit(&page, &[("password", NEW)]).await;
            if what == "nothing" {
                answer.is(200).says("Your password is set");
                assert!(took_effect(t).await);
            } else {
                is_dead(&answer);
                is_dead(&browser.get(&link).await);
                assert_eq!(hash(t, ana.id).await, before, "{what}");
            }
            if let Some(id) = policy {
                t.write(t.acme, muster_directory::routing::delete::Delete { id }).await.unwrap();
            }
            if what != "deleted" {
                t.remove(t.acme, ana.id).await;
            }
        }
    }

    async fn an_administrators_first_password(t) {
        let (_, token) = t.administrator(t.acme, "root@adm.test", None).await;
        let link = format!("/activate/admin?token={}", token.unwrap().expose());
        let mut browser = Browser::new(&app(t));
        let page = browser.get(&link).await;
        page.is(200).says("You were made an administrator");
        assert_eq!(page.form().value("username"), Some("root@adm.test"));
        let page = browser.submit(&page, &[("password", "short")]).await;
        page.is(400).says("must have at least 12 characters");
        assert!(browser.cookies.is_empty());
        assert_eq!(browser.submit(&page, &[("password", NEW)]).await.location(), "/console");
        assert_eq!(browser.get("/console").await.location(), "/console/acme/");
        is_dead(&browser.get(&link).await);
        let login = [("username", "root@adm.test"), ("password", NEW)];
        assert_eq!(Browser::new(&app(t)).post("/login/admin", &login).await.location(), "/console");
    }

    async fn a_suspended_administrators_link_is_dead(t) {
        let (id, token) = t.administrator(t.acme, "root@adm.test", None).await;
        let link = format!("/activate/admin?token={}", token.unwrap().expose());
        let suspend = |suspended| muster_directory::administrator::update::Update {
            id, firstname: None, lastname: None, suspended: Some(suspended),
        };
        t.write(t.acme, suspend(true)).await.unwrap();
        is_dead(&Browser::new(&app(t)).get(&link).await);
        is_dead(&set(t, "/activate/admin", &link, NEW).await);
        t.write(t.acme, suspend(false)).await.unwrap();
        Browser::new(&app(t)).get(&link).await.is(200);
        // It ends with its time as well.
        t.later(7 * 86_400);
        is_dead(&set(t, "/activate/admin", &link, NEW).await);
    }

    async fn the_form_repeats_no_name_that_was_only_sent(t) {
        let (_, token) = t.administrator(t.acme, "root@adm.test", None).await;
        let token: Secret = token.unwrap();
        let fields = [("token", token.expose()), ("username", "eve@evil.test"), ("password", "short")];
        let page = Browser::new(&app(t)).post("/activate/admin", &fields).await;
        page.is(400);
        assert_eq!(page.form().value("username"), Some("root@adm.test"));
    }
}
