//! Fixed and templated issuers.

use muster_oauth::discovery::IssuerRule;

const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

#[test]
fn fixed_is_letter_by_letter() {
    let rule = IssuerRule::from_metadata("https://id.example.com/");
    assert!(rule.is_single_tenant() && rule.accepts("https://id.example.com/", None));
    for iss in
        ["https://id.example.com", "https://ID.example.com/", "https://id.example.com//", "", "https://evil.example/"]
    {
        assert!(!rule.accepts(iss, Some(TENANT)), "{iss}");
    }
}

#[test]
fn the_template_takes_the_tokens_own_tenant() {
    let rule = IssuerRule::from_metadata(TEMPLATE);
    assert_eq!((rule.is_single_tenant(), rule.as_str()), (false, TEMPLATE));
    let iss = TEMPLATE.replace("{tenantid}", TENANT);
    assert!(rule.accepts(&iss, Some(TENANT)));
    assert!(!rule.accepts(&iss, None), "no tid");
    assert!(!rule.accepts(&iss, Some("72f988bf-86f1-41af-91ab-2d7cd011db47")), "another tid");
    assert!(!rule.accepts(TEMPLATE, Some("{tenantid}")));
    for tid in ["", "x", "../evil", "a/b", "9188040d6c674c5bb11236a304b66dad", "9188040d-6c67-4c5b-b112-36a304b66dag"] {
        assert!(!rule.accepts(&TEMPLATE.replace("{tenantid}", tid), Some(tid)), "{tid}");
    }
}
