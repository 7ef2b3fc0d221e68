//! What was to be made there, and of which it is not known whether it was: found again, made once, and nobody else's.

use muster_directory::provision::{ObjectKind, ObjectState};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{World, setup};

both! {
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
