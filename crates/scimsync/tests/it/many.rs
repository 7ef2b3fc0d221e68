//! Many at once: how many are on their way, and that nobody waits for one that hangs.

use muster_base::Secret;
use muster_directory::application::{Doc, SCIM, create};
use muster_directory::provision::settings::Set;
use muster_directory::provision::state::{Change, Move};
use muster_directory::provision::{ObjectState, Settings, store};
use std::time::{Duration, Instant};

use muster_scimsync::{Provisioner, Round, With};
use muster_testkit::both;

use crate::fake::Quirks;
use crate::receiver::{Crowd, Trick};
use crate::world::{PATIENT, Reads, World, setup};

both! {
    async fn a_target_that_answers_is_sent_more_at_once(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        for n in 0..90 {
            w.member(&format!("p{n}")).await;
        }
        let crowd = Crowd::of([20, 40, 64]);
        w.receiver.inside().always = Some(Trick::Crowd(crowd.clone()));
        w.settle().await;
        assert_eq!(crowd.left(), 0, "so many were never there at once");
        assert_eq!(w.receiver.inside().users.resources.len(), 90, "everybody, and nobody twice");
    }

    async fn one_that_hangs_keeps_none_of_its_target_waiting(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        for n in 0..230 {
            w.member(&format!("p{n}")).await;
        }
        w.receiver.next(Trick::Hang);
        let mut round = Round::new();
        w.provisioner.round(&mut round).await.unwrap();
        while w.receiver.inside().users.resources.len() < 229 {
            tokio::task::yield_now().await;
        }
        // Nor those who come while it hangs.
        let late = w.member("late").await;
        w.provisioner.round(&mut round).await.unwrap();
        while w.receiver.user("late").is_none() || w.state(late.id).await != ObjectState::InStep {
            tokio::task::yield_now().await;
        }
        assert_eq!(w.receiver.inside().users.resources.len(), 230);
        round.abort_all();
    }

    async fn a_target_gets_no_more_requests_than_were_entered(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.requests_per_second = Some(20)).await;
        for n in 0..5 {
            w.member(&format!("p{n}")).await;
        }
        let begun = Instant::now();
        w.settle().await;
        let first = w.receiver.inside().headers.len();
        assert_eq!((w.receiver.inside().users.resources.len(), first), (5, 15));
        // Between them; and the next run, and reading, go on where this one ended.
        assert!(begun.elapsed() >= Duration::from_millis(14 * 50), "{:?}", begun.elapsed());
        w.provisioner.drift(t.acme.id, w.app).await.unwrap();
        let all = w.receiver.inside().headers.len();
        assert!(begun.elapsed() >= Duration::from_millis((all as u64 - 1) * 50), "{all} in {:?}", begun.elapsed());
    }

    async fn targets_take_turns_where_they_are_many(t) with setup(); {
        let with = With { targets_at_once: 1, turn: Duration::ZERO, ..PATIENT };
        let node = Provisioner::with(t.directory.clone(), t.site.egress().clone(), "node-1".into(), with);
        let (w, v) = (World::new(t, Quirks::default(), |_| {}).await, World::new(t, Quirks::default(), |_| {}).await);
        for n in 0..150 {
            w.member(&format!("w{n}")).await;
            v.member(&format!("v{n}")).await;
        }
        let there = |w: &World<'_>| w.receiver.inside().users.resources.len();
        let mut before = (0, 0);
        let mut turns = Vec::new();
        while before != (150, 150) {
            node.settle().await.unwrap();
            let now = (there(&w), there(&v));
            turns.push(now.0 > before.0);
            assert_ne!(now.0 > before.0, now.1 > before.1, "one after the other: {before:?} {now:?}");
            before = now;
        }
        assert!(turns.len() >= 4 && turns.windows(2).take(3).all(|two| two[0] != two[1]), "{turns:?}");
    }

    async fn many_targets_that_are_to_be_read_again_keep_no_other_organization_waiting(t) with setup(); {
        let mut last = None;
        for (org, many) in [(t.acme, 101), (t.blue, 1)] {
            for _ in 0..many {
                let doc = Doc { display_label: "Profit".into(), ..Doc::default() };
                let app = t.write(org, create::Create { name: SCIM.into(), doc, active: true }).await.unwrap().id;
                let settings = Settings { base_url: "http://localhost:9/scim".into(), ..Settings::default() };
                let set = Set { app, settings, secret: Some(Secret::new("a-token")), http_allowed: true };
                t.write(org, set).await.unwrap();
                last = Some(t.write(org, Change { app, to: Move::Activate }).await.unwrap());
            }
        }
        let theirs = last.unwrap();
        let now = t.directory.env().clock.now();
        // They come after all the others.
        store::check_at(&t.directory, &theirs, now).await.unwrap();
        let due = store::checks_due(&t.directory, now).await.unwrap();
        assert_eq!((due.len(), due.contains(&(theirs.org, theirs.app))), (100, true));
    }

    async fn a_target_that_asks_for_less_is_sent_less_at_once(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        for n in 0..30 {
            w.member(&format!("p{n}")).await;
        }
        for _ in 0..20 {
            w.receiver.next(Trick::Say(429, "", vec![("retry-after", "1".into())]));
        }
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 0);
        // Those that were not on their way yet were not sent.
        w.receiver.inside().tricks.clear();
        t.later(3600);
        w.receiver.inside().most = 0;
        w.receiver.inside().always = Some(Trick::Crowd(Crowd::of([10])));
        w.settle().await;
        assert_eq!(w.receiver.inside().users.resources.len(), 30);
        let most = w.receiver.inside().most;
        assert!((10..20).contains(&most), "{most} at once");
    }
}
