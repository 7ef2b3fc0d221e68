//! Whatever is done to a token, it never verifies with other claims than those signed.

use crate::{b64, key, set};
use muster_jose::{Alg, verify};
use proptest::prelude::*;
use serde_json::json;

fn texts() -> impl Strategy<Value = char> {
    prop_oneof![prop::char::range('-', 'z'), Just('.'), Just('='), Just('\u{0}'), any::<char>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn edited_tokens(which in 0..4_usize, edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, texts()), 1..4)) {
        let signer = key(Alg::ALL[which]);
        let claims = json!({ "sub": "ana", "aud": "app", "exp": 1 });
        let mut token: Vec<char> = signer.sign(Some("JWT"), &claims).unwrap().chars().collect();
        for (at, kind, c) in edits {
            let at = at.index(token.len());
            match kind {
                0 => token[at] = c,
                1 => token.insert(at, c),
                _ => { token.remove(at); }
            }
        }
        let token: String = token.into_iter().collect();
        if let Ok(verified) = verify(&token, &set(&[signer]), &Alg::ALL) {
            prop_assert_eq!(serde_json::Value::Object(verified.claims), claims);
        }
    }

    /// Parts of two good tokens put together, and parts of our own making.
    #[test]
    fn spliced_tokens(which in 0..4_usize, pick in prop::array::uniform3(0..3_usize)) {
        let signer = key(Alg::ALL[which]);
        let (a, b) = (json!({ "sub": "ana" }), json!({ "sub": "bo" }));
        let (first, second) = (signer.sign(Some("JWT"), &a).unwrap(), signer.sign(Some("at+jwt"), &b).unwrap());
        let own = format!("{}.{}.{}", b64(json!({ "alg": signer.alg(), "kid": signer.kid() }).to_string()), b64(r#"{"sub":"admin"}"#), b64([0; 64]));
        let parts: Vec<Vec<&str>> = [&first, &second, &own].iter().map(|token| token.split('.').collect()).collect();
        let token: Vec<&str> = pick.iter().enumerate().map(|(at, which)| parts[*which][at]).collect();
        let outcome = verify(&token.join("."), &set(&[signer]), &Alg::ALL);
        let whole = pick == [0, 0, 0] || pick == [1, 1, 1];
        prop_assert_eq!(outcome.is_ok(), whole);
    }

    #[test]
    fn never_panics(token in r"[A-Za-z0-9_.=-]{0,120}", junk in any::<String>()) {
        let keys = set(&[key(Alg::ES256)]);
        prop_assert!(verify(&token, &keys, &Alg::ALL).is_err());
        prop_assert!(verify(&junk, &keys, &Alg::ALL).is_err());
    }
}

/// Every bit of every byte of the signature counts (ECDSA's other valid form aside, which needs the whole number).
#[test]
fn every_bit_of_a_signature_counts() {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    for alg in [Alg::ES256, Alg::EdDsa, Alg::RS256] {
        let token = key(alg).sign(None, &json!({ "sub": "ana" })).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = engine.decode(signature).unwrap();
        for bit in 0..signature.len() * 8 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let token = format!("{message}.{}", b64(changed));
            assert!(verify(&token, &set(&[key(alg)]), &[alg]).is_err(), "{alg} bit {bit}");
        }
    }
}
