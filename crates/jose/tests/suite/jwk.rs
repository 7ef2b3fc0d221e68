//! Foreign key sets: tolerant where RFC 7517 asks for it, bounded, strict about purpose and strength.

use crate::{bare, key};
use muster_jose::{Alg, Jwk, JwkSet, JwkSetError, KeyProblem, MAX_KEYS, MAX_SET_BYTES, VerifyError, verify};
use serde_json::{Value, json};

fn parse(document: &Value) -> Result<JwkSet, JwkSetError> {
    JwkSet::parse(document.to_string().as_bytes())
}

#[test]
fn entries_that_are_not_understood_are_left_out() {
    let good = serde_json::to_value(key(Alg::ES256).public_jwk()).unwrap();
    let document = json!({
        "keys": [
            { "kty": "oct", "k": "c2VjcmV0" },
            { "kty": "AKP", "alg": "ML-DSA-44", "pub": "x" },
            { "no": "kty" }, 7, null, "text", [], ["RSA", "k", "sig"],
            { "kty": "RSA", "n": 5 },
            { "kty": "EC", "crv": "P-256", "key_ops": "verify" },
            good,
        ],
        "other": true
    });
    let set = parse(&document).unwrap();
    assert_eq!(set.keys.len(), 1);
    let token = key(Alg::ES256).sign(None, &json!({ "a": 1 })).unwrap();
    assert!(verify(&token, &set, &[Alg::ES256]).is_ok());
}

#[test]
fn private_members_are_not_kept() {
    let document =
        json!({ "keys": [{ "kty": "RSA", "n": "AQ", "e": "AQAB", "d": "SECRET", "p": "SECRET", "x5c": ["MII"] }] });
    let written = serde_json::to_string(&parse(&document).unwrap()).unwrap();
    assert_eq!(written, r#"{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#);
}

#[test]
fn sets_are_bounded() {
    let many = |n: usize| json!({ "keys": vec![json!({ "kty": "oct" }); n] });
    assert!(parse(&many(MAX_KEYS)).is_ok());
    assert!(matches!(parse(&many(MAX_KEYS + 1)), Err(JwkSetError::Malformed(why)) if why.contains("65")));
    assert_eq!(JwkSet::parse(&vec![b' '; MAX_SET_BYTES + 1]), Err(JwkSetError::TooLarge));
    for text in ["", "[]", "{}", "[[]]", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, "<html>"] {
        assert!(matches!(JwkSet::parse(text.as_bytes()), Err(JwkSetError::Malformed(_))), "{text}");
    }
}

#[test]
fn a_key_serves_its_own_purpose_only() {
    let signer = key(Alg::ES256);
    let token = signer.sign(None, &json!({ "a": 1 })).unwrap();
    let public = signer.public_jwk();
    let outcome = |jwk: Jwk| verify(&token, &JwkSet { keys: vec![jwk] }, &Alg::ALL);
    assert!(outcome(Jwk { alg: None, usage: None, ..public.clone() }).is_ok());
    assert!(outcome(Jwk { key_ops: Some(vec!["verify".to_owned()]), ..public.clone() }).is_ok());
    let unfit = [
        Jwk { usage: Some("enc".to_owned()), ..public.clone() },
        Jwk { usage: Some("SIG".to_owned()), ..public.clone() },
        Jwk { key_ops: Some(vec!["encrypt".to_owned()]), ..public.clone() },
        Jwk { key_ops: Some(vec![]), ..public.clone() },
        Jwk { alg: Some("RS256".to_owned()), ..public.clone() },
        Jwk { alg: Some("es256".to_owned()), ..public.clone() },
        Jwk { crv: Some("P-384".to_owned()), ..public.clone() },
        Jwk { crv: None, ..public.clone() },
        Jwk { kty: "OKP".to_owned(), ..public },
    ];
    for jwk in unfit {
        assert_eq!(outcome(jwk.clone()), Err(VerifyError::NoFittingKey(Alg::ES256)), "{jwk:?}");
    }
}

#[test]
fn rsa_alg_of_the_key_separates_rs256_from_ps256() {
    let signer = key(Alg::PS256);
    let token = signer.sign(None, &json!({ "a": 1 })).unwrap();
    let rs_only = Jwk { alg: Some("RS256".to_owned()), ..signer.public_jwk() };
    assert_eq!(verify(&token, &JwkSet { keys: vec![rs_only] }, &Alg::ALL), Err(VerifyError::NoFittingKey(Alg::PS256)));
    assert!(verify(&token, &JwkSet { keys: vec![bare_named(signer)] }, &Alg::ALL).is_ok());
}

fn bare_named(signer: &muster_jose::SigningKey) -> Jwk {
    Jwk { kid: Some(signer.kid().to_owned()), ..bare(signer) }
}

/// A 1024 bit key made with OpenSSL, and a token that it signed properly.
#[test]
fn weak_rsa_is_refused_and_said() {
    let weak = json!({ "keys": [{
        "kty": "RSA", "kid": "weak", "e": "AQAB",
        "n": "uVsXdrj4NqWnddcK39rBttf60ffajYjhHoHRlwIjBwwOtXJnENBBI96Tx1SMybdexZxQDfv8wdQTpBMBwOo0MCn57-j_8Ei06c18wo8DCcJt3JnvNcd-4PcU5DKTTaj73m4qxsAvQpyOpR-CJvohcADTlkphHXzpdn3w0r3ONx8"
    }]});
    let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IndlYWsifQ.eyJzdWIiOiJhbmEifQ.NvMEAq4AopyQpezUje6pNpiq01BdI5tsiGRJTl5CuEa291CtuA9SYwq_WDN8WoWQR0DV6GQjV4xqr1u31bKtG25-F4XsRd1g8DD24VnCuc-rBz_5AlrHSeISv_mo3e5ombNAbTzWgM8PPqbqMLKRQgch_CE6VfcZFXoWaMCHUPo";
    let outcome = verify(token, &parse(&weak).unwrap(), &[Alg::RS256]);
    assert_eq!(outcome, Err(VerifyError::Key(KeyProblem::WeakRsa(1024))));
    assert!(outcome.unwrap_err().to_string().contains("1024 bits; at least 2048"));
}

#[test]
fn unusable_members_are_refused() {
    let signer = key(Alg::RS256);
    let token = signer.sign(None, &json!({ "a": 1 })).unwrap();
    let public = signer.public_jwk();
    let outcome = |jwk: Jwk| verify(&token, &JwkSet { keys: vec![jwk] }, &[Alg::RS256]);
    let text = |text: &str| Some(text.to_owned());
    let cases = [
        (Jwk { n: None, ..public.clone() }, KeyProblem::Member("n")),
        (Jwk { n: text(""), ..public.clone() }, KeyProblem::Member("n")),
        (Jwk { n: text("AAAA"), ..public.clone() }, KeyProblem::Member("n")),
        (Jwk { n: text("not base64!"), ..public.clone() }, KeyProblem::Member("n")),
        (Jwk { e: None, ..public.clone() }, KeyProblem::Member("e")),
        (Jwk { e: text("AQ"), ..public.clone() }, KeyProblem::Exponent),
        (Jwk { e: text("AQAA"), ..public.clone() }, KeyProblem::Exponent),
        (Jwk { e: text("AQAAAAAAAAE"), ..public.clone() }, KeyProblem::Exponent),
        (Jwk { n: Some(crate::b64([0xff; 2048])), ..public.clone() }, KeyProblem::HugeRsa(16384)),
    ];
    for (jwk, problem) in cases {
        assert_eq!(outcome(jwk), Err(VerifyError::Key(problem)));
    }
    let padded = crate::b64([&[0][..], &decode(public.n.as_deref().unwrap())].concat());
    assert!(outcome(Jwk { n: Some(padded), ..public }).is_ok(), "a leading zero byte is read over");

    let signer = key(Alg::ES256);
    let token = signer.sign(None, &json!({ "a": 1 })).unwrap();
    let off_curve = Jwk { y: Some(crate::b64([7; 32])), ..signer.public_jwk() };
    assert_eq!(verify(&token, &JwkSet { keys: vec![off_curve] }, &Alg::ALL), Err(VerifyError::Signature));
    let short = Jwk { x: Some(crate::b64([7; 31])), ..signer.public_jwk() };
    assert_eq!(
        verify(&token, &JwkSet { keys: vec![short] }, &Alg::ALL),
        Err(VerifyError::Key(KeyProblem::Member("x")))
    );
}

fn decode(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}
