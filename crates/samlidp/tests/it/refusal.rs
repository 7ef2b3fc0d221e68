//! What is refused: a page for the person, an event for the administrator, and nothing that is sent on.

use muster_directory::application::saml::Saml;
use muster_directory::user::State;
use muster_directory::user::state::SetState;
use muster_saml::Header;
use muster_saml::authn_request::OutgoingRequest;
use muster_testkit::{Browser, Page, Test, both};

use crate::world::{SP_KEY, World, seed, setup, signs_in};

/// The page has no form and leads nowhere; the newest event of the application says why.
async fn is_refused(t: &Test, page: &Page, why: &str) {
    assert!(page.status.is_client_error(), "{} {}", page.status, page.text());
    assert!(!page.body.contains("<form"), "{}", page.body);
    let events = t.events(t.acme).await;
    let newest = events.iter().filter(|e| e.kind == "sso_auth").max_by_key(|e| (e.at, e.id)).unwrap();
    assert!(!newest.detail.success);
    assert!(newest.detail.summary.contains(why), "{}", newest.detail.summary);
}

async fn asks(world: &World, browser: &mut Browser, request: &OutgoingRequest<'_>, signed: bool) -> Page {
    browser.get(&world.by_redirect(request, signed)).await
}

both! {
    async fn requests_that_are_not_for_us_or_not_from_it(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let good = world.request(t);
        let with = |change: &dyn Fn(&mut Header)| {
            let mut header = good.header.clone();
            change(&mut header);
            OutgoingRequest { header, ..good.clone() }
        };
        let now_s = t.clock.now().seconds();
        for (request, why) in [
            (with(&|h| h.issuer = "https://evil.example".into()), "the Issuer is \"https://evil.example\""),
            (with(&|h| h.destination = Some("https://id.example.test/sso".into())), "the Destination is"),
            (with(&|h| h.issue_instant_s = now_s - 421), "is over"),
            (with(&|h| h.issue_instant_s = now_s + 200), "compare the clocks"),
            (OutgoingRequest { acs_url: "https://evil.example/acs", ..good.clone() }, "ACS URL that is not registered"),
            (OutgoingRequest { acs_url: "https://sp.example.test/acs/", ..good.clone() }, "ACS URL that is not registered"),
        ] {
            let page = asks(&world, &mut browser, &request, false).await;
            is_refused(t, &page, why).await;
            t.later(1);
        }
    }

    async fn replay_a_request_is_answered_once_on_whatever_node(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let address = world.by_redirect(&world.request(t), false);
        world.accepted(t, &browser.get(&address).await).await;
        t.later(1);
        let page = browser.get(&address).await;
        page.is(400).says("This sign-in is over");
        is_refused(t, &page, "a request that was answered").await;
        // Another node on the same database, and after a restart.
        let mut elsewhere = Browser::new(&t.app(muster_samlidp::router()));
        signs_in(t, t.acme, &mut elsewhere, world.ana.id).await;
        elsewhere.get(&address).await.is(400);
        // Of two at once one is the first.
        let address = world.by_redirect(&world.request(t), false);
        let (mut one, mut other) = (world.browser(), world.browser());
        for browser in [&mut one, &mut other] {
            signs_in(t, t.acme, browser, world.ana.id).await;
        }
        let (one, other) = tokio::join!(one.get(&address), other.get(&address));
        assert_eq!([one, other].iter().filter(|page| page.body.contains("SAMLResponse")).count(), 1);
        // The same identifier at another application is another request.
        let second = World::person_in(t, seed(), &world.ana).await;
        second.accepted(t, &browser.get(&second.by_redirect(&second.request(t), false)).await).await;
    }

    async fn a_suspended_person_is_nobody(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        t.write(t.acme, SetState { id: world.ana.id, state: State::Suspended }).await.unwrap();
        for path in [world.by_redirect(&world.request(t), false), world.path("/sso")] {
            assert!(browser.get(&path).await.location().starts_with("/o/acme/login?flow="));
        }
    }

    async fn requests_that_cannot_be_read(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        for (query, why) in [
            ("SAMLRequest=%21", "not base64"),
            ("SAMLRequest=aaaa", "not a DEFLATE stream"),
            ("SAMLResponse=aaaa", "DEFLATE"),
            ("SAMLRequest=aaaa&SAMLRequest=bbbb", "more than once"),
            ("SAMLRequest=aaaa&RelayState=1&RelayState=2", "more than once"),
        ] {
            let page = browser.get(&world.path(&format!("/sso?{query}"))).await;
            is_refused(t, &page, why).await;
            t.later(1);
        }
        let page = browser.post(&world.path("/sso"), &[("SAMLRequest", &"a".repeat(20_000))]).await;
        page.is(400).says("longer than 16384 bytes");
    }

    async fn an_application_that_is_not_active(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        world.deactivate(t).await;
        for path in [world.by_redirect(&world.request(t), false), world.path("/sso")] {
            let page = browser.get(&path).await;
            page.is(403).says("Profit is not active");
            is_refused(t, &page, "not active").await;
        }
    }

    async fn a_person_outside_the_groups(t) with setup(); {
        let world = World::new(t, seed()).await;
        let bo = t.person(t.acme, "bo").await;
        let mut browser = world.browser();
        signs_in(t, t.acme, &mut browser, bo.id).await;
        for path in [world.by_redirect(&world.request(t), false), world.path("/sso")] {
            let page = browser.get(&path).await;
            page.is(403).says("You do not have access to Profit");
            is_refused(t, &page, "may not use Profit").await;
        }
    }

    async fn a_person_of_another_organization_is_nobody_here(t) with setup(); {
        let world = World::new(t, seed()).await;
        let bo = t.person(t.blue, "bo").await;
        let mut browser = world.browser();
        signs_in(t, t.blue, &mut browser, bo.id).await;
        let page = browser.get(&world.path("/sso")).await;
        assert!(page.location().starts_with("/o/acme/login?flow="));
    }

    async fn a_person_without_the_value_that_names_them(t) with setup(); {
        let world = World::new(t, Saml { name_id_attribute: "employeeIdentifier".into(), ..seed() }).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.path("/sso")).await;
        page.is(403).says("would not know who you are");
        is_refused(t, &page, "no value for employeeIdentifier").await;
    }

    async fn signatures_count_as_set_up(t) with setup(); {
        let saml = Saml { require_signed_requests: true, sp_certificates: vec![SP_KEY.1.to_pem()], ..seed() };
        let world = World::new(t, saml).await;
        let (mut browser, _) = world.signed_in(t).await;
        let request = world.request(t);
        let page = asks(&world, &mut browser, &request, false).await;
        is_refused(t, &page, "must be signed").await;
        let page = asks(&world, &mut browser, &request, true).await;
        world.accepted(t, &page).await;
        t.later(1);
        let changed = world.by_redirect(&request, true).replace("RelayState=state", "RelayState=other");
        let page = browser.get(&changed).await;
        is_refused(t, &page, "none of the sender's stored certificates").await;
        t.later(1);
        // The same by form.
        for (signed, good) in [(true, true), (false, false)] {
            let fields = world.by_post(&world.request(t), signed);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let next = browser.post_from("cross-site", &world.path("/sso"), &fields).await.location().to_owned();
            let page = browser.get(&next).await;
            assert_eq!(page.status.is_success(), good, "{}", page.text());
        }
    }

    async fn settings_that_cannot_work_are_named(t) with setup(); {
        use muster_directory::Error;
        use muster_directory::application::update::SetSaml;
        let world = World::new(t, seed()).await;
        let javascript = vec![muster_directory::application::saml::Acs { url: "javascript:alert(1)".into(), index: 0, is_default: false }];
        for (saml, field) in [
            (Saml { sp_entity_id: String::new(), ..seed() }, "saml.spEntityId"),
            (Saml { acs: Vec::new(), ..seed() }, "saml.acs"),
            (Saml { acs: javascript, ..seed() }, "saml.acs[0].url"),
            (Saml { require_signed_requests: true, ..seed() }, "saml.spCertificates"),
            (Saml { sp_certificates: vec!["x".into()], ..seed() }, "saml.spCertificates[0]"),
            (Saml { name_id_format: "email".into(), ..seed() }, "saml.nameIdFormat"),
        ] {
            let error = t.write(t.acme, SetSaml { id: world.app.id, saml }).await.unwrap_err();
            let Error::Invalid(fields) = error else { panic!("{error}") };
            assert_eq!(fields[0].field, field);
        }
    }
}
