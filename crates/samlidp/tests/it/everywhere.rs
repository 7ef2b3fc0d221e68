//! Single logout: the other service providers of the session are told, one after the other.

use muster_base::{Id, Micros};
use muster_db::{Tx, Work};
use muster_directory::Error;
use muster_directory::application::saml::{Logout, Saml};
use muster_directory::saml_session::{Ended, Participant, begin, note};
use muster_saml::binding::{MessageKind, Received, Sender, post, redirect};
use muster_saml::logout::{LogoutRequest, LogoutResponse, read_request, read_response, write_request, write_response};
use muster_saml::signature::Trust;
use muster_saml::{Code, Detail, Header, NameId, NameIdFormat, Status};
use muster_testkit::{Browser, Page, Test, both, unescape};

use crate::world::{SP, SP_KEY, World, form_body, seed, setup, sp_signer};

const OTHER: &str = "https://other.example.test/slo";

fn signing_out(url: &str, by_post: bool) -> Saml {
    let logout = Some(Logout { url: url.into(), post: by_post });
    Saml { logout, sp_certificates: vec![SP_KEY.1.to_pem()], ..seed() }
}

/// Two service providers in which Ana is signed in.
async fn two(t: &Test, by_post: bool) -> (World, World, Browser, String) {
    let first = World::new(t, signing_out("https://sp.example.test/slo", false)).await;
    let settings = Saml { name_id_format: NameIdFormat::Persistent.uri().into(), ..signing_out(OTHER, by_post) };
    let other = World::person_in(t, settings, &first.ana).await;
    let (mut browser, session) = first.signed_in(t).await;
    for world in [&first, &other] {
        browser.get(&world.path("/sso")).await.is(200);
    }
    (first, other, browser, session.id.text())
}

/// The first one signs out.
async fn asks(t: &Test, world: &World, browser: &mut Browser) -> String {
    let request = LogoutRequest {
        header: header(t, "_l1", world.address("/slo")),
        name_id: NameId::new("ana@example.test", NameIdFormat::EmailAddress),
        session_indexes: Vec::new(),
        not_on_or_after_s: None,
    };
    let xml = write_request(&request, None).unwrap();
    let address = redirect(&world.path("/slo"), MessageKind::Request, &xml, Some("mine"), Some(&sp_signer())).unwrap();
    let next = browser.get(&address).await.location().to_owned();
    assert!(t.sessions(t.acme, world.ana.id).await.is_empty(), "the session here is over before anybody is told");
    next
}

fn header(t: &Test, id: &str, destination: String) -> Header {
    Header {
        id: id.into(),
        issue_instant_s: t.clock.now().seconds(),
        destination: Some(destination),
        issuer: SP.into(),
    }
}

/// The page that says how far it is, and its way on.
async fn goes_on(browser: &mut Browser, state: &str) -> Page {
    let page = browser.get(state).await;
    let next = way_on(&page);
    assert_eq!(page.header("refresh"), format!("2; url={next}"), "nobody is waited for, so it goes on by itself");
    browser.get(&next).await
}

fn way_on(page: &Page) -> String {
    page.is(200).says("Signing you out");
    let (_, rest) = page.body.split_once("class=\"button\" href=\"").unwrap();
    unescape(rest.split('"').next().unwrap())
}

/// What the other one is sent by redirect, judged as it would.
async fn told(world: &World, page: &Page) -> (LogoutRequest, String) {
    let (to, query) = page.location().split_once('?').unwrap();
    assert_eq!(to, OTHER);
    let received = Received::from_query(query).unwrap();
    let keys: Vec<_> = world.metadata().await.certificates.signing.iter().map(|c| c.key().clone()).collect();
    let sender = Sender { trust: Trust { keys: &keys, allow_sha1: false }, require_signed: true };
    let (request, _) = read_request(&received, &sender).unwrap();
    (request, received.relay_state().unwrap().to_owned())
}

/// The other one's answer.
fn answers(t: &Test, world: &World, request: &str, state: &str, status: Status) -> String {
    let response = LogoutResponse {
        header: header(t, "_r1", world.address("/slo")),
        in_response_to: Some(request.into()),
        status,
    };
    let xml = write_response(&response, None).unwrap();
    redirect(&world.path("/slo"), MessageKind::Response, &xml, Some(state), Some(&sp_signer())).unwrap()
}

/// The status that the first one is answered with.
fn status(page: &Page) -> Status {
    let (to, query) = page.location().split_once('?').unwrap();
    assert_eq!(to, "https://sp.example.test/slo");
    let received = Received::from_query(query).unwrap();
    assert_eq!(received.relay_state(), Some("mine"));
    let sender = Sender { trust: Trust { keys: &[], allow_sha1: false }, require_signed: false };
    let (response, _) = read_response(&received, &sender).unwrap();
    assert_eq!(response.in_response_to.as_deref(), Some("_l1"));
    response.status
}

both! {
    async fn the_other_service_provider_is_told_and_then_the_asker_is_answered(t) with setup(); {
        let (first, other, mut browser, session) = two(t, false).await;
        let next = asks(t, &first, &mut browser).await;
        let page = goes_on(&mut browser, &next).await;
        let (request, state) = told(&other, &page).await;
        assert_eq!(request.session_indexes, [session]);
        // By the name that it was told, not by another's.
        assert_eq!(request.name_id.format.as_deref(), Some(NameIdFormat::Persistent.uri()));
        assert!(request.name_id.value.len() > 40);
        let page = browser.get(&answers(t, &other, &request.header.id, &state, Status::success())).await;
        assert!(status(&page).is_success());
        // Nobody is told twice.
        browser.get(&next).await.is(200).says("You are signed out");
    }

    async fn who_could_not_sign_out_makes_it_partial(t) with setup(); {
        let failed = || Status::failure(Code::Responder, Detail::RequestDenied);
        for (request_id, status_told) in [(None, failed()), (Some("_another"), Status::success())] {
            let (first, other, mut browser, _) = two(t, false).await;
            let next = asks(t, &first, &mut browser).await;
            let page = goes_on(&mut browser, &next).await;
            let (request, state) = told(&other, &page).await;
            let id = request_id.unwrap_or(&request.header.id);
            let page = browser.get(&answers(t, &other, id, &state, status_told)).await;
            assert_eq!(status(&page).detail, Some(Detail::PartialLogout));
            t.remove(t.acme, first.ana.id).await;
        }
    }

    async fn replay_an_answer_counts_once_and_in_its_browser(t) with setup(); {
        let (first, other, mut browser, _) = two(t, false).await;
        let next = asks(t, &first, &mut browser).await;
        let page = goes_on(&mut browser, &next).await;
        let (request, state) = told(&other, &page).await;
        let answer = answers(t, &other, &request.header.id, &state, Status::success());
        other.browser().get(&answer).await.is(400);
        // The other application's address is not this one's.
        let elsewhere = answers(t, &first, &request.header.id, &state, Status::success());
        browser.get(&elsewhere).await.is(200).says("You are signed out");
        assert!(status(&browser.get(&answer).await).is_success());
        browser.get(&answer).await.is(200).says("You are signed out");
    }

    async fn by_form_too(t) with setup(); {
        let (first, other, mut browser, _) = two(t, true).await;
        let next = asks(t, &first, &mut browser).await;
        let form = goes_on(&mut browser, &next).await.form();
        assert_eq!(form.action, OTHER);
        let received = Received::from_form(&form_body(&[("SAMLRequest", form.value("SAMLRequest").unwrap())])).unwrap();
        let sender = Sender { trust: Trust { keys: &[], allow_sha1: false }, require_signed: false };
        let (request, _) = read_request(&received, &sender).unwrap();
        let response = LogoutResponse {
            header: header(t, "_r1", other.address("/slo")),
            in_response_to: Some(request.header.id),
            status: Status::success(),
        };
        let xml = write_response(&response, Some(&sp_signer())).unwrap();
        let fields = post("", MessageKind::Response, &xml, form.value("RelayState")).fields;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let next = browser.post_from("cross-site", &other.path("/slo"), &fields).await.location().to_owned();
        assert!(status(&browser.get(&next).await).is_success());
    }

    async fn an_application_without_an_address_is_said_to_be_left(t) with setup(); {
        let first = World::new(t, signing_out("https://sp.example.test/slo", false)).await;
        let other = World::person_in(t, seed(), &first.ana).await;
        let (mut browser, _) = first.signed_in(t).await;
        for world in [&first, &other] {
            browser.get(&world.path("/sso")).await.is(200);
        }
        let next = asks(t, &first, &mut browser).await;
        assert_eq!(status(&goes_on(&mut browser, &next).await).detail, Some(Detail::PartialLogout));
    }

    async fn one_that_does_not_answer_does_not_end_the_round_unseen(t) with setup(); {
        let (first, other, mut browser, session) = two(t, false).await;
        let third = World::person_in(t, signing_out("https://third.example.test/slo", false), &first.ana).await;
        // They took part in the same session.
        let told_third = Participant { app: third.app.id, name: "ana".into(), format: NameIdFormat::Unspecified.uri().into() };
        let note = Note { org: t.acme.id, session: session.parse().unwrap(), told: told_third, now: t.clock.now().plus_s(1) };
        t.directory.work(note).await.unwrap();
        let next = asks(t, &first, &mut browser).await;
        let page = goes_on(&mut browser, &next).await;
        told(&other, &page).await;
        // The browser comes back by itself: the page says who did not answer, and waits for the person.
        let page = browser.get(&next).await;
        page.says("Other: was asked, and did not answer").says("Other: is still to be told");
        assert_eq!(page.header("refresh"), "");
        let on = way_on(&page);
        assert_ne!(on, format!("{next}&go=0"));
        // The first way on was used: it goes nowhere a second time.
        browser.get(&format!("{next}&go=0")).await.is(200).says("did not answer");
        let third_told = browser.get(&on).await;
        assert!(third_told.location().starts_with("https://third.example.test/slo?"));
        // The last one does not answer either; the asker hears that it was partial.
        let on = way_on(&browser.get(&next).await);
        assert_eq!(status(&browser.get(&on).await).detail, Some(Detail::PartialLogout));
        browser.get(&next).await.says("You are signed out");
        // Another browser sees nothing of it.
        other.browser().get(&next).await.is(200).says("You are signed out");
    }

    async fn after_one_organization_the_other_one_s_are_told(t) with setup(); {
        let (first, _, mut browser, session) = two(t, false).await;
        let browser_id = crate::usage::browser_id(t, &browser).await;
        let then = Some("/o/blue/saml/logout?flow=000000000000000000000001".to_owned());
        let (org, session, but) = (t.acme.id, session.parse().unwrap(), Some(first.app.id));
        let begun = begin(&t.directory, Ended { org, browser: browser_id, session, but, asked: None, then });
        let next = format!("/o/acme/saml/logout?flow={}", begun.await.unwrap().unwrap());
        goes_on(&mut browser, &next).await;
        let on = way_on(&browser.get(&next).await);
        let page = browser.get(&on).await;
        page.is(200).says("Other: may still be signed in").says("another organization");
        assert_eq!(page.header("refresh"), "2; url=/o/blue/saml/logout?flow=000000000000000000000001");
    }
}

struct Note {
    org: Id,
    session: Id,
    told: Participant,
    now: Micros,
}

impl Work for Note {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        note(tx, self.org, self.session, &self.told, self.now).await
    }
}
