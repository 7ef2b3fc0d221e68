//! What goes wrong there or here: a page that says what happened and whom to ask, an event with the reason, and nobody
//! signed in.

use muster_directory::identity_provider;
use muster_directory::routing;
use muster_directory::user::State;
use muster_testkit::{Browser, both, object};
use serde_json::json;

use crate::sign_in::{EMAIL, World, setup, signed_in};

both! {
    async fn the_provider_refuses(t) with setup(); {
        let world = World::new(t).await;
        let settings = object(json!({"contactName": "Ina <IT>", "contactEmail": "it@acme.test"}));
        t.write(t.acme, muster_directory::organization::update::Update { name: None, settings }).await.unwrap();
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let answer = [
            ("error", "access_denied"),
            ("error_description", "<script>alert(1)</script>"),
            ("iss", world.upstream.issuer()),
        ];
        let page = browser.get(&departure.answer(&answer)).await;
        page.is(403).says("You could not be signed in with Elsewhere").says("refused the sign-in");
        page.says("ask Ina <IT> (it@acme.test)").says("Back to login");
        assert!(!page.body.contains("<script>") && !page.body.contains("<IT>"));
        let event = world.refusal(t).await;
        assert_eq!(event.detail.trace[0].saw, "the provider refused: access_denied <script>alert(1)</script>");
        assert_eq!(event.detail.trace[0].setting.as_ref().unwrap().path, format!("identity-providers/{}", world.idp.id));
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
        // A refusal without the issuer's name may be another's, and is not told as this one's.
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        browser.get(&departure.answer(&[("error", "access_denied")])).await.is(403).says("not believed");
    }

    async fn stored_xss_the_providers_name_is_text(t) with setup(); {
        let world = World::new(t).await;
        let renamed = muster_directory::identity_provider::update::Update {
            id: world.idp.id,
            name: "\"><script>alert(1)</script>".into(),
            doc: world.idp.doc.clone(),
            client_secret: None,
            enabled: true,
            http_allowed: true,
        };
        t.write(t.acme, renamed).await.unwrap();
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let answer = [("error", "access_denied"), ("iss", world.upstream.issuer())];
        let page = browser.get(&departure.answer(&answer)).await;
        page.is(403).says("You could not be signed in with \"><script>alert(1)</script>");
        assert!(!page.body.contains("<script>"));
    }

    async fn the_code_cannot_be_redeemed(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        for (status, body, told) in [
            (400, r#"{"error":"invalid_grant","error_description":"used"}"#, "invalid_grant"),
            (401, r#"{"error":"invalid_client"}"#, "invalid_client"),
            (500, "<html>oops", "500"),
            (200, "not json", ""),
            (200, r#"{"access_token":"at","token_type":"Bearer"}"#, "no ID token"),
            (302, "", "redirects"),
        ] {
            world.upstream.bend().token_answer = Some((status, body.into()));
            t.later(1);
            world.returns(&mut browser).await.is(502).says("did not answer as it should").says("ask an administrator of Acme");
            let saw = world.refusal(t).await.detail.trace.pop().unwrap().saw;
            assert!(saw.contains(told), "{status} {body}: {saw}");
            use muster_http::probe::{CheckState, Probe};
            assert_eq!(world.providers.last(t.acme.id, world.idp.id).state, CheckState::Failing);
        }
        world.upstream.bend().token_answer = None;
        world.returns(&mut browser).await.leads_on();
        use muster_http::probe::{CheckState, Probe};
        assert_eq!(world.providers.last(t.acme.id, world.idp.id).state, CheckState::Ok);
    }

    async fn a_code_of_another_sign_in_is_worth_nothing(t) with setup(); {
        let world = World::new(t).await;
        let mut thief = Browser::new(&world.app);
        let theirs = world.departs(&mut thief, &format!("username={EMAIL}")).await;
        let mut victim = Browser::new(&world.app);
        let departure = world.departs(&mut victim, &format!("username={EMAIL}")).await;
        // The victim's code, with the thief's state: the verifier is not the code's.
        let code = world.upstream.code(&departure);
        let answer = theirs.answer(&[("code", &code), ("iss", world.upstream.issuer())]);
        thief.get(&answer).await.is(502);
        assert_eq!(signed_in(t, t.acme, &thief).await, None);
    }

    async fn no_proof_no_entry(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        for (claims, told) in [
            (json!({"nonce": "another"}), "nonce"),
            (json!({"nonce": null}), "nonce"),
            (json!({"aud": "another-client"}), "another-client"),
            (json!({"iss": "https://evil.test"}), "issued by"),
            (json!({"exp": 1}), "expired"),
            (json!({"sub": null}), "sub"),
        ] {
            let mut all = json!({"sub": "subject-1", "email": EMAIL});
            all.as_object_mut().unwrap().extend(object(claims.clone()));
            world.upstream.bend().claims = all;
            t.later(1);
            world.returns(&mut browser).await.is(403).says("not believed");
            let saw = world.refusal(t).await.detail.trace.pop().unwrap().saw;
            assert!(saw.contains(told), "{claims}: {saw}");
        }
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }

    /// Everything that can change between departure and answer: only the untouched one comes in.
    async fn disabled_provider_the_state_decides_when_the_answer_comes(t) with setup(); {
        let world = World::new(t).await;
        let policies = routing::store::all(&mut t.directory.read(), t.acme.id).await.unwrap();
        let policy = policies[0].id;
        for linked in [false, true] {
            if linked {
                world.returns(&mut Browser::new(&world.app)).await.leads_on();
            }
            for what in ["provider", "policy", "suspended", "staged", "unassigned"] {
                let mut browser = Browser::new(&world.app);
                let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
                let change = |enabled: bool, targets| routing::update::Update {
                    id: policy,
                    input: routing::Input { enabled: Some(enabled), targets: Some(targets), ..routing::Input::default() },
                };
                let ana = vec![routing::Target::User(world.ana)];
                match what {
                    "provider" => t.turn(t.acme, &world.idp, false).await,
                    "policy" => drop(t.write(t.acme, change(false, ana.clone())).await.unwrap()),
                    "suspended" => t.set_state(t.acme, world.ana, State::Suspended).await,
                    "staged" => t.set_state(t.acme, world.ana, State::Staged).await,
                    _ => drop(t.write(t.acme, change(true, Vec::new())).await.unwrap()),
                }
                t.later(1);
                let page = browser.get(&world.upstream.signs_in(&departure)).await;
                page.is(403).says("You could not be signed in with Elsewhere");
                let event = world.refusal(t).await;
                assert!(event.detail.trace.iter().any(|s| !s.passed), "{what}");
                assert_eq!(signed_in(t, t.acme, &browser).await, None, "{what}");
                t.turn(t.acme, &world.idp, true).await;
                t.write(t.acme, change(true, ana)).await.unwrap();
                t.set_state(t.acme, world.ana, State::Activated).await;
            }
            world.returns(&mut Browser::new(&world.app)).await.leads_on();
        }
    }

    async fn a_provider_that_was_removed_meanwhile(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let policies = routing::store::all(&mut t.directory.read(), t.acme.id).await.unwrap();
        t.write(t.acme, routing::delete::Delete { id: policies[0].id }).await.unwrap();
        t.write(t.acme, identity_provider::delete::Delete { id: world.idp.id }).await.unwrap();
        browser.get(&world.upstream.signs_in(&departure)).await.is(400).says("This sign-in cannot go on");
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }

    async fn a_refused_person_finds_the_event_on_their_page(t) with setup(); {
        let world = World::new(t).await;
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        t.set_state(t.acme, world.ana, State::Suspended).await;
        t.later(1);
        browser.get(&world.upstream.signs_in(&departure)).await.is(403).says("not active");
        assert_eq!(world.refusal(t).await.user, Some(world.ana));
    }
}
