//! Proofs of possession: the key in the header, and what the claims must say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_oauth::ErrorCode::{InvalidDpopProof, InvalidRequest};
use muster_oauth::dpop::{AGE_MAX_S, Expected, SKEW_S, challenge, check, hash, is_thumbprint, key, token};
use muster_oauth::{Error, ErrorCode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::code;

const NOW: i64 = 1_763_456_789;
const ADDRESS: &str = "https://id.example/o/acme/oauth2/token";

fn expected(access_token: Option<&str>) -> Expected<'_> {
    Expected { method: "POST", address: ADDRESS, access_token, now_s: NOW }
}

fn claims(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn good() -> Map<String, Value> {
    claims(json!({"htm": "POST", "htu": ADDRESS, "iat": NOW, "jti": "j1"}))
}

fn with_header(header: &Value) -> String {
    format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn rfc9449_4_1_the_example() {
    // The proof printed in RFC 9449 section 4.1.
    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOX\
                 pDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI\
                 6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbG\
                 UuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7N\
                 VY-FNyJK70nfbV37xRZT3Lg";
    let key = key(proof).unwrap();
    assert_eq!((&key["kty"], &key["crv"]), (&json!("EC"), &json!("P-256")));
    // Section 7.1: the hash of the example's access token.
    assert_eq!(hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

#[test]
fn rfc9449_4_3_the_key() {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "A"});
    assert!(key(&with_header(&json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jwk}))).is_ok());
    for header in [
        json!({"alg": "EdDSA", "jwk": jwk}),
        json!({"typ": "JWT", "jwk": jwk}),
        json!({"typ": "DPOP+JWT", "jwk": jwk}),
        json!({"typ": "dpop+jwt"}),
        json!({"typ": "dpop+jwt", "jwk": "x"}),
        json!({"typ": "dpop+jwt", "jwk": {"kty": "OKP", "x": "A", "d": "B"}}),
        json!({"typ": "dpop+jwt", "jwk": {"kty": "oct", "k": "B"}}),
        json!({"typ": "dpop+jwt", "jwk": {"kty": "RSA", "n": "A", "e": "A", "p": "B"}}),
        json!([]),
    ] {
        assert_eq!(code(key(&with_header(&header))), InvalidDpopProof, "{header}");
    }
    for proof in ["", "a", "a.b", "a.b.c.d", &"x".repeat(9000)] {
        assert_eq!(code(key(proof)), InvalidDpopProof);
    }
}

#[test]
fn rfc9449_4_3_the_claims() {
    assert_eq!(check(&good(), &expected(None)).unwrap().jti, "j1");
    for (name, value) in [
        ("htm", json!("post")),
        ("htm", json!("GET")),
        ("htu", json!("https://id.example/o/blue/oauth2/token")),
        ("htu", json!("https://id.example/o/acme/oauth2/token/")),
        ("htu", json!("http://id.example/o/acme/oauth2/token")),
        ("htu", json!("https://id.example:8443/o/acme/oauth2/token")),
        ("htu", json!("/o/acme/oauth2/token")),
        ("iat", json!("now")),
        ("iat", Value::Null),
        ("jti", json!(1)),
        ("jti", json!("")),
        ("jti", json!("x".repeat(513))),
        ("nonce", json!(1)),
        ("nonce", json!("")),
    ] {
        let mut claims = good();
        claims.insert(name.to_owned(), value.clone());
        assert_eq!(code(check(&claims, &expected(None))), InvalidDpopProof, "{name} {value}");
    }
    for htu in [
        format!("{ADDRESS}?a=b"),
        format!("{ADDRESS}#a"),
        ADDRESS.replace("https://id.example", "HTTPS://ID.EXAMPLE:443"),
    ] {
        let mut claims = good();
        claims.insert("htu".to_owned(), htu.into());
        assert!(check(&claims, &expected(None)).is_ok());
    }
}

#[test]
fn rfc9449_4_3_the_token_and_the_age() {
    assert_eq!(code(check(&good(), &expected(Some("token")))), InvalidDpopProof);
    let mut with_hash = good();
    with_hash.insert("ath".to_owned(), hash("token").into());
    assert!(check(&with_hash, &expected(Some("token"))).is_ok());
    assert_eq!(code(check(&with_hash, &expected(Some("other")))), InvalidDpopProof);
    for (iat, fresh) in [
        (NOW, true),
        (NOW - AGE_MAX_S, true),
        (NOW - AGE_MAX_S - 1, false),
        (NOW + SKEW_S, true),
        (NOW + SKEW_S + 1, false),
    ] {
        let mut claims = good();
        claims.insert("iat".to_owned(), iat.into());
        assert_eq!(check(&claims, &expected(None)).unwrap().check_age(NOW).is_ok(), fresh, "{iat}");
    }
}

#[test]
fn rfc9449_7_1_the_scheme_and_its_challenge() {
    assert_eq!(token(Some("DPoP abc")).unwrap(), Some("abc"));
    assert_eq!(token(Some("dpop  abc")).unwrap(), Some("abc"));
    for other in [None, Some("Bearer abc"), Some("DPoPx abc")] {
        assert_eq!(token(other).unwrap(), None);
    }
    for malformed in ["DPoP", "DPoP ", "DPoP a b", "DPoP \"a\""] {
        assert_eq!(code(token(Some(malformed))), InvalidRequest);
    }
    let error = Error::new(ErrorCode::UseDpopNonce, "a \"nonce\"");
    assert_eq!(
        challenge("Muster", Some(&error)),
        "DPoP realm=\"Muster\", error=\"use_dpop_nonce\", error_description=\"a 'nonce'\", algs=\"ES256 EdDSA RS256 PS256\""
    );
    assert!(is_thumbprint("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    for text in ["", "x", &"=".repeat(43), &"A".repeat(44)] {
        assert!(!is_thumbprint(text), "{text}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!(ADDRESS)),
        Just(json!({})),
    ]
}

proptest! {
    /// Whatever stands in the claims: an answer or `invalid_dpop_proof`, and a good answer only for this very request.
    #[test]
    fn any_claims(changes in prop::collection::vec((prop::sample::select(vec!["htm", "htu", "iat", "jti", "ath", "nonce"]), value()), 0..4), bound in any::<bool>()) {
        let mut claims = good();
        for (name, value) in changes {
            claims.insert(name.to_owned(), value);
        }
        match check(&claims, &expected(bound.then_some("token"))) {
            Ok(proof) => {
                prop_assert!(claims["htm"] == "POST" && claims["htu"] == ADDRESS && !proof.jti.is_empty());
                prop_assert!(!bound || claims["ath"] == hash("token"));
                let _ = proof.check_age(NOW);
            }
            Err(error) => prop_assert_eq!(error.code, InvalidDpopProof),
        }
    }

    #[test]
    fn any_text(text in any::<String>(), header in "[A-Za-z0-9_-]{0,40}") {
        let _ = key(&text);
        let _ = key(&format!("{header}.{text}.x"));
        let _ = token(Some(&text));
        let _ = is_thumbprint(&text);
    }
}
