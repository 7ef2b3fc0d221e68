//! A 404 is believed once the receiver itself lists something: the proxy before it says 404 to everything while it is
//! deployed.

use muster_directory::group;
use muster_directory::provision::{Deprovision, DeprovisionAction, ObjectKind, ObjectState, store};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::receiver::Trick;
use crate::world::{World, setup};

const PAGE: &str = "<!DOCTYPE html><html>default backend</html>";
const NO_ROUTE: &str = r#"{"message":"no Route matched with those values"}"#;

fn nowhere(body: &'static str) -> Option<Trick> {
    Some(Trick::Say(404, body, Vec::new()))
}

both! {
    async fn who_leaves_while_a_proxy_says_404_is_deactivated_later(t) with setup(); {
        for body in [PAGE, NO_ROUTE] {
            for action in [DeprovisionAction::Deactivate, DeprovisionAction::Delete] {
                let w = World::new(t, Quirks::default(), |s| s.deprovision = Deprovision { action, days: 7 }).await;
                let ana = w.member(&format!("ana-{}", w.app)).await;
                w.settle().await;
                w.receiver.inside().always = nowhere(body);
                w.join(ana.id, false).await;
                w.settle().await;
                assert!(w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id.is_some(), "{body}");
                assert!(w.receiver.inside().headers.len() < 10);
                w.receiver.inside().always = None;
                t.later(901);
                w.settle().await;
                let there = w.receiver.user(&ana.username);
                assert!(there.is_none_or(|t| action == DeprovisionAction::Deactivate && t.active() == Some(false)), "{body}");
                assert_eq!(w.object(ObjectKind::User, ana.id).await.unwrap().error, None);
            }
        }
    }

    async fn who_is_changed_while_a_proxy_says_404_keeps_the_account(t) with setup(); {
        for body in [PAGE, NO_ROUTE] {
            let w = World::new(t, Quirks::default(), |_| {}).await;
            let (ana, bo) = (w.member(&format!("ana-{}", w.app)).await, w.member(&format!("bo-{}", w.app)).await);
            w.settle().await;
            w.receiver.inside().always = nowhere(body);
            let new = w.member(&format!("new-{}", w.app)).await;
            for user in [&ana, &bo] {
                w.update(user.id, json!({"jobTitle": "Lead"})).await;
            }
            w.settle().await;
            for user in [&ana, &bo] {
                assert!(w.object(ObjectKind::User, user.id).await.unwrap().known.remote_id.is_some(), "{body}");
            }
            w.join(bo.id, false).await;
            w.settle().await;
            w.receiver.inside().always = None;
            t.later(901);
            w.settle().await;
            assert_eq!(w.at(&ana.username, "title"), json!("Lead"), "{body}");
            assert_eq!(w.at(&bo.username, "active"), json!(false), "{body}");
            assert_eq!(w.state(new.id).await, ObjectState::InStep, "{body}");
            assert_eq!(w.receiver.inside().users.resources.len(), 3);
        }
    }

    async fn who_was_deleted_there_is_gone_whatever_the_receiver_answers_to_a_search(t) with setup(); {
        for quirks in [
            Quirks::default(),
            Quirks { nobody_is_404: true, ..Quirks::default() },
            Quirks { no_filter: true, no_patch: true, ..Quirks::default() },
            Quirks { ignores_filter: true, ..Quirks::default() },
        ] {
            let w = World::new(t, quirks.clone(), |_| {}).await;
            let (ana, bo) = (w.member(&format!("ana-{}", w.app)).await, w.member(&format!("bo-{}", w.app)).await);
            w.settle().await;
            let there = w.receiver.user(&bo.username).unwrap();
            w.receiver.inside().users.resources.clear();
            // Somebody made another one of hers there: it is not ours.
            w.receiver.inside().users.seed(json!({"userName": ana.username, "active": true}));
            w.receiver.calls();
            w.join(ana.id, false).await;
            w.update(bo.id, json!({"jobTitle": "Lead"})).await;
            w.settle().await;
            assert_eq!(w.state(ana.id).await, ObjectState::Gone, "{quirks:?} {}", w.error(ana.id).await);
            assert_eq!(w.at(&ana.username, "active"), json!(true), "{quirks:?}");
            assert_ne!(w.receiver.user(&bo.username).unwrap().id(), there.id(), "made again");
            let calls = w.receiver.calls();
            assert!(calls.len() <= 12, "{quirks:?} {calls:?}");
        }
    }

    async fn a_404_to_one_who_is_listed_is_tried_again(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.settle().await;
        w.receiver.next(Trick::Say(404, NO_ROUTE, Vec::new()));
        w.join(ana.id, false).await;
        w.settle().await;
        assert!(w.error(ana.id).await.contains("lists it"), "{}", w.error(ana.id).await);
        t.later(5);
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false));
        assert_eq!(w.state(ana.id).await, ObjectState::Gone);
    }

    async fn groups_are_not_given_up_for_a_404_on_the_way(t) with setup(); {
        for (linked, body) in [(true, PAGE), (true, NO_ROUTE), (false, PAGE), (false, NO_ROUTE)] {
            let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
            if linked {
                w.member(&format!("ana-{}", w.app)).await;
                w.settle().await;
            } else {
                // People are there; the group comes once somebody is in it.
                let ana = t.person(t.acme, &format!("ana-{}", w.app)).await;
                w.bind("user", ana.id, true).await;
                w.settle().await;
                w.join(ana.id, true).await;
            }
            w.receiver.inside().always = nowhere(body);
            let other = group::Input { name: Some(format!("Tea of {}", w.app)), ..group::Input::default() };
            let tea = t.write(t.acme, group::create::Create::of_users(other)).await.unwrap();
            w.bind("user_group", tea.id, true).await;
            let users = store::linked(&mut t.directory.read(), (t.acme.id, w.app, ObjectKind::User), "").await.unwrap();
            t.write(t.acme, group::members::Change::of_user(tea.id, users[0].id, true)).await.unwrap();
            for _ in 0..3 {
                w.settle().await;
                t.later(2);
            }
            let target = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
            assert!(target.profile().groups, "{linked} {body}");
            w.receiver.inside().always = None;
            for _ in 0..3 {
                t.later(901);
                w.settle().await;
            }
            assert!(w.receiver.group(&tea.name).is_some_and(|g| g.0.contains_key("members")), "{linked} {body}");
            assert!(w.receiver.group(&w.sales.name).is_some_and(|g| g.0.contains_key("members")), "{linked} {body}");
        }
    }

    async fn where_there_are_no_groups_nothing_waits_for_them(t) with setup(); {
        for body in [PAGE, NO_ROUTE] {
            let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
            w.receiver.inside().says = Some(Box::new(move |_, path, _| path.contains("/Groups").then_some((404, body))));
            w.member(&format!("ana-{}", w.app)).await;
            w.settle().await;
            let target = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
            assert!(!target.profile().groups, "{body}");
            assert_eq!(w.object(ObjectKind::Group, w.sales.id).await.unwrap().state(), ObjectState::InStep);
        }
    }
}
