//! The callback: one answer, in the browser that was sent away, at the place where it was asked for.

use muster_base::Id;
use muster_testkit::{Browser, both};
use serde_json::json;

use crate::departure::waiting;
use crate::sign_in::{COOKIE, EMAIL, World, setup, signed_in};
use crate::upstream::Departure;

both! {
    async fn the_person_comes_in_with_a_new_cookie_and_an_event(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let before = browser.cookies[COOKIE].clone();
        let page = browser.get(&world.upstream.signs_in(&departure)).await;
        assert_eq!(page.location(), "/portal/acme/");
        assert_ne!(browser.cookies[COOKIE], before, "session fixation");
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
        let sessions = t.sessions(t.acme, world.ana).await;
        assert_eq!((sessions.len(), sessions[0].idp), (1, Some(world.idp.id)));
        let event = &t.events_of(t.acme, world.ana).await[0];
        assert!(event.detail.success);
        let steps: Vec<&str> = event.detail.trace.iter().map(|s| s.step.as_str()).collect();
        assert_eq!(steps, [
            "The identity provider \"Elsewhere\" is enabled",
            "The subject is linked to a person here",
            "The provider vouches for the e-mail",
            "One person's email equals the claim \"email\"",
            "The person is active",
            "The routing policy \"Policy 1\" applies",
            "A routing policy sends the person to \"Elsewhere\"",
            "The person is linked to the subject",
        ]);
        // The code was redeemed with our credentials and the verifier of the challenge.
        let redeemed = world.upstream.bend().redeemed.clone();
        assert_eq!(redeemed.len(), 1);
        assert_eq!(redeemed[0]["grant_type"], "authorization_code");
        assert_eq!(redeemed[0]["redirect_uri"], departure.asked["redirect_uri"]);
    }

    async fn it_leads_on_to_what_waited(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        for (to, expected) in [
            ("/portal/acme/profile", "/portal/acme/profile"),
            ("//evil.test", "/portal/acme/"),
            ("https://evil.test", "/portal/acme/"),
            ("/logout", "/portal/acme/"),
        ] {
            let departure = world.departs(&mut browser, &format!("username={EMAIL}&to={to}")).await;
            let page = browser.get(&world.upstream.signs_in(&departure)).await;
            assert_eq!(page.location(), expected);
        }
        let flow = waiting(t, &browser, false).await;
        let departure = world.departs(&mut browser, &format!("username={EMAIL}&flow={flow}&to=/portal/acme/x")).await;
        let page = browser.get(&world.upstream.signs_in(&departure)).await;
        assert_eq!(page.location(), format!("/o/acme/oauth2/auth?flow={flow}"));
    }

    async fn replay_an_answer_counts_once(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let answer = world.upstream.signs_in(&departure);
        browser.get(&answer).await.leads_on();
        browser.get(&answer).await.is(400).says("too old, or was finished already");
        // Nor does a further code with the same state.
        browser.get(&world.upstream.signs_in(&departure)).await.is(400);
        assert_eq!(world.upstream.bend().redeemed.len(), 1);
    }

    async fn replay_of_two_answers_at_once_one_counts(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let answers = [0; 4].map(|_| {
            let (mut browser, answer) = (browser.clone(), world.upstream.signs_in(&departure));
            tokio::spawn(async move { browser.get(&answer).await.status.is_redirection() })
        });
        let mut counted = 0;
        for answer in answers {
            counted += u32::from(answer.await.unwrap());
        }
        assert_eq!(counted, 1);
        assert_eq!(world.upstream.bend().redeemed.len(), 1);
    }

    async fn login_csrf_an_answer_counts_only_in_the_browser_that_was_sent_away(t) with setup(); {
        let world = World::new(t).await;
        let mut attacker = Browser::new(&world.app);
        let departure = world.departs(&mut attacker, &format!("username={EMAIL}")).await;
        let mut victim = Browser::new(&world.app);
        victim.get(&world.upstream.signs_in(&departure)).await.is(400).says("started in another browser");
        assert!(victim.cookies.is_empty());
        // One that is known here is no better.
        let departure = world.departs(&mut attacker, &format!("username={EMAIL}")).await;
        world.departs(&mut victim, &format!("username={EMAIL}")).await;
        victim.get(&world.upstream.signs_in(&departure)).await.is(400).says("started in another browser");
        assert_eq!(signed_in(t, t.acme, &victim).await, None);
        assert!(world.upstream.bend().redeemed.is_empty(), "no code was sent anywhere");
    }

    async fn an_answer_after_half_an_hour_is_too_late(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        t.later(1799);
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        t.later(1800);
        browser.get(&world.upstream.signs_in(&departure)).await.is(400).says("too old");
        assert_eq!(muster_federation::prune(&t.directory).await.unwrap(), 0);
        t.later(1);
        assert_eq!(muster_federation::prune(&t.directory).await.unwrap(), 1);
    }

    async fn what_cannot_be_read_changes_nothing(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let state = &departure.asked["state"];
        for query in [
            String::new(),
            "code=x".to_owned(),
            format!("state={state}"),
            format!("state={state}&code=a&code=b"),
            format!("state={state}&state={state}&code=a"),
            format!("state={state}&code=a&error=b"),
            format!("state={state}&code={}", "x".repeat(60_000)),
            "state=%00&code=a".to_owned(),
            format!("state={}&code=a", "A".repeat(43)),
        ] {
            browser.get(&format!("/oauth/callback?{query}")).await.is(400).says("This sign-in cannot go on");
        }
        // The one that waits still does.
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
    }

    async fn idp_mix_up_the_answer_comes_where_it_was_asked_for(t) with setup(); {
        let world = World::new(t).await;
        let own = t.provider_of(t.acme, "Own", world.upstream.issuer(), |doc| doc.iss_parameter = false).await;
        let mut browser = Browser::new(&world.app);
        for path in [
            format!("/oauth/callback/{}", world.idp.id),
            format!("/oauth/callback/{}", own.id),
            "/oauth/callback/x".to_owned(),
            "/oauth/callback/%00".to_owned(),
        ] {
            let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
            let answer = world.upstream.signs_in(&departure).replacen("/oauth/callback", &path, 1);
            t.later(1);
            browser.get(&answer).await.is(403).says("not believed");
            assert!(world.refusal(t).await.detail.trace.last().unwrap().saw.contains("not to where it was asked for"));
        }
        assert!(world.upstream.bend().redeemed.is_empty(), "no code was sent anywhere");
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }

    async fn idp_mix_up_a_shared_callback_wants_the_issuers_name(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let issuer = world.upstream.issuer().to_owned();
        let wrong = [None, Some("https://evil.test".to_owned()), Some(format!("{issuer}/")), Some(String::new())];
        for announced in [json!(true), json!(null), json!(false)] {
            t.later(3601);
            world.upstream.bend().metadata = json!({"authorization_response_iss_parameter_supported": announced});
            for iss in &wrong {
                let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
                let code = world.upstream.code(&departure);
                let mut answer = vec![("code", code.as_str())];
                answer.extend(iss.as_deref().map(|iss| ("iss", iss)));
                t.later(1);
                browser.get(&departure.answer(&answer)).await.is(403).says("not believed");
                let saw = world.refusal(t).await.detail.trace.pop().unwrap().saw;
                assert!(saw.contains("iss") || saw.contains("the answer is by"), "{announced} {iss:?}: {saw}");
            }
            world.returns(&mut browser).await.leads_on();
        }
    }

    async fn idp_mix_up_a_callback_of_its_own_needs_no_name_but_no_other_either(t) with setup(); {
        let world = World::with(t, |doc| doc.iss_parameter = false).await;
        world.upstream.bend().metadata = json!({"authorization_response_iss_parameter_supported": null});
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let code = world.upstream.code(&departure);
        browser.get(&departure.answer(&[("code", &code)])).await.leads_on();
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let code = world.upstream.code(&departure);
        browser.get(&departure.answer(&[("code", &code), ("iss", "https://evil.test")])).await.is(403);
    }

    async fn one_browser_stays_signed_in_elsewhere(t) with setup(); {
        let world = World::new(t).await;
        let ben = t.person(t.blue, "ben").await;
        let mut browser = Browser::new(&world.app);
        let cookie = t.session(Some(t.blue), ben.id).await.cookie;
        browser.cookies.insert(COOKIE.into(), cookie.expose().into());
        world.returns(&mut browser).await.leads_on();
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
        assert_eq!(signed_in(t, t.blue, &browser).await, Some(ben.id));
    }

    async fn the_address_of_an_answer_says_nothing_of_other_organizations(t) with setup(); {
        let world = World::new(t).await;
        let fake = Departure {
            endpoint: String::new(),
            asked: [("state", "A".repeat(43)), ("redirect_uri", "http://127.0.0.1:1/oauth/callback".into())]
                .map(|(n, v)| (n.to_owned(), v))
                .into(),
        };
        let id: Id = world.idp.id;
        let mut browser = Browser::new(&world.app);
        let unknown = browser.get(&fake.answer(&[("code", "x")])).await;
        let known = browser.get(&fake.answer(&[("code", "x")]).replacen("callback", &format!("callback/{id}"), 1)).await;
        assert_eq!((unknown.status, unknown.body), (known.status, known.body));
    }
}
