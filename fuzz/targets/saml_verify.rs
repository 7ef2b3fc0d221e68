//! A signed response, changed at the places and in the ways that the fuzzer says: whatever is still taken says what was
//! signed. What is not signed at all is never taken.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_saml::assertion::{Addressee, Attribute, NameFormat, OutgoingAssertion, class_ref};
use muster_saml::binding::{MessageKind, Received};
use muster_saml::key::{KeyKind, PublicKey, SelfSigned, SigningKey, self_signed};
use muster_saml::response::{Expected, IncomingResponse, OutgoingResponse, Security, read, write};
use muster_saml::signature::{Signer, Trust};
use muster_saml::{Header, NameId, NameIdFormat, Status};
use std::sync::OnceLock;

const NOW_S: i64 = 1_800_000_000;

/// A response, the key that it is signed with, and what it says.
fn good() -> &'static (String, [PublicKey; 1], IncomingResponse) {
    static GOOD: OnceLock<(String, [PublicKey; 1], IncomingResponse)> = OnceLock::new();
    GOOD.get_or_init(|| {
        let key = SigningKey::generate(KeyKind::P256).expect("a key");
        let content = SelfSigned { common_name: "x", not_before_s: 0, not_after_s: 4_000_000_000, serial: [1; 16] };
        let certificate = self_signed(&key, &content).expect("a certificate");
        let values = vec!["ana@example.test".to_owned(), "<&>".to_owned()];
        let attribute = Attribute { name: "mail".into(), name_format: NameFormat::Basic, friendly_name: None, values };
        let assertion = OutgoingAssertion {
            id: "_a1",
            name_id: NameId::new("ana", NameIdFormat::Unspecified),
            audience: "urn:sp",
            recipient: "https://sp.example/acs",
            not_before_s: NOW_S,
            not_on_or_after_s: NOW_S + 300,
            authn_instant_s: NOW_S,
            session_index: "s",
            session_not_on_or_after_s: None,
            class_ref: class_ref::PASSWORD,
            attributes: &[attribute],
        };
        let header = Header { id: "_r1".into(), issue_instant_s: NOW_S, destination: None, issuer: "urn:idp".into() };
        let status = Status::success();
        let response = OutgoingResponse { header, in_response_to: Some("_q1"), status, assertion: Some(assertion) };
        let signer = Signer { key: &key, algorithm: key.usual_algorithm(), certificate: &certificate };
        let security = Security { signer: &signer, sign_assertion: true, sign_response: false, encrypt: None };
        let xml = write(&response, &security).expect("a response");
        let keys = [certificate.key().clone()];
        let said = judge(&xml, &keys).expect("it is good");
        (xml, keys, said)
    })
}

fn judge(xml: &str, keys: &[PublicKey]) -> Option<IncomingResponse> {
    let addressee = Addressee {
        issuer: "urn:idp",
        audience: "urn:sp",
        recipient: "https://sp.example/acs",
        in_response_to: Some("_q1"),
        now_s: NOW_S,
        skew_s: 0,
    };
    let trust = Trust { keys, allow_sha1: false };
    let expected = Expected { addressee, trust, decryption: None, allow_cbc: true };
    read(&Received::from_xml(MessageKind::Response, xml.as_bytes()).ok()?, &expected).ok()
}

/// The changes that the bytes say: three of them name two places and a length, the rest is put in.
fn changed(xml: &str, bytes: &[u8]) -> String {
    let mut out = xml.to_owned();
    for change in bytes.chunks(12) {
        let at = |n: usize| usize::from(*change.get(n).unwrap_or(&0)) << 8 | usize::from(*change.get(n + 1).unwrap_or(&0));
        let place = |n: usize, text: &str| {
            let from = at(n) % (text.len() + 1);
            (from..=text.len()).find(|place| text.is_char_boundary(*place)).unwrap_or(text.len())
        };
        let (one, other) = (place(1, &out), place(3, &out));
        let (from, to) = (one.min(other), one.max(other));
        match change.first().unwrap_or(&0) % 4 {
            0 => out.replace_range(from..to, ""),
            1 => {
                let copy = out.get(from..to).unwrap_or_default().to_owned();
                let at = place(5, &out);
                out.insert_str(at, &copy);
            }
            2 => out.insert_str(from, &String::from_utf8_lossy(change.get(5..).unwrap_or_default())),
            _ => out.replace_range(from..to, &String::from_utf8_lossy(change.get(5..).unwrap_or_default())),
        }
        if out.len() > 64 * 1024 {
            break;
        }
    }
    out
}

fuzz_target!(|bytes: &[u8]| {
    let (xml, keys, said) = good();
    if let Some(taken) = judge(&changed(xml, bytes), keys) {
        assert_eq!(taken.signed_in, said.signed_in);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(judge(text, keys).is_none());
    }
});
