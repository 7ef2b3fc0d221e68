//! What was decided or known a moment ago, or of another receiver, is not what is sent by.

use std::sync::Arc;

use muster_directory::provision::state::Move;
use muster_directory::provision::{DeprovisionAction, ObjectKind, ObjectState, Settings};
use muster_scimsync::Round;
use muster_testkit::both;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::fake::Quirks;
use crate::receiver::{Receiver, Trick};
use crate::world::{Reads, TOKEN, World, setup, until};

fn are_untouched(second: &Receiver) -> bool {
    (0..5)
        .filter_map(|n| second.user(&format!("bystander{n}")))
        .filter(|u| u.active() == Some(true) && u.text("title").is_none())
        .count()
        == 5
}

/// Another receiver, at which others have the ids that our people have at the first one.
async fn second() -> Receiver {
    let second = Receiver::start(Quirks::default()).await;
    second.inside().authorization = Some(format!("Bearer {TOKEN}"));
    for n in 0..5 {
        second.inside().users.seed(json!({"userName": format!("bystander{n}"), "active": true}));
    }
    second
}

/// More than are on their way at once.
const MANY: usize = 100;

both! {
    async fn ids_of_one_receiver_mean_nothing_at_another(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        let (ana, bo) = (w.member("ana").await, w.member("bo").await);
        w.settle().await;
        w.settle().await;
        let second = second().await;
        let id = w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id.unwrap();
        assert!(second.inside().users.resources.iter().any(|r| r.id() == Some(&id)), "{id}");
        second.inside().users.seed(json!({"userName": "bo", "active": true}));
        let settings = Settings { base_url: second.address.clone(), manage_groups: true, ..Settings::default() };
        let draft = muster_http::provisioning::Draft { settings: settings.clone(), secret: Some(muster_base::Secret::new(TOKEN)) };
        let plan = w.provisioner.preview(t.acme.id, w.app, Some(draft)).await.unwrap();
        assert_eq!((plan.counts.create, plan.counts.adopt), (2, 1), "{plan:?}");
        w.set(settings, Some(TOKEN)).await;
        // Somebody leaves before anybody was looked for there.
        w.join(bo.id, false).await;
        for _ in 0..3 {
            w.settle().await;
        }
        assert_eq!(second.user("ana").and_then(|u| u.active()), Some(true));
        assert_eq!(second.user("bo").and_then(|u| u.active()), Some(false), "who left is found by name");
        let name = w.sales.name.clone();
        let members = second.group(&name).unwrap().0["members"].clone();
        assert_eq!(members[0]["value"], json!(second.user("ana").unwrap().id().unwrap()));
        w.join(ana.id, false).await;
        w.settle().await;
        assert_eq!(second.user("ana").and_then(|u| u.active()), Some(false));
        assert!(are_untouched(&second));
        assert_eq!(w.at("ana", "active"), json!(true), "nothing more is said to the first one");
    }

    async fn what_the_receiver_before_answers_is_not_written_down(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let permits = Arc::new(Semaphore::new(0));
        w.receiver.inside().always = Some(Trick::Held(Arc::clone(&permits)));
        let ana = w.member("ana").await;
        let mut round = Round::new();
        w.provisioner.round(&mut round).await.unwrap();
        // The searches are answered, the creation is on its way.
        permits.add_permits(2);
        until(async || w.receiver.inside().headers.len() == 3).await;
        let second = second().await;
        w.set(Settings { base_url: second.address.clone(), ..Settings::default() }, Some(TOKEN)).await;
        permits.add_permits(1);
        while round.join_next().await.is_some() {}
        assert_eq!(w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id, None);
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        assert_eq!(second.user("ana").and_then(|u| u.active()), Some(true));
        assert!(are_untouched(&second));
    }

    async fn who_waits_for_their_turn_is_sent_as_they_are_then(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| {
            s.deprovision.action = DeprovisionAction::Delete;
            s.guard.count = None;
            s.guard.percent = None;
        }).await;
        for n in 0..MANY {
            w.member(&format!("p{n:03}")).await;
        }
        w.settle().await;
        for then in ["paused", "bound again"] {
            let permits = Arc::new(Semaphore::new(0));
            w.receiver.inside().always = Some(Trick::Held(Arc::clone(&permits)));
            let before = w.receiver.inside().headers.len();
            let there = w.receiver.inside().users.resources.len();
            w.bind("user_group", w.sales.id, false).await;
            let mut round = Round::new();
            w.provisioner.round(&mut round).await.unwrap();
            until(async || w.receiver.inside().headers.len() > before).await;
            match then {
                "paused" => w.turn(Move::Pause).await,
                _ => w.bind("user_group", w.sales.id, true).await,
            }
            w.receiver.inside().always = None;
            permits.add_permits(1000);
            while round.join_next().await.is_some() {}
            let left = w.receiver.inside().users.resources.len();
            assert!(left >= there - 64, "{then}: {left} of {there} are left");
            if then == "paused" {
                w.bind("user_group", w.sales.id, true).await;
                w.turn(Move::Resume).await;
            }
            w.settle().await;
            assert_eq!(w.receiver.inside().users.resources.len(), MANY, "{then}");
        }
    }
}
