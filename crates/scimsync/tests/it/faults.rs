//! Whatever the application does, and whatever dies here: nobody is there twice, and it ends as it should be.

use muster_directory::provision::{AuthenticationKind, ObjectKind, ObjectState, store};
use muster_scimsync::{Provisioner, Round};
use muster_testkit::both;
use serde_json::json;

use crate::fake::{Fault, Quirks};
use crate::receiver::Trick;
use crate::world::{TOKEN, World, setup};

fn html() -> Trick {
    Trick::Say(200, "<!DOCTYPE html><html>Sign in</html>", Vec::new())
}

both! {
    async fn five_hundred_after_doing_the_work_makes_nobody_twice(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.receiver.inside().users.faults.extend([Fault::None, Fault::None, Fault::ErrorAfter]);
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::Failing);
        w.settle().await;
        assert_eq!(w.receiver.calls().len(), 3, "it is not tried again at once");
        t.later(5);
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        assert_eq!(w.receiver.inside().users.resources.len(), 1);
    }

    async fn whoever_leaves_before_it_is_known_that_they_were_made_is_found_and_deactivated(t) with setup(); {
        for trick in [Trick::DoAndBreak, Trick::DoAndBreak] {
            let w = World::new(t, Quirks::default(), |_| {}).await;
            let ana = w.member(&format!("ana-{}", w.app)).await;
            w.receiver.next(Trick::Say(200, r#"{"totalResults":0}"#, Vec::new()));
            w.receiver.next(Trick::Say(200, r#"{"totalResults":0}"#, Vec::new()));
            w.receiver.next(trick);
            w.settle().await;
            assert_eq!(w.at(&ana.username, "active"), json!(true));
            t.remove(t.acme, ana.id).await;
            w.settle().await;
            t.later(60);
            w.settle().await;
            assert_eq!(w.at(&ana.username, "active"), json!(false));
        }
    }

    /// What a node that dies leaves: its calls were made, and nothing of them was written down.
    async fn a_node_that_dies_in_the_middle_leaves_nothing_behind(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.receiver.next(Trick::Say(200, r#"{"totalResults":0}"#, Vec::new()));
        w.receiver.next(Trick::Say(200, r#"{"totalResults":0}"#, Vec::new()));
        w.receiver.next(Trick::Hang);
        let mut round = Round::new();
        w.provisioner.round(&mut round).await.unwrap();
        while w.receiver.inside().headers.len() < 3 {
            tokio::task::yield_now().await;
        }
        round.abort_all();
        while round.join_next().await.is_some() {}
        // The work was done after all.
        w.receiver.inside().users.seed(json!({"userName": "ana", "active": true}));
        let other = Provisioner::new(t.directory.clone(), t.site.egress().clone(), "node-2".into());
        other.settle().await.unwrap();
        assert_eq!(w.receiver.inside().headers.len(), 3, "the lease is the dead node's for a while");
        t.later(21);
        other.settle().await.unwrap();
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        assert_eq!(w.receiver.inside().users.resources.len(), 1);
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
    }

    async fn a_target_that_hangs_delays_no_other(t) with setup(); {
        let (slow, quick) = (World::new(t, Quirks::default(), |_| {}).await, World::new(t, Quirks::default(), |_| {}).await);
        slow.receiver.inside().always = Some(Trick::Hang);
        slow.member("ana").await;
        quick.member("bo").await;
        let mut round = Round::new();
        slow.provisioner.round(&mut round).await.unwrap();
        // Others in it end by themselves; the slow one does not.
        while quick.receiver.user("bo").is_none() {
            round.join_next().await.unwrap().unwrap();
        }
        assert!(slow.receiver.user("ana").is_none());
        round.abort_all();
    }

    async fn pages_redirects_and_refusals_stop_the_target_until_somebody_mends_it(t) with setup(); {
        for (trick, words) in [
            (html(), "web page"),
            (Trick::Say(302, "", vec![("location", "http://169.254.169.254/".into())]), "is not followed"),
            (Trick::Say(401, r#"{"detail":"no key-and-scim-key-of-profit"}"#, Vec::new()), "no [secret]"),
        ] {
            let w = World::new(t, Quirks::default(), |_| {}).await;
            w.receiver.inside().always = Some(trick);
            let (ana, bo) = (w.member(&format!("a-{}", w.app)).await, w.member(&format!("b-{}", w.app)).await);
            w.settle().await;
            let target = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
            assert!(target.stopped.is_some_and(|why| !why.contains(TOKEN)));
            let told = [w.error(ana.id).await, w.error(bo.id).await].concat();
            assert!(told.contains(words), "{told}");
            let before = w.receiver.inside().headers.len();
            w.settle().await;
            assert_eq!(w.receiver.inside().headers.len(), before, "nothing more is sent");
            w.receiver.inside().always = None;
            t.later(901);
            w.settle().await;
            assert!(w.receiver.user(&ana.username).is_some(), "it is looked whether somebody did");
            assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        }
    }

    async fn slow_down_is_heeded_and_a_week_later_all_is_well(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.receiver.next(Trick::Say(429, "", vec![("retry-after", "120".into())]));
        w.settle().await;
        t.later(119);
        w.settle().await;
        assert_eq!(w.receiver.inside().headers.len(), 1, "not before the time it asked for");
        w.receiver.inside().always = Some(Trick::Say(503, "{}", Vec::new()));
        for _ in 0..60 {
            t.later(7200);
            w.settle().await;
        }
        let tried = w.receiver.inside().headers.len();
        assert!((10..=61).contains(&tried), "{tried}");
        w.receiver.inside().always = None;
        t.later(7 * 86_400);
        w.settle().await;
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
    }

    async fn the_breaker_opens_after_a_few_failures(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.receiver.inside().always = Some(Trick::Say(500, "{}", Vec::new()));
        for n in 0..60 {
            w.member(&format!("p{n}")).await;
        }
        w.settle().await;
        let tried = w.receiver.inside().headers.len();
        assert!(tried < 30, "{tried} of sixty");
        w.receiver.inside().always = None;
        t.later(3600);
        w.settle().await;
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 60);
    }

    async fn endless_bodies_are_not_read(t) with setup(); {
        static LONG: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| "x".repeat(3 << 20));
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.receiver.next(Trick::Say(200, LONG.as_str(), Vec::new()));
        w.settle().await;
        assert!(w.error(ana.id).await.contains("larger than is read"), "{}", w.error(ana.id).await);
    }

    /// Class of security-cases.md: "SSRF".
    async fn ssrf_private_addresses_are_not_called(t) {
        let w = World::new(t, Quirks::default(), |s| s.base_url = s.base_url.replace("http:", "https:")).await;
        let ana = w.member("ana").await;
        w.settle().await;
        assert!(w.error(ana.id).await.contains("may not be reached"), "{}", w.error(ana.id).await);
        assert!(w.receiver.inside().headers.is_empty());
    }

    /// Class of security-cases.md: "mixed identities": an id is the same however the receiver writes it.
    async fn numbers_are_ids_of_somebody_else_as_well(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let nobody = || Trick::Say(200, r#"{"totalResults":0}"#, Vec::new());
        for trick in [nobody(), nobody(), Trick::Say(201, r#"{"Id":7,"userName":"ana"}"#, Vec::new())] {
            w.receiver.next(trick);
        }
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id.as_deref(), Some("7"));
        let long: &str = json!({"id": "x".repeat(1100), "userName": "bo"}).to_string().leak();
        for (tricks, words) in [
            (vec![nobody(), nobody(), Trick::Say(201, r#"{"id":7,"userName":"bo"}"#, Vec::new())], "another object of ours"),
            (vec![Trick::Say(200, r#"{"totalResults":1,"Resources":[{"ID":7,"userName":"bo"}]}"#, Vec::new())], "linked to another one"),
            (vec![nobody(), nobody(), Trick::Say(201, long, Vec::new())], "more than 1024 bytes"),
        ] {
            w.receiver.inside().tricks.extend(tricks);
            let bo = w.member("bo").await;
            w.settle().await;
            assert!(w.error(bo.id).await.contains(words), "{words}: {}", w.error(bo.id).await);
            assert_eq!(w.object(ObjectKind::User, bo.id).await.unwrap().known.remote_id, None);
            let before = w.receiver.inside().headers.len();
            w.settle().await;
            assert_eq!(w.receiver.inside().headers.len(), before, "nothing more is sent");
            t.remove(t.acme, bo.id).await;
            w.settle().await;
        }
    }

    /// Class of security-cases.md: secrets in logs: what a receiver repeats of ours is nowhere told.
    async fn what_repeats_our_secret_is_told_without_it(t) with setup(); {
        for (kind, answer) in [
            (AuthenticationKind::Bearer, r#"{"detail":"no key-and-scim-key-of-profit"}"#),
            (AuthenticationKind::Basic, r#"{"detail":"no YW5hOmtleS1hbmQtc2NpbS1rZXktb2YtcHJvZml0"}"#),
            (AuthenticationKind::OAuth, r#"{"detail":"no token-number-one"}"#),
        ] {
            let w = World::new(t, Quirks::default(), |s| {
                s.manage_groups = true;
                let a = &mut s.authentication;
                (a.kind, a.username, a.client_id) = (kind, "ana".into(), "muster".into());
                a.token_url = s.base_url.replace("/scim/v2", "/token");
            }).await;
            w.receiver.inside().authorization = None;
            if kind == AuthenticationKind::OAuth {
                w.receiver.next(Trick::Say(200, r#"{"access_token":"token-number-one","expires_in":3600}"#, Vec::new()));
            }
            let ana = w.member(&format!("ana-{}", w.app)).await;
            w.settle().await;
            w.settle().await;
            w.receiver.inside().always = Some(Trick::Say(403, answer, Vec::new()));
            w.update(ana.id, json!({"jobTitle": "Lead"})).await;
            let bo = t.person(t.acme, &format!("bo-{}", w.app)).await;
            w.join(bo.id, true).await;
            w.join(ana.id, false).await;
            w.settle().await;
            t.later(60);
            w.settle().await;
            let target = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
            let mut told = vec![target.stopped.unwrap_or_default()];
            for (kind, id) in [(ObjectKind::User, ana.id), (ObjectKind::User, bo.id), (ObjectKind::Group, w.sales.id)] {
                let object = w.object(kind, id).await;
                told.extend(object.and_then(|o| o.error));
                let calls = store::calls(&mut t.directory.read(), t.acme.id, w.app, kind, id).await.unwrap();
                told.extend(calls.into_iter().map(|c| serde_json::to_string(&c).unwrap()));
            }
            let told = told.join("\n");
            assert!(told.contains("[secret]"), "{kind:?} {told}");
            for secret in [TOKEN, "YW5hOmtleS1hbmQt", "token-number-one"] {
                assert!(!told.contains(secret), "{kind:?} {told}");
            }
        }
    }

    async fn an_answer_with_the_id_of_somebody_else_is_not_believed(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.settle().await;
        let id = w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id.unwrap();
        let bo = w.member("bo").await;
        for _ in 0..2 {
            w.receiver.next(Trick::Say(200, r#"{"totalResults":0}"#, Vec::new()));
        }
        assert_eq!(id, "r1");
        w.receiver.next(Trick::Say(201, r#"{"id":"r1","userName":"bo"}"#, Vec::new()));
        w.settle().await;
        assert!(w.error(bo.id).await.contains("another object of ours"), "{}", w.error(bo.id).await);
        assert_eq!(w.object(ObjectKind::User, bo.id).await.unwrap().known.remote_id, None);
    }
}
