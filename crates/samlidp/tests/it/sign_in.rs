//! Sign-ins: by both bindings, begun on either side, on a session or with one to come.

use muster_directory::application::GroupsClaim;
use muster_directory::application::Mapping;
use muster_directory::application::saml::{Encryption, Saml};
use muster_directory::session::Method;
use muster_directory::session::model::Upstream;
use muster_saml::assertion::class_ref;
use muster_saml::authn_request::OutgoingRequest;
use muster_saml::{Code, Detail, NameIdFormat, Refusal};
use muster_testkit::both;

use crate::world::{ACS, SP_KEY, World, class, seed, setup, signs_in, signs_in_by};

both! {
    async fn a_request_by_redirect_is_answered_as_the_seed_asks(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, session) = world.signed_in(t).await;
        let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
        assert_eq!(page.form().action, ACS);
        assert_eq!(page.form().value("RelayState"), Some("state <1>"));
        let response = world.accepted(t, &page).await;
        let signed_in = response.signed_in;
        assert_eq!(signed_in.name_id.value, "ana@example.test");
        assert_eq!(signed_in.name_id.format.as_deref(), Some(NameIdFormat::EmailAddress.uri()));
        let attributes: Vec<_> = signed_in.attributes.iter().map(|a| (a.name.as_str(), a.values.join(","))).collect();
        assert_eq!(attributes, [("username", "ana@example.test".to_owned())]);
        assert_eq!(signed_in.session_index, Some(session.id.text()));
        assert_eq!(signed_in.authn_instant_s, Some(session.auth_at.seconds()));
        assert_eq!(signed_in.class_ref.as_deref(), Some(class_ref::PASSWORD_PROTECTED_TRANSPORT));
        let event = t.events_of(t.acme, world.ana.id).await.into_iter().find(|e| e.kind == "sso_auth").unwrap();
        assert!(event.detail.success);
        assert_eq!(event.detail.summary, "Signed in to Profit");
        assert!(event.detail.trace.iter().all(|step| step.passed) && event.detail.trace.len() == 9);
    }

    async fn a_request_by_form_arrives_without_the_cookie_and_is_answered(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let fields = world.by_post(&world.request(t), false);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let cookies = std::mem::take(&mut browser.cookies);
        let page = browser.post_from("cross-site", &world.path("/sso"), &fields).await;
        let next = page.location().to_owned();
        browser.cookies = cookies;
        let page = browser.get(&next).await;
        assert_eq!(page.form().value("RelayState"), Some("state <1>"));
        world.accepted(t, &page).await;
    }

    async fn the_tile_begins_without_a_request(t) with setup(); {
        let world = World::new(t, Saml { default_relay_state: "/start?a=1&b=\"2\"".into(), ..seed() }).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.path("/sso")).await;
        assert_eq!(page.form().value("RelayState"), Some("/start?a=1&b=\"2\""));
        world.judge(t, &page, false).await.unwrap();
        // It is no answer to a request.
        assert_eq!(world.judge(t, &page, true).await.unwrap_err(), Refusal::InResponseTo);
    }

    async fn without_a_session_the_request_waits_in_its_browser(t) with setup(); {
        let world = World::new(t, seed()).await;
        let mut browser = world.browser();
        let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
        let login = page.location().to_owned();
        assert!(login.starts_with("/o/acme/login?flow="), "{login}");
        let resume = world.path(&format!("/sso/resume?{}", login.split_once('?').unwrap().1));
        // Not signed in yet: back to the sign-in.
        assert_eq!(browser.get(&resume).await.location(), login);
        signs_in(t, t.acme, &mut browser, world.ana.id).await;
        t.later(900);
        let (mut other, _) = world.signed_in(t).await;
        other.get(&resume).await.is(400).says("This sign-in is over");
        let page = browser.get(&resume).await;
        assert_eq!(world.accepted(t, &page).await.signed_in.name_id.value, "ana@example.test");
        // Used up.
        browser.get(&resume).await.is(400).says("This sign-in is over");
    }

    async fn force_authn_wants_a_sign_in_from_now_on(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        t.later(10);
        let request = OutgoingRequest { force_authn: true, ..world.request(t) };
        let login = browser.get(&world.by_redirect(&request, false)).await.location().to_owned();
        let resume = world.path(&format!("/sso/resume?{}", login.split_once('?').unwrap().1));
        assert_eq!(browser.get(&resume).await.location(), login);
        t.later(10);
        signs_in(t, t.acme, &mut browser, world.ana.id).await;
        let page = browser.get(&resume).await;
        let signed_in = world.accepted(t, &page).await.signed_in;
        assert_eq!(signed_in.authn_instant_s, Some(t.clock.now().seconds()));
    }

    async fn is_passive_never_shows_a_page(t) with setup(); {
        let world = World::new(t, seed()).await;
        let request = OutgoingRequest { is_passive: true, ..world.request(t) };
        let page = world.browser().get(&world.by_redirect(&request, false)).await;
        let Err(Refusal::Status(status)) = world.judge(t, &page, true).await else { panic!("no status") };
        assert_eq!((status.code, status.detail), (Code::Responder, Some(Detail::NoPassive)));
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.by_redirect(&request, false)).await;
        world.accepted(t, &page).await;
        // Also not with a person who may not.
        let bo = t.person(t.acme, "bo").await;
        let mut browser = world.browser();
        signs_in(t, t.acme, &mut browser, bo.id).await;
        let page = browser.get(&world.by_redirect(&request, false)).await;
        let Err(Refusal::Status(status)) = world.judge(t, &page, true).await else { panic!("no status") };
        assert_eq!(status.detail, Some(Detail::RequestDenied));
    }

    async fn name_identifiers_are_as_set_up(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let mut names = Vec::new();
        for format in NameIdFormat::ALL {
            world.set(t, Saml { name_id_format: format.uri().into(), name_id_attribute: "username".into(), ..seed() }).await;
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            let first = world.accepted(t, &page).await.signed_in.name_id;
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            let second = world.accepted(t, &page).await.signed_in.name_id;
            assert_eq!(first.format.as_deref(), Some(format.uri()));
            assert_eq!(first == second, format != NameIdFormat::Transient, "{format:?}");
            names.push(first.value);
        }
        assert_eq!(names.iter().filter(|name| *name == "ana").count(), 4);
        // A persistent name says nothing of the person, and another application is told another one.
        let other = World::person_in(t, Saml { name_id_format: NameIdFormat::Persistent.uri().into(), ..seed() }, &world.ana).await;
        let page = browser.get(&other.by_redirect(&other.request(t), false)).await;
        let elsewhere = other.accepted(t, &page).await.signed_in.name_id.value;
        assert!(elsewhere != names[2] && names[2].len() > 40 && !names[2].contains(&world.ana.id.text()));
    }

    async fn a_request_for_another_name_or_a_stronger_sign_in_is_answered_with_a_status(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let stronger = class(class_ref::MFA);
        let usual = class(class_ref::PASSWORD_PROTECTED_TRANSPORT);
        for (request, wanted) in [
            (OutgoingRequest { name_id_format: Some(NameIdFormat::Transient.uri()), ..world.request(t) }, Some(Detail::InvalidNameIdPolicy)),
            (OutgoingRequest { name_id_format: Some(NameIdFormat::EmailAddress.uri()), ..world.request(t) }, None),
            (OutgoingRequest { authn_context: Some(&stronger), ..world.request(t) }, Some(Detail::NoAuthnContext)),
            (OutgoingRequest { authn_context: Some(&usual), ..world.request(t) }, None),
        ] {
            let page = browser.get(&world.by_redirect(&request, false)).await;
            let detail = match world.judge(t, &page, true).await {
                Ok(_) => None,
                Err(Refusal::Status(status)) => status.detail,
                Err(other) => panic!("{other}"),
            };
            assert_eq!(detail, wanted);
        }
    }

    async fn the_class_is_told_by_what_happened(t) with setup(); {
        let world = World::new(t, seed()).await;
        let believed = Upstream { acr: Some(class_ref::MFA.into()), ..Upstream::default() };
        for (method, upstream, told) in [
            (Method::Password, Upstream::default(), class_ref::PASSWORD_PROTECTED_TRANSPORT),
            (Method::Federated, Upstream::default(), class_ref::UNSPECIFIED),
            (Method::Federated, believed, class_ref::MFA),
        ] {
            let mut browser = world.browser();
            signs_in_by(t, t.acme, &mut browser, world.ana.id, method, upstream).await;
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            assert_eq!(world.accepted(t, &page).await.signed_in.class_ref.as_deref(), Some(told));
            // What really happened can be asked for, what is more cannot.
            let stronger = class(class_ref::MFA);
            let request = OutgoingRequest { authn_context: Some(&stronger), ..world.request(t) };
            let page = browser.get(&world.by_redirect(&request, false)).await;
            assert_eq!(world.judge(t, &page, true).await.is_ok(), told == class_ref::MFA);
        }
    }

    async fn attributes_constants_and_groups_are_told(t) with setup(); {
        let mapping = |name: &str, value: &str| Mapping { name: name.into(), value: value.into() };
        let saml = Saml {
            user_attributes: vec![mapping("username", "email"), mapping("urn:oid:2.5.4.4", "lastname")],
            constant_attributes: vec![mapping("tenant", "<acme> & co")],
            groups_attribute: Some(GroupsClaim { name: "memberOf".into(), string_when_one: false }),
            ..seed()
        };
        let world = World::new(t, saml).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
        let attributes = world.accepted(t, &page).await.signed_in.attributes;
        let told: Vec<_> = attributes.iter().map(|a| (a.name.as_str(), a.values.join(","))).collect();
        // The empty last name is left out, and so are groups where there are none.
        assert_eq!(told, [("username", "ana@example.test".to_owned()), ("tenant", "<acme> & co".to_owned())]);
    }

    async fn assertions_are_encrypted_where_it_is_chosen(t) with setup(); {
        for cipher in [Encryption::Aes256Gcm, Encryption::Aes128Cbc] {
            let saml = Saml { encryption: Some(cipher), sp_certificates: vec![SP_KEY.1.to_pem()], ..seed() };
            let world = World::named(t, saml, &format!("{cipher:?}")).await;
            let (mut browser, _) = world.signed_in(t).await;
            let page = browser.get(&world.by_redirect(&world.request(t), true)).await;
            let response = world.accepted(t, &page).await;
            assert!(response.was_encrypted);
            t.remove(t.acme, world.ana.id).await;
        }
    }

    async fn another_registered_address_is_answered_by_name_or_number(t) with setup(); {
        let world = World::new(t, seed()).await;
        let (mut browser, _) = world.signed_in(t).await;
        let request = OutgoingRequest { acs_url: "https://sp.example.test/other", ..world.request(t) };
        let page = browser.get(&world.by_redirect(&request, false)).await;
        assert_eq!(page.form().action, "https://sp.example.test/other");
        world.accepted(t, &page).await;
    }
}
