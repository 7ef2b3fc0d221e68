//! What a client may say of itself.

use muster_oauth::ErrorCode::{InvalidClientMetadata, UnapprovedSoftwareStatement};
use muster_oauth::registration::Registration;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::code;

fn read(document: Value) -> Result<Registration, muster_oauth::Error> {
    Registration::read(document.as_object().unwrap().clone())
}

#[test]
fn rfc7591_2_names_and_defaults() {
    let registration =
        read(json!({"client_name": "App", "redirect_uris": ["https://a.example/"], "jwks_uri": "https://a.example/k"}))
            .unwrap();
    assert_eq!(registration.client_name, "App");
    assert_eq!(registration.settings["redirectUris"], json!(["https://a.example/"]));
    assert_eq!(registration.settings["jwksUri"], "https://a.example/k");
    assert_eq!(registration.settings["tokenEndpointAuthMethod"], "client_secret_basic");
    assert_eq!(registration.settings["grantTypes"], json!(["authorization_code"]));
    let shown = Registration::shown("App", &registration.settings);
    assert_eq!((&shown["jwks_uri"], &shown["client_name"]), (&json!("https://a.example/k"), &json!("App")));
    assert!(!shown.contains_key("jwksUri"));
}

#[test]
fn rfc7591_3_2_2_faults() {
    assert_eq!(code(read(json!({"software_statement": "x.y.z"}))), UnapprovedSoftwareStatement);
    for document in [
        json!({"client_name": 1}),
        json!({"client_name": "a\u{0}b"}),
        json!({"client_name": "x".repeat(256)}),
        json!({"response_types": ["token"]}),
        json!({"response_types": "code"}),
        json!({"response_types": [1]}),
        json!({"grant_types": ["password"]}),
        json!({"grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"]}),
    ] {
        assert_eq!(code(read(document.clone())), InvalidClientMetadata, "{document}");
    }
}

#[test]
fn rfc7592_2_2_what_it_leaves_out_is_gone_and_what_it_cannot_say_stays() {
    let base = json!({"redirectUris": ["https://old.example/"], "jwksUri": "https://old.example/k", "constantClaims": [1], "consent": "required"});
    let registration = read(json!({"redirect_uris": ["https://new.example/"], "consent": "trusted"})).unwrap();
    let after = registration.over(base.as_object().unwrap().clone());
    assert_eq!(after["redirectUris"], json!(["https://new.example/"]));
    assert!(!after.contains_key("jwksUri"));
    assert_eq!((&after["constantClaims"], &after["consent"]), (&json!([1]), &json!("required")));
}

proptest! {
    /// Dynamic registration escalation: whatever a client sends, nothing that is not its own to say gets in.
    #[test]
    fn any_member(name in "[a-zA-Z_]{1,20}", value in any::<String>()) {
        let registration = Registration::read(Map::from_iter([(name.clone(), Value::from(value))]));
        if let Ok(registration) = registration {
            let said: Vec<&String> = registration.settings.keys().collect();
            let known = ["tokenEndpointAuthMethod", "grantTypes"];
            prop_assert!(said.iter().all(|own| known.contains(&own.as_str())), "{name} became {said:?}");
        }
    }
}
