//! Metadata of service providers that is read again: what is the same is just read, what differs waits for an administrator,
//! what fails is tried again. With a moved clock and an address that answers as the test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use muster_directory::application::saml::Saml;
use muster_directory::application::store;
use muster_directory::change;
use muster_directory::saml_source::{self, Decide, EVERY_S, Forget, Offer, RETRY_S, Source, Take};
use muster_http::saml_source::{refresh, round};
use muster_testkit::{Setup, Test, both};

use crate::world::{SP_KEY, World, seed};

fn setup() -> Setup {
    Setup { public_url: "http://127.0.0.1:1", egress_allow: &["127.0.0.0/8"], ..crate::world::setup() }
}

/// What the address answers; `None` is a failure.
type Says = Arc<Mutex<Option<String>>>;

async fn address() -> (String, Says) {
    let says: Says = Arc::default();
    let answer = |State(says): State<Says>| async move {
        let said = says.lock().unwrap().clone();
        said.map_or_else(|| StatusCode::BAD_GATEWAY.into_response(), IntoResponse::into_response)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metadata", listener.local_addr().unwrap());
    let app = Router::new().route("/metadata", get(answer)).with_state(says.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, says)
}

fn document(entity: &str, acs: &str, with_key: bool) -> String {
    let key = format!(
        "<KeyDescriptor><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>",
        SP_KEY.1.to_base64()
    );
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\"><SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}<AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{acs}\" index=\"0\"/></SPSSODescriptor></EntityDescriptor>",
        if with_key { &key } else { "" }
    )
}

const ACS: &str = "https://sp.example.test/acs";

async fn source(t: &Test, world: &World) -> Source {
    saml_source::find(&mut t.directory.read(), t.acme.id, world.app.id).await.unwrap().unwrap()
}

async fn settings(t: &Test, world: &World) -> Saml {
    store::get(&mut t.directory.read(), t.acme.id, world.app.id).await.unwrap().saml().unwrap()
}

async fn logged(t: &Test, kind: &str) -> usize {
    let log = change::store::after(&mut t.directory.read(), t.acme.id, 0, 1000).await.unwrap();
    log.iter().filter(|entry| entry.kind == kind).count()
}

/// An application whose metadata was taken over from an address.
async fn taken(t: &Test) -> (World, Says) {
    let world = World::new(t, Saml { sign_response: true, ..seed() }).await;
    let (url, says) = address().await;
    *says.lock().unwrap() = Some(document("urn:sp", ACS, false));
    let offer = Offer::read(document("urn:sp", ACS, false).as_bytes(), None).unwrap();
    t.write(t.acme, Take { app: world.app.id, offer, from: Some((url, None)) }).await.unwrap();
    (world, says)
}

both! {
    async fn the_same_document_is_just_read(t) with setup(); {
        let (world, _says) = taken(t).await;
        let before = source(t, &world).await;
        assert_eq!(round(&t.site).await.unwrap(), 0, "nothing is due yet");
        t.later(EVERY_S);
        assert_eq!(round(&t.site).await.unwrap(), 1);
        let after = source(t, &world).await;
        assert_eq!((after.read_at, after.next_at), (t.clock.now(), t.clock.now().plus_s(EVERY_S)));
        assert_eq!((after.held, after.failed, after.taken), (None, None, before.taken));
        assert_eq!(logged(t, "application_metadata_held").await, 0);
        assert_eq!(round(&t.site).await.unwrap(), 0);
    }

    async fn a_change_waits_for_an_administrator(t) with setup(); {
        let (world, says) = taken(t).await;
        for (document, differs) in [
            (document("urn:sp", "https://evil.example/acs", false), "ACS URLs"),
            (document("urn:another", ACS, false), "SP Entity ID"),
            (document("urn:sp", ACS, true), "SP Certificates"),
        ] {
            let before = settings(t, &world).await;
            *says.lock().unwrap() = Some(document);
            t.later(EVERY_S);
            round(&t.site).await.unwrap();
            let now = source(t, &world).await;
            let held = now.held.unwrap();
            let fields: Vec<&str> = now.taken.differences(&held.offer).iter().map(|one| one.field).collect();
            assert_eq!(fields, [differs]);
            assert_eq!(settings(t, &world).await, before, "nothing of it counts yet");
        }
        // Each was held once, the last one is there. What was not looked at is not decided on.
        assert_eq!(logged(t, "application_metadata_held").await, 3);
        t.later(EVERY_S);
        round(&t.site).await.unwrap();
        assert_eq!(logged(t, "application_metadata_held").await, 3);
        let app = world.app.id;
        t.write(t.acme, Decide { app, digest: [7; 32], approve: true }).await.unwrap_err();
        let digest = source(t, &world).await.held.unwrap().offer.digest();
        t.write(t.acme, Decide { app, digest, approve: true }).await.unwrap();
        let after = settings(t, &world).await;
        assert_eq!((after.sp_certificates.len(), after.sign_response), (1, true), "what it says nothing of stays");
        assert_eq!((source(t, &world).await.held, logged(t, "application_metadata_approve").await), (None, 1));
        t.later(EVERY_S);
        round(&t.site).await.unwrap();
        assert_eq!(source(t, &world).await.held, None);
    }

    async fn what_was_rejected_is_not_asked_again_but_the_next_change_is(t) with setup(); {
        let (world, says) = taken(t).await;
        let app = world.app.id;
        let evil = document("urn:sp", "https://evil.example/acs", false);
        *says.lock().unwrap() = Some(evil);
        refresh(&t.site, t.acme.id, app).await.unwrap();
        let digest = source(t, &world).await.held.unwrap().offer.digest();
        t.write(t.acme, Decide { app, digest, approve: false }).await.unwrap();
        refresh(&t.site, t.acme.id, app).await.unwrap();
        assert_eq!((source(t, &world).await.held, settings(t, &world).await.acs[0].url.as_str()), (None, ACS));
        assert_eq!(logged(t, "application_metadata_reject").await, 1);
        *says.lock().unwrap() = Some(document("urn:sp", "https://new.example/acs", false));
        refresh(&t.site, t.acme.id, app).await.unwrap();
        assert!(source(t, &world).await.held.is_some());
        // It says what it said at first: nothing waits any more.
        *says.lock().unwrap() = Some(document("urn:sp", ACS, false));
        refresh(&t.site, t.acme.id, app).await.unwrap();
        assert_eq!(source(t, &world).await.held, None);
    }

    async fn a_failure_is_kept_with_its_reason_and_tried_again(t) with setup(); {
        let (world, says) = taken(t).await;
        let read_at = source(t, &world).await.read_at;
        *says.lock().unwrap() = None;
        t.later(EVERY_S);
        for n in 0..7 {
            round(&t.site).await.unwrap();
            let now = source(t, &world).await;
            let (failed_at, why) = now.failed.unwrap();
            assert!(why.contains("status 502"), "{why}");
            assert_eq!((failed_at, now.read_at, now.failures), (t.clock.now(), read_at, n + 1));
            let wait_s = (RETRY_S << n).min(EVERY_S);
            assert_eq!(now.next_at, t.clock.now().plus_s(wait_s));
            t.later(wait_s);
        }
        *says.lock().unwrap() = Some("<!DOCTYPE x [<!ENTITY a \"a\">]><x/>".into());
        round(&t.site).await.unwrap();
        assert!(source(t, &world).await.failed.unwrap().1.contains("document type"));
        *says.lock().unwrap() = Some(document("urn:sp", ACS, false));
        t.later(EVERY_S);
        round(&t.site).await.unwrap();
        let now = source(t, &world).await;
        assert_eq!((now.failed, now.failures, now.read_at), (None, 0, t.clock.now()));
    }

    async fn ssrf_the_address_is_judged_each_time(t) with crate::world::setup(); {
        let world = World::new(t, seed()).await;
        let offer = Offer::read(document("urn:sp", ACS, false).as_bytes(), None).unwrap();
        let from = Some(("https://10.0.0.1/metadata".to_owned(), None));
        t.write(t.acme, Take { app: world.app.id, offer, from }).await.unwrap();
        refresh(&t.site, t.acme.id, world.app.id).await.unwrap();
        assert!(source(t, &world).await.failed.unwrap().1.contains("may not be reached"));
    }

    async fn it_ends_with_the_address_and_the_application(t) with setup(); {
        let (world, _says) = taken(t).await;
        let app = world.app.id;
        t.write(t.acme, Forget { app }).await.unwrap();
        t.write(t.acme, Forget { app }).await.unwrap_err();
        t.later(EVERY_S);
        assert_eq!(round(&t.site).await.unwrap(), 0);
        let offer = Offer::read(document("urn:sp", ACS, false).as_bytes(), None).unwrap();
        let from = Some(("http://127.0.0.1:9/".to_owned(), None));
        t.write(t.acme, Take { app, offer: offer.clone(), from }).await.unwrap();
        // A document that is given by hand ends it, too.
        t.write(t.acme, Take { app, offer, from: None }).await.unwrap();
        assert_eq!(saml_source::find(&mut t.directory.read(), t.acme.id, app).await.unwrap(), None);
        let (world, _says) = taken_again(t, &world).await;
        t.write(t.acme, muster_directory::application::delete::Delete { id: world.app.id }).await.unwrap();
        t.later(EVERY_S);
        assert_eq!(round(&t.site).await.unwrap(), 0);
    }
}

async fn taken_again(t: &Test, before: &World) -> (World, Says) {
    let world = World::person_in(t, seed(), &before.ana).await;
    let (url, says) = address().await;
    let offer = Offer::read(document("urn:sp", ACS, false).as_bytes(), None).unwrap();
    t.write(t.acme, Take { app: world.app.id, offer, from: Some((url, None)) }).await.unwrap();
    (world, says)
}
