//! Departure: only those whom a policy sends, with what binds the answer to this browser and provider.

use muster_base::Id;
use muster_db::{sql, values};
use muster_directory::user::State;
use muster_directory::user::update::Update;
use muster_testkit::{Browser, both, object};
use serde_json::json;

use crate::sign_in::{COOKIE, EMAIL, World, setup};
use crate::upstream::Departure;

sql! {
    TEST_STATES = "SELECT digest, sealed FROM federation_states WHERE org_id = $1";
}

both! {
    async fn the_address_asks_for_a_code_bound_to_this_sign_in(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        assert_eq!(departure.endpoint, format!("{}/authorize", world.upstream.issuer()));
        let mut asked = departure.asked.clone();
        let secrets: Vec<String> =
            ["state", "nonce", "code_challenge"].iter().map(|n| asked.remove(*n).unwrap()).collect();
        assert!(secrets.iter().all(|s| s.len() == 43), "{secrets:?}");
        let asked: Vec<(&str, &str)> = asked.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(asked, [
            ("client_id", "muster-client"),
            ("code_challenge_method", "S256"),
            ("login_hint", EMAIL),
            ("redirect_uri", "http://127.0.0.1:1/oauth/callback"),
            ("response_type", "code"),
            ("scope", "openid email profile"),
        ]);
        assert_eq!(browser.cookies[COOKIE].len(), 43);
        // The database holds a digest and what only the master key opens.
        let rows: Vec<(Vec<u8>, Vec<u8>)> = t.directory.db().all(&TEST_STATES, &values![t.acme.id]).await.unwrap();
        let [(digest, sealed)] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        assert_eq!(*digest, muster_base::digest(secrets[0].as_bytes()));
        for text in [&secrets[1], &secrets[2], "nonce", "verifier"] {
            assert!(!sealed.windows(text.len()).any(|w| w == text.as_bytes()), "{text} can be read");
        }
        // Another departure has others, and the browser keeps its cookie.
        let cookie = browser.cookies[COOKIE].clone();
        let other = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        for name in ["state", "nonce", "code_challenge"] {
            assert_ne!(other.asked[name], departure.asked[name], "{name}");
        }
        assert_eq!(browser.cookies[COOKIE], cookie);
    }

    async fn a_provider_that_does_not_name_itself_has_a_callback_of_its_own(t) with setup(); {
        let world = World::with(t, |doc| doc.iss_parameter = false).await;
        let departure = world.departs(&mut Browser::new(&world.app), &format!("username={EMAIL}")).await;
        assert_eq!(departure.asked["redirect_uri"], format!("http://127.0.0.1:1/oauth/callback/{}", world.idp.id));
    }

    async fn nobody_departs_whom_no_policy_sends(t) with setup(); {
        let world = World::new(t).await;
        t.person(t.acme, "own-password").await;
        let staged = t.person(t.acme, "staged").await.id;
        let suspended = t.person(t.acme, "suspended").await.id;
        t.route(t.acme, world.idp.id, &[staged, suspended]).await;
        t.set_state(t.acme, staged, State::Staged).await;
        t.set_state(t.acme, suspended, State::Suspended).await;
        for typed in ["own-password@example.test", "staged@example.test", "suspended@example.test",
            "unknown@example.test", "nonsense", "", "%00"] {
            let mut browser = Browser::new(&world.app);
            let page = browser.get(&format!("/o/acme/federate?username={typed}")).await;
            assert_eq!(page.location(), "/o/acme/login", "{typed}");
            assert!(browser.cookies.is_empty());
        }
        // Tenant isolation: another organization's door knows neither the person nor the provider.
        let page = Browser::new(&world.app).get(&format!("/o/blue/federate?username={EMAIL}")).await;
        assert_eq!(page.location(), "/o/blue/login");
        for slug in ["nobody", "%00"] {
            Browser::new(&world.app).get(&format!("/o/{slug}/federate?username={EMAIL}")).await.is(404);
        }
    }

    async fn disabled_provider_and_policy_send_nobody(t) with setup(); {
        let world = World::new(t).await;
        t.turn(t.acme, &world.idp, false).await;
        let page = Browser::new(&world.app).get(&format!("/o/acme/federate?username={EMAIL}")).await;
        assert_eq!(page.location(), "/o/acme/login");
        t.turn(t.acme, &world.idp, true).await;
        world.departs(&mut Browser::new(&world.app), &format!("username={EMAIL}")).await;
    }

    async fn the_hint_is_the_linked_name_else_the_mapped_attribute_else_the_email(t) with setup(); {
        let world = World::with(t, |doc| {
            doc.matching.claim = "upn".into();
            doc.matching.attribute = "attributes.upn".into();
        })
        .await;
        world.upstream.bend().claims =
            json!({"sub": "subject-1", "upn": "ana.upn", "email": "linked@elsewhere.test"});
        let hint = async || {
            let departure = world.departs(&mut Browser::new(&world.app), &format!("username={EMAIL}")).await;
            departure.asked["login_hint"].clone()
        };
        assert_eq!(hint().await, EMAIL);
        let upn = object(json!({"attributes": [{"name": "upn", "value": "ana.upn"}]}));
        t.write(t.acme, Update::profile(world.ana, upn)).await.unwrap();
        assert_eq!(hint().await, "ana.upn");
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
        assert_eq!(hint().await, "linked@elsewhere.test");
    }

    async fn people_that_a_provider_may_bring_in_depart_with_what_they_typed(t) with setup(); {
        let world = World::with(t, |doc| {
            doc.jit.enabled = true;
            doc.jit.domains = vec!["new.test".into()];
        })
        .await;
        let departure = world.departs(&mut Browser::new(&world.app), "username=nora@new.test").await;
        assert_eq!(departure.asked["login_hint"], "nora@new.test");
        let page = Browser::new(&world.app).get("/o/acme/federate?username=nora@other.test").await;
        assert_eq!(page.location(), "/o/acme/login");
    }

    async fn a_circle_is_seen_and_shown(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let address = format!("/o/acme/federate?username={EMAIL}");
        for _ in 0..4 {
            browser.get(&address).await.leads_on();
        }
        browser.get(&address).await.is(409).says("goes round in a circle").says("ask an administrator of Acme");
        let event = world.refusal(t).await;
        assert_eq!(event.user, Some(world.ana));
        assert!(event.detail.trace.last().unwrap().saw.contains("circle"));
        // Another browser is not in it, nor is this one a minute later.
        Browser::new(&world.app).get(&address).await.leads_on();
        t.later(61);
        browser.get(&address).await.leads_on();
        // Sign-ins that come back are no circle.
        for _ in 0..6 {
            world.returns(&mut browser).await.leads_on();
        }
    }

    async fn a_waiting_request_is_of_this_browser(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let flow = waiting(t, &browser, true).await;
        let address = format!("/o/acme/federate?username={EMAIL}&flow={flow}");
        let departure = Departure::read(browser.get(&address).await.location());
        assert_eq!(departure.asked["prompt"], "login", "a request for a fresh sign-in");
        Browser::new(&world.app).get(&address).await.is(404);
        let mut other = Browser::new(&world.app);
        world.departs(&mut other, &format!("username={EMAIL}")).await;
        other.get(&address).await.is(404);
        for nonsense in ["x", "000000000000000000000000"] {
            browser.get(&format!("/o/acme/federate?username={EMAIL}&flow={nonsense}")).await.is(404);
        }
    }

    async fn departures_are_limited_per_network(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::at(&world.app, "203.0.113.5");
        let mut limited = false;
        for _ in 0..1000 {
            let page = browser.get("/o/acme/federate?username=nobody@example.test").await;
            limited = page.status == 429;
            if limited {
                assert!(page.header("retry-after").parse::<u32>().unwrap() >= 1);
                break;
            }
        }
        assert!(limited);
    }
}

/// A request that waits in a browser.
pub async fn waiting(t: &muster_testkit::Test, browser: &Browser, fresh: bool) -> Id {
    use muster_directory::{flow, session};
    let cookie = muster_base::Secret::new(&browser.cookies[COOKIE]);
    let row = session::store::browser(&mut t.directory.read(), &cookie, t.clock.now()).await.unwrap().unwrap();
    let id = t.directory.env().id();
    let flow = flow::Flow {
        org: t.acme.id,
        id,
        browser: row,
        app: None,
        login_hint: None,
        payload: serde_json::Value::Null,
        return_to: format!("/o/acme/oauth2/auth?flow={id}"),
        fresh,
        created_at: t.clock.now(),
    };
    flow::create(&t.directory, &flow).await.unwrap();
    id
}
