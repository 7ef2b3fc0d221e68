//! What is taken over from an accepted token; doubt about the e-mail never becomes trust.

use super::id_token::{checks, claims, with};
use muster_oauth::relying_party::{EmailVerified, IdentityClaims, UserinfoError, check_id_token};
use serde_json::{Value, json};

#[test]
fn unverified_email() {
    let read = |value: Value| EmailVerified::read(Some(&value));
    assert_eq!(read(json!(true)), EmailVerified::True);
    assert_eq!(read(json!(false)), EmailVerified::False);
    assert_eq!(EmailVerified::read(None), EmailVerified::Absent);
    assert_eq!(read(json!(null)), EmailVerified::Absent);
    for text in ["true", "True", "TRUE"] {
        assert_eq!(read(json!(text)), EmailVerified::Absent, "{text}");
    }
    for odd in [json!("false"), json!("False"), json!("no"), json!(""), json!(0), json!(1), json!([true]), json!({})] {
        assert_eq!(read(odd.clone()), EmailVerified::False, "{odd}");
    }
}

#[test]
fn claims_are_taken_over() {
    let given = with(json!({
        "email": "ana@example.com", "email_verified": true, "name": "Ana B", "given_name": "Ana", "family_name": "B",
        "preferred_username": "ana", "hd": "example.com", "tid": "t", "amr": ["pwd", "otp", 5], "acr": "mfa",
        "auth_time": 999_990, "groups": ["a"],
    }));
    let read = check_id_token(&given, &checks()).unwrap();
    assert_eq!((read.issuer.as_str(), read.subject.as_str()), ("https://id.example.com", "sub-1"));
    assert_eq!((read.email.as_deref(), read.email_verified), (Some("ana@example.com"), EmailVerified::True));
    assert_eq!(
        (read.name.as_deref(), read.given_name.as_deref(), read.family_name.as_deref()),
        (Some("Ana B"), Some("Ana"), Some("B"))
    );
    assert_eq!(
        (read.preferred_username.as_deref(), read.hd.as_deref(), read.tid.as_deref()),
        (Some("ana"), Some("example.com"), Some("t"))
    );
    assert_eq!(
        (read.amr.join(" "), read.acr.as_deref(), read.auth_time_s),
        ("pwd otp".to_owned(), Some("mfa"), Some(999_990))
    );
    assert_eq!(read.raw, given);
}

#[test]
fn texts_of_a_wrong_kind_count_as_absent() {
    let bare = check_id_token(&claims(), &checks()).unwrap();
    assert_eq!(
        (bare.email, bare.email_verified, bare.amr.len(), bare.auth_time_s),
        (None, EmailVerified::Absent, 0, None)
    );
    let odd = with(
        json!({ "email": ["ana@example.com"], "name": "", "hd": "x".repeat(2000), "acr": 1, "amr": "pwd", "auth_time": "x", "given_name": "a\u{0}b" }),
    );
    let read = check_id_token(&odd, &checks()).unwrap();
    assert_eq!(
        (read.email, read.name, read.hd, read.acr, read.auth_time_s, read.given_name),
        (None, None, None, None, None, None)
    );
    assert!(read.amr.is_empty());
}

fn completed(token: Value, userinfo: Value) -> Result<IdentityClaims, UserinfoError> {
    let Value::Object(userinfo) = userinfo else { panic!("an object") };
    check_id_token(&with(token), &checks()).unwrap().with_userinfo(&userinfo)
}

#[test]
fn userinfo_completes_what_the_token_does_not_say() {
    let read = completed(
        json!({ "name": "From Token" }),
        json!({ "sub": "sub-1", "email": "ana@example.com", "email_verified": true, "name": "From Userinfo", "employee": "7" }),
    )
    .unwrap();
    assert_eq!((read.email.as_deref(), read.email_verified), (Some("ana@example.com"), EmailVerified::True));
    assert_eq!((read.name.as_deref(), read.raw["employee"].as_str()), (Some("From Token"), Some("7")));
    assert_eq!((read.issuer.as_str(), read.subject.as_str()), ("https://id.example.com", "sub-1"));
}

#[test]
fn userinfo_of_somebody_else() {
    for other in
        [json!({}), json!({ "sub": "sub-2" }), json!({ "sub": "" }), json!({ "sub": 1 }), json!({ "sub": null })]
    {
        assert_eq!(completed(json!({}), other.clone()).unwrap_err(), UserinfoError, "{other}");
    }
}

#[test]
fn userinfo_never_speaks_for_the_token() {
    let said = json!({
        "sub": "sub-1", "iss": "https://evil.example.com", "tid": "evil", "oid": "evil", "aud": "x", "acr": "high", "amr": ["mfa"],
        "auth_time": 5,
    });
    let read = completed(json!({}), said).unwrap();
    assert_eq!((read.issuer.as_str(), read.tid, read.acr, read.amr.len()), ("https://id.example.com", None, None, 0));
    assert_eq!((read.raw["iss"].as_str(), read.raw.get("oid")), (Some("https://id.example.com"), None));
}

#[test]
fn unverified_email_stays_so_whatever_the_other_place_says() {
    let token = completed(
        json!({ "email": "ana@example.com" }),
        json!({ "sub": "sub-1", "email": "eve@example.com", "email_verified": true }),
    );
    let token = token.unwrap();
    assert_eq!((token.email.as_deref(), token.email_verified), (Some("ana@example.com"), EmailVerified::Absent));
    let userinfo = completed(json!({ "email_verified": true }), json!({ "sub": "sub-1", "email": "eve@example.com" }));
    assert_eq!(userinfo.unwrap().email_verified, EmailVerified::Absent);
}
