//! What `tests/saml` asks: one question a line on standard input, one answer a line on standard output. A line is words
//! between spaces, each but the first in base64. Never here: anything that the library itself does not do.

#![expect(clippy::print_stdout, reason = "a command line speaks through it")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_saml::assertion::{Addressee, Attribute, NameFormat, OutgoingAssertion, class_ref};
use muster_saml::authn_request::{OutgoingRequest, read as read_request, write as write_request};
use muster_saml::binding::{MessageKind, Received, Sender, redirect};
use muster_saml::encryption::{ContentCipher, EncryptionRandom, KeyTransport};
use muster_saml::key::{Certificate, DecryptionKey, SigningKey};
use muster_saml::response::{Encrypt, Expected, OutgoingResponse, Security, read as read_response, write};
use muster_saml::signature::{SignatureAlgorithm, Signer, Trust};
use muster_saml::xml::canonical::{Extras, Method, canonicalize};
use muster_saml::xml::{Limits, Text, node};
use muster_saml::{Header, NameId, NameIdFormat, Status, instant};
use std::error::Error;
use std::io::BufRead as _;

type Answer = Result<String, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split(' ');
        let question = words.next().unwrap_or_default();
        let decoded: Result<Vec<String>, Box<dyn Error>> =
            words.map(|word| Ok(String::from_utf8(STANDARD.decode(word)?)?)).collect();
        let answer = decoded.and_then(|words| answer(question, &words.iter().map(String::as_str).collect::<Vec<_>>()));
        match answer {
            Ok(text) => println!("ok {}", STANDARD.encode(text)),
            Err(error) => println!("no {}", STANDARD.encode(error.to_string())),
        }
    }
    Ok(())
}

fn answer(question: &str, words: &[&str]) -> Answer {
    match (question, words) {
        ("c14n", [method, prefixes, id, xml]) => c14n(method, prefixes, id, xml),
        ("response", [key, certificate, algorithm, parts, encrypt, sp_certificate, now, name, value]) => {
            response(&[key, certificate, algorithm], parts, encrypt, sp_certificate, now, (name, value))
        }
        ("request", [key, certificate, algorithm, now]) => request(key, certificate, algorithm, now),
        ("verify-post", [certificate, xml]) => {
            verify(certificate, &Received::from_xml(MessageKind::Request, xml.as_bytes())?)
        }
        ("verify-query", [certificate, query]) => verify(certificate, &Received::from_query(query)?),
        ("accept", [certificate, key, now, xml]) => accept(certificate, key, now, xml),
        _ => Err("unknown question".into()),
    }
}

/// The canonical form of the root, or of the element with this `ID`.
fn c14n(method: &str, prefixes: &str, id: &str, xml: &str) -> Answer {
    let limits = Limits { nodes: 50_000, ..Limits::MESSAGE };
    let text = Text::new(xml.as_bytes(), limits)?;
    let document = text.parse()?;
    let mut all = document.descendants().filter(|found| found.is_element());
    let apex = if id.is_empty() { all.next() } else { all.find(|found| node::optional(*found, "ID") == Some(id)) };
    let method = match method {
        "inclusive" => Method::Inclusive,
        _ => Method::Exclusive(prefixes.split_whitespace().map(str::to_owned).collect()),
    };
    Ok(canonicalize(apex.ok_or("no such element")?, &method, None, Extras::AsSpecified)?)
}

fn signer<'a>(
    key: &'a SigningKey,
    algorithm: &str,
    certificate: &'a Certificate,
) -> Result<Signer<'a>, Box<dyn Error>> {
    let algorithm = SignatureAlgorithm::from_uri(algorithm).ok_or("unknown algorithm")?;
    Ok(Signer { key, algorithm, certificate })
}

/// A PKCS#8 key in PEM.
fn private_key(pem: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    Ok(STANDARD.decode(body)?)
}

/// A response with awkward values, signed and encrypted as asked.
fn response(
    keys: &[&str; 3],
    parts: &str,
    encrypt: &str,
    sp_certificate: &str,
    now: &str,
    (name, value): (&str, &str),
) -> Answer {
    let key = SigningKey::from_pkcs8(&private_key(keys[0])?)?;
    let certificate = Certificate::from_text(keys[1])?;
    let signer = signer(&key, keys[2], &certificate)?;
    let now_s = instant::read(now).ok_or("the time")?;
    let sp = Certificate::from_text(sp_certificate)?;
    let random = EncryptionRandom { key: [0x5A; 32], iv: [0xC3; 16] };
    let encrypt = encrypt.split_once(' ').map(|(cipher, transport)| {
        let cipher = ContentCipher::from_uri(cipher).unwrap_or(ContentCipher::Aes256Gcm);
        let transport = if transport == "sha256" { KeyTransport::OaepSha256 } else { KeyTransport::OaepSha1 };
        Encrypt { to: sp.key(), cipher, transport, random: &random }
    });
    let attributes = [Attribute {
        name: "username".into(),
        name_format: NameFormat::Basic,
        friendly_name: Some(value.into()),
        values: vec![value.into(), "second".into()],
    }];
    let assertion = OutgoingAssertion {
        id: "_a1",
        name_id: NameId::new(name, NameIdFormat::EmailAddress),
        audience: "https://sp.example.com/metadata",
        recipient: "https://sp.example.com/acs",
        not_before_s: now_s - 60,
        not_on_or_after_s: now_s + 300,
        authn_instant_s: now_s - 30,
        session_index: "_s1",
        session_not_on_or_after_s: Some(now_s + 3600),
        class_ref: class_ref::PASSWORD_PROTECTED_TRANSPORT,
        attributes: &attributes,
    };
    let header = Header {
        id: "_r1".into(),
        issue_instant_s: now_s,
        destination: Some("https://sp.example.com/acs".into()),
        issuer: "https://idp.example.com/saml".into(),
    };
    let response =
        OutgoingResponse { header, in_response_to: Some("_q1"), status: Status::success(), assertion: Some(assertion) };
    let security = Security {
        signer: &signer,
        sign_assertion: parts.contains("assertion"),
        sign_response: parts.contains("response"),
        encrypt,
    };
    Ok(write(&response, &security)?)
}

/// Our own request as a query, signed.
fn request(key: &str, certificate: &str, algorithm: &str, now: &str) -> Answer {
    let key = SigningKey::from_pkcs8(&private_key(key)?)?;
    let certificate = Certificate::from_text(certificate)?;
    let header = Header {
        id: "_q1".into(),
        issue_instant_s: instant::read(now).ok_or("the time")?,
        destination: Some("https://idp.example.com/sso".into()),
        issuer: "https://sp.example.com/metadata".into(),
    };
    let request = OutgoingRequest {
        header,
        acs_url: "https://sp.example.com/acs",
        force_authn: false,
        is_passive: false,
        name_id_format: None,
        authn_context: None,
    };
    let signer = signer(&key, algorithm, &certificate)?;
    let xml = write_request(&request, None)?;
    Ok(redirect("https://idp.example.com/sso", MessageKind::Request, &xml, Some("a b/ü"), Some(&signer))?)
}

/// The issuer of a request whose signature is right.
fn verify(certificate: &str, received: &Received) -> Answer {
    let keys = [Certificate::from_text(certificate)?.key().clone()];
    let sender = Sender { trust: Trust { keys: &keys, allow_sha1: false }, require_signed: true };
    Ok(read_request(received, &sender)?.0.header.issuer)
}

/// The name of whom a response signs in.
fn accept(certificate: &str, key: &str, now: &str, xml: &str) -> Answer {
    let keys = [Certificate::from_text(certificate)?.key().clone()];
    let decryption = DecryptionKey::from_pkcs8(&private_key(key)?)?;
    let addressee = Addressee {
        issuer: "https://idp.example.com/saml",
        audience: "https://sp.example.com/metadata",
        recipient: "https://sp.example.com/acs",
        in_response_to: Some("_q1"),
        now_s: instant::read(now).ok_or("the time")?,
        skew_s: 60,
    };
    let trust = Trust { keys: &keys, allow_sha1: false };
    let expected = Expected { addressee, trust, decryption: Some(&decryption), allow_cbc: true };
    let received = Received::from_xml(MessageKind::Response, xml.as_bytes())?;
    Ok(read_response(&received, &expected)?.signed_in.name_id.value)
}
