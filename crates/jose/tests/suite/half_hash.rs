//! The values of OpenID Connect Core appendix A.3 and A.4.

use muster_jose::{Alg, half_hash};

#[test]
fn examples_of_openid_connect_core() {
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    for alg in [Alg::RS256, Alg::ES256, Alg::PS256] {
        assert_eq!(half_hash(alg, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(half_hash(alg, code), "LDktKdoQak3Pk0cnXxCltA");
    }
}

#[test]
fn ed25519_hashes_with_sha512() {
    // Computed with Python's hashlib.
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(half_hash(Alg::EdDsa, access_token), "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM");
}
