//! RFC 7636: appendix B and the rules of form.

use muster_oauth::pkce::{challenge, is_challenge, is_verifier, verify};
use proptest::prelude::*;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn rfc7636_appendix_b() {
    assert_eq!(challenge(VERIFIER), CHALLENGE);
    assert!(verify(CHALLENGE, VERIFIER));
    assert!(is_challenge(CHALLENGE) && is_verifier(VERIFIER));
}

#[test]
fn the_challenge_is_no_verifier_for_itself() {
    assert!(!verify(CHALLENGE, CHALLENGE), "the method plain");
    assert!(!verify(VERIFIER, VERIFIER), "the method plain");
    assert!(!verify(CHALLENGE, ""));
    assert!(!verify("", VERIFIER));
    assert!(!verify(&CHALLENGE.to_lowercase(), VERIFIER));
    assert!(!verify(&format!("{CHALLENGE}="), VERIFIER));
}

#[test]
fn form_of_a_verifier() {
    for good in ["a".repeat(43), "a".repeat(128), "-._~".repeat(20)] {
        assert!(is_verifier(&good));
        assert!(verify(&challenge(&good), &good));
    }
    for bad in [
        "a".repeat(42),
        "a".repeat(129),
        format!("{} ", "a".repeat(43)),
        "ü".repeat(50),
        "a+".repeat(30),
        String::new(),
    ] {
        assert!(!is_verifier(&bad), "{bad}");
        assert!(!verify(&challenge(&bad), &bad), "a malformed verifier never verifies: {bad}");
    }
}

#[test]
fn form_of_a_challenge() {
    for bad in
        ["", &CHALLENGE[..42], &format!("{CHALLENGE}A"), &format!("{CHALLENGE}="), &"+".repeat(43), &"B".repeat(43)]
    {
        assert!(!is_challenge(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn only_its_own_verifier(a in "[A-Za-z0-9._~-]{43,128}", b in "[A-Za-z0-9._~-]{43,128}") {
        prop_assert!(is_challenge(&challenge(&a)));
        prop_assert_eq!(verify(&challenge(&a), &b), a == b);
    }
}
