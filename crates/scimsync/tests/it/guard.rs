//! What takes many accounts away waits for an administrator; what adds or changes goes on.

use muster_directory::provision::state::{Again, Move};
use muster_directory::provision::{DeprovisionAction, ObjectKind, ObjectState, store};
use muster_directory::user::State as Life;
use muster_http::provisioning::Draft;
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{Reads, World, setup};

async fn active(w: &World<'_>) -> usize {
    w.receiver.inside().users.resources.iter().filter(|r| r.active() == Some(true)).count()
}

both! {
    async fn a_mass_removal_waits_and_goes_once_it_is_approved(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.guard.count = Some(3)).await;
        let mut all = Vec::new();
        for n in 0..8 {
            all.push(w.member(&format!("p{n}")).await);
        }
        w.settle().await;
        w.join(all[7].id, false).await;
        w.settle().await;
        assert_eq!(active(&w).await, 7, "one is within the guard");
        w.bind("user_group", w.sales.id, false).await;
        w.settle().await;
        assert_eq!(active(&w).await, 7, "seven more are not");
        assert_eq!(w.state(all[0].id).await, ObjectState::Held);
        let counts = store::counts(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
        assert_eq!(counts.held, 7);
        // Who comes back is held no more.
        w.bind("user", all[0].id, true).await;
        w.settle().await;
        assert_eq!(w.state(all[0].id).await, ObjectState::InStep);
        w.turn(Move::Approve).await;
        w.settle().await;
        assert_eq!(active(&w).await, 1);
    }

    async fn deleting_accounts_that_were_deactivated_long_ago_waits_as_well(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.guard.count = Some(3)).await;
        let mut all = Vec::new();
        for n in 0..9 {
            all.push(w.member(&format!("p{n}")).await);
        }
        w.settle().await;
        for two in all[..8].chunks(2) {
            t.later(3601);
            w.join(two[0].id, false).await;
            w.join(two[1].id, false).await;
            w.settle().await;
        }
        assert_eq!(active(&w).await, 1);
        t.later(3601);
        let mut settings = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().settings;
        settings.deprovision.action = DeprovisionAction::Delete;
        let draft = Draft { settings: settings.clone(), secret: None };
        let plan = w.provisioner.preview(t.acme.id, w.app, Some(draft)).await.unwrap();
        assert!(plan.guarded, "{plan:?}");
        w.set(settings, None).await;
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 9, "eight at once are too many");
        assert_eq!(w.state(all[0].id).await, ObjectState::Held);
        w.turn(Move::Approve).await;
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 1);
    }

    /// Who is kept out there, and bound still, is not deleted: they do not count.
    async fn who_is_suspended_counts_once(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| {
            s.guard.count = Some(3);
            s.deprovision.action = DeprovisionAction::Delete;
        }).await;
        let mut all = Vec::new();
        for n in 0..6 {
            all.push(w.member(&format!("p{n}")).await);
        }
        w.settle().await;
        for one in &all[..5] {
            t.later(3601);
            t.set_state(t.acme, one.id, Life::Suspended).await;
            w.settle().await;
        }
        assert_eq!((active(&w).await, w.receiver.inside().users.resources.len()), (1, 6));
        let mut settings = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().settings;
        settings.profile = "patch".into();
        w.set(settings, None).await;
        w.join(all[5].id, false).await;
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 5, "one is within the guard");
    }

    async fn a_percentage_says_nothing_about_a_handful(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let (ana, bo) = (w.member("ana").await, w.member("bo").await);
        w.settle().await;
        w.join(ana.id, false).await;
        w.join(bo.id, false).await;
        w.settle().await;
        assert_eq!(active(&w).await, 0);
    }

    async fn paused_is_paused_and_nothing_is_lost(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.turn(Move::Pause).await;
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::Waiting);
        assert!(w.receiver.calls().is_empty());
        w.turn(Move::Resume).await;
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        w.turn(Move::Deactivate).await;
        w.update(ana.id, json!({"jobTitle": "Lead"})).await;
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
        w.turn(Move::Activate).await;
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Lead"));
    }

    async fn an_object_is_tried_now_and_sent_from_scratch(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.receiver.next(crate::receiver::Trick::Say(503, "{}", Vec::new()));
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::Failing);
        let again = |from_scratch| Again { app: w.app, kind: ObjectKind::User, id: ana.id, from_scratch };
        t.write(t.acme, again(false)).await.unwrap();
        w.settle().await;
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        // Somebody changed it there; nothing changed here.
        w.receiver.inside().users.resources[0].0.insert("title".into(), json!("Boss"));
        t.write(t.acme, again(true)).await.unwrap();
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
    }
}
