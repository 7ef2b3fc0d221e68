//! SAML: the step that writes and signs a response, reading one beside libxmlsec1, and a whole sign-in by POST on a session.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;
use muster_saml::assertion::{Addressee, Attribute, NameFormat, OutgoingAssertion, class_ref};
use muster_saml::authn_request::{self, OutgoingRequest};
use muster_saml::binding::{MessageKind, Received, post};
use muster_saml::key::{Certificate, KeyKind, PublicKey, SelfSigned, SigningKey, self_signed};
use muster_saml::response::{Expected, OutgoingResponse, Security, read, write};
use muster_saml::signature::{Signer, Trust};
use muster_saml::{Header, NameId, NameIdFormat, Status};

use crate::client::Client;
use crate::load::CONNECTIONS;
use crate::server::Server;
use crate::table::{Goal, Measured, line};
use crate::{ROUNDS, cpu};

/// The service provider.
pub const SP: &str = "urn:bench:sp";
/// Nobody listens there: the browser stops in front of it.
pub const ACS: &str = "http://127.0.0.1:9/acs";
/// Sign-ins of a connection in a round.
const EACH: usize = 20;
const ISSUER: &str = "https://id.example.com/o/acme/saml/0123456789abcdef01234567/metadata";

fn pair() -> (SigningKey, Certificate) {
    let key = SigningKey::generate(KeyKind::Rsa).expect("a key");
    let content = SelfSigned { common_name: "Bench", not_before_s: 0, not_after_s: 4_000_000_000, serial: [7; 16] };
    let certificate = self_signed(&key, &content).expect("a certificate");
    (key, certificate)
}

/// The lines; bare RSA-SHA256 signatures are the bound of those that sign.
pub async fn lines(server: &Server, client: &Client, cookie: &str, only: &str) {
    let name = "SAML sign step";
    if name.contains(only) {
        let mut measured = Measured::default();
        for _ in 0..ROUNDS {
            measured.bound.push(rsa_per_core_second(400));
            measured.ours.push(responses_per_core_second(400));
        }
        line(name, &measured, Goal::Ratio(0.75, 0.9));
    }
    let name = "SAML sign-in by POST on a session";
    if name.contains(only) {
        let sso = client.saml_application().await;
        client.saml_sign_in(&sso, cookie).await;
        let mut measured = Measured::default();
        for _ in 0..ROUNDS {
            measured.bound.push(rsa_per_core_second(400));
            let before = cpu::of(server.pid());
            let one = async || {
                for _ in 0..EACH {
                    client.saml_sign_in(&sso, cookie).await;
                }
            };
            join_all((0..CONNECTIONS).map(|_| one())).await;
            measured.ours.push((CONNECTIONS * EACH) as f64 / (cpu::of(server.pid()) - before));
        }
        line(name, &measured, Goal::Ratio(0.4, 0.6));
    }
    // Last: it keeps the server waiting for longer than it keeps a connection.
    if "SAML verify a response".contains(only) {
        verify_line();
    }
}

/// Bare RSA-SHA256 signatures of one core-second: the bound.
fn rsa_per_core_second(count: u32) -> f64 {
    let (key, _) = pair();
    let before = cpu::own();
    for _ in 0..count {
        std::hint::black_box(key.sign(key.usual_algorithm(), b"what is signed").expect("signed"));
    }
    f64::from(count) / (cpu::own() - before)
}

/// Responses with a signed assertion of one core-second.
fn responses_per_core_second(count: u32) -> f64 {
    let (key, certificate) = pair();
    let before = cpu::own();
    for _ in 0..count {
        std::hint::black_box(response(&key, &certificate));
    }
    f64::from(count) / (cpu::own() - before)
}

/// A response with a signed assertion.
fn response(key: &SigningKey, certificate: &Certificate) -> String {
    let signer = Signer { key, algorithm: key.usual_algorithm(), certificate };
    let attribute = |name: &str, value: &str| Attribute {
        name: name.to_owned(),
        name_format: NameFormat::Basic,
        friendly_name: None,
        values: vec![value.to_owned()],
    };
    let attributes = [attribute("username", "ana@acme.example"), attribute("memberOf", "Everyone")];
    let header = Header {
        id: "_response0123456789".into(),
        issue_instant_s: 1_800_000_000,
        destination: Some(ACS.into()),
        issuer: ISSUER.into(),
    };
    let assertion = OutgoingAssertion {
        id: "_assertion0123456789",
        name_id: NameId::new("ana@acme.example", NameIdFormat::EmailAddress),
        audience: SP,
        recipient: ACS,
        not_before_s: 1_800_000_000 - 60,
        not_on_or_after_s: 1_800_000_000 + 300,
        authn_instant_s: 1_800_000_000,
        session_index: "0123456789abcdef01234567",
        session_not_on_or_after_s: Some(1_800_003_600),
        class_ref: class_ref::PASSWORD_PROTECTED_TRANSPORT,
        attributes: &attributes,
    };
    let response = OutgoingResponse {
        header,
        in_response_to: Some("_request0123456789"),
        status: Status::success(),
        assertion: Some(assertion),
    };
    let security = Security { signer: &signer, sign_assertion: true, sign_response: false, encrypt: None };
    write(&response, &security).expect("written")
}

/// Responses read, verified and judged of one core-second.
fn verified_per_core_second(xml: &str, keys: &[PublicKey], count: u32) -> f64 {
    let addressee = Addressee {
        issuer: ISSUER,
        audience: SP,
        recipient: ACS,
        in_response_to: Some("_request0123456789"),
        now_s: 1_800_000_000,
        skew_s: 0,
    };
    let trust = Trust { keys, allow_sha1: false };
    let expected = Expected { addressee, trust, decryption: None, allow_cbc: false };
    let before = cpu::own();
    for _ in 0..count {
        let received = Received::from_xml(MessageKind::Response, xml.as_bytes()).expect("a text");
        std::hint::black_box(read(&received, &expected).expect("it is good"));
    }
    f64::from(count) / (cpu::own() - before)
}

/// Reading beside libxmlsec1; bare RSA verifications are the bound.
fn verify_line() {
    let (key, certificate) = pair();
    let xml = response(&key, &certificate);
    let keys = [certificate.key().clone()];
    let folder = std::env::temp_dir().join(format!("muster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (text, pem) = (folder.join("response.xml"), folder.join("idp.pem"));
    std::fs::write(&text, &xml).expect("written");
    std::fs::write(&pem, certificate.to_pem()).expect("written");
    let signature = key.sign(key.usual_algorithm(), b"what is signed").expect("signed");
    let mut measured = Measured::default();
    for _ in 0..ROUNDS {
        let before = cpu::own();
        for _ in 0..4000 {
            assert!(keys[0].verifies(key.usual_algorithm(), b"what is signed", &signature));
        }
        measured.bound.push(4000.0 / (cpu::own() - before));
        measured.ours.push(verified_per_core_second(&xml, &keys, 4000));
        measured.peer.extend(libxmlsec1(&text, &pem, 4000));
    }
    std::fs::remove_dir_all(folder).ok();
    // At least as fast as libxmlsec1 is what is wanted; there is no floor of the bound.
    line("SAML verify a response", &measured, Goal::Ratio(0.0, 0.0));
}

/// PyPI xmlsec doing the same, of the folder that `make saml` keeps; without it the column stays empty.
fn libxmlsec1(text: &Path, pem: &Path, count: u32) -> Option<f64> {
    let cache =
        std::env::var("MUSTER_CACHE").or_else(|_| std::env::var("HOME").map(|home| home + "/.cache/muster")).ok()?;
    let python = Path::new(&cache).join("venv-saml/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer/xmlsec_verify.py");
    let done = Command::new(python).arg(script).args([text, pem]).arg(count.to_string()).output().ok()?;
    String::from_utf8(done.stdout).ok()?.trim().parse().ok()
}

/// The fields of a form: a request that was never sent before.
#[expect(clippy::disallowed_methods, reason = "a benchmark runs on the machine's clock")]
pub fn posted_request(sso: &str) -> Vec<(&'static str, String)> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let request = OutgoingRequest {
        header: Header {
            id: format!("_{}", now.as_nanos()),
            issue_instant_s: i64::try_from(now.as_secs()).expect("in range"),
            destination: Some(sso.to_owned()),
            issuer: SP.into(),
        },
        acs_url: ACS,
        force_authn: false,
        is_passive: false,
        name_id_format: None,
        authn_context: None,
    };
    post(sso, MessageKind::Request, &authn_request::write(&request, None).expect("written"), None).fields
}
