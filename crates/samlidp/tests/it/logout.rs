//! Single logout that the service provider begins.

use muster_directory::application::saml::{Logout, Saml};
use muster_saml::binding::{MessageKind, Received, Sender, post, redirect};
use muster_saml::logout::{LogoutRequest, read_response, write_request};
use muster_saml::signature::Trust;
use muster_saml::{Header, NameId, NameIdFormat};
use muster_testkit::{Test, both};

use crate::world::{SP, SP_KEY, World, form_body, seed, setup, sp_signer};

const SLO: &str = "https://sp.example.test/slo";

fn settings(by_post: bool) -> Saml {
    let logout = Some(Logout { url: SLO.into(), post: by_post });
    Saml { logout, sp_certificates: vec![SP_KEY.1.to_pem()], ..seed() }
}

fn request(t: &Test, world: &World, sessions: &[String]) -> LogoutRequest {
    LogoutRequest {
        header: Header {
            id: "_l1".into(),
            issue_instant_s: t.clock.now().seconds(),
            destination: Some(world.address("/slo")),
            issuer: SP.into(),
        },
        name_id: NameId::new("ana@example.test", NameIdFormat::EmailAddress),
        session_indexes: sessions.to_vec(),
        not_on_or_after_s: None,
    }
}

both! {
    async fn by_redirect_the_session_ends_and_the_answer_is_signed(t) with setup(); {
        let world = World::new(t, settings(false)).await;
        let (mut browser, session) = world.signed_in(t).await;
        let xml = write_request(&request(t, &world, &[session.id.text()]), None).unwrap();
        let address = redirect(&world.path("/slo"), MessageKind::Request, &xml, Some("s"), Some(&sp_signer())).unwrap();
        let page = browser.get(&address).await;
        let (to, query) = page.location().split_once('?').unwrap();
        assert_eq!(to, SLO);
        let received = Received::from_query(query).unwrap();
        assert_eq!(received.relay_state(), Some("s"));
        let keys: Vec<_> = world.metadata().await.certificates.signing.iter().map(|c| c.key().clone()).collect();
        let sender = Sender { trust: Trust { keys: &keys, allow_sha1: false }, require_signed: true };
        let (response, _) = read_response(&received, &sender).unwrap();
        assert!(response.status.is_success());
        assert_eq!(response.in_response_to.as_deref(), Some("_l1"));
        assert!(t.sessions(t.acme, world.ana.id).await.is_empty());
        // Once more: there is nothing left, which is what was asked for.
        browser.get(&address).await.leads_on();
    }

    async fn by_form_the_session_ends_and_the_answer_is_posted(t) with setup(); {
        let world = World::new(t, settings(true)).await;
        let (mut browser, _) = world.signed_in(t).await;
        let xml = write_request(&request(t, &world, &[]), Some(&sp_signer())).unwrap();
        let fields = post("", MessageKind::Request, &xml, None).fields;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let next = browser.post_from("cross-site", &world.path("/slo"), &fields).await.location().to_owned();
        let form = browser.get(&next).await.form();
        assert_eq!(form.action, SLO);
        let body = form_body(&[("SAMLResponse", form.value("SAMLResponse").unwrap())]);
        assert_eq!(Received::from_form(&body).unwrap().claimed_name().unwrap(), "LogoutResponse");
        assert!(t.sessions(t.acme, world.ana.id).await.is_empty());
    }

    async fn another_session_or_another_name_ends_nothing(t) with setup(); {
        let world = World::new(t, settings(false)).await;
        let (mut browser, _) = world.signed_in(t).await;
        let mut by_name = request(t, &world, &[]);
        by_name.name_id.value = "bo@example.test".into();
        for asked in [request(t, &world, &["0123456789abcdef01234567".into()]), by_name] {
            let xml = write_request(&asked, None).unwrap();
            let address = redirect(&world.path("/slo"), MessageKind::Request, &xml, None, Some(&sp_signer())).unwrap();
            browser.get(&address).await.leads_on();
            assert_eq!(t.sessions(t.acme, world.ana.id).await.len(), 1);
        }
    }

    async fn whoever_cannot_sign_ends_nothing(t) with setup(); {
        let world = World::new(t, settings(false)).await;
        let (mut browser, session) = world.signed_in(t).await;
        let xml = write_request(&request(t, &world, &[session.id.text()]), None).unwrap();
        let address = redirect(&world.path("/slo"), MessageKind::Request, &xml, None, None).unwrap();
        browser.get(&address).await.is(400).says("must be signed");
        assert_eq!(t.sessions(t.acme, world.ana.id).await.len(), 1);
    }
}
