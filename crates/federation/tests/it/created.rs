//! Whom an identity belongs to: linked once, by what the provider vouches for; made at the first sign-in where that is
//! allowed.

use muster_directory::user::{self, Authority};
use muster_testkit::{Browser, Test, both};
use serde_json::{Value, json};

use crate::sign_in::{EMAIL, World, setup, signed_in};

fn person(subject: &str, email: &str, more: Value) -> Value {
    let mut claims = json!({"sub": subject, "email": email});
    claims.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    claims
}

async fn bringing_in(t: &Test) -> World {
    World::with(t, |doc| {
        doc.jit.enabled = true;
        doc.jit.domains = vec!["New.test".into()];
    })
    .await
}

both! {
    async fn unverified_email_linking_wants_the_provider_to_vouch(t) with setup(); {
        let world = World::new(t).await;
        for (verified, comes_in) in [(json!(false), false), (json!("false"), false), (json!(null), true), (json!(true), true)] {
            let mut browser = Browser::new(&world.app);
            world.upstream.bend().claims = person("subject-1", EMAIL, json!({"email_verified": verified}));
            let page = world.returns(&mut browser).await;
            if comes_in {
                page.leads_on();
            } else {
                page.is(403).says("has not verified your e-mail");
            }
        }
    }

    async fn link_proof_the_subject_is_the_person_from_then_on(t) with setup(); {
        let world = World::new(t).await;
        let ben = t.person(t.acme, "ben").await;
        t.route(t.acme, world.idp.id, &[ben.id]).await;
        let mut browser = Browser::new(&world.app);
        world.returns(&mut browser).await.leads_on();
        // Their e-mail there changes to somebody else's here: they stay who they are.
        world.upstream.bend().claims = person("subject-1", "ben@example.test", json!({}));
        world.returns(&mut browser).await.leads_on();
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
        // Another subject with their e-mail is not them.
        world.upstream.bend().claims = person("subject-2", EMAIL, json!({}));
        let mut other = Browser::new(&world.app);
        world.returns(&mut other).await.is(403).says("belongs to another account");
        assert_eq!(signed_in(t, t.acme, &other).await, None);
    }

    async fn nobody_is_made_unless_it_is_turned_on(t) with setup(); {
        let world = World::new(t).await;
        world.upstream.bend().claims = person("subject-9", "nora@new.test", json!({"email_verified": true}));
        world.returns(&mut Browser::new(&world.app)).await.is(403).says("not known here");
        assert!(user::store::by_email(&mut t.directory.read(), t.acme.id, "nora@new.test").await.unwrap().is_none());
    }

    async fn a_person_is_made_within_the_domains(t) with setup(); {
        let world = bringing_in(t).await;
        t.route_everybody(t.acme, world.idp.id).await;
        let names = json!({"email_verified": true, "given_name": "Nora", "family_name": "New", "name": "Nora N."});
        world.upstream.bend().claims = person("subject-9", "Nora@new.test", names);
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "username=nora@new.test").await;
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
        let id = t.id_of(t.acme, "nora@new.test").await;
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(id));
        let nora = t.stored(t.acme, id).await;
        assert_eq!(nora.authority(), Authority::Federated);
        assert_eq!((nora.username.as_str(), nora.email.as_str(), nora.display().as_str()), ("Nora", "Nora@new.test", "Nora N."));
        assert!(nora.password_hash.is_none());
        // Once: the second sign-in is hers.
        let departure = world.departs(&mut browser, "username=nora@new.test").await;
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
        assert_eq!(t.sessions(t.acme, id).await.len(), 1);
        // Names that are no attribute value are left out rather than refused.
        let odd = json!({"email_verified": true, "given_name": "x".repeat(5000), "name": "a\u{0}b"});
        world.upstream.bend().claims = person("subject-10", "odd@new.test", odd);
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "username=odd@new.test").await;
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
    }

    async fn other_domains_and_unverified_emails_make_nobody(t) with setup(); {
        let world = bringing_in(t).await;
        t.route_everybody(t.acme, world.idp.id).await;
        for (email, verified) in [
            ("nora@other.test", json!(true)),
            ("nora@sub.new.test", json!(true)),
            ("nora@new.test.evil.test", json!(true)),
            ("nora", json!(true)),
            ("nora@new.test", json!(false)),
        ] {
            world.upstream.bend().claims = person("subject-9", email, json!({"email_verified": verified}));
            t.later(1);
            world.returns(&mut Browser::new(&world.app)).await.is(403);
            assert!(user::store::by_email(&mut t.directory.read(), t.acme.id, email).await.unwrap().is_none(), "{email}");
        }
    }

    async fn whom_no_policy_would_send_is_not_made(t) with setup(); {
        let world = bringing_in(t).await;
        world.upstream.bend().claims = person("subject-9", "nora@new.test", json!({"email_verified": true}));
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "username=nora@new.test").await;
        t.later(1);
        browser.get(&world.upstream.signs_in(&departure)).await.is(403);
        assert!(user::store::by_email(&mut t.directory.read(), t.acme.id, "nora@new.test").await.unwrap().is_none());
        let last = world.refusal(t).await.detail.trace.pop().unwrap();
        assert_eq!(last.step, "The person can be created");
        assert!(last.saw.contains("routing policy"), "{last:?}");
    }

    async fn of_two_first_sign_ins_at_once_one_makes_the_person(t) with setup(); {
        let world = bringing_in(t).await;
        t.route_everybody(t.acme, world.idp.id).await;
        world.upstream.bend().claims = person("subject-9", "nora@new.test", json!({"email_verified": true}));
        let mut both = Vec::new();
        for _ in 0..2 {
            let mut browser = Browser::new(&world.app);
            let departure = world.departs(&mut browser, "username=nora@new.test").await;
            let answer = world.upstream.signs_in(&departure);
            both.push(tokio::spawn(async move { browser.get(&answer).await }));
        }
        for sign_in in both {
            sign_in.await.unwrap().leads_on();
        }
        let id = t.id_of(t.acme, "nora@new.test").await;
        assert_eq!(t.sessions(t.acme, id).await.len(), 2);
    }
}
