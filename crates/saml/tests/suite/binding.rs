//! The two bindings, and what must not pass for a query.

use super::*;
use muster_saml::authn_request::{OutgoingRequest, read as read_request, write as write_request};
use muster_saml::binding::{Binding, Proof, Sender, post, redirect};
use muster_saml::deflate::{InflateError, deflate};
use muster_saml::signature::SignatureError;

const SSO: &str = "https://idp.example.com/sso";

fn xml() -> String {
    let header = Header { id: "_q1".into(), issue_instant_s: NOW_S, destination: Some(SSO.into()), issuer: SP.into() };
    let request = OutgoingRequest {
        header,
        acs_url: ACS,
        force_authn: false,
        is_passive: false,
        name_id_format: None,
        authn_context: None,
    };
    write_request(&request, None).unwrap()
}

fn query(relay_state: Option<&str>, party: Option<&Party>) -> String {
    let signer = party.map(Party::signer);
    let address = redirect(SSO, MessageKind::Request, &xml(), relay_state, signer.as_ref()).unwrap();
    address.strip_prefix("https://idp.example.com/sso?").unwrap().to_owned()
}

fn strict() -> Sender<'static> {
    Sender { trust: trust(), require_signed: true }
}

/// Why the query is refused, whether taking it apart or opening it.
fn refusal(query: &str) -> Refusal {
    match Received::from_query(query) {
        Err(refusal) => refusal,
        Ok(received) => read_request(&received, &strict()).unwrap_err(),
    }
}

#[test]
fn a_redirect_is_read_back_with_its_signature_and_relay_state() {
    for state in [None, Some("a b&c=<\"é\">+%2B")] {
        let received = Received::from_query(&query(state, Some(&RSA))).unwrap();
        assert_eq!(received.binding(), Binding::Redirect);
        assert_eq!(received.kind(), MessageKind::Request);
        assert_eq!(received.relay_state(), state);
        assert_eq!(received.xml(), xml());
        assert_eq!(received.claimed_issuer().unwrap(), SP);
        assert!(matches!(read_request(&received, &strict()).unwrap().1, Proof::Signed { key: 0, .. }));
    }
}

#[test]
fn a_form_is_read_back() {
    let form = post(SSO, MessageKind::Request, &xml(), Some("state <&> +"));
    let body: String = muster_form(&form.fields);
    let received = Received::from_form(&body).unwrap();
    assert_eq!(received.binding(), Binding::Post);
    assert_eq!(received.relay_state(), Some("state <&> +"));
    assert_eq!(received.xml(), xml());
    // Base64 in lines, as some service providers send it.
    let broken = body.replacen("SAMLRequest=PHNh", "SAMLRequest=PHNh%0D%0A", 1);
    assert_ne!(broken, body);
    assert_eq!(Received::from_form(&broken).unwrap().xml(), xml());
}

fn muster_form(fields: &[(&str, String)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

#[test]
fn the_signature_is_over_the_octets_as_they_were_sent() {
    let good = query(Some("a/b"), Some(&RSA));
    assert!(good.contains("a%2Fb"));
    // The same values in another spelling are not what was signed.
    assert_eq!(refusal(&good.replace("a%2Fb", "a%2fb")), Refusal::Signature(SignatureError::Signature));
    assert_eq!(refusal(&good.replace("a%2Fb", "a/b")), Refusal::Signature(SignatureError::Signature));
    assert_eq!(refusal(&good.replace("a%2Fb", "a%2Fc")), Refusal::Signature(SignatureError::Signature));
    // Parameters may come in another order, and others between them.
    let mut pairs: Vec<&str> = good.split('&').collect();
    pairs.reverse();
    pairs.insert(1, "utm=1");
    assert!(read_request(&Received::from_query(&pairs.join("&")).unwrap(), &strict()).is_ok());
    // A relay state that was not signed.
    let none = query(None, Some(&RSA));
    assert_eq!(refusal(&format!("{none}&RelayState=x")), Refusal::Signature(SignatureError::Signature));
    assert_eq!(refusal(&query(None, Some(&OTHER))), Refusal::Signature(SignatureError::Signature));
    assert_eq!(refusal(&query(None, None)), Refusal::Unsigned);
}

#[test]
fn redirect_pollution_by_doubled_or_disguised_parameters_is_refused() {
    let good = query(Some("x"), Some(&RSA));
    let message = good.split('&').next().unwrap();
    for more in [message, "RelayState=y", "RelayState", "SigAlg=x", "Signature=x", "SAMLEncoding=&SAMLEncoding="] {
        let twice = Refusal::Binding("a SAML parameter is there more than once");
        assert_eq!(refusal(&format!("{good}&{more}")), twice, "{more}");
        assert_eq!(refusal(&format!("{more}&{good}")), twice, "{more}");
    }
    let disguised = Refusal::Binding("the name of a SAML parameter is disguised by percent-encoding");
    assert_eq!(refusal(&format!("{good}&Relay%53tate=y")), disguised);
    assert_eq!(refusal(&good.replace("RelayState", "Relay%53tate")), disguised);
    assert_eq!(
        refusal(&format!("{good}&SAMLResponse=x")),
        Refusal::Binding("SAMLRequest and SAMLResponse are both there")
    );
    assert_eq!(refusal("a=b"), Refusal::Binding("SAMLRequest or SAMLResponse is missing"));
    let alone = query(None, None);
    assert_eq!(refusal(&format!("{alone}&SigAlg=x")), Refusal::Binding("SigAlg and Signature must be there together"));
    assert_eq!(refusal(&format!("{good}&SAMLEncoding=urn:other")), Refusal::Binding("SAMLEncoding must be DEFLATE"));
}

#[test]
fn detached_signatures_with_sha1_hmac_or_another_kind_of_key_are_refused() {
    let good = query(None, Some(&RSA));
    let rsa = "xmldsig-more%23rsa-sha256";
    assert_eq!(
        refusal(&good.replace("2001%2F04%2Fxmldsig-more%23rsa-sha256", "2000%2F09%2Fxmldsig%23rsa-sha1")),
        Refusal::Signature(SignatureError::Sha1)
    );
    assert!(matches!(
        refusal(&good.replace(rsa, "xmldsig-more%23hmac-sha256")),
        Refusal::Signature(SignatureError::Algorithm(_))
    ));
    assert_eq!(
        refusal(&good.replace(rsa, "xmldsig-more%23ecdsa-sha256")),
        Refusal::Signature(SignatureError::Signature)
    );
    let keys = [P256.public()];
    let with = Sender { trust: Trust { keys: &keys, allow_sha1: false }, require_signed: true };
    assert!(read_request(&Received::from_query(&query(None, Some(&P256))).unwrap(), &with).is_ok());
}

#[test]
fn a_deflate_bomb_is_refused() {
    let bomb = deflate(&vec![b'a'; 64 * 1024 * 1024]);
    assert!(bomb.len() < 70_000);
    let value = muster_form(&[("SAMLRequest", base64(&bomb))]);
    assert_eq!(refusal(&value), Refusal::Inflate(InflateError::TooLarge(256 * 1024)));
    let zlib = muster_form(&[("SAMLRequest", base64(b"\x78\x9cnot raw"))]);
    assert_eq!(refusal(&zlib), Refusal::Inflate(InflateError::Malformed));
}

fn base64(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes);
    // The crate's own base64, through the form that it writes; for bytes that are no text, by hand.
    if let Ok(text) = text {
        return post("", MessageKind::Request, text, None).fields.remove(0).1;
    }
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[test]
fn an_enveloped_signature_has_no_meaning_in_a_redirect() {
    let header = Header { id: "_q1".into(), issue_instant_s: NOW_S, destination: Some(SSO.into()), issuer: SP.into() };
    let request = OutgoingRequest {
        header,
        acs_url: ACS,
        force_authn: false,
        is_passive: false,
        name_id_format: None,
        authn_context: None,
    };
    let signed = write_request(&request, Some(&RSA.signer())).unwrap();
    let address = redirect(SSO, MessageKind::Request, &signed, None, None).unwrap();
    let received = Received::from_query(address.split_once('?').unwrap().1).unwrap();
    assert_eq!(read_request(&received, &strict()).unwrap_err(), Refusal::Unsigned);
}

#[test]
fn a_location_with_a_query_keeps_it() {
    let address = redirect("https://idp.example.com/sso?a=1", MessageKind::Response, "<x/>", None, None).unwrap();
    assert!(address.starts_with("https://idp.example.com/sso?a=1&SAMLResponse="));
}

#[test]
fn a_relay_state_that_is_too_long_is_refused() {
    let long = "x".repeat(2049);
    assert_eq!(refusal(&query(Some(&long), None)), Refusal::Binding("RelayState is too long"));
    assert!(Received::from_query(&query(Some(&long[1..]), None)).is_ok());
}
