//! Lockout on every grant: at both doors, for administrators, before the hash is looked at, and without letting a
//! stranger lock a person out.

use muster_directory::trace::Trace;
use muster_directory::user::lockout::{FREE_PER_NETWORK, Unlock};
use muster_testkit::{Browser, PASSWORD, Test, both};

use crate::door::{app, password};

const EMAIL: &str = "ana@example.test";

async fn fail(t: &Test, ip: &str, times: i64) {
    let mut browser = Browser::at(&app(t), ip);
    for _ in 0..times {
        password(&mut browser, "acme", EMAIL, "wrong").await.is(400);
    }
}

async fn enters(t: &Test, ip: &str) -> bool {
    let mut browser = Browser::at(&app(t), ip);
    password(&mut browser, "acme", EMAIL, PASSWORD).await.status.is_redirection()
}

/// Whether a step of a trace passed.
fn passed(trace: &Trace, step: &str) -> bool {
    trace.iter().find(|s| s.step.starts_with(step)).unwrap_or_else(|| panic!("no step {step} in {trace:?}")).passed
}

both! {
    async fn lockout_at_both_doors_with_one_counter(t) {
        let ana = t.person(t.acme, "ana").await;
        fail(t, "203.0.113.5", FREE_PER_NETWORK - 2).await;
        let mut browser = Browser::at(&app(t), "203.0.113.77");
        for _ in 0..2 {
            browser.post("/login/password", &[("username", EMAIL), ("password", "wrong")]).await.is(400);
        }
        t.later(1);
        for path in ["/login/password", "/o/acme/login/password"] {
            let fields = [("username", EMAIL), ("password", PASSWORD)];
            browser.post(path, &fields).await.is(400).says("do not match");
        }
        let event = &t.events_of(t.acme, ana.id).await[0];
        assert!(!event.detail.success);
        assert!(!passed(&event.detail.trace, "The network need not wait"));
        assert!(passed(&event.detail.trace, "The password is right"));
        // Another network is free, and the clock opens this one.
        assert!(enters(t, "198.51.100.1").await);
        t.later(31);
        assert!(enters(t, "203.0.113.5").await);
    }

    async fn lockout_is_counted_before_the_password_is_looked_at(t) {
        let ana = t.person(t.acme, "ana").await;
        // Side by side, as many as a guesser can send.
        let attempts: Vec<_> = (0..20)
            .map(|n| {
                let mut browser = Browser::at(&app(t), "203.0.113.5");
                tokio::spawn(async move { password(&mut browser, "acme", EMAIL, &format!("guess-{n}")).await.status })
            })
            .collect();
        for attempt in attempts {
            assert_eq!(attempt.await.unwrap(), 400);
        }
        let events = t.events_of(t.acme, ana.id).await;
        let tried = events.iter().filter(|e| passed(&e.detail.trace, "The network need not wait")).count();
        assert_eq!((events.len(), i64::try_from(tried).unwrap()), (20, FREE_PER_NETWORK));
        assert!(!enters(t, "203.0.113.5").await);
        t.later(3601);
        assert!(enters(t, "203.0.113.5").await);
    }

    async fn lockout_strangers_do_not_lock_a_known_network(t) {
        t.person(t.acme, "ana").await;
        assert!(enters(t, "192.0.2.7").await);
        // From so many networks that the counter over all strangers is full as well.
        for n in 0..11 {
            fail(t, &format!("203.0.{n}.5"), FREE_PER_NETWORK).await;
        }
        assert!(!enters(t, "198.51.100.1").await, "an unknown network waits");
        assert!(enters(t, "192.0.2.99").await, "the person's own network goes on");
    }

    async fn lockout_ends_when_an_administrator_unlocks(t) {
        let ana = t.person(t.acme, "ana").await;
        fail(t, "203.0.113.5", 8).await;
        assert!(!enters(t, "203.0.113.5").await);
        t.write(t.acme, Unlock { id: ana.id }).await.unwrap();
        assert!(enters(t, "203.0.113.5").await);
    }

    async fn lockout_of_names_that_nobody_has_costs_the_same(t) {
        let mut browser = Browser::new(&app(t));
        for _ in 0..8 {
            let send = password(&mut browser, "acme", "nobody@example.test", "wrong");
            let (page, hashes) = t.hashes(send).await;
            page.is(400);
            assert_eq!(hashes, 1);
        }
        let events = t.events(t.acme).await;
        assert_eq!(events.len(), 8);
        assert_eq!(events[0].user, None);
        assert_eq!(events[0].detail.trace[0].saw, "nobody@example.test");
    }

    async fn lockout_of_administrators(t) {
        t.administrator(t.acme, "root@adm.test", Some(PASSWORD)).await;
        // A person with the same e-mail has a counter of their own.
        t.person(t.acme, "root@adm.test").await;
        let mut browser = Browser::at(&app(t), "203.0.113.5");
        for _ in 0..FREE_PER_NETWORK {
            browser.post("/login/admin", &[("username", "root@adm.test"), ("password", "wrong")]).await.is(400);
        }
        let right = [("username", "root@adm.test"), ("password", PASSWORD)];
        browser.post("/login/admin", &right).await.is(400).says("do not match");
        assert!(password(&mut browser, "acme", "root@adm.test", PASSWORD).await.status.is_redirection());
        let mut elsewhere = Browser::at(&app(t), "198.51.100.1");
        assert_eq!(elsewhere.post("/login/admin", &right).await.location(), "/console");
        t.later(31);
        assert_eq!(browser.post("/login/admin", &right).await.location(), "/console");
    }
}
