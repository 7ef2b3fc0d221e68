//! Metadata, ours and the field's.

use super::*;
use muster_saml::binding::Binding;
use muster_saml::metadata::{
    AcsEndpoint, Endpoint, IdpDescription, MetadataError, SpDescription, read, write_idp, write_sp,
};

fn endpoint(binding: Binding, location: &str) -> Endpoint {
    Endpoint { binding, location: location.into(), response_location: None }
}

#[test]
fn an_identity_provider_is_read_back_with_both_certificates() {
    let sso = [
        endpoint(Binding::Redirect, "https://idp.example.com/sso?a=1&b=2"),
        endpoint(Binding::Post, "https://idp.example.com/sso"),
    ];
    let logout = [endpoint(Binding::Redirect, "https://idp.example.com/slo")];
    let xml = write_idp(&IdpDescription {
        entity_id: IDP,
        certificates: &[&RSA.certificate, &OTHER.certificate],
        sso: &sso,
        logout: &logout,
        name_id_formats: &[NameIdFormat::EmailAddress, NameIdFormat::Persistent],
        wants_requests_signed: true,
        valid_until_s: Some(NOW_S),
    })
    .unwrap();
    let entity = read(xml.as_bytes(), None).unwrap();
    assert_eq!(entity.entity_id, IDP);
    assert_eq!(entity.valid_until_s, Some(NOW_S));
    let idp = entity.idp.unwrap();
    assert_eq!(idp.sso, sso);
    assert_eq!(idp.logout, logout);
    assert_eq!(idp.certificates.signing, [RSA.certificate.clone(), OTHER.certificate.clone()]);
    assert!(idp.certificates.encryption.is_empty());
    assert_eq!(idp.name_id_formats, [NameIdFormat::EmailAddress.uri(), NameIdFormat::Persistent.uri()]);
    assert!(idp.wants_requests_signed);
    assert!(entity.sp.is_none());
}

#[test]
fn a_service_provider_is_read_back() {
    let acs = [
        AcsEndpoint { location: "https://sp.example.com/old".into(), index: 0, is_default: false },
        AcsEndpoint { location: ACS.into(), index: 7, is_default: true },
    ];
    let xml = write_sp(&SpDescription {
        entity_id: SP,
        signing: &[&RSA.certificate],
        encryption: &[&OTHER.certificate],
        acs: &acs,
        logout: &[endpoint(Binding::Post, "https://sp.example.com/slo")],
        name_id_formats: &[NameIdFormat::Unspecified],
        signs_requests: true,
    })
    .unwrap();
    let sp = read(xml.as_bytes(), Some(SP)).unwrap().sp.unwrap();
    assert_eq!(sp.acs, acs);
    assert_eq!(sp.default_acs().unwrap().location, ACS);
    assert_eq!(sp.certificates.signing, std::slice::from_ref(&RSA.certificate));
    assert_eq!(sp.certificates.encryption, std::slice::from_ref(&OTHER.certificate));
    assert!(sp.signs_requests && sp.wants_assertions_signed);
}

/// As the field writes it: another prefix, comments, a key without a use, bindings that are not spoken.
fn fields() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- by hand -->\r\n\
         <EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{SP}\">\r\n\
         <SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol \
         urn:oasis:names:tc:SAML:2.0:protocol\"><Extensions><DisplayName xmlns=\"urn:oasis:names:tc:SAML:metadata:ui\" \
         xml:lang=\"en\">Profit &amp; co</DisplayName></Extensions>\
         <KeyDescriptor><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>\r\n{}\r\n\
         </X509Certificate></X509Data></KeyInfo></KeyDescriptor>\
         <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" \
         Location=\"https://sp.example.com/artifact\" index=\"0\" isDefault=\"true\"/>\
         <AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{ACS}\" \
         index=\"1\"/><AttributeConsumingService index=\"0\"><RequestedAttribute Name=\"email\"/>\
         </AttributeConsumingService></SPSSODescriptor></EntityDescriptor>",
        RSA.certificate.to_base64()
    )
}

#[test]
fn what_the_field_writes_is_read() {
    let entity = read(fields().as_bytes(), None).unwrap();
    assert_eq!(entity.display_name.as_deref(), Some("Profit & co"));
    let sp = entity.sp.unwrap();
    assert_eq!(sp.acs, [AcsEndpoint { location: ACS.into(), index: 1, is_default: false }]);
    assert_eq!(sp.certificates.signing, sp.certificates.encryption);
    assert_eq!(sp.requested_attributes, ["email"]);
}

#[test]
fn an_address_that_runs_a_script_is_refused() {
    for location in ["javascript:alert(1)", "data:text/html,x", "/acs", "ftp://x/", "https://x.example/#a", "https:///"]
    {
        let xml = fields().replace(ACS, location);
        assert!(read(xml.as_bytes(), None).is_err(), "{location}");
    }
}

#[test]
fn out_of_a_collection_the_named_entity_is_taken() {
    let one = cut(&fields(), "<EntityDescriptor", "</EntityDescriptor>").to_owned();
    let two = one.replace(SP, "https://two.example");
    let all =
        format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{one}{two}</EntitiesDescriptor>");
    assert_eq!(read(all.as_bytes(), Some("https://two.example")).unwrap().entity_id, "https://two.example");
    assert_eq!(read(all.as_bytes(), None).unwrap_err(), MetadataError::Choice(2));
    assert_eq!(read(all.as_bytes(), Some("https://three.example")).unwrap_err(), MetadataError::Choice(0));
}

#[test]
fn what_is_missing_is_named() {
    let without_acs = fields().replace("bindings:HTTP-POST", "bindings:PAOS");
    let error = read(without_acs.as_bytes(), None).unwrap_err();
    assert!(error.to_string().contains("AssertionConsumerService"), "{error}");
    let old = fields().replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.0:protocol");
    assert_eq!(read(old.as_bytes(), None).unwrap_err(), MetadataError::Role);
    let broken = fields().replace(&RSA.certificate.to_base64()[..40], "AAAA");
    assert!(matches!(read(broken.as_bytes(), None).unwrap_err(), MetadataError::Certificate(_)));
    assert_eq!(read(b"<html/>", None).unwrap_err(), MetadataError::Root("html".into()));
}
