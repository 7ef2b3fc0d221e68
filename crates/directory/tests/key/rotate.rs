use muster_directory::Actor;
use muster_directory::application::SigningAlg::Es256;
use muster_directory::key::{LEAD_S, OVERLAP_S, State, list, rotate::rotate, signing};

use super::kids;
use crate::harness::Test;

async fn signs(t: &Test) -> String {
    signing(&t.d, t.acme.id, Es256).await.unwrap().kid().to_owned()
}

async fn turn(t: &Test, at_once: bool) {
    rotate(&t.d, Actor::admin(t.acme.admin, None), t.acme.id, Es256, at_once).await.unwrap();
}

async fn states(t: &Test) -> Vec<State> {
    let listed = list(&t.d, t.acme.id).await.unwrap();
    listed.into_iter().filter(|(row, _)| row.alg == Es256).map(|(_, state)| state).collect()
}

both! {
    async fn the_next_key_is_published_before_it_signs_and_the_last_one_afterwards(t) {
        let old = signs(t).await;
        t.later(86_400);
        turn(t, false).await;
        assert_eq!(signs(t).await, old);
        assert_eq!(states(t).await, [State::Next, State::Active]);
        t.later(LEAD_S - 1);
        assert_eq!(signs(t).await, old);
        assert_eq!(kids(t, t.acme.id).await.len(), 5);
        t.later(1);
        let new = signs(t).await;
        assert_ne!(new, old);
        assert_eq!(states(t).await, [State::Active, State::Retiring]);
        t.later(OVERLAP_S - 1);
        assert!(kids(t, t.acme.id).await.contains(&old));
        t.later(1);
        let left = kids(t, t.acme.id).await;
        assert!(!left.contains(&old) && left.contains(&new));
    }

    /// Asked again and again, there is one next key, and the one that signs stays until it has been followed.
    async fn impatience_does_no_harm(t) {
        let old = signs(t).await;
        for _ in 0..60 {
            turn(t, false).await;
            assert_eq!(signs(t).await, old);
            assert_eq!(states(t).await, [State::Next, State::Active]);
            t.later(LEAD_S - 1);
        }
        t.later(1);
        assert_ne!(signs(t).await, old);
        t.later(OVERLAP_S - 1);
        assert!(kids(t, t.acme.id).await.contains(&old), "published as long as any other");
        t.later(1);
        assert!(!kids(t, t.acme.id).await.contains(&old));
    }

    /// A key that leaked signs nothing more, and nothing that it signed is believed.
    async fn at_once_is_at_once(t) {
        let leaked = signs(t).await;
        turn(t, false).await;
        turn(t, true).await;
        let new = signs(t).await;
        assert_ne!(new, leaked);
        assert!(!kids(t, t.acme.id).await.contains(&leaked));
        assert_eq!(states(t).await, [State::Active]);
    }

    async fn another_node_follows_within_a_minute(t) {
        let other = t.other_node().await;
        let old = signing(&other, t.acme.id, Es256).await.unwrap().kid().to_owned();
        assert_eq!(signs(t).await, old);
        turn(t, true).await;
        t.later(60);
        assert_eq!(signing(&other, t.acme.id, Es256).await.unwrap().kid(), signs(t).await);
    }
}
