//! Logout requests and responses.

use super::*;
use muster_saml::binding::{Proof, Sender, redirect};
use muster_saml::logout::{LogoutRequest, LogoutResponse, read_request, read_response, write_request, write_response};
use muster_saml::{Code, Detail};

fn sender() -> Sender<'static> {
    Sender { trust: trust(), require_signed: true }
}

fn request() -> LogoutRequest {
    LogoutRequest {
        header: header(),
        name_id: NameId {
            value: "zoe & <co>".into(),
            format: Some(NameIdFormat::Persistent.uri().into()),
            name_qualifier: Some(IDP.into()),
            sp_name_qualifier: Some(SP.into()),
        },
        session_indexes: vec!["_s1".into(), "_s2".into()],
        not_on_or_after_s: Some(NOW_S + 300),
    }
}

#[test]
fn a_request_is_read_back_by_both_bindings() {
    let xml = write_request(&request(), Some(&RSA.signer())).unwrap();
    let posted = Received::from_xml(MessageKind::Request, xml.as_bytes()).unwrap();
    assert_eq!(read_request(&posted, &sender()).unwrap().0, request());
    let xml = write_request(&request(), None).unwrap();
    let address =
        redirect("https://x.example/slo", MessageKind::Request, &xml, Some("s"), Some(&RSA.signer())).unwrap();
    let redirected = Received::from_query(address.split_once('?').unwrap().1).unwrap();
    let (read, proof) = read_request(&redirected, &sender()).unwrap();
    assert_eq!(read, request());
    assert!(matches!(proof, Proof::Signed { .. }));
    let unsigned = Received::from_xml(MessageKind::Request, xml.as_bytes()).unwrap();
    assert_eq!(read_request(&unsigned, &sender()).unwrap_err(), Refusal::Unsigned);
}

#[test]
fn a_response_is_read_back() {
    for status in
        [Status::success(), Status::failure(Code::Responder, Detail::PartialLogout).with_message("one of two")]
    {
        let response = LogoutResponse { header: header(), in_response_to: Some("_l1".into()), status };
        let xml = write_response(&response, Some(&RSA.signer())).unwrap();
        assert_eq!(read_response(&received(&xml), &sender()).unwrap().0, response);
    }
}

#[test]
fn a_name_that_is_cut_by_a_comment_ends_nobodys_session() {
    let xml = write_request(&request(), None).unwrap().replace("zoe &amp;", "zoe<!----> &amp;");
    let received = Received::from_xml(MessageKind::Request, xml.as_bytes()).unwrap();
    let lax = Sender { require_signed: false, ..sender() };
    assert!(matches!(read_request(&received, &lax).unwrap_err(), Refusal::Shape(_)));
}
