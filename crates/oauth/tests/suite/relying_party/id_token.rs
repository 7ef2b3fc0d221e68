//! Every check of an ID token on its own: one change to a good token, one error.

use muster_oauth::discovery::IssuerRule;
use muster_oauth::relying_party::{IdTokenChecks, IdTokenError, SubjectRule, check_id_token};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const NOW: i64 = 1_000_000;
static ISSUER: LazyLock<IssuerRule> = LazyLock::new(|| IssuerRule::Fixed("https://id.example.com".to_owned()));

pub(super) fn checks() -> IdTokenChecks<'static> {
    IdTokenChecks {
        issuer: &ISSUER,
        client_id: "app",
        nonce: "n-0S6_WzA2Mj",
        now_s: NOW,
        skew_s: 60,
        max_token_age_s: Some(600),
        max_age_s: None,
        at_hash: None,
        subject: SubjectRule::Sub,
    }
}

/// A good token.
pub(super) fn claims() -> Map<String, Value> {
    let value = json!({
        "iss": "https://id.example.com", "sub": "sub-1", "aud": "app", "nonce": "n-0S6_WzA2Mj", "exp": NOW + 300, "iat": NOW,
    });
    value.as_object().unwrap().clone()
}

/// A good token with these members set; null takes one away.
pub(super) fn with(changes: Value) -> Map<String, Value> {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
    claims
}

fn refused(changes: Value) -> IdTokenError {
    check_id_token(&with(changes.clone()), &checks()).map(|_| changes).unwrap_err()
}

fn accepted(changes: Value) {
    check_id_token(&with(changes.clone()), &checks()).unwrap_or_else(|error| panic!("{changes}: {error}"));
}

#[test]
fn a_good_token() {
    accepted(json!({}));
    accepted(json!({ "azp": "app", "nbf": NOW, "aud": ["app"] }));
}

#[test]
fn issuer() {
    assert_eq!(refused(json!({ "iss": null })), IdTokenError::Missing("iss"));
    assert_eq!(refused(json!({ "iss": ["https://id.example.com"] })), IdTokenError::Missing("iss"));
    for iss in ["https://id.example.com/", "https://ID.example.com", "id.example.com", "https://evil.example", ""] {
        assert!(matches!(refused(json!({ "iss": iss })), IdTokenError::Issuer { .. }), "{iss}");
    }
    let shown = refused(json!({ "iss": "https://evil.example\n" })).to_string();
    assert_eq!(shown, "the ID token is issued by https://evil.example , expected https://id.example.com");
}

#[test]
fn audience() {
    accepted(json!({ "aud": ["other", "app"], "azp": "app" }));
    for aud in [json!(null), json!(7), json!({}), json!(["app", 7])] {
        assert_eq!(refused(json!({ "aud": aud })), IdTokenError::Missing("aud"));
    }
    for aud in [json!("other"), json!([]), json!(["other"]), json!("App"), json!("app "), json!("app,other")] {
        assert!(matches!(refused(json!({ "aud": aud })), IdTokenError::Audience { .. }), "{aud}");
    }
    assert_eq!(refused(json!({ "aud": ["app", "other"] })), IdTokenError::NoAuthorizedParty);
    for aud in [json!("app"), json!(["app", "other"])] {
        let error = refused(json!({ "aud": aud, "azp": "other" }));
        assert_eq!(error, IdTokenError::AuthorizedParty { seen: "other".to_owned(), expected: "app".to_owned() });
    }
    assert_eq!(refused(json!({ "azp": ["app"] })), IdTokenError::Missing("azp"));
}

#[test]
fn expiry() {
    accepted(json!({ "exp": NOW + 1 }));
    accepted(json!({ "exp": NOW - 59 }));
    accepted(json!({ "exp": 1_000_300.75 }));
    assert_eq!(refused(json!({ "exp": NOW - 60 })), IdTokenError::Expired { ago_s: 60, skew_s: 60 });
    assert!(matches!(refused(json!({ "exp": 0 })), IdTokenError::Expired { .. }));
    for exp in [json!(null), json!("1000300"), json!(-1), json!(1e300), json!(i64::MAX), json!(u64::MAX), json!([NOW])]
    {
        assert_eq!(refused(json!({ "exp": exp })), IdTokenError::Missing("exp"), "{exp}");
    }
}

#[test]
fn issued_at() {
    accepted(json!({ "iat": NOW + 60 }));
    accepted(json!({ "iat": NOW - 660 }));
    assert_eq!(refused(json!({ "iat": NOW + 61 })), IdTokenError::IssuedInFuture { ahead_s: 61 });
    assert_eq!(refused(json!({ "iat": NOW - 661 })), IdTokenError::TooOld { age_s: 661, max_s: 600 });
    assert_eq!(refused(json!({ "iat": null })), IdTokenError::Missing("iat"));
    let old = with(json!({ "iat": NOW - 100_000 }));
    assert!(check_id_token(&old, &IdTokenChecks { max_token_age_s: None, ..checks() }).is_ok());
}

#[test]
fn not_before() {
    accepted(json!({ "nbf": NOW + 60 }));
    assert_eq!(refused(json!({ "nbf": NOW + 61 })), IdTokenError::NotYet { ahead_s: 61 });
    assert_eq!(refused(json!({ "nbf": "soon" })), IdTokenError::Missing("nbf"));
}

#[test]
fn nonce() {
    assert_eq!(refused(json!({ "nonce": null })), IdTokenError::NoNonce);
    assert_eq!(refused(json!({ "nonce": 5 })), IdTokenError::NoNonce);
    for nonce in ["", "n-0S6_WzA2M", "n-0S6_WzA2Mj ", "N-0S6_WzA2Mj"] {
        let error = refused(json!({ "nonce": nonce }));
        assert_eq!(error, IdTokenError::Nonce);
        assert!(!error.to_string().contains("0S6"), "the nonce is not shown");
    }
}

#[test]
fn subject() {
    for sub in [json!(null), json!(7), json!(["sub-1"])] {
        assert_eq!(refused(json!({ "sub": sub })), IdTokenError::Missing("sub"));
    }
    accepted(json!({ "sub": "x".repeat(255) }));
    for sub in ["", "a\u{0}b", "a\nb", &"x".repeat(256)] {
        assert_eq!(refused(json!({ "sub": sub })), IdTokenError::Subject, "{sub:?}");
    }
}

#[test]
fn auth_time_with_max_age() {
    let outcome = |max_age_s, changes| {
        check_id_token(&with(changes), &IdTokenChecks { max_age_s: Some(max_age_s), ..checks() })
            .map(|read| read.auth_time_s)
    };
    assert_eq!(outcome(300, json!({ "auth_time": NOW - 360 })), Ok(Some(NOW - 360)));
    assert_eq!(
        outcome(300, json!({ "auth_time": NOW - 361 })),
        Err(IdTokenError::AuthTooOld { age_s: 361, max_s: 300 })
    );
    assert_eq!(outcome(0, json!({ "auth_time": NOW - 61 })), Err(IdTokenError::AuthTooOld { age_s: 61, max_s: 0 }));
    assert_eq!(outcome(300, json!({ "auth_time": NOW + 61 })), Err(IdTokenError::AuthInFuture { ahead_s: 61 }));
    assert_eq!(outcome(300, json!({})), Err(IdTokenError::NoAuthTime));
    assert_eq!(outcome(300, json!({ "auth_time": "x" })), Err(IdTokenError::Missing("auth_time")));
}

#[test]
fn at_hash() {
    let outcome = |computed, changes| check_id_token(&with(changes), &IdTokenChecks { at_hash: computed, ..checks() });
    let own = Some("77QmUPtjPfzWtF2AnpK9RQ");
    assert!(outcome(own, json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" })).is_ok());
    assert!(outcome(own, json!({})).is_ok());
    assert!(outcome(None, json!({ "at_hash": "other" })).is_ok(), "no access token came along");
    for seen in [json!("other"), json!(""), json!(7), json!([])] {
        assert_eq!(outcome(own, json!({ "at_hash": seen })), Err(IdTokenError::AtHash));
    }
}

#[test]
fn entra_is_named_by_tenant_and_object() {
    let tid = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let rule = IssuerRule::from_metadata("https://login.microsoftonline.com/{tenantid}/v2.0");
    let iss = format!("https://login.microsoftonline.com/{tid}/v2.0");
    let checks = IdTokenChecks { issuer: &rule, subject: SubjectRule::TidOid, ..checks() };
    let outcome = |changes| check_id_token(&with(changes), &checks);
    let read = outcome(json!({ "iss": iss, "tid": tid, "oid": "o-1" })).unwrap();
    assert_eq!((read.issuer.as_str(), read.subject), (iss.as_str(), format!("{tid}:o-1")));
    let other_tenant = json!({ "iss": iss, "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47", "oid": "o-1" });
    assert!(matches!(outcome(other_tenant), Err(IdTokenError::Issuer { .. })), "tid and iss disagree");
    assert!(matches!(outcome(json!({ "iss": iss, "oid": "o-1" })), Err(IdTokenError::Issuer { .. })), "no tid");
    assert_eq!(outcome(json!({ "iss": iss, "tid": tid })), Err(IdTokenError::MissingOid));
    assert_eq!(
        outcome(json!({ "iss": iss, "tid": tid, "oid": "a:b" })),
        Err(IdTokenError::Subject),
        "halves stay apart"
    );
    assert!(
        outcome(json!({ "iss": "https://login.microsoftonline.com/{tenantid}/v2.0", "tid": tid, "oid": "o" })).is_err()
    );
}
