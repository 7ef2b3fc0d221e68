use muster_base::Id;
use muster_directory::user::lockout::{
    self, Attempt, FREE_OVER_ALL, FREE_PER_NETWORK, Unlock, Verdict, locked_subjects, unknown_subject,
};

use crate::harness::Test;

const HOME: &str = "192.0.2.0/24";
const AWAY: &str = "198.51.100.0/24";

async fn attempt(t: &Test, subject: &str, prefix: &str) -> Verdict {
    let attempt = Attempt { org: Some(t.acme.id), subject: subject.into(), prefix: prefix.into(), now: t.clock.now() };
    t.d.work(attempt).await.unwrap()
}

/// How many of `n` attempts one after the other may go on.
async fn passed(t: &Test, subject: &str, prefix: &str, n: i64) -> i64 {
    let mut passed = 0;
    for _ in 0..n {
        passed += i64::from(attempt(t, subject, prefix).await == Verdict::GoOn);
    }
    passed
}

fn subject(user: Id) -> String {
    user.text()
}

both! {
    async fn a_network_waits_after_its_free_attempts(t) {
        let ana = subject(t.user_with_password(t.acme, "ana").await.id);
        assert_eq!(passed(t, &ana, HOME, 10).await, FREE_PER_NETWORK);
        assert_eq!(attempt(t, &ana, HOME).await, Verdict::Wait { until: t.clock.now().plus_s(30) });
        t.later(30);
        assert_eq!(passed(t, &ana, HOME, 5).await, 1);
        t.later(30);
        assert_eq!(passed(t, &ana, HOME, 5).await, 0, "the second wait is twice as long");
        t.later(30);
        assert_eq!(passed(t, &ana, HOME, 5).await, 1);
        // Another network, another person, and another organization are not touched.
        assert_eq!(attempt(t, &ana, AWAY).await, Verdict::GoOn);
        let bo = subject(t.user_with_password(t.acme, "bo").await.id);
        assert_eq!(attempt(t, &bo, HOME).await, Verdict::GoOn);
        let other = Attempt { org: Some(t.blue.id), subject: ana, prefix: HOME.into(), now: t.clock.now() };
        assert_eq!(t.d.work(other).await.unwrap(), Verdict::GoOn);
    }

    async fn strangers_do_not_lock_a_person_out_of_a_network_they_use(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        attempt(t, &subject(ana), HOME).await;
        t.sign_in(t.acme, ana, HOME).await;
        for net in 0..=FREE_OVER_ALL {
            attempt(t, &subject(ana), &format!("10.0.{net}.0/24")).await;
        }
        assert!(matches!(attempt(t, &subject(ana), AWAY).await, Verdict::Wait { .. }), "unknown networks wait");
        assert_eq!(attempt(t, &subject(ana), HOME).await, Verdict::GoOn);
        // What is wrong from the known network counts there all the same.
        assert!(passed(t, &subject(ana), HOME, 20).await < FREE_PER_NETWORK);
    }

    async fn a_right_password_takes_the_attempt_back(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        passed(t, &subject(ana), HOME, FREE_PER_NETWORK - 1).await;
        t.sign_in(t.acme, ana, HOME).await;
        assert_eq!(passed(t, &subject(ana), HOME, 10).await, FREE_PER_NETWORK);
    }

    /// Someone who travels signs in from a new network each day: that is no attack.
    async fn right_passwords_from_many_networks_lock_nothing(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        for day in 0..FREE_OVER_ALL + 10 {
            let net = format!("10.0.{day}.0/24");
            assert_eq!(attempt(t, &subject(ana), &net).await, Verdict::GoOn, "day {day}");
            t.sign_in(t.acme, ana, &net).await;
            t.later(600);
        }
    }

    async fn an_administrator_unlocks(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        passed(t, &subject(ana), HOME, 10).await;
        let locked = || async { locked_subjects(&mut t.d.read(), t.acme.id, t.clock.now()).await.unwrap() };
        assert!(locked().await.contains(&subject(ana)));
        let (failures, until) = lockout::failures(&mut t.d.read(), t.acme.id, ana).await.unwrap();
        assert_eq!((failures, until), (FREE_PER_NETWORK, t.clock.now().plus_s(30)));
        t.write(t.acme, Unlock { id: ana }).await.unwrap();
        assert!(locked().await.is_empty());
        assert_eq!(attempt(t, &subject(ana), HOME).await, Verdict::GoOn);
    }

    async fn counters_are_forgotten_after_a_day(t) {
        let ana = subject(t.user_with_password(t.acme, "ana").await.id);
        passed(t, &ana, HOME, FREE_PER_NETWORK - 1).await;
        t.later(86_401);
        assert_eq!(passed(t, &ana, HOME, 10).await, FREE_PER_NETWORK);
        t.later(86_401);
        let (sql, params) = lockout::prune(t.clock.now());
        assert_eq!(t.d.db().exec(sql, &params).await.unwrap(), 2);
    }

    /// Timing / enumeration: a name that nobody has is counted and answered as one that somebody has.
    async fn unknown_names_wait_just_as_long(t) {
        let ana = subject(t.user_with_password(t.acme, "ana").await.id);
        let nobody = unknown_subject(" Nobody@Example.test ");
        assert_eq!(nobody, unknown_subject("nobody@example.test"));
        for _ in 0..10 {
            assert_eq!(attempt(t, &ana, HOME).await, attempt(t, &nobody, HOME).await);
        }
    }

    /// Lockout: attempts side by side do not pass the limit together.
    async fn attempts_at_once_do_not_exceed_the_limit(t) {
        let ana = subject(t.user_with_password(t.acme, "ana").await.id);
        let all = (0..40).map(|_| attempt(t, &ana, HOME));
        let verdicts = futures_util::future::join_all(all).await;
        let passed = verdicts.iter().filter(|v| **v == Verdict::GoOn).count();
        assert_eq!(i64::try_from(passed).unwrap(), FREE_PER_NETWORK);
        // And none of those that had to wait made the wait longer.
        t.later(30);
        assert_eq!(attempt(t, &ana, HOME).await, Verdict::GoOn);
    }

    async fn administrators_are_counted_under_no_organization(t) {
        let admin = t.acme.admin.text();
        for _ in 0..FREE_PER_NETWORK {
            let attempt = Attempt { org: None, subject: admin.clone(), prefix: HOME.into(), now: t.clock.now() };
            assert_eq!(t.d.work(attempt).await.unwrap(), Verdict::GoOn);
        }
        let attempt = Attempt { org: None, subject: admin, prefix: HOME.into(), now: t.clock.now() };
        assert!(matches!(t.d.work(attempt).await.unwrap(), Verdict::Wait { .. }));
    }
}
