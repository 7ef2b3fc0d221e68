//! What the application's Test tab is told: each exchange with the outcome of each check, bounded, encrypted at rest, and
//! without anything that could be used again.

use muster_db::sql;
use muster_directory::application::saml::{Encryption, Saml};
use muster_directory::saml_message::{self, Exchange, KEPT_MAX, KEPT_S, Outcome, Purpose, Shown};
use muster_directory::user::delete::Delete;
use muster_testkit::{Test, both};
use serde_json::Value;

use crate::world::{SP_KEY, World, seed, setup};

sql! {
    ROWS = "SELECT sealed FROM saml_messages WHERE org_id = $1 AND app_id = $2";
}

async fn kept(t: &Test, world: &World) -> Vec<Exchange> {
    saml_message::list(&t.directory, t.acme.id, world.app.id).await.unwrap()
}

async fn rows(t: &Test, world: &World) -> Vec<Vec<u8>> {
    let params = [(&t.acme.id).into(), (&world.app.id).into()];
    let rows: Vec<(Vec<u8>,)> = t.directory.db().all(&ROWS, &params).await.unwrap();
    rows.into_iter().map(|(sealed,)| sealed).collect()
}

fn shown(exchange: &Exchange) -> Vec<Value> {
    exchange.content.parts.iter().map(|part| serde_json::to_value(Shown::of(part)).unwrap()).collect()
}

both! {
    async fn a_sign_in_is_one_exchange_with_each_check(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        world.accepted(t, &browser.get(&world.by_redirect(&world.request(t), true)).await).await;
        let all = kept(t, &world).await;
        let [one] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((one.user, one.content.outcome, one.content.purpose), (Some(world.ana.id), Outcome::Succeeded, Purpose::SignIn));
        assert!(one.content.trace.iter().all(|step| step.passed));
        let steps: Vec<&str> = one.content.trace.iter().map(|step| step.step.as_str()).collect();
        for wanted in ["The request can be read", "Its signature is as set up", "Its Issuer is the SP Entity ID", "Its ACS URL is registered", "The browser is signed in"] {
            assert!(steps.contains(&wanted), "{wanted}: {steps:?}");
        }
        let [came, sent] = shown(one).try_into().unwrap();
        assert_eq!((&came["name"], &came["binding"], &came["relayState"]), (&"AuthnRequest".into(), &"HTTP-Redirect".into(), &"state <1>".into()));
        assert!(came["xml"].as_str().unwrap().contains("\n  <saml:Issuer "), "{}", came["xml"]);
        assert_eq!((&sent["name"], &sent["binding"], &sent["address"]), (&"Response".into(), &"HTTP-POST".into(), &crate::world::ACS.into()));
        assert!(sent["xml"].as_str().unwrap().contains(&world.ana.email));
    }

    async fn nothing_that_could_be_used_again_is_kept(t) with setup(); {
        let saml = Saml { sp_certificates: vec![SP_KEY.1.to_pem()], encryption: Some(Encryption::Aes256Gcm), sign_response: true, ..seed() };
        let world = World::new(t, saml).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.by_redirect(&world.request(t), true)).await;
        world.accepted(t, &page).await;
        let [_, sent] = shown(&kept(t, &world).await[0]).try_into().unwrap();
        let xml = sent["xml"].as_str().unwrap();
        assert!(!xml.contains("Signature") && xml.contains("<saml:Assertion"), "{xml}");
        assert!(sent["note"].as_str().unwrap().contains("encrypted"));
        // At rest nobody reads it without the master key.
        for row in rows(t, &world).await {
            let text = String::from_utf8_lossy(&row);
            assert!(!text.contains(&world.ana.email) && !text.contains("Assertion"), "{text}");
        }
        let log = muster_directory::change::store::after(&mut t.directory.read(), t.acme.id, 0, 1000).await.unwrap();
        assert!(!format!("{log:?}").contains("Assertion"));
    }

    async fn what_is_refused_is_there_with_the_check_that_failed(t) with setup(); {
        let saml = Saml { require_signed_requests: true, sp_certificates: vec![SP_KEY.1.to_pem()], ..seed() };
        let world = World::new(t, saml).await;
        let (mut browser, _) = world.signed_in(t).await;
        let wrong_acs = muster_saml::authn_request::OutgoingRequest { acs_url: "https://evil.example/acs", ..world.request(t) };
        for (address, step, read) in [
            (world.by_redirect(&world.request(t), false), "Its signature is as set up", true),
            (world.by_redirect(&wrong_acs, true), "Its ACS URL is registered", true),
            (world.path("/sso?SAMLRequest=aaaa"), "The request can be read", false),
        ] {
            browser.get(&address).await.is(400);
            let newest = kept(t, &world).await.remove(0);
            assert_eq!((newest.content.outcome, newest.user), (Outcome::Refused, None));
            let last = newest.content.trace.last().unwrap();
            assert_eq!((last.step.as_str(), last.passed), (step, false));
            let came = &shown(&newest)[0];
            assert_eq!((came["xml"].is_string(), came["raw"].is_string()), (read, !read), "{came}");
            t.later(1);
        }
    }

    async fn a_request_that_waits_is_the_same_exchange_in_the_end(t) with setup(); {
        let world = World::new(t, seed()).await;
        let mut browser = world.browser();
        let login = browser.get(&world.by_redirect(&world.request(t), false)).await.location().to_owned();
        assert_eq!(kept(t, &world).await[0].content.outcome, Outcome::Waits);
        crate::world::signs_in(t, t.acme, &mut browser, world.ana.id).await;
        let flow = login.rsplit_once('=').unwrap().1;
        world.accepted(t, &browser.get(&world.path(&format!("/sso/resume?flow={flow}"))).await).await;
        let all = kept(t, &world).await;
        assert_eq!((all.len(), all[0].content.outcome, all[0].user), (1, Outcome::Succeeded, Some(world.ana.id)));
    }

    async fn it_is_bounded_in_number_and_age_and_goes_with_the_application_and_the_person(t) with setup(); {
        let world = World::new(t, seed()).await;
        let mut browser = world.browser();
        for n in 0..KEPT_MAX + 7 {
            browser.get(&world.path(&format!("/sso?SAMLRequest=x{n}"))).await.is(400);
            if n % 20 == 0 {
                saml_message::flush(&t.directory).await.unwrap();
            }
            t.later(1);
        }
        let all = kept(t, &world).await;
        assert_eq!((all.len(), rows(t, &world).await.len()), (KEPT_MAX, KEPT_MAX));
        assert!(all.is_sorted_by_key(|one| std::cmp::Reverse(one.at)));
        let (mut browser, _) = world.signed_in(t).await;
        world.accepted(t, &browser.get(&world.by_redirect(&world.request(t), false)).await).await;
        assert_eq!(kept(t, &world).await[0].user, Some(world.ana.id));
        t.write(t.acme, Delete { id: world.ana.id, cascade_manager: None }).await.unwrap();
        assert!(kept(t, &world).await.iter().all(|one| one.user.is_none()));
        // A month later nothing is shown, and the worker removes it.
        t.later(KEPT_S + 1);
        assert!(kept(t, &world).await.is_empty());
        assert!(saml_message::prune(&t.directory).await.unwrap() >= 49);
        assert!(rows(t, &world).await.is_empty());
        browser.get(&world.path("/sso?SAMLRequest=x")).await.is(400);
        assert_eq!(kept(t, &world).await.len(), 1);
        browser.get(&world.path("/sso?SAMLRequest=y")).await.is(400);
        t.write(t.acme, muster_directory::application::delete::Delete { id: world.app.id }).await.unwrap();
        saml_message::flush(&t.directory).await.unwrap();
        assert!(rows(t, &world).await.is_empty());
    }
}
