//! What was to be made there, and of which it is not known whether it was: found again, made once, and nobody else's.

use muster_directory::provision::{ObjectKind, ObjectState};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::receiver::{Receiver, Trick};
use crate::world::{World, setup};

fn nobody() -> Trick {
    Trick::Say(200, r#"{"totalResults":0}"#, Vec::new())
}

/// From now on creations are answered so, and searches find nobody.
fn lags(receiver: &Receiver, status: u16, body: &'static str) {
    receiver.inside().says = Some(Box::new(move |method, _, _| match method {
        "POST" => Some((status, body)),
        "GET" => Some((200, r#"{"totalResults":0}"#)),
        _ => None,
    }));
}

async fn posts(w: &World<'_>, kind: ObjectKind, id: muster_base::Id) -> usize {
    let mut source = w.t.directory.read();
    let calls = muster_directory::provision::store::calls(&mut source, w.t.acme.id, w.app, kind, id).await.unwrap();
    calls.iter().filter(|c| c.method == "POST").count()
}

both! {
    async fn one_that_was_made_without_an_id_is_looked_for_and_not_made_again(t) with setup(); {
        for status in [202, 201] {
            let w = World::new(t, Quirks::default(), |_| {}).await;
            let ana = w.member(&format!("ana-{}", w.app)).await;
            lags(&w.receiver, status, "{}");
            w.settle().await;
            assert_eq!(posts(&w, ObjectKind::User, ana.id).await, 1, "in one run");
            assert_eq!(w.state(ana.id).await, ObjectState::Failing);
            for _ in 0..3 {
                t.later(2);
                w.settle().await;
            }
            assert_eq!(posts(&w, ObjectKind::User, ana.id).await, 1, "nor a moment later");
            w.receiver.inside().users.seed(json!({"userName": ana.username, "active": true}));
            w.receiver.inside().says = None;
            t.later(60);
            w.settle().await;
            assert_eq!(w.state(ana.id).await, ObjectState::InStep);
            assert_eq!(w.receiver.inside().users.resources.len(), 1);
        }
    }

    async fn one_that_was_not_made_after_all_is_made_some_time_later(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        lags(&w.receiver, 202, "{}");
        w.settle().await;
        w.receiver.inside().says = None;
        for _ in 0..8 {
            t.later(30);
            w.settle().await;
        }
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        assert_eq!(w.receiver.inside().users.resources.len(), 1);
    }

    async fn taken_and_not_found_is_tried_again_where_it_may_be_ours(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        for _ in 0..2 {
            w.receiver.next(nobody());
        }
        w.receiver.next(Trick::DoAndBreak);
        w.settle().await;
        lags(&w.receiver, 409, r#"{"scimType":"uniqueness"}"#);
        for _ in 0..6 {
            t.later(30);
            w.settle().await;
        }
        w.receiver.inside().says = None;
        t.later(3600);
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep, "{}", w.error(ana.id).await);
        assert_eq!(w.receiver.inside().users.resources.len(), 1);
    }

    async fn who_leaves_while_the_search_lags_is_found_and_deactivated(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        for _ in 0..2 {
            w.receiver.next(nobody());
        }
        w.receiver.next(Trick::DoAndBreak);
        w.settle().await;
        w.join(ana.id, false).await;
        for _ in 0..2 {
            w.receiver.next(nobody());
        }
        w.settle().await;
        t.later(60);
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false));
    }

    async fn whom_the_receiver_refused_is_nobody_there_of_ours(t) with setup(); {
        for status in [400, 403, 404, 409, 422, 429] {
            let w = World::new(t, Quirks::default(), |_| {}).await;
            let bo = w.member(&format!("bo-{}", w.app)).await;
            w.receiver.inside().says = Some(Box::new(move |method, _, _| {
                (method == "POST").then_some((status, r#"{"detail":"no licence"}"#))
            }));
            w.settle().await;
            w.receiver.inside().says = None;
            w.receiver.inside().users.seed(json!({"userName": bo.username, "active": true}));
            w.join(bo.id, false).await;
            for _ in 0..3 {
                w.settle().await;
                t.later(60);
            }
            assert_eq!(w.at(&bo.username, "active"), json!(true), "{status}");
        }
    }

    async fn a_group_of_which_the_creation_was_refused_is_taken_over_after_asking(t) with setup(); {
        for status in [400, 409] {
            let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
            w.member(&format!("ana-{}", w.app)).await;
            w.receiver.inside().says = Some(Box::new(move |method, path, _| {
                (method == "POST" && path.ends_with("/Groups")).then_some((status, r#"{"detail":"no"}"#))
            }));
            w.settle().await;
            w.receiver.inside().says = None;
            w.receiver.inside().groups.seed(json!({"displayName": w.sales.name}));
            w.member(&format!("bo-{}", w.app)).await;
            w.settle().await;
            let object = w.object(ObjectKind::Group, w.sales.id).await.unwrap();
            assert_eq!((object.state(), object.known.remote_id), (ObjectState::Held, None), "{status}");
        }
    }
}
