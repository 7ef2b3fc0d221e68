//! Ours against an independent implementation (jsonwebtoken), in both directions.

use crate::{key, set};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation};
use muster_jose::{Alg, SigningKey, verify};
use serde_json::{Map, Value, json};

fn theirs(alg: Alg) -> Algorithm {
    match alg {
        Alg::RS256 => Algorithm::RS256,
        Alg::PS256 => Algorithm::PS256,
        Alg::ES256 => Algorithm::ES256,
        Alg::ES384 => Algorithm::ES384,
        Alg::EdDsa => Algorithm::EdDSA,
    }
}

fn encoding_key(key: &SigningKey) -> EncodingKey {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(key.to_pkcs8().unwrap());
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
    match key.alg() {
        Alg::ES256 | Alg::ES384 => EncodingKey::from_ec_pem(pem.as_bytes()).unwrap(),
        Alg::EdDsa => EncodingKey::from_ed_pem(pem.as_bytes()).unwrap(),
        _ => EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
    }
}

#[test]
fn they_read_what_we_sign() {
    for alg in Alg::ALL {
        let token = key(alg).sign(Some("JWT"), &json!({ "sub": "ana", "groups": ["a", "b"] })).unwrap();
        let jwk = serde_json::to_value(key(alg).public_jwk()).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwk).unwrap();
        let mut validation = Validation::new(theirs(alg));
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let read =
            jsonwebtoken::decode::<Map<String, Value>>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation);
        let read = read.unwrap();
        assert_eq!(read.claims.get("sub"), Some(&json!("ana")));
        assert_eq!(read.header.kid.as_deref(), Some(key(alg).kid()));
    }
}

#[test]
fn we_read_what_they_sign() {
    for alg in Alg::ALL {
        let mut header = jsonwebtoken::Header::new(theirs(alg));
        header.kid = Some(key(alg).kid().to_owned());
        let token = jsonwebtoken::encode(&header, &json!({ "sub": "ana" }), &encoding_key(key(alg))).unwrap();
        assert_eq!(verify(&token, &set(&[key(alg)]), &[alg]).unwrap().claims.get("sub"), Some(&json!("ana")));
    }
}
