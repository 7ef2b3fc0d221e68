//! JWT attacks of `security-cases`: algorithm confusion, `none`, key names, keys brought along, demanded extensions,
//! repeated members, wrong shapes.

use crate::{b64, bare, forged, key, set, sign_raw};
use aws_lc_rs::hmac;
use muster_jose::{Alg, Jwk, JwkSet, MAX_TOKEN_BYTES, VerifyError, verify};
use serde_json::json;

const CLAIMS: &str = r#"{"sub":"ana"}"#;

#[test]
fn hs256_with_the_public_key_as_its_secret() {
    let signer = key(Alg::RS256);
    let jwk = signer.public_jwk();
    let raw = |text: &Option<String>| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text.as_deref().unwrap()).unwrap()
    };
    let pkcs1 = pkcs1_public(&raw(&jwk.n), &raw(&jwk.e));
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", standard(&pkcs1));
    let secrets =
        [pkcs1, pem.into_bytes(), raw(&jwk.n), jwk.n.clone().unwrap().into_bytes(), serde_json::to_vec(&jwk).unwrap()];
    for (name, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
    {
        for secret in &secrets {
            let message = format!("{}.{}", b64(format!(r#"{{"alg":"{name}","kid":"{}"}}"#, signer.kid())), b64(CLAIMS));
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
            let token = format!("{message}.{}", b64(tag));
            assert_eq!(verify(&token, &set(&[signer]), &Alg::ALL), Err(VerifyError::AlgNotAllowed(name.to_owned())));
            // The same tag under an allowed algorithm's name.
            let message = format!("{}.{}", b64(format!(r#"{{"alg":"RS256","kid":"{}"}}"#, signer.kid())), b64(CLAIMS));
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
            let token = format!("{message}.{}", b64(tag));
            assert_eq!(verify(&token, &set(&[signer]), &Alg::ALL), Err(VerifyError::Signature));
        }
    }
}

fn standard(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// `RSAPublicKey` of RFC 8017 for a 2048 bit modulus.
fn pkcs1_public(n: &[u8], e: &[u8]) -> Vec<u8> {
    let length = |n: usize| u8::try_from(n & 0xff).unwrap();
    let mut body = vec![0x02, 0x82, 0x01, 0x01, 0x00];
    body.extend(n);
    body.extend([0x02, length(e.len())]);
    body.extend(e);
    let mut der = vec![0x30, 0x82, length(body.len() >> 8), length(body.len())];
    der.extend(body);
    der
}

#[test]
fn none_in_every_spelling() {
    let keys = set(&[key(Alg::RS256)]);
    for name in ["none", "None", "NONE", "nOnE", "none ", "", "RS256\\u0000", "rs256"] {
        for signature in ["", "AA", &b64(sign_raw(key(Alg::RS256), b"x"))] {
            let token = format!("{}.{}.{signature}", b64(format!(r#"{{"alg":"{name}"}}"#)), b64(CLAIMS));
            assert!(matches!(verify(&token, &keys, &Alg::ALL), Err(VerifyError::AlgNotAllowed(_))), "{name}");
        }
    }
    for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["RS256"]}"#, r#"{"alg":256}"#] {
        let token = format!("{}.{}.", b64(header), b64(CLAIMS));
        assert_eq!(verify(&token, &keys, &Alg::ALL), Err(VerifyError::Malformed("header has no alg")));
    }
}

#[test]
fn the_empty_allow_list_allows_nothing() {
    let token = key(Alg::EdDsa).sign(None, &json!({})).unwrap();
    assert!(matches!(verify(&token, &set(&[key(Alg::EdDsa)]), &[]), Err(VerifyError::AlgNotAllowed(_))));
}

#[test]
fn an_algorithm_switched_in_the_header_never_verifies() {
    for signer in Alg::ALL.map(key) {
        for claimed in Alg::ALL.into_iter().filter(|alg| *alg != signer.alg()) {
            let header = format!(r#"{{"alg":"{claimed}","kid":"{}"}}"#, signer.kid());
            let token = forged(signer, &header, CLAIMS);
            assert_eq!(verify(&token, &set(&[signer]), &Alg::ALL), Err(VerifyError::NoFittingKey(claimed)));
            // Also when the set says nothing of algorithms and every other key is there.
            let loose = JwkSet { keys: Alg::ALL.map(|alg| bare(key(alg))).to_vec() };
            let token = forged(signer, &format!(r#"{{"alg":"{claimed}"}}"#), CLAIMS);
            assert_eq!(verify(&token, &loose, &Alg::ALL), Err(VerifyError::Signature), "{claimed}");
        }
    }
}

#[test]
fn kid_is_a_name_and_nothing_else() {
    let signer = key(Alg::ES256);
    let kids = [
        "../../../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "x'; DROP TABLE keys; --",
        "https://evil.example/jwks.json",
        "|/bin/id",
        "",
        "\\u0000",
    ];
    for kid in kids {
        let token = forged(signer, &format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), CLAIMS);
        let Err(VerifyError::UnknownKid(shown)) = verify(&token, &set(&[signer]), &Alg::ALL) else { panic!("{kid}") };
        assert!(shown.is_ascii() && !shown.contains('"') && !shown.contains('\u{0}'));
    }
    for kid in ["7", "null", "[\"a\"]", "{}"] {
        let token = forged(signer, &format!(r#"{{"alg":"ES256","kid":{kid}}}"#), CLAIMS);
        assert_eq!(verify(&token, &set(&[signer]), &Alg::ALL), Err(VerifyError::Malformed("kid is not a short text")));
    }
    let long = forged(signer, &format!(r#"{{"alg":"ES256","kid":"{}"}}"#, "k".repeat(5000)), CLAIMS);
    assert_eq!(verify(&long, &set(&[signer]), &Alg::ALL), Err(VerifyError::Malformed("kid is not a short text")));
}

#[test]
fn kid_chooses_exactly() {
    let (ours, other) = (key(Alg::ES256), key(Alg::EdDsa));
    // Signed by a key of the set, but naming another one.
    let token = forged(ours, &format!(r#"{{"alg":"ES256","kid":"{}"}}"#, other.kid()), CLAIMS);
    assert_eq!(verify(&token, &set(&[ours, other]), &Alg::ALL), Err(VerifyError::NoFittingKey(Alg::ES256)));
    // A name that only differs in case is another name.
    let token = forged(ours, &format!(r#"{{"alg":"ES256","kid":"{}"}}"#, ours.kid().to_lowercase()), CLAIMS);
    assert!(matches!(verify(&token, &set(&[ours]), &Alg::ALL), Err(VerifyError::UnknownKid(_))));
    // A named token does not fall back to keys without a name.
    let token = ours.sign(None, &json!({})).unwrap();
    assert!(matches!(verify(&token, &JwkSet { keys: vec![bare(ours)] }, &Alg::ALL), Err(VerifyError::UnknownKid(_))));
    // The same name twice, as sets that list a key per algorithm do: the fitting one is used.
    let named = |jwk: Jwk| Jwk { kid: Some("k".to_owned()), ..jwk };
    let keys = JwkSet { keys: vec![named(bare(other)), named(bare(ours))] };
    assert!(verify(&forged(ours, r#"{"alg":"ES256","kid":"k"}"#, CLAIMS), &keys, &Alg::ALL).is_ok());
}

#[test]
fn without_kid_every_fitting_key_is_tried() {
    let (first, second) = (muster_jose::SigningKey::generate(Alg::EdDsa).unwrap(), key(Alg::EdDsa));
    let token = forged(second, r#"{"alg":"EdDSA"}"#, CLAIMS);
    assert!(verify(&token, &set(&[key(Alg::RS256), &first, second]), &Alg::ALL).is_ok());
    assert_eq!(verify(&token, &set(&[&first]), &Alg::ALL), Err(VerifyError::Signature));
    assert_eq!(verify(&token, &set(&[key(Alg::ES256)]), &Alg::ALL), Err(VerifyError::NoFittingKey(Alg::EdDsa)));
    assert_eq!(verify(&token, &JwkSet::default(), &Alg::ALL), Err(VerifyError::NoFittingKey(Alg::EdDsa)));
}

#[test]
fn keys_that_the_token_brings_are_never_used() {
    let (attacker, ours) = (muster_jose::SigningKey::generate(Alg::ES256).unwrap(), key(Alg::ES256));
    let jwk = serde_json::to_string(&attacker.public_jwk()).unwrap();
    let members = [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://evil.example/jwks.json""#.to_owned(),
        r#""x5u":"https://evil.example/cert.pem""#.to_owned(),
        r#""x5c":["MIIB"]"#.to_owned(),
    ];
    for member in members {
        for kid in [String::new(), format!(r#","kid":"{}""#, ours.kid())] {
            let header = format!(r#"{{"alg":"ES256",{member}{kid}}}"#);
            assert_eq!(
                verify(&forged(&attacker, &header, CLAIMS), &set(&[ours]), &Alg::ALL),
                Err(VerifyError::Signature)
            );
            assert!(verify(&forged(ours, &header, CLAIMS), &set(&[ours]), &Alg::ALL).is_ok(), "ignored, not refused");
        }
    }
}

#[test]
fn demanded_extensions_are_refused() {
    let signer = key(Alg::EdDsa);
    for crit in [r#"["exp"]"#, r#"["b64"],"b64":false"#, "[]", "null", r#""b64""#] {
        let token = forged(signer, &format!(r#"{{"alg":"EdDSA","crit":{crit}}}"#), CLAIMS);
        assert_eq!(verify(&token, &set(&[signer]), &Alg::ALL), Err(VerifyError::Critical), "{crit}");
    }
}

#[test]
fn repeated_members_are_refused() {
    let signer = key(Alg::EdDsa);
    let refused = |header: &str, payload: &str| {
        let outcome = verify(&forged(signer, header, payload), &set(&[signer]), &Alg::ALL);
        assert!(matches!(outcome, Err(VerifyError::Malformed(_))), "{header} {payload}");
    };
    refused(r#"{"alg":"none","alg":"EdDSA"}"#, CLAIMS);
    refused(r#"{"alg":"EdDSA","\u0061lg":"none"}"#, CLAIMS);
    refused(r#"{"alg":"EdDSA"}"#, r#"{"sub":"ana","sub":"admin"}"#);
    refused(r#"{"alg":"EdDSA"}"#, r#"{"sub":"ana","act":{"sub":"a","sub":"b"}}"#);
    refused(r#"{"alg":"EdDSA"}"#, "[]");
    refused(r#"{"alg":"EdDSA"}"#, "");
    refused(r#"["EdDSA"]"#, CLAIMS);
}

#[test]
fn wrong_shapes_are_refused() {
    let signer = key(Alg::EdDsa);
    let keys = set(&[signer]);
    let token = forged(signer, r#"{"alg":"EdDSA"}"#, CLAIMS);
    assert!(verify(&token, &keys, &Alg::ALL).is_ok(), "the control");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let shapes = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        message.to_owned(),
        format!("{message}."),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{message}.{signature}.{signature}.x"),
        format!("{token}="),
        format!("{token}=="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("Bearer {token}"),
        token.replace('.', ".."),
        format!("{message}.{}", standard(signature.as_bytes())),
        json!({ "payload": b64(CLAIMS), "protected": "e30", "signature": signature }).to_string(),
    ];
    for shape in shapes {
        assert!(verify(&shape, &keys, &Alg::ALL).is_err(), "{shape}");
    }
}

#[test]
fn size_is_bounded() {
    let signer = key(Alg::EdDsa);
    let of = |n: usize| forged(signer, r#"{"alg":"EdDSA"}"#, &json!({ "a": "x".repeat(n) }).to_string());
    assert!(verify(&of(40_000), &set(&[signer]), &Alg::ALL).is_ok());
    let large = of(60_000);
    assert!(large.len() > MAX_TOKEN_BYTES);
    assert_eq!(verify(&large, &set(&[signer]), &Alg::ALL), Err(VerifyError::TooLarge));
}
