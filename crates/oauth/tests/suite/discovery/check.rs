//! Whether a foreign provider can be used.

use muster_oauth::discovery::{IssuerRule, Metadata, check};

fn metadata(issuer: &str) -> Metadata {
    let base = "https://id.example.com";
    Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: Some(format!("{base}/auth")),
        token_endpoint: Some(format!("{base}/token")),
        jwks_uri: Some(format!("{base}/jwks")),
        ..Metadata::default()
    }
}

fn fields(metadata: &Metadata, configured: &str) -> Vec<&'static str> {
    check(metadata, configured, false).unwrap_err().iter().map(|problem| problem.field).collect()
}

#[test]
fn the_issuer_is_the_configured_one_but_for_a_slash() {
    for (issuer, configured) in [
        ("https://id.example.com", "https://id.example.com"),
        ("https://id.example.com/", "https://id.example.com"),
        ("https://id.example.com", "https://id.example.com/"),
        ("https://id.example.com", "https://id.example.com/.well-known/openid-configuration"),
        ("https://id.example.com/o/a", "https://id.example.com/o/a/"),
    ] {
        assert_eq!(
            check(&metadata(issuer), configured, false),
            Ok(IssuerRule::Fixed(issuer.to_owned())),
            "as the document writes it"
        );
    }
    for issuer in [
        "https://id.example.com//",
        "https://evil.example",
        "https://id.example.com/o/b",
        "https://ID.example.com",
        "http://id.example.com",
        "",
        "x",
    ] {
        assert_eq!(fields(&metadata(issuer), "https://id.example.com"), ["issuer"], "{issuer}");
    }
    let problems = check(&metadata("https://evil.example"), "https://id.example.com", false).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "issuer: the document says https://evil.example, but https://id.example.com is configured: configure the address that the document says"
    );
}

#[test]
fn entras_template_is_entras_only() {
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    for name in ["common", "organizations"] {
        let configured = format!("https://login.microsoftonline.com/{name}/v2.0");
        assert_eq!(check(&metadata(template), &configured, false), Ok(IssuerRule::EntraTenant(template.to_owned())));
    }
    for configured in [
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        "https://login.microsoftonline.com/common",
        "https://id.example.com/common/v2.0",
    ] {
        assert_eq!(fields(&metadata(template), configured), ["issuer"], "{configured}");
    }
    assert_eq!(
        fields(&metadata("https://evil.example/{tenantid}/v2.0"), "https://evil.example/common/v2.0"),
        ["issuer"]
    );
    let stand_in = "http://127.0.0.1:4000/{tenantid}/v2.0";
    assert!(check(&metadata(stand_in), "http://127.0.0.1:4000/common/v2.0", true).is_ok(), "a stand-in in tests");
    assert!(check(&metadata(stand_in), "http://127.0.0.1:4000/common/v2.0", false).is_err());
    let v1 = check(&metadata("https://sts.windows.net/x/"), "https://login.microsoftonline.com/x", false).unwrap_err();
    assert!(v1[0].message.contains("TENANT-ID/v2.0"), "{}", v1[0].message);
}

#[test]
fn endpoints_are_there_and_https() {
    let empty = Metadata { issuer: "https://id.example.com".to_owned(), ..Metadata::default() };
    assert_eq!(fields(&empty, "https://id.example.com"), ["authorization_endpoint", "token_endpoint", "jwks_uri"]);
    for address in [
        "http://id.example.com/x",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "x",
        "https://u@id.example.com/x",
        "https://id.example.com/#x",
    ] {
        let bad = Metadata {
            authorization_endpoint: Some(address.to_owned()),
            userinfo_endpoint: Some(address.to_owned()),
            ..metadata("https://id.example.com")
        };
        assert_eq!(
            fields(&bad, "https://id.example.com"),
            ["authorization_endpoint", "userinfo_endpoint"],
            "{address}"
        );
    }
    let elsewhere = Metadata {
        token_endpoint: Some("https://oauth2.example.net/t".to_owned()),
        ..metadata("https://id.example.com")
    };
    assert!(check(&elsewhere, "https://id.example.com", false).is_ok(), "other hosts are usual");
}

#[test]
fn http_on_loopback_when_allowed() {
    let local = |host: &str| Metadata {
        issuer: format!("http://{host}/o/a"),
        authorization_endpoint: Some(format!("http://{host}/auth")),
        token_endpoint: Some(format!("http://{host}/token")),
        jwks_uri: Some(format!("http://{host}/jwks")),
        ..Metadata::default()
    };
    for host in ["127.0.0.1:8000", "[::1]:8000", "localhost:8000", "a.localhost:8000"] {
        assert!(check(&local(host), &format!("http://{host}/o/a"), true).is_ok(), "{host}");
        assert!(check(&local(host), &format!("http://{host}/o/a"), false).is_err(), "{host}");
    }
    for host in ["10.0.0.1", "id.example.com", "127.0.0.1.evil.example", "169.254.169.254"] {
        assert!(check(&local(host), &format!("http://{host}/o/a"), true).is_err(), "{host}");
    }
}

#[test]
fn what_it_offers_has_to_fit() {
    let list = |values: &[&str]| Some(values.iter().map(|value| (*value).to_owned()).collect());
    let good = Metadata {
        response_types_supported: list(&["id_token", "code"]),
        id_token_signing_alg_values_supported: list(&["HS256", "ES256"]),
        token_endpoint_auth_methods_supported: list(&["private_key_jwt", "client_secret_post"]),
        ..metadata("https://id.example.com")
    };
    assert!(check(&good, "https://id.example.com", false).is_ok());
    let bad = Metadata {
        response_types_supported: list(&["id_token"]),
        id_token_signing_alg_values_supported: list(&["HS256", "none"]),
        token_endpoint_auth_methods_supported: list(&["tls_client_auth"]),
        ..good
    };
    let expected =
        ["response_types_supported", "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported"];
    assert_eq!(fields(&bad, "https://id.example.com"), expected);
}
