//! Our own keys: kept, named, shown, used.

use crate::{key, set};
use muster_jose::{Alg, KeyError, SigningKey, verify};
use serde_json::json;

#[test]
fn names_of_algorithms_are_exact() {
    for alg in Alg::ALL {
        assert_eq!(Alg::parse(alg.name()), Some(alg));
        assert_eq!(serde_json::to_value(alg).unwrap(), json!(alg.name()));
        assert_eq!(serde_json::from_value::<Alg>(json!(alg.name())).unwrap(), alg);
    }
    let refused = [
        "none", "None", "nOnE", "NONE", "", "HS256", "HS384", "HS512", "rs256", "RS256 ", "EDDSA", "EdDsa", "RS1",
        "ES256K", "RS384",
    ];
    for name in refused {
        assert_eq!(Alg::parse(name), None, "{name}");
        assert!(serde_json::from_value::<Alg>(json!(name)).is_err(), "{name}");
        assert!(name.parse::<Alg>().is_err(), "{name}");
    }
}

#[test]
fn a_key_survives_keeping() {
    for alg in Alg::ALL {
        let made = key(alg);
        let kept = SigningKey::from_pkcs8(alg, made.kid(), &made.to_pkcs8().unwrap()).unwrap();
        assert_eq!(kept.public_jwk(), made.public_jwk());
        let token = kept.sign(Some("at+jwt"), &json!({ "sub": "ana", "n": 1.5 })).unwrap();
        let verified = verify(&token, &set(&[made]), &[alg]).unwrap();
        assert_eq!(verified.claims, *json!({ "sub": "ana", "n": 1.5 }).as_object().unwrap());
        assert_eq!(verified.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(verified.header.kid.as_deref(), Some(made.kid()));
    }
}

#[test]
fn a_key_kept_under_another_name_or_algorithm_is_refused() {
    let (ec, ed) = (key(Alg::ES256), key(Alg::EdDsa));
    let bytes = ec.to_pkcs8().unwrap();
    let mixed_up = SigningKey::from_pkcs8(Alg::ES256, ed.kid(), &bytes).unwrap_err();
    assert_eq!(mixed_up, KeyError::Kid { expected: ed.kid().to_owned(), actual: ec.kid().to_owned() });
    for alg in [Alg::RS256, Alg::PS256, Alg::EdDsa] {
        assert_eq!(SigningKey::from_pkcs8(alg, ec.kid(), &bytes).unwrap_err(), KeyError::NotAKey(alg));
    }
    assert_eq!(SigningKey::from_pkcs8(Alg::ES256, ec.kid(), b"").unwrap_err(), KeyError::NotAKey(Alg::ES256));
}

#[test]
fn the_public_half_shows_no_more() {
    for alg in Alg::ALL {
        let jwk = key(alg).public_jwk();
        assert_eq!(jwk.thumbprint().as_deref(), Some(key(alg).kid()));
        let written = serde_json::to_value(&jwk).unwrap();
        let mut names: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected: &[&str] = match alg {
            Alg::RS256 | Alg::PS256 => &["alg", "e", "kid", "kty", "n", "use"],
            Alg::ES256 | Alg::ES384 => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            Alg::EdDsa => &["alg", "crv", "kid", "kty", "use", "x"],
        };
        assert_eq!(names, expected);
        assert_eq!((written["alg"].as_str(), written["use"].as_str()), (Some(alg.name()), Some("sig")));
    }
    let shown = format!("{:?}", key(Alg::EdDsa));
    assert!(shown.contains("EdDsa") && !shown.contains("pair"), "{shown}");
}

#[test]
fn only_objects_are_signed() {
    let key = key(Alg::EdDsa);
    for claims in [json!([]), json!("text"), json!(1), json!(null)] {
        assert_eq!(key.sign(None, &claims), Err(KeyError::Claims));
    }
    assert_eq!(key.sign(None, &json!({})).unwrap().split('.').count(), 3);
}

#[test]
fn a_key_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(key(Alg::RS256));
}
