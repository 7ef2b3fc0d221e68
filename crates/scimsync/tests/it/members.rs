//! A group's members, where the receiver refuses some of them.

use muster_directory::provision::state::Again;
use muster_directory::provision::{ObjectKind, ObjectState};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::groups::{ids, members};
use crate::world::{World, setup};

async fn state(w: &World<'_>) -> ObjectState {
    w.object(ObjectKind::Group, w.sales.id).await.unwrap().state()
}

both! {
    async fn a_404_to_members_does_not_make_the_group_again_and_again(t) with setup(); {
        for body in [r#"{"detail":"no such member"}"#, "<html>no</html>"] {
            let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
            w.member(&format!("ana-{}", w.app)).await;
            w.settle().await;
            w.member(&format!("bo-{}", w.app)).await;
            w.receiver.inside().says = Some(Box::new(move |method, path, _| {
                (method == "PATCH" && path.contains("/Groups/")).then_some((404, body))
            }));
            let before = w.receiver.inside().headers.len();
            for _ in 0..20 {
                w.settle().await;
                t.later(2);
            }
            let after = w.receiver.inside().headers.len() - before;
            assert!(after < 30, "{after} requests in 40 seconds");
            assert_eq!(state(&w).await, ObjectState::Failing);
            w.receiver.inside().says = None;
            t.later(3601);
            w.settle().await;
            assert_eq!(w.receiver.inside().groups.resources.len(), 1);
            assert_eq!(members(&w).len(), 2);
        }
    }

    async fn a_group_that_was_removed_there_is_made_again(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        w.member("ana").await;
        w.settle().await;
        w.receiver.inside().groups.resources.clear();
        w.member("bo").await;
        for _ in 0..4 {
            w.settle().await;
            t.later(5);
        }
        assert_eq!(members(&w), ids(&w, &["ana", "bo"]));
        assert_eq!(state(&w).await, ObjectState::InStep);
    }

    async fn who_leaves_is_out_though_nobody_can_be_added(t) with setup(); {
        for no_patch in [false, true] {
            let w = World::new(t, Quirks { no_patch, ..Quirks::default() }, |s| s.manage_groups = true).await;
            let names = ["ana", "bo", "cy"].map(|n| format!("{n}-{}", w.app));
            let ana = w.member(&names[0]).await;
            w.member(&names[1]).await;
            let cy = t.person(t.acme, &names[2]).await;
            w.bind("user", cy.id, true).await;
            w.settle().await;
            w.join(cy.id, true).await;
            w.join(ana.id, false).await;
            let bad = format!("\"value\":\"{}\"", w.receiver.user(&names[2]).unwrap().id().unwrap());
            w.receiver.inside().says = Some(Box::new(move |method, path, body| {
                let refused = path.contains("/Groups/") && body.contains(&bad) && matches!(method, "PATCH" | "PUT");
                refused.then_some((400, r#"{"detail":"cy is unknown"}"#))
            }));
            w.settle().await;
            assert_eq!(members(&w), ids(&w, &[&names[1]]), "no_patch: {no_patch}");
            let object = w.object(ObjectKind::Group, w.sales.id).await.unwrap();
            assert!(object.error.unwrap().contains("cy is unknown"));
        }
    }

    async fn one_who_is_refused_keeps_the_others_neither_out_nor_in(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| { s.manage_groups = true; s.guard.count = None; }).await;
        let mut people = Vec::new();
        for n in 0..30 {
            people.push(w.member(&format!("p{n}")).await);
        }
        w.settle().await;
        let of = |n: usize| w.receiver.user(&format!("p{n}")).unwrap().id().unwrap().to_owned();
        // They stay people of the application, whatever group they are in.
        for person in &people {
            w.bind("user", person.id, true).await;
        }
        let bad = [of(3), of(17)].map(|id| format!("\"{id}\""));
        w.receiver.inside().says = Some(Box::new(move |method, path, body| {
            let refused = method == "PATCH" && path.contains("/Groups/") && bad.iter().any(|id| body.contains(id) || body.contains(&id.replace('"', "\\\"")));
            refused.then_some((400, r#"{"detail":"unknown"}"#))
        }));
        for person in &people[..10] {
            w.join(person.id, false).await;
        }
        w.settle().await;
        let mut expected: Vec<String> = (10..30).map(of).chain([of(3)]).collect();
        expected.sort();
        assert_eq!(members(&w), expected);
        assert_eq!(state(&w).await, ObjectState::Failing);
        // Those who come, likewise.
        w.receiver.inside().groups.resources[0].0.shift_remove("members");
        let again = Again { app: w.app, kind: ObjectKind::Group, id: w.sales.id, from_scratch: true };
        t.write(t.acme, again).await.unwrap();
        w.settle().await;
        let mut expected: Vec<String> = (10..30).filter(|n| *n != 17).map(of).collect();
        expected.sort();
        assert_eq!(members(&w), expected);
    }

    async fn a_receiver_that_refuses_everybody_is_not_asked_about_each(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| { s.manage_groups = true; s.guard.count = None; }).await;
        w.receiver.inside().says = Some(Box::new(|method, path, _| {
            (method == "PATCH" && path.contains("/Groups/")).then_some((400, r#"{"detail":"no"}"#))
        }));
        for n in 0..150 {
            w.member(&format!("p{n}")).await;
        }
        w.settle().await;
        w.receiver.calls();
        let before = w.receiver.inside().headers.len();
        w.member("ana").await;
        w.settle().await;
        let after = w.receiver.inside().headers.len() - before;
        assert!(after < 80, "{after}");
    }

    async fn sent_again_from_scratch_a_group_still_loses_who_left(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        let ana = w.member("ana").await;
        w.member("bo").await;
        w.settle().await;
        w.bind("user", ana.id, true).await;
        w.receiver.inside().says = Some(Box::new(|method, path, _| {
            (method == "PATCH" && path.contains("/Groups/")).then_some((400, r#"{"detail":"not now"}"#))
        }));
        w.join(ana.id, false).await;
        w.settle().await;
        assert_eq!(state(&w).await, ObjectState::Failing);
        w.receiver.inside().says = None;
        let again = Again { app: w.app, kind: ObjectKind::Group, id: w.sales.id, from_scratch: true };
        t.write(t.acme, again).await.unwrap();
        w.settle().await;
        assert_eq!(members(&w), ids(&w, &["bo"]));
        assert_eq!(state(&w).await, ObjectState::InStep);
    }

    async fn a_group_that_is_another_one_there_loses_nobody_whom_we_did_not_send(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        let ana = w.member("ana").await;
        w.member("bo").await;
        w.settle().await;
        w.bind("user", ana.id, true).await;
        let in_it = w.receiver.user("ana").unwrap().id().unwrap().to_owned();
        w.receiver.inside().groups.resources.clear();
        w.receiver.inside().groups.seed(json!({"displayName": w.sales.name, "members": [{"value": in_it}]}));
        w.join(ana.id, false).await;
        for _ in 0..3 {
            w.settle().await;
            t.later(5);
        }
        assert_eq!(state(&w).await, ObjectState::Held, "somebody else's is taken over after asking");
        w.turn(muster_directory::provision::state::Move::Approve).await;
        w.settle().await;
        assert_eq!(members(&w), ids(&w, &["ana", "bo"]), "ana was put in it by hand");
    }
}
