//! What we do as a client of a provider beyond the plain code flow: pushed requests, assertions instead of a secret,
//! encrypted ID tokens, the wishes of the application that waits, and what is believed of how the person signed in.

use muster_base::Id;
use muster_directory::flow::{self, Flow};
use muster_directory::identity_provider::{ClientProof, Options};
use muster_directory::session::Session;
use muster_jose::{Alg, DecryptionKey, Enc, Jwk, JwkSet, KeyAlg, SigningKey, encrypt, recipient, verify};
use muster_testkit::{Browser, Test, both};
use serde_json::{Value, json};

use crate::sign_in::{COOKIE, EMAIL, World, setup, signed_in};
use crate::upstream::Departure;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn takes_pushed(world: &World) {
    let endpoint = format!("{}/par", world.upstream.issuer());
    world.upstream.bend().metadata =
        json!({"pushed_authorization_request_endpoint": endpoint, "require_pushed_authorization_requests": true});
}

/// Our keys as they are published.
async fn published(world: &World) -> JwkSet {
    let page = Browser::new(&world.app).get("/o/acme/federation/jwks.json").await;
    assert_eq!(page.status, 200);
    JwkSet::parse(page.body.as_bytes()).unwrap()
}

/// A request of an application that waits in this browser.
async fn waiting(t: &Test, browser: &Browser, (request, acr_values): (&str, &str), fresh: bool) -> Id {
    let cookie = muster_base::Secret::new(browser.cookies[COOKIE].clone());
    let row = muster_directory::session::store::browser(&mut t.directory.read(), &cookie, t.clock.now()).await.unwrap();
    let flow = Flow {
        org: t.acme.id,
        id: t.directory.env().id(),
        browser: row.unwrap(),
        app: None,
        login_hint: None,
        payload: json!({"request": request, "acr_values": acr_values}),
        return_to: "/o/acme/oauth2/auth/resume".into(),
        fresh,
        created_at: t.clock.now(),
    };
    flow::create(&t.directory, &flow).await.unwrap();
    flow.id
}

async fn session(t: &Test, world: &World) -> Session {
    t.sessions(t.acme, world.ana).await.remove(0)
}

fn claims(world: &World, more: Value) {
    let mut claims = json!({"sub": "subject-1", "email": EMAIL});
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.upstream.bend().claims = claims;
}

both! {
    async fn requests_are_pushed_where_the_provider_demands_it(t) with setup(); {
        let world = World::new(t).await;
        takes_pushed(&world);
        let mut browser = Browser::new(&world.app);
        let sent = world.departs(&mut browser, &format!("username={EMAIL}")).await;
        let names: Vec<&str> = sent.asked.keys().map(String::as_str).collect();
        assert_eq!(names, ["client_id", "request_uri"], "the browser carries a reference only");
        assert_eq!((sent.asked["client_id"].as_str(), sent.asked["request_uri"].as_str()), ("muster-client", "urn:pushed:0"));
        let asked = world.upstream.bend().pushed[0].clone();
        assert_eq!((asked["response_type"].as_str(), asked["login_hint"].as_str()), ("code", EMAIL));
        assert!(!asked.contains_key("client_secret"), "basic is the default");
        // And the answer to it is as good as any.
        let departure = Departure { endpoint: sent.endpoint, asked };
        browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
    }

    async fn where_they_are_only_taken_the_browser_carries_the_request(t) with setup(); {
        let world = World::new(t).await;
        let endpoint = format!("{}/token", world.upstream.issuer());
        world.upstream.bend().metadata = json!({"pushed_authorization_request_endpoint": endpoint});
        let page = Browser::new(&world.app).get(&format!("/o/acme/federate?username={EMAIL}")).await;
        assert!(page.leads_on().location().contains("code_challenge="));
        assert!(world.upstream.bend().pushed.is_empty());
    }

    async fn a_pushed_request_that_is_not_taken_is_told_of(t) with setup(); {
        let world = World::new(t).await;
        let endpoint = format!("{}/token", world.upstream.issuer());
        world.upstream.bend().metadata =
            json!({"pushed_authorization_request_endpoint": endpoint, "require_pushed_authorization_requests": true});
        world.upstream.bend().token_answer = Some((400, json!({"error": "invalid_request"}).to_string()));
        let page = Browser::new(&world.app).get(&format!("/o/acme/federate?username={EMAIL}")).await;
        page.is(502).says("did not take the request");
        assert!(world.refusal(t).await.detail.trace[0].saw.contains("invalid_request"));
        // Required, but nowhere to be sent to.
        world.upstream.bend().metadata = json!({"require_pushed_authorization_requests": true});
        t.later(3600);
        Browser::new(&world.app).get(&format!("/o/acme/federate?username={EMAIL}")).await.is(502);
    }

    async fn a_key_of_ours_instead_of_a_secret(t) with setup(); {
        for (proof, pushed, to_issuer) in [
            (ClientProof::PrivateKeyJwt, false, true),
            (ClientProof::PrivateKeyJwt, true, true),
            (ClientProof::PrivateKeyJwtTokenEndpoint, false, false),
        ] {
            let world = World::with_name(t, &format!("Elsewhere {proof:?} {pushed}"), |doc| {
                doc.options = Options { token_endpoint_auth: proof, ..Options::default() };
            }).await;
            if pushed {
                takes_pushed(&world);
            }
            let mut browser = Browser::new(&world.app);
            let mut departure = world.departs(&mut browser, &format!("username={EMAIL}")).await;
            if pushed {
                departure.asked = world.upstream.bend().pushed[0].clone();
            }
            browser.get(&world.upstream.signs_in(&departure)).await.leads_on();
            let mut forms = world.upstream.bend().redeemed.clone();
            forms.extend(world.upstream.bend().pushed.clone());
            assert_eq!(forms.len(), if pushed { 2 } else { 1 });
            let keys = published(&world).await;
            let mut seen = Vec::new();
            for form in forms {
                assert_eq!((form["client_assertion_type"].as_str(), form["client_id"].as_str()), (TYPE, "muster-client"));
                assert!(!form.contains_key("client_secret"));
                let assertion = verify(&form["client_assertion"], &keys, &[Alg::RS256]).unwrap().claims;
                assert_eq!((&assertion["iss"], &assertion["sub"]), (&json!("muster-client"), &json!("muster-client")));
                let issuer = world.upstream.issuer();
                assert_eq!(assertion["aud"], if to_issuer { issuer.to_owned() } else { format!("{issuer}/token") });
                assert_eq!(assertion["exp"], t.clock.now().seconds() + 60);
                seen.push(assertion["jti"].clone());
            }
            seen.dedup();
            assert_eq!(seen.len(), if pushed { 2 } else { 1 }, "each assertion is one of a kind");
        }
    }

    async fn our_published_keys_are_not_those_of_our_tokens(t) with setup(); {
        let world = World::new(t).await;
        let (first, again) = (published(&world).await, published(&world).await);
        assert_eq!(first, again);
        let uses: Vec<(&str, &str)> = first.keys.iter().map(|k| (k.usage.as_deref().unwrap(), k.kty.as_str())).collect();
        assert_eq!(uses, [("sig", "EC"), ("sig", "RSA"), ("enc", "EC"), ("enc", "RSA")]);
        let ours = muster_directory::key::published(&t.directory, t.acme.id).await.unwrap();
        assert!(ours.keys.iter().all(|key| first.get(key.kid.as_deref().unwrap()).is_none()));
        // Tenant isolation: another organization has others; an unknown one none.
        let blue = Browser::new(&world.app).get("/o/blue/federation/jwks.json").await;
        let blue = JwkSet::parse(blue.body.as_bytes()).unwrap();
        assert!(blue.keys.iter().all(|key| first.get(key.kid.as_deref().unwrap()).is_none()));
        Browser::new(&world.app).get("/o/nobody/federation/jwks.json").await.is(404);
    }

    async fn id_tokens_may_come_encrypted_to_our_keys(t) with setup(); {
        let world = World::with(t, |doc| doc.options.require_encrypted_id_token = true).await;
        let keys = published(&world).await;
        for alg in KeyAlg::ALL {
            let ours: Jwk = recipient(&keys, alg).unwrap().clone();
            world.upstream.bend().encrypt_to = Some((ours, alg));
            let mut browser = Browser::new(&world.app);
            world.returns(&mut browser).await.leads_on();
            assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
        }
        // To somebody else, or not at all though it is agreed.
        let other = DecryptionKey::generate(KeyAlg::EcdhEs).unwrap().public_jwk();
        for to in [Some((other, KeyAlg::EcdhEs)), None] {
            world.upstream.bend().encrypt_to = to;
            let mut browser = Browser::new(&world.app);
            world.returns(&mut browser).await.is(403).says("was not believed");
            assert_eq!(signed_in(t, t.acme, &browser).await, None);
        }
    }

    async fn what_the_application_wishes_is_passed_on(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        world.departs(&mut browser, &format!("username={EMAIL}")).await;
        for (request, fresh, prompt, max_age, acr_values) in [
            ("scope=openid", false, None, None, None),
            ("prompt=login&max_age=120", true, Some("login"), Some("120"), Some("mfa hwk")),
            ("prompt=select_account", true, Some("select_account"), None, None),
        ] {
            t.later(61);
            let flow = waiting(t, &browser, (request, acr_values.unwrap_or_default()), fresh).await;
            let departure = world.departs(&mut browser, &format!("username={EMAIL}&flow={flow}")).await;
            let asked = |name: &str| departure.asked.get(name).map(String::as_str);
            assert_eq!((asked("prompt"), asked("max_age"), asked("acr_values")), (prompt, max_age, acr_values), "{request}");
        }
    }

    async fn an_old_sign_in_there_does_not_pass_for_a_new_one(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        world.departs(&mut browser, &format!("username={EMAIL}")).await;
        for (request, age_s, good) in [
            ("prompt=login", 30, true),
            ("prompt=login", 300, false),
            ("max_age=100&prompt=select_account", 130, true),
            ("max_age=100&prompt=select_account", 300, false),
        ] {
            t.later(61);
            claims(&world, json!({"auth_time": t.clock.now().seconds() - age_s}));
            let flow = waiting(t, &browser, (request, ""), true).await;
            let departure = world.departs(&mut browser, &format!("username={EMAIL}&flow={flow}")).await;
            let page = browser.get(&world.upstream.signs_in(&departure)).await;
            assert_eq!(page.status.is_redirection(), good, "{request} {age_s}");
        }
    }

    async fn how_the_person_signed_in_there_is_believed_where_that_is_agreed(t) with setup(); {
        for (n, trusted) in [false, true].into_iter().enumerate() {
            let world = World::with_name(t, &format!("Elsewhere {n}"), |doc| {
                doc.options.trust_authentication_context = trusted;
            }).await;
            let (now, before) = (t.clock.now(), t.clock.now().seconds() - 7200);
            claims(&world, json!({
                "amr": ["pwd", "otp", "with space", 7], "acr": "urn:example:mfa", "sid": "upstream-1", "auth_time": before,
            }));
            world.returns(&mut Browser::new(&world.app)).await.leads_on();
            let session = session(t, &world).await;
            let (acr, amr) = if trusted {
                ("urn:example:mfa", vec!["fed", "pwd", "otp"])
            } else {
                ("urn:muster:acr:federated", vec!["fed"])
            };
            assert_eq!((session.acr(), session.amr()), (acr, amr.into_iter().map(str::to_owned).collect()));
            assert_eq!(session.upstream.sid.as_deref(), Some("upstream-1"));
            // When: there, where that is believed; and the session here begins now in any case.
            assert_eq!(session.auth_at.seconds(), if trusted { before } else { now.seconds() });
            assert_eq!((session.created_at, session.last_seen_at), (now, now));
        }
    }

    async fn documents_in_use_are_read_anew_before_they_are_old(t) with setup(); {
        let world = World::new(t).await;
        world.returns(&mut Browser::new(&world.app)).await.leads_on();
        let read = || world.upstream.bend().keys_read;
        let first = read();
        world.providers.refresh_due().await;
        assert_eq!(read(), first, "still young");
        t.later(3600 - 60);
        world.providers.refresh_due().await;
        assert_eq!(read(), first + 1);
        t.later(3600 - 60);
        world.providers.refresh_due().await;
        assert_eq!(read(), first + 1, "nobody used it since");
        world.departs(&mut Browser::new(&world.app), &format!("username={EMAIL}")).await;
        world.providers.refresh_due().await;
        assert_eq!(read(), first + 2);
    }

    async fn what_the_id_token_lacks_is_asked_for_in_any_form(t) with setup(); {
        let world = World::new(t).await;
        let issuer = world.upstream.issuer().to_owned();
        world.upstream.bend().metadata = json!({"userinfo_endpoint": format!("{issuer}/userinfo")});
        world.upstream.bend().claims = json!({"sub": "subject-1"});
        let keys = published(&world).await;
        let said = json!({"sub": "subject-1", "email": EMAIL});
        let with = |more: Value| {
            let mut said = said.clone();
            said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            world.upstream.bend().key.sign(None, &said).unwrap()
        };
        let sealed = |plain: &str| {
            encrypt(plain.as_bytes(), recipient(&keys, KeyAlg::EcdhEs).unwrap(), KeyAlg::EcdhEs, Enc::A256Gcm, None).unwrap()
        };
        let forged = SigningKey::generate(Alg::ES256).unwrap().sign(None, &said).unwrap();
        let ours = with(json!({"iss": issuer, "aud": "muster-client"}));
        for (what, answer, good) in [
            ("plain", said.to_string(), true),
            ("signed", with(json!({})), true),
            ("signed for us", ours.clone(), true),
            ("encrypted", sealed(&said.to_string()), true),
            ("signed and encrypted", sealed(&ours), true),
            ("about somebody else", json!({"sub": "subject-2", "email": EMAIL}).to_string(), false),
            ("signed, about somebody else", with(json!({"sub": "subject-2"})), false),
            ("signed by a stranger", forged.clone(), false),
            ("by a stranger, and encrypted", sealed(&forged), false),
            ("by another issuer", with(json!({"iss": "https://evil.test"})), false),
            ("for another client", with(json!({"aud": "other"})), false),
            ("nothing", "<html>".to_owned(), false),
        ] {
            world.upstream.bend().userinfo = answer;
            let mut browser = Browser::new(&world.app);
            let page = world.returns(&mut browser).await;
            assert_eq!(page.status.is_redirection(), good, "{what}: {}", page.body);
            assert_eq!(signed_in(t, t.acme, &browser).await.is_some(), good, "{what}");
        }
    }
}
