//! SAML applications: v2's settings and certificates, v1's `config` in JumpCloud's shape, metadata in both directions.

use muster_directory::event::{Detail, Event, Named, store};
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{each, id};

const SP_METADATA: &str = r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:sp"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example/acs" index="3" isDefault="true"/></SPSSODescriptor></EntityDescriptor>"#;

async fn app(t: &Test) -> String {
    let made =
        t.post("/api/applications", json!({"name": "saml2", "displayLabel": "Profit", "active": true})).ok().await;
    assert_eq!((&made["sso"]["type"], &made["displayName"]), (&json!("saml"), &json!("Custom SAML App")));
    id(&made)
}

/// The texts of the certificates in a metadata document.
fn certificates(xml: &str) -> Vec<String> {
    xml.split("<ds:X509Certificate>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

fn body(pem: &Value) -> String {
    pem.as_str().unwrap().lines().filter(|line| !line.starts_with("-----")).collect()
}

both! {
    async fn settings_are_replaced_and_what_the_provider_needs_is_told(t) {
        let app = app(t).await;
        let path = format!("/api/v2/applications/{app}/saml");
        let fresh = t.get(&path).ok().await;
        assert_eq!(fresh["ssoUrl"], format!("https://id.example.test/o/acme/saml/{app}/sso"));
        assert_eq!(fresh["settings"]["signatureAlgorithm"], "RSA-SHA256");
        let settings = json!({"spEntityId": "urn:sp", "acs": [{"url": "https://sp.example/acs"}], "idpEntityId": "muster"});
        let saved = t.put(&path, settings).ok().await;
        assert_eq!((&saved["entityId"], &saved["settings"]["signResponse"]), (&json!("muster"), &json!(false)));
        assert_eq!(t.put(&path, saved["settings"].clone()).ok().await, saved, "an answer can be sent back");
        for (settings, field) in [
            (json!({"acs": [{"url": "https://sp.example/acs"}]}), "saml.spEntityId"),
            (json!({"spEntityId": "urn:sp"}), "saml.acs"),
            (json!({"spEntityId": "urn:sp", "acs": [{"url": "javascript:alert(1)"}]}), "saml.acs[0].url"),
            (json!({"spEntityId": "urn:sp", "acs": [{"url": "https://a.example/"}], "spCertificates": ["x"]}), "saml.spCertificates[0]"),
            (json!({"spEntityId": "urn:sp", "acs": [{"url": "https://a.example/"}], "requireSignedRequests": true}), "saml.spCertificates"),
            (json!({"spEntityId": "urn:sp", "acs": [{"url": "https://a.example/"}], "signAssertion": false}), "saml.signAssertion"),
            // People match by what its owner cannot write.
            (json!({"spEntityId": "urn:sp", "acs": [{"url": "https://a.example/"}], "nameIdAttribute": "phoneNumbers"}), "saml.nameIdAttribute"),
        ] {
            assert_eq!(t.put(&path, settings.clone()).fields().await, [field], "{settings}");
        }
        let (oidc, _) = t.application("Wiki").await;
        t.get(&format!("/api/v2/applications/{oidc}/saml")).expect(404).await;
        let settings = json!({"spEntityId": "urn:sp", "acs": [{"url": "https://a.example/"}]});
        assert_eq!(t.put(&format!("/api/v2/applications/{oidc}/saml"), settings).fields().await, ["saml"]);
    }

    async fn what_happened_at_an_application_is_listed(t) {
        let (app, other) = (app(t).await, app(t).await);
        for (n, of) in [&app, &other, &app, &app].into_iter().enumerate() {
            let detail = Detail {
                success: true,
                summary: format!("number {n}"),
                application: Some(Named { id: of.clone(), name: "Profit".into() }),
                ..Detail::default()
            };
            let (org, at) = (Some(t.acme.id), t.clock.now());
            let event = Event { org, id: t.d.env().id(), at, kind: "sso_auth".into(), user: None, detail };
            store::record(&t.d, &event).await.unwrap();
            t.clock.advance_s(1);
        }
        let path = format!("/api/v2/applications/{app}/events");
        let first = t.get(&format!("{path}?limit=2")).ok().await;
        assert_eq!(each(&first["results"], "summary"), ["number 3", "number 2"]);
        let next = t.get(&format!("{path}?limit=2&cursor={}", first["cursor"].as_str().unwrap())).ok().await;
        assert_eq!((each(&next["results"], "summary"), &next["cursor"]), (vec!["number 0"], &Value::Null));
    }

    async fn the_provider_s_metadata_fills_the_settings_in(t) {
        let app = app(t).await;
        let path = format!("/api/v2/applications/{app}/saml/metadata");
        let taken = t.post(&path, json!({"metadata": SP_METADATA})).ok().await["settings"].clone();
        assert_eq!(taken["acs"], json!([{"url": "https://sp.example/acs", "index": 3, "isDefault": true}]));
        assert_eq!(taken["nameIdFormat"], "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>";
        for (body, field) in [
            (json!({"metadata": bomb}), "metadata"),
            (json!({"metadata": "<x/>"}), "metadata"),
            (json!({}), "metadata"),
            // SSRF: the guard of every outgoing request.
            (json!({"url": "http://169.254.169.254/latest"}), "url"),
            (json!({"url": "https://10.0.0.1/metadata"}), "url"),
        ] {
            assert_eq!(t.post(&path, body.clone()).fields().await, [field], "{body}");
        }
    }

    async fn the_v1_object_has_jumpclouds_config(t) {
        let config = json!({
            "idpEntityId": {"value": "muster", "label": "IdP Entity ID:", "type": "text", "position": 1},
            "spEntityId": {"value": "urn:profit-prod:profit-prod-sso-auth"},
            "acsUrl": {"value": "https://sp.example/acs"},
            "overrideNameIdFormat": {"value": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
            "databaseAttributes": {"value": [{"name": "username", "value": "email"}]},
            "constantAttributes": {"value": [{"name": "tier", "value": "gold"}]},
            "includeGroups": {"value": true}, "groupsAttributeName": {"value": "memberOf"},
        });
        let new = json!({"name": "saml2", "displayLabel": "Profit", "active": true, "ssoUrl": "https://sso.jumpcloud.com/saml2/profit", "config": config});
        let made = t.post("/api/applications", new).ok().await;
        let path = format!("/api/applications/{}", id(&made));
        let shown = t.get(&path).ok().await;
        assert_eq!(shown["config"]["acsUrl"]["value"], "https://sp.example/acs");
        assert_eq!(shown["config"]["databaseAttributes"]["value"], json!([{"name": "username", "value": "email"}]));
        assert_eq!(shown["config"]["idpPrivateKey"]["value"], "");
        assert_eq!(shown["ssoUrl"], format!("https://id.example.test/o/acme/saml/{}/sso", id(&made)));
        let again = t.put(&path, shown.clone()).ok().await;
        assert_eq!(again["config"]["groupsAttributeName"]["value"], "memberOf");
        assert_eq!(t.get(&path).ok().await, shown, "an answer can be sent back");
        let part = json!({"name": "saml2", "displayLabel": "Profit", "active": true, "config": {"signResponse": {"value": true}}});
        let after = t.put(&path, part).ok().await;
        assert_eq!((&after["config"]["signResponse"]["value"], &after["config"]["spEntityId"]["value"]), (&json!(true), &shown["config"]["spEntityId"]["value"]));
        let wrong = json!({"name": "saml2", "config": {"spEntityId": {"value": "urn:x"}, "acsUrl": {"value": "[{"}}});
        assert_eq!(t.post("/api/applications", wrong).fields().await, ["config.acsUrl"]);
        let signs_with = |name: &str| json!({"name": "saml2", "config": {"signatureAlgorithm": {"value": name}}});
        assert_eq!(t.put(&path, signs_with("RSA-MD5")).fields().await, ["config.signatureAlgorithm"]);
        let weak = t.put(&path, signs_with("RSA-SHA1")).ok().await;
        assert_eq!(weak["config"]["signatureAlgorithm"]["value"], "RSA-SHA1", "chosen, it is taken");
    }

    async fn certificates_are_brought_along_rolled_and_given_up(t) {
        let app = app(t).await;
        let path = format!("/api/v2/applications/{app}/saml");
        let metadata = format!("/api/organizations/{}/applications/{app}/metadata.xml", t.acme.id);
        let named = async || certificates(&String::from_utf8(t.get(&metadata).expect(200).await.bytes).unwrap());
        let of_org = body(&t.get(&path).ok().await["certificates"][0]["certificate"]);
        assert_eq!(named().await, std::slice::from_ref(&of_org));
        let other = t.post("/api/applications", json!({"name": "saml2"})).ok().await;
        // Another one, that signs in a week.
        let added = t.post(&format!("{path}/certificates"), json!({"signsAfterDays": 7})).ok().await["certificates"].clone();
        assert_eq!((&added[0]["own"], &added[0]["state"], &added[1]["own"], &added[1]["state"]), (&json!(false), &json!("active"), &json!(true), &json!("next")));
        let own = body(&added[1]["certificate"]);
        assert_eq!(named().await, [of_org.clone(), own.clone()], "the service provider has it before it signs");
        t.clock.advance_s(7 * 86_400);
        assert_eq!(named().await, std::slice::from_ref(&own));
        // Another application goes on with the organization's.
        let elsewhere = t.get(&format!("/api/v2/applications/{}/saml", id(&other))).ok().await;
        assert_eq!(body(&elsewhere["certificates"][0]["certificate"]), of_org);
        // The next roll keeps the present one for a while.
        let rolled = t.post(&format!("{path}/certificates"), json!({})).ok().await["certificates"].clone();
        assert_eq!((&rolled[0]["state"], &rolled[1]["state"]), (&json!("active"), &json!("retiring")));
        assert_eq!(body(&rolled[1]["certificate"]), own);
        for certificate in [&rolled[0], &rolled[1]] {
            t.delete(&format!("{path}/certificates/{}", id(certificate))).expect(200).await;
        }
        assert_eq!(named().await, [of_org]);
        t.delete(&format!("{path}/certificates/{}", id(&rolled[0]))).expect(404).await;
        for (body, field) in [
            (json!({"certificate": "x", "privateKey": "y"}), "certificate"),
            (json!({"certificate": "x"}), "privateKey"),
            (json!({"signsAfterDays": -1}), "signsAfterDays"),
            (json!({"signsAfterDays": 366}), "signsAfterDays"),
        ] {
            assert_eq!(t.post(&format!("{path}/certificates"), body).fields().await, [field]);
        }
    }
}
