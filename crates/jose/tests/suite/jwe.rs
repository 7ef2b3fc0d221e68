//! Encrypted tokens: ours are read back, those of an independent implementation too, and everything bent is refused.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_jose::decrypt::is_encrypted;
use muster_jose::{DecryptError, DecryptionKey, Enc, EncryptError, Jwk, JwkSet, KeyAlg, decrypt, encrypt, recipient};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::b64;

static RSA: LazyLock<DecryptionKey> = LazyLock::new(|| DecryptionKey::generate(KeyAlg::RsaOaep256).unwrap());
static EC: LazyLock<DecryptionKey> = LazyLock::new(|| DecryptionKey::generate(KeyAlg::EcdhEs).unwrap());

fn keys() -> [DecryptionKey; 2] {
    [RSA.clone(), EC.clone()]
}

fn key(alg: KeyAlg) -> &'static DecryptionKey {
    if alg == KeyAlg::RsaOaep256 { &RSA } else { &EC }
}

fn sealed(alg: KeyAlg, enc: Enc) -> String {
    encrypt(b"content", &key(alg).public_jwk(), alg, enc, Some("JWT")).unwrap()
}

/// The token with another header, the rest as it is.
fn with_header(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let (head, rest) = token.split_once('.').unwrap();
    let mut header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    change(&mut header);
    format!("{}.{rest}", b64(header.to_string()))
}

#[test]
fn what_we_encrypt_we_read() {
    for alg in KeyAlg::ALL {
        for enc in Enc::ALL {
            let token = sealed(alg, enc);
            assert!(is_encrypted(&token));
            let read = decrypt(&token, &keys()).unwrap();
            assert_eq!((read.alg, read.enc, read.plain.as_slice()), (alg, enc, b"content".as_slice()));
            assert_eq!(read.cty.as_deref(), Some("JWT"));
            // Neither the key nor the vector comes twice.
            assert_ne!(sealed(alg, enc), token);
        }
    }
}

#[test]
fn keys_are_kept_and_named_by_their_thumbprint() {
    for kept in keys() {
        let again = DecryptionKey::from_pkcs8(&kept.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public_jwk(), kept.public_jwk());
        assert_eq!(again.public_jwk().thumbprint().as_deref(), Some(again.kid()));
        assert!(!format!("{again:?}").contains("n:"));
    }
    assert!(DecryptionKey::from_pkcs8(b"no key").is_err());
}

#[test]
fn tokens_of_an_independent_implementation() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/jwcrypto.json")).unwrap();
    let tokens = vectors["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), KeyAlg::ALL.len() * Enc::ALL.len());
    for vector in tokens {
        let der = STANDARD.decode(vectors["keys"][vector["key"].as_str().unwrap()].as_str().unwrap()).unwrap();
        let key = DecryptionKey::from_pkcs8(&der).unwrap();
        let read = decrypt(vector["token"].as_str().unwrap(), &[key]).unwrap();
        assert_eq!(json!(read.alg), vector["alg"]);
        assert_eq!(json!(read.enc), vector["enc"]);
        assert_eq!(read.plain, vectors["plain"].as_str().unwrap().as_bytes());
    }
}

#[test]
fn every_part_is_authenticated() {
    for alg in KeyAlg::ALL {
        for enc in Enc::ALL {
            let token = sealed(alg, enc);
            let parts: Vec<&str> = token.split('.').collect();
            for at in 1..5 {
                if parts[at].is_empty() {
                    continue;
                }
                // Another first character changes the first byte and keeps the text well-formed.
                let other = if parts[at].starts_with('A') { "B" } else { "A" };
                let mut bent: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
                bent[at].replace_range(0..1, other);
                assert_eq!(decrypt(&bent.join("."), &keys()), Err(DecryptError::NotForUs), "{alg} {enc} part {at}");
                bent[at].clear();
                assert_eq!(decrypt(&bent.join("."), &keys()), Err(DecryptError::NotForUs), "{alg} {enc} no part {at}");
            }
            let bent = with_header(&token, |header| header["cty"] = "text".into());
            assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::NotForUs));
        }
    }
}

#[test]
fn jwt_alg_confusion_only_the_closed_lists_are_spoken() {
    let token = sealed(KeyAlg::RsaOaep256, Enc::A128Gcm);
    for alg in
        ["none", "dir", "RSA1_5", "RSA-OAEP", "A128KW", "A256GCMKW", "PBES2-HS256+A128KW", "rsa-oaep-256", "RS256"]
    {
        let bent = with_header(&token, |header| header["alg"] = alg.into());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::AlgNotAllowed), "{alg}");
    }
    for enc in ["none", "A192GCM", "A256CBC-HS512", "a128gcm", ""] {
        let bent = with_header(&token, |header| header["enc"] = enc.into());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::AlgNotAllowed), "{enc}");
    }
    for (name, value) in [("zip", json!("DEF")), ("zip", json!(null))] {
        let bent = with_header(&token, |header| header[name] = value.clone());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::Compressed));
    }
    let bent = with_header(&token, |header| header["crit"] = json!(["exp"]));
    assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::Critical));
}

#[test]
fn an_algorithm_of_another_key_type_opens_nothing() {
    let token = sealed(KeyAlg::EcdhEsA256Kw, Enc::A128Gcm);
    for alg in ["RSA-OAEP-256", "ECDH-ES"] {
        let bent = with_header(&token, |header| header["alg"] = alg.into());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::NotForUs), "{alg}");
    }
}

#[test]
fn the_senders_key_has_to_be_a_point_of_the_curve() {
    let token = sealed(KeyAlg::EcdhEs, Enc::A128Gcm);
    let one = b64([1; 32]);
    for epk in [
        json!({"kty": "EC", "crv": "P-256", "x": one, "y": one}),
        json!({"kty": "EC", "crv": "P-256", "x": b64([0; 32]), "y": b64([0; 32])}),
        json!({"kty": "EC", "crv": "P-384", "x": one, "y": one}),
        json!({"kty": "OKP", "crv": "X25519", "x": one}),
        json!({"kty": "EC", "crv": "P-256", "x": b64([1; 31]), "y": one}),
    ] {
        let bent = with_header(&token, |header| header["epk"] = epk.clone());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::NotForUs), "{epk}");
    }
    for epk in [json!("x"), json!([1]), json!({"crv": 1})] {
        let bent = with_header(&token, |header| header["epk"] = epk.clone());
        assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::Malformed("epk is not a key")), "{epk}");
    }
    let bent = with_header(&token, |header| {
        header.as_object_mut().unwrap().remove("epk");
    });
    assert_eq!(decrypt(&bent, &keys()), Err(DecryptError::NotForUs));
    // Encrypting to a point off the curve is refused as well.
    let off = Jwk { x: Some(one.clone()), y: Some(one), ..EC.public_jwk() };
    assert_eq!(encrypt(b"x", &off, KeyAlg::EcdhEs, Enc::A128Gcm, None), Err(EncryptError::Crypto("ECDH")));
}

#[test]
fn a_name_chooses_the_key_and_no_other() {
    let token = sealed(KeyAlg::EcdhEs, Enc::A256Gcm);
    let other = DecryptionKey::generate(KeyAlg::EcdhEs).unwrap();
    assert_eq!(decrypt(&token, std::slice::from_ref(&other)), Err(DecryptError::NotForUs));
    assert_eq!(decrypt(&token, &[]), Err(DecryptError::NotForUs));
    let unnamed = Jwk { kid: None, ..EC.public_jwk() };
    let token = encrypt(b"x", &unnamed, KeyAlg::EcdhEs, Enc::A128Gcm, None).unwrap();
    assert!(decrypt(&token, &[other, EC.clone()]).is_ok(), "each key is tried");
}

#[test]
fn a_recipient_is_a_key_for_encryption() {
    let signing = Jwk { usage: Some("sig".into()), ..EC.public_jwk() };
    let unspecific = Jwk { usage: None, kid: Some("any".into()), ..EC.public_jwk() };
    let set = |keys: &[&Jwk]| JwkSet { keys: keys.iter().map(|key| (*key).clone()).collect() };
    assert_eq!(recipient(&set(&[&signing]), KeyAlg::EcdhEs), None);
    assert_eq!(recipient(&set(&[&signing, &unspecific]), KeyAlg::EcdhEs), Some(&unspecific));
    let proper = EC.public_jwk();
    assert_eq!(recipient(&set(&[&unspecific, &proper]), KeyAlg::EcdhEs), Some(&proper));
    assert_eq!(recipient(&set(&[&proper]), KeyAlg::RsaOaep256), None);
    assert_eq!(encrypt(b"x", &signing, KeyAlg::EcdhEs, Enc::A128Gcm, None), Err(EncryptError::Unfit(KeyAlg::EcdhEs)));
    let weak = Jwk { n: Some(b64([255; 128])), ..RSA.public_jwk() };
    assert!(matches!(encrypt(b"x", &weak, KeyAlg::RsaOaep256, Enc::A128Gcm, None), Err(EncryptError::Key(_))));
}

#[test]
fn malformed_and_huge_tokens_are_refused_before_any_key_is_used() {
    for token in ["", ".", "....", "a.b.c", "a.b.c.d.e", "a.b.c.d.e.f", "e30.a.b.c.d", "e30...."] {
        assert!(decrypt(token, &keys()).is_err(), "{token}");
    }
    let huge = "A".repeat(muster_jose::MAX_TOKEN_BYTES + 1);
    assert_eq!(decrypt(&huge, &keys()), Err(DecryptError::TooLarge));
}

proptest! {
    #[test]
    fn any_text_is_refused_without_a_panic(token in "[A-Za-z0-9_.{}\":-]{0,200}") {
        prop_assert!(decrypt(&token, &keys()).is_err());
    }

    #[test]
    fn any_header_is_refused_or_not_for_us(
        alg in prop::sample::select(KeyAlg::ALL.to_vec()),
        enc in prop::sample::select(Enc::ALL.to_vec()),
        epk in "[A-Za-z0-9_-]{0,44}",
        parts in prop::array::uniform4("[A-Za-z0-9_-]{0,60}"),
    ) {
        let header = json!({"alg": alg, "enc": enc, "epk": {"kty": "EC", "crv": "P-256", "x": epk, "y": epk}, "apu": epk});
        let token = format!("{}.{}", b64(header.to_string()), parts.join("."));
        prop_assert!(decrypt(&token, &keys()).is_err());
    }

    #[test]
    fn any_content_comes_back(plain in prop::collection::vec(any::<u8>(), 0..200), enc in prop::sample::select(Enc::ALL.to_vec())) {
        let token = encrypt(&plain, &EC.public_jwk(), KeyAlg::EcdhEsA256Kw, enc, None).unwrap();
        prop_assert_eq!(decrypt(&token, &keys()).unwrap().plain, plain);
    }
}
