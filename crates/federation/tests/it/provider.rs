//! The provider's documents: kept for a while, read anew for a new key and not for every forged one, and what happens
//! when they cannot be read.

use muster_directory::identity_provider::Kind;
use muster_http::probe::{CheckState, Probe};
use muster_jose::{Alg, SigningKey};
use muster_testkit::{Browser, both};
use serde_json::json;

use crate::sign_in::{EMAIL, World, app, setup};

both! {
    async fn a_new_key_is_found_when_a_token_names_it(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        world.returns(&mut browser).await.leads_on();
        world.returns(&mut browser).await.leads_on();
        assert_eq!(world.upstream.bend().keys_read, 1, "kept");
        let new = SigningKey::generate(Alg::EdDsa).unwrap();
        {
            let mut bent = world.upstream.bend();
            bent.published.push(new.public_jwk());
            bent.key = new;
        }
        world.returns(&mut browser).await.leads_on();
        assert_eq!(world.upstream.bend().keys_read, 2);
        world.returns(&mut browser).await.leads_on();
        assert_eq!(world.upstream.bend().keys_read, 2);
    }

    async fn unknown_keys_make_us_read_six_times_a_minute_at_most(t) with setup(); {
        let world = World::new(t).await;
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
        let right = world.upstream.bend().key.clone();
        world.upstream.bend().key = SigningKey::generate(Alg::ES256).unwrap();
        for _ in 0..10 {
            world.returns(&mut Browser::new(&world.app)).await.is(403).says("not believed");
        }
        assert_eq!(world.upstream.bend().keys_read, 1 + 6);
        assert!(world.refusal(t).await.detail.trace[0].saw.contains("key"));
        // Everybody else's sign-in goes on meanwhile.
        let forged = std::mem::replace(&mut world.upstream.bend().key, right);
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
        t.later(60);
        world.upstream.bend().key = forged;
        world.returns(&mut Browser::new(&world.app)).await.is(403);
        assert_eq!(world.upstream.bend().keys_read, 1 + 7);
    }

    async fn documents_are_kept_between_a_minute_and_an_hour(t) with setup(); {
        let world = World::new(t).await;
        for (cache, kept_s) in [("max-age=0", 60), ("no-store", 3600), ("max-age=600", 600), ("max-age=99999999", 3600)] {
            world.upstream.bend().cache = cache;
            let (_, app) = app(t);
            let depart = async || Browser::new(&app).get(&format!("/o/acme/federate?username={EMAIL}")).await.leads_on().clone();
            let before = world.upstream.bend().keys_read;
            depart().await;
            t.later(kept_s - 1);
            depart().await;
            assert_eq!(world.upstream.bend().keys_read, before + 1, "{cache}");
            t.later(1);
            depart().await;
            assert_eq!(world.upstream.bend().keys_read, before + 2, "{cache}");
        }
    }

    async fn one_that_cannot_be_reached_is_told_of(t) with setup(); {
        let world = World::new(t).await;
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let gone = t.provider(t.acme, "Elsewhere too", &format!("http://{closed}")).await;
        let ben = t.person(t.acme, "ben").await;
        t.route(t.acme, gone.id, &[ben.id]).await;
        let mut browser = Browser::new(&world.app);
        let page = browser.get("/o/acme/federate?username=ben@example.test").await;
        page.is(502).says("You could not be signed in with Elsewhere").says("cannot be reached at the moment");
        page.says("ask an administrator of Acme");
        assert!(!page.body.contains(&closed.to_string()), "the address is for administrators");
        let event = world.refusal(t).await;
        assert_eq!(event.user, Some(ben.id));
        assert!(event.detail.trace[0].saw.contains("cannot be reached"), "{:?}", event.detail.trace);
        let check = world.providers.last(t.acme.id, gone.id);
        assert_eq!(check.state, CheckState::Failing);
        // The other provider and its people are untouched.
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
    }

    async fn documents_that_do_not_hold_send_nobody(t) with setup(); {
        let world = World::new(t).await;
        for metadata in [
            json!({"issuer": "https://evil.test"}),
            json!({"issuer": null}),
            json!({"authorization_endpoint": null}),
            json!({"token_endpoint": "file:///etc/passwd"}),
            json!({"jwks_uri": null}),
            json!({"jwks_uri": format!("{}/nothing", world.upstream.issuer())}),
            json!({"jwks_uri": format!("{}/.well-known/openid-configuration", world.upstream.issuer())}),
            json!({"padding": "x".repeat(2 * 1024 * 1024)}),
        ] {
            world.upstream.bend().metadata = metadata.clone();
            let (providers, app) = app(t);
            t.later(1);
            let page = Browser::new(&app).get(&format!("/o/acme/federate?username={EMAIL}")).await;
            assert_eq!(page.status, 502, "{}", metadata.to_string().chars().take(100).collect::<String>());
            assert_eq!(providers.last(t.acme.id, world.idp.id).state, CheckState::Failing);
            world.refusal(t).await;
        }
    }

    async fn administrators_are_told_what_it_says_of_itself(t) with setup(); {
        let world = World::new(t).await;
        let found = world.providers.discover(world.upstream.issuer(), Kind::Oidc).await;
        assert_eq!(found.issuer.as_deref(), Some(world.upstream.issuer()));
        assert!(found.iss_parameter && found.problems.is_empty());
        let found = world.providers.discover("http://169.254.169.254/latest", Kind::Oidc).await;
        assert!(found.issuer.is_none() && found.problems[0].contains("may not be reached"), "{:?}", found.problems);
        let last = world.providers.last(t.acme.id, world.idp.id);
        assert_eq!((last.state, last.at), (CheckState::Unknown, None));
        let check = world.providers.check(t.acme.id, world.idp.id).await;
        assert_eq!((check.state, check.at), (CheckState::Ok, Some(t.clock.now())));
        world.upstream.bend().metadata = json!({"issuer": "https://evil.test"});
        let check = world.providers.check(t.acme.id, world.idp.id).await;
        assert_eq!(check.state, CheckState::Failing);
        assert!(check.message.contains("issuer"), "{}", check.message);
        // Tenant isolation: another organization's question about it is one about nothing.
        assert_eq!(world.providers.check(t.blue.id, world.idp.id).await.state, CheckState::Unknown);
    }
}
