//! Whether the service provider has a certificate, as far as it can be known; and the mails ahead of its end.

use http::Method;
use muster_directory::application::saml::{Logout, Saml};
use muster_directory::mail;
use muster_directory::saml_key::usage::{Known, Usage};
use muster_directory::saml_key::{self, Add, Published};
use muster_directory::saml_session::{Ended, begin};
use muster_saml::binding::{MessageKind, redirect};
use muster_saml::key::KeyKind;
use muster_saml::logout::{LogoutResponse, write_response};
use muster_saml::{Header, Status};
use muster_testkit::{Test, both};

use crate::world::{SP, SP_KEY, World, seed, setup, sp_signer};

async fn keys(t: &Test, world: &World) -> Vec<Published> {
    saml_key::published(&t.directory, t.acme.id, world.app.id, KeyKind::Rsa).await.unwrap()
}

async fn known(t: &Test, world: &World) -> Vec<Known> {
    let usage = Usage::load(&mut t.directory.read(), t.acme.id, world.app.id).await.unwrap();
    keys(t, world).await.iter().map(|key| usage.of(&key.row)).collect()
}

/// Rolls to a key of the application's own, which signs in a week.
async fn rolls(t: &Test, world: &World) {
    let pair = saml_key::generate(&t.directory, t.acme.id, KeyKind::Rsa).await.unwrap();
    t.write(t.acme, Add { app: world.app.id, pair, lead_s: 7 * 86_400, overlap_s: 86_400 }).await.unwrap();
}

async fn reads(world: &World, agent: &str) {
    let mut browser = world.browser();
    browser.headers.retain(|(name, _)| *name != "user-agent");
    browser.send(Method::GET, &world.path("/metadata"), &[("user-agent", agent)], None).await.is(200);
}

both! {
    async fn the_metadata_that_a_program_read_since(t) with setup(); {
        let world = World::new(t, seed()).await;
        assert_eq!(known(t, &world).await, [Known::Nothing]);
        // An administrator who exports it is no service provider.
        reads(&world, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140").await;
        assert_eq!(known(t, &world).await, [Known::Nothing]);
        t.later(10);
        reads(&world, "Shibboleth/3.5").await;
        let first = t.clock.now();
        assert_eq!(known(t, &world).await, [Known::Read(first)]);
        // The next one was not in it.
        t.later(3600);
        rolls(t, &world).await;
        assert_eq!(known(t, &world).await, [Known::Read(first), Known::Nothing]);
        t.later(3600);
        reads(&world, "Shibboleth/3.5").await;
        let second = t.clock.now();
        assert_eq!(known(t, &world).await, [Known::Read(second), Known::Read(second)]);
        // A flood of readers is written once a minute.
        t.later(59);
        reads(&world, "Shibboleth/3.5").await;
        assert_eq!(known(t, &world).await[0], Known::Read(second));
    }

    async fn a_signed_answer_to_a_signed_message_proves_it(t) with setup(); {
        for (signed, proves) in [(false, false), (true, true)] {
            let logout = Some(Logout { url: "https://sp.example.test/slo".into(), post: false });
            let certificates = if signed { vec![SP_KEY.1.to_pem()] } else { Vec::new() };
            let world = if signed {
                let ana = t.stored(t.acme, t.id_of(t.acme, "ana@example.test").await).await;
                World::person_in(t, Saml { logout, sp_certificates: certificates, ..seed() }, &ana).await
            } else {
                World::new(t, Saml { logout, ..seed() }).await
            };
            let (mut browser, session) = world.signed_in(t).await;
            world.accepted(t, &browser.get(&world.by_redirect(&world.request(t), signed)).await).await;
            let (browser_id, session) = (browser_id(t, &browser).await, session.id);
            let ended = Ended { org: t.acme.id, browser: browser_id, session, but: None, asked: None, then: None };
            let id = begin(&t.directory, ended);
            let flow = id.await.unwrap().unwrap();
            let told = browser.get(&format!("/o/acme/saml/logout?flow={flow}&go=0")).await.location().to_owned();
            let request = muster_saml::binding::Received::from_query(told.split_once('?').unwrap().1).unwrap();
            let sender = muster_saml::binding::Sender { trust: muster_saml::signature::Trust { keys: &[], allow_sha1: false }, require_signed: false };
            let (asked, _) = muster_saml::logout::read_request(&request, &sender).unwrap();
            let header = Header { id: "_r".into(), issue_instant_s: t.clock.now().seconds(), destination: Some(world.address("/slo")), issuer: SP.into() };
            let answer = LogoutResponse { header, in_response_to: Some(asked.header.id), status: Status::success() };
            let xml = write_response(&answer, None).unwrap();
            let signer = signed.then(sp_signer);
            let back = redirect(&world.path("/slo"), MessageKind::Response, &xml, request.relay_state(), signer.as_ref()).unwrap();
            browser.get(&back).await.says("signed out");
            assert_eq!(known(t, &world).await[0] == Known::Accepted(t.clock.now()), proves, "an unsigned answer is anybody's");
        }
    }

    async fn administrators_are_warned_once_at_30_and_at_7_days(t) with setup(); {
        let world = World::new(t, seed()).await;
        t.administrator(t.acme, "boss@acme.example", None).await;
        let ends_s = keys(t, &world).await[0].pair.certificate.not_after_s();
        let mailed = async || mail::recent(&t.directory).await.unwrap().into_iter().map(|m| m.message).filter(|m| m.to == "boss@acme.example").collect::<Vec<_>>();
        assert_eq!(saml_key::warn(&t.directory).await.unwrap(), 0);
        let before = mailed().await.len();
        for (days, mails) in [(31, 0), (29, 1), (20, 1), (6, 2), (1, 2)] {
            t.clock.advance_s(ends_s - days * 86_400 - t.clock.now().seconds());
            for _ in 0..2 {
                saml_key::warn(&t.directory).await.unwrap();
            }
            let now = mailed().await;
            assert_eq!(now.len() - before, mails, "{days} days before");
            if mails > 0 {
                assert!(now[0].link.ends_with("/console/acme/settings/keys") && now[0].subject.contains("certificate"));
            }
        }
    }

    async fn a_certificate_that_another_one_follows_is_not_warned_of(t) with setup(); {
        let world = World::new(t, seed()).await;
        t.administrator(t.acme, "root@acme.example", None).await;
        let ends_s = keys(t, &world).await[0].pair.certificate.not_after_s();
        t.clock.advance_s(ends_s - 20 * 86_400 - t.clock.now().seconds());
        saml_key::roll(&t.directory, muster_directory::Actor::system(), t.acme.id, KeyKind::Rsa, 86_400, 86_400).await.unwrap();
        assert_eq!(saml_key::warn(&t.directory).await.unwrap(), 0);
        assert!(mail::recent(&t.directory).await.unwrap().iter().all(|m| !m.message.subject.contains("certificate")));
    }
}

pub async fn browser_id(t: &Test, browser: &muster_testkit::Browser) -> muster_base::Id {
    let secret = muster_base::Secret::new(browser.cookies["__Host-muster_browser"].clone());
    let found = muster_directory::session::store::browser(&mut t.directory.read(), &secret, t.clock.now()).await;
    found.unwrap().unwrap()
}
