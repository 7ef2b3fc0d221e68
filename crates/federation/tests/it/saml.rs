//! Providers that speak SAML: the request, the answer that is posted, and what of it is believed. Classes: signature
//! exclusion and wrapping, replay, login CSRF, IdP mix-up, unsolicited answers, audience and recipient. The provider is a
//! stand-in that signs with its own key; foreign implementations are the business of `tests/interop`.

use axum::Router;
use muster_base::Id;
use muster_directory::identity_provider::{Doc, IdentityProvider, Kind, Saml, SsoBinding};
use muster_saml::assertion::{Attribute, NameFormat, OutgoingAssertion, class_ref};
use muster_saml::authn_request::{self, AuthnRequest};
use muster_saml::binding::{MessageKind, Proof, Received, Sender, post};
use muster_saml::encryption::{ContentCipher, EncryptionRandom, KeyTransport};
use muster_saml::key::{Certificate, KeyKind, SelfSigned, SigningKey, self_signed};
use muster_saml::metadata;
use muster_saml::response::{Encrypt, OutgoingResponse, Security, write};
use muster_saml::signature::{SignatureAlgorithm, Signer, Trust};
use muster_saml::{Code, Detail, Header, NameId, NameIdFormat, Status};
use muster_testkit::{Browser, Page, Test, both};

use crate::departure::waiting;
use crate::sign_in::{COOKIE, EMAIL, app, setup, signed_in};

const ENTITY: &str = "https://idp.example.test/saml";
const SSO: &str = "https://idp.example.test/sso?tenant=1";

/// A key of the provider's.
struct Key {
    key: SigningKey,
    certificate: Certificate,
}

impl Key {
    fn new() -> Self {
        let key = SigningKey::generate(KeyKind::P256).unwrap();
        let content = SelfSigned { common_name: "idp", not_before_s: 0, not_after_s: 4_000_000_000, serial: [7; 16] };
        let certificate = self_signed(&key, &content).unwrap();
        Self { key, certificate }
    }

    fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, algorithm: SignatureAlgorithm::EcdsaSha256, certificate: &self.certificate }
    }
}

/// What the provider says; a test bends it.
struct Says {
    issuer: String,
    name_id: NameId,
    audience: Option<String>,
    recipient: Option<String>,
    in_response_to: Option<Option<String>>,
    authn_age_s: i64,
    late_s: i64,
    attributes: Vec<Attribute>,
    status: Status,
    encrypt: Option<ContentCipher>,
}

impl Default for Says {
    fn default() -> Self {
        Self {
            issuer: ENTITY.into(),
            name_id: NameId::new("person-1", NameIdFormat::Persistent),
            audience: None,
            recipient: None,
            in_response_to: None,
            authn_age_s: 0,
            late_s: 0,
            attributes: vec![attribute("mail", EMAIL)],
            status: Status { code: Code::Success, detail: None, message: None },
            encrypt: None,
        }
    }
}

fn attribute(name: &str, value: &str) -> Attribute {
    let values = vec![value.into()];
    Attribute { name: name.into(), name_format: NameFormat::Basic, friendly_name: None, values }
}

struct World {
    key: Key,
    idp: IdentityProvider,
    ana: Id,
    app: Router,
}

/// A departure: the request as the provider gets it, and what has to come back with the answer.
struct Departure {
    request: AuthnRequest,
    proof: Proof,
    relay_state: String,
    /// Of our metadata, to encrypt to.
    certificate: Certificate,
}

impl Departure {
    fn read(received: &Received, metadata: &str) -> Self {
        let sp = metadata::read(metadata.as_bytes(), None).unwrap().sp.unwrap();
        let certificate = sp.certificates.signing[0].clone();
        let trust = Trust { keys: &[certificate.key().clone()], allow_sha1: false };
        let sender = Sender { trust, require_signed: false };
        let (request, proof) = authn_request::read(received, &sender).unwrap();
        Self { request, proof, relay_state: received.relay_state().unwrap().to_owned(), certificate }
    }
}

impl World {
    async fn new(t: &Test) -> Self {
        Self::with(t, |_| {}).await
    }

    async fn with(t: &Test, change: impl FnOnce(&mut Doc)) -> Self {
        let key = Key::new();
        let certificates = vec![key.certificate.to_pem()];
        let saml = Saml { entity_id: ENTITY.into(), sso_url: SSO.into(), certificates, ..Saml::default() };
        let idp = t.provider_of(t.acme, "Elsewhere", "", |doc| {
            (doc.kind, doc.client_id, doc.saml) = (Kind::Saml, String::new(), Some(saml));
            change(doc);
        });
        let (idp, ana) = (idp.await, t.person(t.acme, "ana").await.id);
        t.route(t.acme, idp.id, &[ana]).await;
        Self { key, idp, ana, app: app(t).1 }
    }

    fn path(&self, of: &str) -> String {
        format!("/o/acme/federation/{}/saml/{of}", self.idp.id)
    }

    async fn departs(&self, browser: &mut Browser, more: &str) -> Departure {
        let page = browser.get(&format!("/o/acme/federate?username={EMAIL}{more}")).await;
        let query = page.location().strip_prefix(&format!("{SSO}&")).unwrap();
        let metadata = browser.get(&self.path("metadata")).await;
        Departure::read(&Received::from_query(query).unwrap(), &metadata.body)
    }

    fn answer(&self, t: &Test, departure: &Departure, says: &Says) -> String {
        let now_s = t.clock.now().seconds() - says.late_s;
        let request = &departure.request;
        let recipient = says.recipient.clone().or_else(|| request.acs_url.clone()).unwrap();
        let audience = says.audience.clone().unwrap_or_else(|| request.header.issuer.clone());
        let in_response_to = says.in_response_to.clone().unwrap_or_else(|| Some(request.header.id.clone()));
        let response = OutgoingResponse {
            header: Header {
                id: "_response".into(),
                issue_instant_s: now_s,
                destination: Some(recipient.clone()),
                issuer: says.issuer.clone(),
            },
            in_response_to: in_response_to.as_deref(),
            status: says.status.clone(),
            assertion: says.status.is_success().then(|| OutgoingAssertion {
                id: "_assertion",
                name_id: says.name_id.clone(),
                audience: &audience,
                recipient: &recipient,
                not_before_s: now_s - 60,
                not_on_or_after_s: now_s + 300,
                authn_instant_s: now_s - says.authn_age_s,
                session_index: "_session-7",
                session_not_on_or_after_s: None,
                class_ref: class_ref::MFA,
                attributes: &says.attributes,
            }),
        };
        let random = EncryptionRandom { key: [3; 32], iv: [4; 16] };
        let encrypt = says.encrypt.map(|cipher| Encrypt {
            to: departure.certificate.key(),
            cipher,
            transport: KeyTransport::OaepSha1,
            random: &random,
        });
        let signer = self.key.signer();
        write(&response, &Security { signer: &signer, sign_assertion: true, sign_response: false, encrypt }).unwrap()
    }

    /// The provider's page posts the answer: from another site, so without our cookie.
    async fn posted(&self, relay_state: Option<&str>, xml: &str) -> Page {
        let mut other_site = Browser::new(&self.app);
        let form = post("", MessageKind::Response, xml, relay_state);
        let fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        other_site.post_from("https://idp.example.test", &self.path("acs"), &fields).await
    }

    /// The answer is posted; then the browser comes again.
    async fn arrives(&self, browser: &mut Browser, departure: &Departure, xml: &str) -> Page {
        let posted = self.posted(Some(&departure.relay_state), xml).await;
        browser.get(posted.location()).await
    }

    /// Ana departs, signs in there as the provider says, and comes back.
    async fn returns(&self, t: &Test, browser: &mut Browser, says: &Says) -> Page {
        let departure = self.departs(browser, "").await;
        let xml = self.answer(t, &departure, says);
        self.arrives(browser, &departure, &xml).await
    }

    /// The words of the last refusal for administrators.
    async fn reason(&self, t: &Test) -> String {
        let events = t.events(t.acme).await;
        let newest = events.iter().map(|event| event.at).max().unwrap();
        let event = events.into_iter().find(|event| event.at == newest && !event.detail.success).unwrap();
        event.detail.trace.last().unwrap().saw.clone()
    }
}

both! {
    async fn the_person_comes_in(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        assert!(matches!(departure.proof, Proof::Signed { algorithm: SignatureAlgorithm::RsaSha256, .. }));
        assert_eq!(departure.request.header.destination.as_deref(), Some(SSO));
        assert_eq!(departure.request.acs_url.as_deref(), Some(&*format!("http://127.0.0.1:1{}", world.path("acs"))));
        assert!(!departure.request.force_authn && departure.request.name_id_format.is_none());
        let before = browser.cookies[COOKIE].clone();
        let xml = world.answer(t, &departure, &Says::default());
        let page = world.arrives(&mut browser, &departure, &xml).await;
        assert_eq!(page.location(), "/portal/acme/");
        assert_ne!(browser.cookies[COOKIE], before, "session fixation");
        assert_eq!(signed_in(t, t.acme, &browser).await, Some(world.ana));
        let session = &t.sessions(t.acme, world.ana).await[0];
        assert_eq!((session.idp, session.upstream.sid.as_deref()), (Some(world.idp.id), Some("_session-7")));
        assert_eq!(session.acr(), "urn:muster:acr:federated", "its word on how is not believed unless that is agreed");
        // By the name it was linked with, from then on, whatever the address is there.
        let says = Says { attributes: vec![attribute("mail", "new@elsewhere.test")], ..Says::default() };
        world.returns(t, &mut browser, &says).await.leads_on();
    }

    async fn how_the_person_signed_in_there_is_believed_where_that_is_agreed(t) with setup(); {
        let world = World::with(t, |doc| doc.options.trust_authentication_context = true).await;
        let mut browser = Browser::new(&world.app);
        world.returns(t, &mut browser, &Says::default()).await.leads_on();
        assert_eq!(t.sessions(t.acme, world.ana).await[0].acr(), class_ref::MFA);
    }

    async fn requests_go_by_post_and_for_a_named_format(t) with setup(); {
        let world = World::with(t, |doc| {
            let saml = doc.saml.as_mut().unwrap();
            saml.sso_binding = SsoBinding::Post;
            saml.name_id_format = NameIdFormat::Persistent.uri().into();
        });
        let world = world.await;
        let mut browser = Browser::new(&world.app);
        let page = browser.get(&format!("/o/acme/federate?username={EMAIL}")).await;
        page.is(200).says("Continue to Elsewhere");
        let form = page.form();
        assert_eq!(form.action, SSO);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let metadata = browser.get(&world.path("metadata")).await;
        let departure = Departure::read(&Received::from_form(&body).unwrap(), &metadata.body);
        assert!(matches!(departure.proof, Proof::Signed { .. }));
        assert_eq!(departure.request.name_id_format.as_deref(), Some(NameIdFormat::Persistent.uri()));
        let xml = world.answer(t, &departure, &Says::default());
        world.arrives(&mut browser, &departure, &xml).await.leads_on();
    }

    async fn our_metadata_is_true(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let page = browser.get(&world.path("metadata")).await;
        assert_eq!(page.header("content-type"), "application/samlmetadata+xml");
        let entity = metadata::read(page.body.as_bytes(), None).unwrap();
        let sp = entity.sp.unwrap();
        assert_eq!(entity.entity_id, format!("http://127.0.0.1:1{}", world.path("metadata")));
        assert_eq!(sp.default_acs().unwrap().location, format!("http://127.0.0.1:1{}", world.path("acs")));
        assert!(sp.signs_requests && sp.wants_assertions_signed && sp.certificates.encryption.len() == 1);
        // One key for the organization, whatever asks first.
        assert_eq!(browser.get(&world.path("metadata")).await.body, page.body);
        for wrong in ["/o/blue/federation/", "/o/none/federation/"] {
            browser.get(&world.path("metadata").replace("/o/acme/federation/", wrong)).await.is(404);
        }
    }

    async fn no_proof_no_entry(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let other = Key::new();
        for (says, why) in [
            (Says { issuer: "https://evil.test".into(), ..Says::default() }, "Issuer"),
            (Says { audience: Some("https://other.test".into()), ..Says::default() }, "Audience"),
            (Says { recipient: Some("https://other.test/acs".into()), ..Says::default() }, "Destination"),
            (Says { in_response_to: Some(None), ..Says::default() }, "InResponseTo"),
            (Says { in_response_to: Some(Some("_another".into())), ..Says::default() }, "InResponseTo"),
            (Says { late_s: 900, ..Says::default() }, "is over"),
            (Says { late_s: -900, ..Says::default() }, "not reached yet"),
            (Says { name_id: NameId::new("_t", NameIdFormat::Transient), ..Says::default() }, "transient"),
        ] {
            t.later(61);
            world.returns(t, &mut browser, &says).await.is(403).says("was not believed");
            let reason = world.reason(t).await;
            assert!(reason.contains(why), "{why}: {reason}");
        }
        // Another key, its certificate in the message or not; no signature; a changed word.
        let departure = world.departs(&mut browser, "").await;
        let impostor = World { key: other, idp: world.idp.clone(), ana: world.ana, app: world.app.clone() };
        let forged = impostor.answer(t, &departure, &Says::default());
        t.later(61);
        world.arrives(&mut browser, &departure, &forged).await.is(403);
        assert!(world.reason(t).await.contains("none of the sender's stored certificates"));
        let good = world.answer(t, &departure, &Says::default());
        let (start, end) = (good.find("<ds:Signature").unwrap(), good.find("</ds:Signature>").unwrap());
        let unsigned = format!("{}{}", &good[..start], &good[end + "</ds:Signature>".len()..]);
        let changed = good.replace(EMAIL, "root@example.test");
        for (xml, why) in [(unsigned, "must be signed"), (changed, "was changed")] {
            t.later(61);
            let departure = world.departs(&mut browser, "").await;
            let xml = xml.replace(&departure_id(&xml), &departure.request.header.id);
            world.arrives(&mut browser, &departure, &xml).await.is(403);
            let reason = world.reason(t).await;
            assert!(reason.contains(why), "{why}: {reason}");
        }
        assert_eq!(signed_in(t, t.acme, &browser).await, None);
    }

    async fn xsw_a_second_assertion_beside_the_signed_one_is_nothing(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        let good = world.answer(t, &departure, &Says::default());
        let at = good.find("<saml:Assertion").unwrap();
        let end = good.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
        let evil = good[at..end].replace("person-1", "person-2").replace("_assertion", "_evil");
        let wrapped = format!("{}{evil}{}", &good[..at], &good[at..]);
        world.arrives(&mut browser, &departure, &wrapped).await.is(403);
        assert!(world.reason(t).await.contains("more than one assertion"));
    }

    async fn replay_an_answer_counts_once(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        let xml = world.answer(t, &departure, &Says::default());
        let posted = world.posted(Some(&departure.relay_state), &xml).await;
        // A second post does not take the place of the first.
        world.posted(Some(&departure.relay_state), "<x/>").await.is(400);
        browser.get(posted.location()).await.leads_on();
        browser.get(posted.location()).await.is(400).says("finished already");
        world.posted(Some(&departure.relay_state), &xml).await.is(400);
        // Nor with the state of another departure: the answer is to the first.
        let second = world.departs(&mut browser, "").await;
        world.arrives(&mut browser, &second, &xml).await.is(403);
    }

    async fn login_csrf_an_answer_counts_only_in_the_browser_that_was_sent_away(t) with setup(); {
        let world = World::new(t).await;
        let (mut browser, mut victim) = (Browser::new(&world.app), Browser::new(&world.app));
        let departure = world.departs(&mut browser, "").await;
        world.departs(&mut victim, "").await;
        let xml = world.answer(t, &departure, &Says::default());
        world.arrives(&mut victim, &departure, &xml).await.is(400).says("another browser");
        assert_eq!(signed_in(t, t.acme, &victim).await, None);
    }

    async fn what_nobody_asked_for_is_not_taken(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        let says = Says { in_response_to: Some(None), ..Says::default() };
        let xml = world.answer(t, &departure, &says);
        for relay_state in [None, Some("https://app.example.test/"), Some("x")] {
            world.posted(relay_state, &xml).await.is(400).says("not begun here");
        }
        world.posted(Some("x"), "<a>\u{0}</a>").await.is(400);
        world.posted(Some(&departure.relay_state), "<a>\u{0}</a>").await.is(400);
        for body in ["", "SAMLResponse=%%%", "SAMLRequest=PHgvPg==&RelayState=x", "SAMLResponse=PHgvPg==&SAMLResponse=PHgvPg=="] {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let page = browser.send(http::Method::POST, &world.path("acs"), &headers, Some(body.to_owned())).await;
            page.is(400);
        }
        browser.get(&world.path("acs")).await.is(400);
    }

    async fn idp_mix_up_an_answer_is_for_its_own_provider(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        let second = t.provider_of(t.acme, "Elsewhere too", "", |doc| {
            (doc.kind, doc.client_id, doc.saml) = (Kind::Saml, String::new(), world.idp.doc.saml.clone());
        });
        let second = World { key: Key::new(), idp: second.await, ana: world.ana, app: world.app.clone() };
        let xml = world.answer(t, &departure, &Says::default());
        second.posted(Some(&departure.relay_state), &xml).await.is(400);
        // Nor does an answer pass at the other protocol's address.
        browser.get(&format!("/oauth/callback?state={}&code=x", departure.relay_state)).await.is(403);
    }

    async fn encrypted_assertions_are_opened(t) with setup(); {
        let world = World::with(t, |doc| doc.saml.as_mut().unwrap().require_encrypted_assertion = true).await;
        let mut browser = Browser::new(&world.app);
        let gcm = Says { encrypt: Some(ContentCipher::Aes256Gcm), ..Says::default() };
        world.returns(t, &mut browser, &gcm).await.leads_on();
        t.later(61);
        world.returns(t, &mut browser, &Says::default()).await.is(403);
        assert!(world.reason(t).await.contains("not encrypted"));
        // A cipher without authentication only where it is agreed.
        let cbc = Says { encrypt: Some(ContentCipher::Aes256Cbc), ..Says::default() };
        t.later(61);
        world.returns(t, &mut browser, &cbc).await.is(403);
        let mut doc = world.idp.doc.clone();
        doc.saml.as_mut().unwrap().allow_cbc = true;
        let world = World { idp: IdentityProvider { doc, ..world.idp.clone() }, ..world };
        t.turn(t.acme, &world.idp, true).await;
        world.returns(t, &mut browser, &cbc).await.leads_on();
    }

    async fn an_old_sign_in_there_does_not_pass_for_a_new_one(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        world.departs(&mut browser, "").await;
        for (age_s, good) in [(30, true), (400, false)] {
            t.later(61);
            let flow = waiting(t, &browser, true).await;
            let departure = world.departs(&mut browser, &format!("&flow={flow}")).await;
            assert!(departure.request.force_authn);
            let xml = world.answer(t, &departure, &Says { authn_age_s: age_s, ..Says::default() });
            let page = world.arrives(&mut browser, &departure, &xml).await;
            assert_eq!(page.status == 303, good, "{age_s}");
        }
    }

    async fn the_provider_refuses(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let message = Some("<script>alert(1)</script>".to_owned());
        let status = Status { code: Code::Responder, detail: Some(Detail::AuthnFailed), message };
        let page = world.returns(t, &mut browser, &Says { status, ..Says::default() }).await;
        page.is(403).says("refused the sign-in");
        assert!(!page.body.contains("alert(1)"));
        assert!(world.reason(t).await.contains("AuthnFailed"));
    }

    async fn disabled_provider_and_suspended_person(t) with setup(); {
        let world = World::new(t).await;
        let mut browser = Browser::new(&world.app);
        let departure = world.departs(&mut browser, "").await;
        let xml = world.answer(t, &departure, &Says::default());
        t.turn(t.acme, &world.idp, false).await;
        world.arrives(&mut browser, &departure, &xml).await.is(403).says("turned off");
        t.turn(t.acme, &world.idp, true).await;
        let departure = world.departs(&mut browser, "").await;
        t.set_state(t.acme, world.ana, muster_directory::user::State::Suspended).await;
        let xml = world.answer(t, &departure, &Says::default());
        world.arrives(&mut browser, &departure, &xml).await.is(403).says("not active");
    }
}

fn departure_id(xml: &str) -> String {
    xml.split("InResponseTo=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
