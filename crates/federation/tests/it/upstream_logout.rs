//! A provider ends sessions here: with a logout token that holds, once, and those that began with it alone.

use muster_base::Id;
use muster_directory::session::Session;
use muster_jose::{Alg, SigningKey};
use muster_testkit::{Browser, Page, Test, both};
use serde_json::{Value, json};

use crate::sign_in::{EMAIL, World, setup, signed_in};

fn address(world: &World) -> String {
    format!("/o/acme/federation/{}/backchannel-logout", world.idp.id)
}

/// Ana signs in with a session of this name there.
async fn signs_in(world: &World, sid: &str) -> Browser {
    world.upstream.bend().claims = json!({"sub": "subject-1", "email": EMAIL, "sid": sid});
    let mut browser = Browser::new(&world.app);
    world.returns(&mut browser).await.leads_on();
    browser
}

async fn send(world: &World, token: &str) -> Page {
    Browser::new(&world.app).post_from("none", &address(world), &[("logout_token", token)]).await
}

async fn sessions(t: &Test, user: Id) -> Vec<Session> {
    t.sessions(t.acme, user).await
}

const TYPE: Option<&str> = Some("logout+jwt");

both! {
    async fn the_session_of_this_name_ends_and_no_other(t) with setup(); {
        let world = World::new(t).await;
        let (one, two) = (signs_in(&world, "s1").await, signs_in(&world, "s2").await);
        let page = send(&world, &world.upstream.logout_token(TYPE, "j1", &json!({"sid": "s1"}))).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(signed_in(t, t.acme, &one).await, None);
        assert_eq!(signed_in(t, t.acme, &two).await, Some(world.ana));
        // Both names: it has to be this person's.
        let token = world.upstream.logout_token(TYPE, "j2", &json!({"sid": "s2", "sub": "somebody else"}));
        assert_eq!(send(&world, &token).await.status, 200);
        assert_eq!(signed_in(t, t.acme, &two).await, Some(world.ana));
        let token = world.upstream.logout_token(TYPE, "j3", &json!({"sid": "s2", "sub": "subject-1"}));
        assert_eq!(send(&world, &token).await.status, 200);
        assert_eq!(signed_in(t, t.acme, &two).await, None);
    }

    async fn a_person_is_signed_out_of_what_began_there(t) with setup(); {
        let world = World::new(t).await;
        let (one, two) = (signs_in(&world, "s1").await, signs_in(&world, "s2").await);
        let own = t.session(Some(t.acme), world.ana).await;
        send(&world, &world.upstream.logout_token(None, "j1", &json!({"sub": "subject-1"}))).await.is(200);
        assert_eq!(signed_in(t, t.acme, &one).await, None);
        assert_eq!(signed_in(t, t.acme, &two).await, None);
        let left = sessions(t, world.ana).await;
        assert_eq!(left.iter().map(|s| s.id).collect::<Vec<_>>(), [own.session.id], "a sign-in here is not theirs to end");
    }

    async fn applications_hear_of_it(t) with setup(); {
        let world = World::new(t).await;
        signs_in(&world, "s1").await;
        send(&world, &world.upstream.logout_token(TYPE, "j1", &json!({"sid": "s1"}))).await.is(200);
        // The end is in the log, from which everything that must hear of it is derived.
        let log = muster_directory::change::store::after(&mut t.directory.read(), t.acme.id, 0, 500).await.unwrap();
        let end = log.last().unwrap();
        assert_eq!((end.kind.as_str(), end.actor_kind.as_str(), end.actor_id), ("session_end", "federation", Some(world.idp.id)));
    }

    async fn replay_a_logout_token_counts_once(t) with setup(); {
        let world = World::new(t).await;
        signs_in(&world, "s1").await;
        let token = world.upstream.logout_token(TYPE, "j1", &json!({"sub": "subject-1"}));
        send(&world, &token).await.is(200);
        let again = signs_in(&world, "s2").await;
        send(&world, &token).await.is(400).says("used before");
        assert_eq!(signed_in(t, t.acme, &again).await, Some(world.ana));
        // Two at once, also on another node.
        let token = world.upstream.logout_token(TYPE, "j2", &json!({"sub": "subject-1"}));
        let (one, two) = tokio::join!(send(&world, &token), send(&world, &token));
        let mut both = [one.status.as_u16(), two.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 400]);
    }

    async fn what_does_not_hold_ends_nothing(t) with setup(); {
        let world = World::new(t).await;
        let browser = signs_in(&world, "s1").await;
        let now = t.clock.now().seconds();
        let bent: [(Option<&str>, Value, &str); 14] = [
            (TYPE, json!({"iss": "https://evil.test"}), "issued by"),
            (TYPE, json!({"aud": "somebody"}), "is for"),
            (TYPE, json!({"aud": ["muster-client", "other"]}), "azp"),
            (TYPE, json!({"events": null}), "event"),
            (TYPE, json!({"events": {"http://schemas.openid.net/event/backchannel-logout": "yes"}}), "event"),
            (TYPE, json!({"events": ["http://schemas.openid.net/event/backchannel-logout"]}), "event"),
            (TYPE, json!({"nonce": "n"}), "nonce"),
            (TYPE, json!({"jti": null}), "jti"),
            (TYPE, json!({"sid": null}), "neither"),
            (TYPE, json!({"sid": 7}), "sid"),
            (TYPE, json!({"iat": now + 3600}), "future"),
            (TYPE, json!({"iat": now - 3600, "exp": now + 3600}), "expired"),
            (TYPE, json!({"exp": now - 3600}), "expired"),
            (Some("at+jwt"), json!({}), "type"),
        ];
        for (n, (typ, patch, why)) in bent.into_iter().enumerate() {
            let mut claims = json!({"sid": "s1"});
            claims.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
            let token = world.upstream.logout_token(typ, &format!("j{n}"), &claims);
            let page = send(&world, &token).await;
            assert_eq!(page.status, 400, "{patch}");
            assert!(page.body.contains(why), "{patch}: {}", page.body);
            assert!(page.body.contains("invalid_request"));
        }
        // jwt_alg_confusion: another key, no signature, an ID token of the sign-in itself.
        let stranger = SigningKey::generate(Alg::ES256).unwrap();
        let ours = std::mem::replace(&mut world.upstream.bend().key, stranger);
        let forged = world.upstream.logout_token(TYPE, "jx", &json!({"sid": "s1"}));
        world.upstream.bend().key = ours;
        send(&world, &forged).await.is(400);
        for text in ["", "a.b.c", "e30.e30.", "a.b.c.d.e"] {
            send(&world, text).await.is(400);
        }
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
    }

    async fn only_a_form_at_the_providers_own_address(t) with setup(); {
        let world = World::new(t).await;
        let browser = signs_in(&world, "s1").await;
        let token = world.upstream.logout_token(TYPE, "j1", &json!({"sid": "s1"}));
        let mut stranger = Browser::new(&world.app);
        let json = stranger.send(http::Method::POST, &address(&world), &[("content-type", "application/json")],
            Some(json!({"logout_token": token}).to_string())).await;
        json.is(400);
        stranger.send(http::Method::GET, &address(&world), &[], None).await.is(405);
        stranger.post_from("none", &address(&world), &[("logout_token", &token), ("logout_token", &token)]).await.is(400);
        stranger.post_from("none", &address(&world), &[]).await.is(400);
        // Tenant isolation: another organization's address, and no provider's.
        for path in [
            format!("/o/blue/federation/{}/backchannel-logout", world.idp.id),
            format!("/o/acme/federation/{}/backchannel-logout", t.directory.env().id()),
            "/o/acme/federation/nonsense/backchannel-logout".into(),
        ] {
            stranger.post_from("none", &path, &[("logout_token", &token)]).await.is(404);
        }
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
    }

    async fn a_rotated_key_is_followed(t) with setup(); {
        let world = World::new(t).await;
        let browser = signs_in(&world, "s1").await;
        let next = SigningKey::generate(Alg::ES384).unwrap();
        world.upstream.bend().published = vec![next.public_jwk()];
        world.upstream.bend().key = next;
        send(&world, &world.upstream.logout_token(TYPE, "j1", &json!({"sid": "s1"}))).await.is(200);
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }

    async fn the_browser_tells_it_in_a_frame(t) with setup(); {
        let world = World::new(t).await;
        let (one, two) = (signs_in(&world, "s1").await, signs_in(&world, "s2").await);
        let place = format!("/o/acme/federation/{}/frontchannel-logout", world.idp.id);
        let with = |iss: &str, sid: &str| {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("iss", iss).append_pair("sid", sid).finish();
            format!("{place}?{query}")
        };
        let issuer = world.upstream.issuer();
        let mut frame = Browser::new(&world.app);
        for path in [place.clone(), with("https://evil.test", "s1"), with(issuer, ""), with("", "s1"), with(issuer, "\0")] {
            frame.get(&path).await.is(400);
        }
        frame.get(&with(issuer, "unknown")).await.is(200);
        assert_eq!(signed_in(t, t.acme, &one).await, Some(world.ana));
        let page = frame.get(&with(issuer, "s1")).await;
        assert_eq!(page.status, 200);
        let origin = issuer.strip_suffix("/tenant").unwrap();
        assert_eq!(page.headers["content-security-policy"], format!("default-src 'none'; frame-ancestors {origin}"));
        assert_eq!(signed_in(t, t.acme, &one).await, None);
        assert_eq!(signed_in(t, t.acme, &two).await, Some(world.ana));
    }

    /// It may come encrypted like ID tokens; who agreed on that for ID tokens is heard without it too.
    async fn it_may_come_encrypted(t) with setup(); {
        let world = World::new(t).await;
        let browser = signs_in(&world, "s1").await;
        let page = Browser::new(&world.app).get("/o/acme/federation/jwks.json").await;
        let keys = muster_jose::JwkSet::parse(page.body.as_bytes()).unwrap();
        let alg = muster_jose::KeyAlg::RsaOaep256;
        let token = world.upstream.logout_token(TYPE, "j1", &json!({"sid": "s1"}));
        let to = muster_jose::recipient(&keys, alg).unwrap();
        let sealed = muster_jose::encrypt(token.as_bytes(), to, alg, muster_jose::Enc::A128Gcm, Some("JWT")).unwrap();
        send(&world, &sealed).await.is(200);
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }
}
