//! *Export Metadata*, and the keys behind it.

use muster_directory::application::saml::{Saml, Signing};
use muster_directory::saml_message::{self, Shown};
use muster_directory::{Actor, saml_key};
use muster_saml::Refusal;
use muster_saml::binding::Binding;
use muster_saml::key::KeyKind;
use muster_saml::signature::SignatureError;
use muster_testkit::both;

use crate::world::{World, seed, setup};

both! {
    async fn the_metadata_names_what_is_used(t) with setup(); {
        let world = World::new(t, seed()).await;
        let idp = world.metadata().await;
        let locations: Vec<_> = idp.sso.iter().map(|e| (e.binding, e.location.clone())).collect();
        let sso = world.address("/sso");
        assert_eq!(locations, [(Binding::Redirect, sso.clone()), (Binding::Post, sso)]);
        assert_eq!(idp.logout.len(), 2);
        assert_eq!(idp.certificates.signing.len(), 1);
        assert_eq!(idp.certificates.signing[0].subject(), "CN=Acme");
        // The same one at every look, also after a restart, which forgets what was parsed.
        assert_eq!(world.metadata().await.certificates, idp.certificates);
        let again = t.app(muster_samlidp::router());
        let page = muster_testkit::Browser::new(&again).get(&world.path("/metadata")).await;
        assert!(page.is(200).body.contains(&idp.certificates.signing[0].to_base64()));
        assert!(page.header("content-type").starts_with("application/samlmetadata+xml"));
    }

    async fn a_roll_shows_both_certificates_and_signs_with_the_new_one_in_time(t) with setup(); {
        let world = World::new(t, seed()).await;
        let old = world.metadata().await.certificates.signing;
        let actor = Actor::admin(t.acme.admin, None);
        saml_key::roll(&t.directory, actor, t.acme.id, KeyKind::Rsa, 3600, 3600).await.unwrap();
        let both = world.metadata().await.certificates.signing;
        assert_eq!(both.len(), 2);
        assert_eq!(both[0], old[0]);
        // Which one signs: the place in the metadata, whose first one is the one in use.
        let mut signs = Vec::new();
        for seconds in [3599, 1, 3600] {
            t.later(seconds);
            let certificates = world.metadata().await.certificates.signing;
            let (mut browser, _) = world.signed_in(t).await;
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            let key = world.accepted(t, &page).await.key;
            signs.push((certificates.len(), certificates[key] == old[0]));
        }
        assert_eq!(signs, [(2, true), (2, false), (1, false)]);
    }

    async fn a_key_of_its_own_signs_for_this_application_alone(t) with setup(); {
        let world = World::new(t, seed()).await;
        let other = World::person_in(t, seed(), &world.ana).await;
        let organization_s = world.metadata().await.certificates.signing;
        let pair = saml_key::generate(&t.directory, t.acme.id, KeyKind::Rsa).await.unwrap();
        let own = pair.certificate.clone();
        t.write(t.acme, saml_key::Add { app: world.app.id, pair, lead_s: 0, overlap_s: 0 }).await.unwrap();
        assert_eq!(world.metadata().await.certificates.signing, [own]);
        assert_eq!(other.metadata().await.certificates.signing, organization_s);
        let (mut browser, _) = world.signed_in(t).await;
        for world in [&world, &other] {
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            world.accepted(t, &page).await;
        }
    }

    async fn each_kind_of_key_signs_for_those_that_chose_it(t) with setup(); {
        let world = World::new(t, seed()).await;
        for algorithm in [Signing::RsaSha256, Signing::RsaSha512, Signing::EcdsaSha256] {
            world.set(t, Saml { signature_algorithm: algorithm, ..seed() }).await;
            let certificates = world.metadata().await.certificates.signing;
            assert_eq!(certificates.len(), 1);
            assert_eq!(certificates[0].key().kind(), algorithm.kind());
            let (mut browser, _) = world.signed_in(t).await;
            let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
            world.accepted(t, &page).await;
        }
    }

    async fn sha1_signs_for_the_application_that_chose_it_and_for_no_other(t) with setup(); {
        let world = World::new(t, Saml { signature_algorithm: Signing::RsaSha1, ..seed() }).await;
        let other = World::person_in(t, seed(), &world.ana).await;
        let (mut browser, _) = world.signed_in(t).await;
        let page = browser.get(&world.by_redirect(&world.request(t), false)).await;
        let refused = world.judge(t, &page, true).await.unwrap_err();
        assert_eq!(refused, Refusal::Signature(SignatureError::Sha1));
        world.judge_by(t, &page, true, true).await.unwrap();
        let page = browser.get(&other.by_redirect(&other.request(t), false)).await;
        other.accepted(t, &page).await;
        // What is kept of it says that it is weak.
        let kept = saml_message::list(&t.directory, t.acme.id, world.app.id).await.unwrap();
        let sent = serde_json::to_value(Shown::of(kept[0].content.parts.last().unwrap())).unwrap();
        assert!(sent["note"].as_str().unwrap().contains("RsaSha1, which is weak"), "{sent}");
    }

    async fn organizations_have_their_own_keys_and_applications(t) with setup(); {
        let world = World::new(t, seed()).await;
        let foreign = world.path("/metadata").replace("/o/acme/", "/o/blue/");
        let unknown = world.path("/metadata").replace(&world.app.id.text(), "0123456789abcdef01234567");
        let upper = world.path("/metadata").replace(&world.app.id.text(), &world.app.id.text().to_uppercase());
        for path in [foreign, unknown, upper, "/o/none/saml/x/metadata".into()] {
            world.browser().get(&path).await.is(404);
        }
    }
}
