//! What the tests start from: an application with SAML in Acme, Ana who may use it, and its service provider.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use axum::Router;
use muster_base::Id;
use muster_directory::application::saml::{Acs, Saml};
use muster_directory::application::update::{SetSaml, Update};
use muster_directory::application::{Application, Doc, Mapping, bind, create};
use muster_directory::event::{Detail, Event};
use muster_directory::session::model::Upstream;
use muster_directory::session::start::{Start, start_after};
use muster_directory::session::{Kind, Method, Session};
use muster_directory::user::User;
use muster_saml::assertion::Addressee;
use muster_saml::authn_request::{OutgoingRequest, RequestedAuthnContext, write};
use muster_saml::binding::{MessageKind, Received, post, redirect};
use muster_saml::key::{Certificate, DecryptionKey, KeyKind, PublicKey, SelfSigned, SigningKey, self_signed};
use muster_saml::metadata::IdentityProvider;
use muster_saml::response::{Expected, IncomingResponse, read};
use muster_saml::signature::{Signer, Trust};
use muster_saml::{Header, Refusal};
use muster_testkit::{Browser, Org, Page, Setup, Test};

pub const SP: &str = "urn:profit-prod:profit-prod-sso-auth";
pub const ACS: &str = "https://sp.example.test/acs";
const COOKIE: &str = "__Host-muster_browser";

pub fn setup() -> Setup {
    Setup { migrations: muster_samlidp::migrations(), ..Setup::default() }
}

/// The service provider's own key.
pub static SP_KEY: LazyLock<(SigningKey, Certificate)> = LazyLock::new(|| {
    let key = SigningKey::generate(KeyKind::Rsa).unwrap();
    let content = SelfSigned { common_name: "SP", not_before_s: 0, not_after_s: 4_000_000_000, serial: [3; 16] };
    let certificate = self_signed(&key, &content).unwrap();
    (key, certificate)
});

pub fn sp_signer() -> Signer<'static> {
    Signer { key: &SP_KEY.0, algorithm: SP_KEY.0.usual_algorithm(), certificate: &SP_KEY.1 }
}

/// The settings of seed 004, with a second ACS URL.
pub fn seed() -> Saml {
    Saml {
        sp_entity_id: SP.into(),
        acs: vec![
            Acs { url: ACS.into(), index: 0, is_default: true },
            Acs { url: "https://sp.example.test/other".into(), index: 7, is_default: false },
        ],
        user_attributes: vec![Mapping { name: "username".into(), value: "email".into() }],
        ..Saml::default()
    }
}

pub struct World {
    pub app: Application,
    pub ana: User,
    pub router: Router,
    made: AtomicU32,
    /// The identifier of the request that was sent last.
    sent: Mutex<String>,
}

impl World {
    pub async fn new(t: &Test, saml: Saml) -> Self {
        Self::named(t, saml, "Profit").await
    }

    pub async fn named(t: &Test, saml: Saml, label: &str) -> Self {
        let ana = t.person(t.acme, "ana").await;
        Self::with(t, saml, label, &ana).await
    }

    /// Another application, for a person who is there.
    pub async fn person_in(t: &Test, saml: Saml, person: &User) -> Self {
        Self::with(t, saml, "Other", person).await
    }

    async fn with(t: &Test, saml: Saml, label: &str, ana: &User) -> Self {
        let doc = Doc { display_label: label.into(), saml: Some(saml), ..Doc::default() };
        let app = t
            .write(t.acme, create::Create { name: muster_directory::application::SAML.into(), doc, active: true })
            .await
            .unwrap();
        t.write(t.acme, bind::Bind { app: app.id, kind: "user", subject: ana.id, add: true }).await.unwrap();
        let router = t.app(muster_samlidp::router());
        Self { app, ana: ana.clone(), router, made: AtomicU32::new(0), sent: Mutex::default() }
    }

    pub async fn set(&self, t: &Test, saml: Saml) {
        t.write(t.acme, SetSaml { id: self.app.id, saml }).await.unwrap();
    }

    pub async fn deactivate(&self, t: &Test) {
        let update = Update {
            id: self.app.id,
            display_label: "Profit".into(),
            display_name: String::new(),
            description: String::new(),
            hidden: false,
            active: false,
        };
        t.write(t.acme, update).await.unwrap();
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/o/acme/saml/{}{rest}", self.app.id)
    }

    pub fn address(&self, rest: &str) -> String {
        format!("https://id.example.test{}", self.path(rest))
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.router)
    }

    /// A browser in which Ana is signed in, and her session.
    pub async fn signed_in(&self, t: &Test) -> (Browser, Session) {
        let mut browser = self.browser();
        let session = signs_in(t, t.acme, &mut browser, self.ana.id).await;
        (browser, session)
    }

    /// What the service provider asks.
    pub fn request(&self, t: &Test) -> OutgoingRequest<'static> {
        OutgoingRequest {
            header: Header {
                id: format!("_q{}", self.made.fetch_add(1, Ordering::Relaxed)),
                issue_instant_s: t.clock.now().seconds(),
                destination: Some(self.address("/sso")),
                issuer: SP.into(),
            },
            acs_url: ACS,
            force_authn: false,
            is_passive: false,
            name_id_format: None,
            authn_context: None,
        }
    }

    /// The address that the service provider sends a browser to.
    pub fn by_redirect(&self, request: &OutgoingRequest<'_>, signed: bool) -> String {
        self.sent.lock().unwrap().clone_from(&request.header.id);
        let xml = write(request, None).unwrap();
        let signer = signed.then(sp_signer);
        redirect(&self.path("/sso"), MessageKind::Request, &xml, Some("state <1>"), signer.as_ref()).unwrap()
    }

    /// The fields of the form that the service provider has a browser post.
    pub fn by_post(&self, request: &OutgoingRequest<'_>, signed: bool) -> Vec<(&'static str, String)> {
        self.sent.lock().unwrap().clone_from(&request.header.id);
        let signer = signed.then(sp_signer);
        let xml = write(request, signer.as_ref()).unwrap();
        post("", MessageKind::Request, &xml, Some("state <1>")).fields
    }

    /// What the metadata says.
    pub async fn metadata(&self) -> IdentityProvider {
        let page = self.browser().get(&self.path("/metadata")).await;
        let entity = muster_saml::metadata::read(page.is(200).body.as_bytes(), None).unwrap();
        assert_eq!(entity.entity_id, self.address("/metadata"));
        entity.idp.unwrap()
    }

    /// The service provider's judgement of what the browser posts to it, with the keys of the metadata.
    pub async fn judge(&self, t: &Test, page: &Page, asked: bool) -> Result<IncomingResponse, Refusal> {
        self.judge_by(t, page, asked, false).await
    }

    /// The same for a service provider that perhaps takes SHA-1.
    pub async fn judge_by(
        &self,
        t: &Test,
        page: &Page,
        asked: bool,
        allow_sha1: bool,
    ) -> Result<IncomingResponse, Refusal> {
        let form = page.form();
        let xml = form.value("SAMLResponse").unwrap();
        let body: String = form_body(&[("SAMLResponse", xml)]);
        let keys: Vec<PublicKey> =
            self.metadata().await.certificates.signing.iter().map(|certificate| certificate.key().clone()).collect();
        let decryption = DecryptionKey::from_pkcs8(&SP_KEY.0.to_pkcs8().unwrap()).unwrap();
        let issuer = self.address("/metadata");
        let sent = self.sent.lock().unwrap().clone();
        let addressee = Addressee {
            issuer: &issuer,
            audience: SP,
            recipient: &form.action,
            in_response_to: asked.then_some(sent.as_str()),
            now_s: t.clock.now().seconds(),
            skew_s: 0,
        };
        let trust = Trust { keys: &keys, allow_sha1 };
        let expected = Expected { addressee, trust, decryption: Some(&decryption), allow_cbc: true };
        read(&Received::from_form(&body).unwrap(), &expected)
    }

    /// The same where it has to be good.
    pub async fn accepted(&self, t: &Test, page: &Page) -> IncomingResponse {
        match self.judge(t, page, true).await {
            Ok(response) => response,
            Err(refusal) => panic!("{refusal}: {}", page.text()),
        }
    }
}

pub fn class(name: &str) -> RequestedAuthnContext {
    RequestedAuthnContext { comparison: muster_saml::authn_request::Comparison::Exact, class_refs: vec![name.into()] }
}

pub fn form_body(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let plain = |b: u8| b.is_ascii_alphanumeric();
        text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

/// What signing in does, without its pages, in this browser.
pub async fn signs_in(t: &Test, org: Org, browser: &mut Browser, person: Id) -> Session {
    signs_in_by(t, org, browser, person, Method::Password, Upstream::default()).await
}

/// The same, at another provider.
pub async fn signs_in_by(
    t: &Test,
    org: Org,
    browser: &mut Browser,
    person: Id,
    method: Method,
    upstream: Upstream,
) -> Session {
    let now = t.clock.now();
    let known = match browser.cookies.get(COOKIE) {
        Some(cookie) => {
            let secret = muster_base::Secret::new(cookie.clone());
            muster_directory::session::store::browser(&mut t.directory.read(), &secret, now).await.unwrap()
        }
        None => None,
    };
    let event = Event {
        org: Some(org.id),
        id: t.directory.env().id(),
        at: now,
        kind: "user_login_attempt".into(),
        user: Some(person),
        detail: Detail { success: true, ..Detail::default() },
    };
    let who = Start {
        browser: known,
        org: Some(org.id),
        kind: Kind::User,
        principal: person,
        method,
        idp: None,
        prefix: "192.0.2.0/24".into(),
        client_ip: "192.0.2.7".into(),
        user_agent: "Test/1".into(),
        event,
    };
    let started = start_after(&t.directory, who, upstream).await.unwrap();
    browser.cookies.insert(COOKIE.into(), started.cookie.expose().to_owned());
    started.session
}
