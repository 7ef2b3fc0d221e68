//! Responses written and read back, and each check by itself.

use super::*;
use muster_saml::{Code, Detail};

#[test]
fn what_is_written_is_read_back_whichever_part_is_signed() {
    for (sign_assertion, sign_response) in [(true, false), (false, true), (true, true), (false, false)] {
        let accepted = accept(&response(sign_assertion, sign_response)).unwrap();
        assert_eq!(accepted.id, "_r1");
        let signed_in = accepted.signed_in;
        assert_eq!(signed_in.name_id, NameId::new("zoe@example.com", NameIdFormat::EmailAddress));
        assert_eq!(signed_in.assertion_id, "_a1");
        assert_eq!(signed_in.usable_until_s, NOW_S + 360);
        assert_eq!(signed_in.session_index.as_deref(), Some("_s1"));
        assert_eq!(signed_in.authn_instant_s, Some(NOW_S - 30));
        assert_eq!(signed_in.session_not_on_or_after_s, Some(NOW_S + 3600));
        assert_eq!(signed_in.class_ref.as_deref(), Some(class_ref::PASSWORD_PROTECTED_TRANSPORT));
        let mut wanted = attributes();
        // White space around a value is not part of it; a carriage return inside is.
        wanted[1].values[0] = "<b>\"Zoë\"</b>\t\r\n😀".into();
        assert_eq!(signed_in.attributes, wanted);
    }
}

#[test]
fn an_answer_is_never_sent_without_a_signature() {
    assert!(response(false, false).contains("<ds:Signature "));
    let failed = OutgoingResponse {
        header: header(),
        in_response_to: None,
        status: Status::failure(Code::Responder, Detail::AuthnFailed).with_message("<no> & no"),
        assertion: None,
    };
    let security = Security { signer: &RSA.signer(), sign_assertion: true, sign_response: false, encrypt: None };
    let xml = write(&failed, &security).unwrap();
    assert!(xml.contains("<ds:Signature ") && xml.contains("&lt;no&gt; &amp; no"));
    assert_eq!(accept(&xml).unwrap_err(), Refusal::Status(failed.status));
}

#[test]
fn what_is_addressed_to_somebody_else_is_refused() {
    let xml = response(true, true);
    let with = |change: &dyn Fn(&mut Addressee<'static>)| {
        let mut expected = expected();
        change(&mut expected.addressee);
        read(&received(&xml), &expected)
    };
    assert!(with(&|_| {}).is_ok());
    assert_eq!(with(&|to| to.audience = "https://other.example").unwrap_err(), Refusal::Audience);
    assert!(matches!(with(&|to| to.issuer = "https://other.example").unwrap_err(), Refusal::Issuer(_)));
    assert!(matches!(with(&|to| to.recipient = "https://sp.example.com/other").unwrap_err(), Refusal::Destination(_)));
    assert_eq!(with(&|to| to.in_response_to = Some("_q2")).unwrap_err(), Refusal::InResponseTo);
    assert_eq!(with(&|to| to.in_response_to = None).unwrap_err(), Refusal::InResponseTo);
}

#[test]
fn times_count_with_the_skew() {
    let xml = response(true, false);
    let at = |now_s| {
        let mut expected = expected();
        expected.addressee.now_s = now_s;
        read(&received(&xml), &expected)
    };
    assert!(at(NOW_S + 359).is_ok());
    assert_eq!(at(NOW_S + 360).unwrap_err(), Refusal::Expired("Conditions"));
    assert!(at(NOW_S - 60).is_ok());
    assert_eq!(at(NOW_S - 61).unwrap_err(), Refusal::NotYet("IssueInstant"));
}

#[test]
fn a_sign_in_that_was_not_asked_for_has_no_request() {
    let attributes = attributes();
    let response = OutgoingResponse {
        header: header(),
        in_response_to: None,
        status: Status::success(),
        assertion: Some(assertion(&attributes)),
    };
    let security = Security { signer: &RSA.signer(), sign_assertion: true, sign_response: false, encrypt: None };
    let xml = write(&response, &security).unwrap();
    assert!(!xml.contains("InResponseTo"));
    assert_eq!(accept(&xml).unwrap_err(), Refusal::InResponseTo);
    let mut unasked = expected();
    unasked.addressee.in_response_to = None;
    assert!(read(&received(&xml), &unasked).is_ok());
}

#[test]
fn a_name_that_xml_cannot_carry_is_an_error_and_not_another_name() {
    let mut response = OutgoingResponse {
        header: header(),
        in_response_to: None,
        status: Status::success(),
        assertion: Some(assertion(&[])),
    };
    response.assertion.as_mut().unwrap().name_id.value = "zo\u{1}e".into();
    let security = Security { signer: &RSA.signer(), sign_assertion: true, sign_response: false, encrypt: None };
    let error = write(&response, &security).unwrap_err();
    assert_eq!(error.to_string(), "the value of NameID has the character U+0001, which XML cannot carry");
}

#[test]
fn every_kind_of_key_signs_what_is_accepted() {
    for party in [&*RSA, &*P256, &*P384] {
        let keys = [OTHER.public(), party.public()];
        let xml = response_by(party, true, true, None);
        let with = Expected { trust: Trust { keys: &keys, allow_sha1: false }, ..expected() };
        assert_eq!(read(&received(&xml), &with).unwrap().key, 1);
    }
}

#[test]
fn an_identifier_that_would_need_an_escape_is_not_signed() {
    for id in ["", "1a", "a\"b", "a b", "é"] {
        let mut response =
            OutgoingResponse { header: header(), in_response_to: None, status: Status::success(), assertion: None };
        response.header.id = id.into();
        let security = Security { signer: &RSA.signer(), sign_assertion: true, sign_response: true, encrypt: None };
        assert_eq!(write(&response, &security).unwrap_err(), muster_saml::MessageError::Id, "{id:?}");
    }
}
