//! What an administrator pastes.

use muster_oauth::discovery::well_known_url;

#[test]
fn the_issuer_or_the_metadata_address() {
    for pasted in [
        "https://id.example.com/o/acme",
        "https://id.example.com/o/acme/",
        " https://id.example.com/o/acme \n",
        "https://id.example.com/o/acme/.well-known/openid-configuration",
        "https://id.example.com/o/acme/.well-known/openid-configuration/",
    ] {
        let read = well_known_url(pasted).unwrap();
        assert_eq!(read.issuer, "https://id.example.com/o/acme", "{pasted}");
        assert_eq!(read.metadata_url, "https://id.example.com/o/acme/.well-known/openid-configuration", "{pasted}");
    }
    let root = well_known_url("https://accounts.google.com").unwrap();
    assert_eq!(root.metadata_url, "https://accounts.google.com/.well-known/openid-configuration");
    let b2c = "https://t.b2clogin.com/t/v2.0/.well-known/openid-configuration?p=B2C_1";
    assert_eq!(well_known_url(b2c).unwrap().metadata_url, b2c);
}

#[test]
fn what_is_no_issuer() {
    for pasted in [
        "",
        "id.example.com",
        "ftp://id.example.com",
        "javascript:alert(1)",
        "https:id.example.com",
        "https://",
        "/o/acme",
        "https://user@id.example.com",
        "https://u:p@id.example.com",
        "https://id.example.com/#x",
        "https://id.example.com/a b",
        "https://id.example.com\\x",
        &format!("https://id.example.com/{}", "x".repeat(3000)),
    ] {
        assert!(well_known_url(pasted).is_err(), "{pasted}");
    }
}
