//! Identity providers: secrets are written only, redirect URIs stay, what cannot be reached is made all the same.

use serde_json::{Value, json};

use crate::harness::ask::{each, id};

fn body(name: &str, url: &str) -> Value {
    json!({"name": name, "oidc": {"clientId": "client", "clientSecret": "hush", "url": url}, "type": "OIDC"})
}

/// A certificate of nobody's.
const CERTIFICATE: &str = include_str!("saml_certificate.txt");

fn saml() -> Value {
    json!({"entityId": "https://idp.example/saml", "ssoUrl": "https://idp.example/sso?t=1", "certificates": [CERTIFICATE]})
}

fn with(name: &str, value: Value) -> Value {
    let mut saml = saml();
    saml[name] = value;
    saml
}

fn metadata(entity_id: &str) -> String {
    let certificate: String = CERTIFICATE.lines().filter(|line| !line.starts_with('-')).collect();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity_id}\">\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://idp.example/post\"/>\
         </md:IDPSSODescriptor></md:EntityDescriptor>"
    )
}

both! {
    async fn a_provider_that_speaks_saml_is_made_from_its_metadata(t) {
        let ask = json!({"type": "SAML", "metadata": metadata("urn:idp")});
        let found = t.post("/api/v2/identity-providers/discover", ask).ok().await;
        assert_eq!((&found["saml"]["entityId"], &found["saml"]["ssoBinding"]), (&json!("urn:idp"), &json!("HTTP-POST")));
        let place = format!("https://id.example.test/o/acme/federation/{}/saml", id(&found));
        let ours = json!({"entityId": format!("{place}/metadata"), "acsUrl": format!("{place}/acs"), "metadataUrl": format!("{place}/metadata")});
        assert_eq!((&found["serviceProvider"], &found["redirectUri"]), (&ours, &json!(format!("{place}/acs"))));
        let first = json!({"id": found["id"], "name": "Corp", "type": "SAML", "samlMetadata": metadata("urn:idp"), "saml": {"nameIdFormat": "x"}});
        let made = t.post("/api/v2/identity-providers", first).expect(201).await.body;
        let saml = &made["saml"];
        assert_eq!((&made["id"], &saml["serviceProvider"], &saml["nameIdFormat"]), (&found["id"], &ours, &json!("x")));
        assert_eq!((&saml["ssoUrl"], &saml["signRequests"]), (&json!("https://idp.example/post"), &json!(true)));
        let facts = &saml["certificateDetails"][0];
        assert!(facts["fingerprint"].as_str().is_some_and(|text| text.len() == 64) && facts["notAfter"].is_string(), "{facts}");
        assert!(!made.to_string().contains("EntityDescriptor"));
        // Left out, what is entered stays; given, it is replaced as a whole.
        let path = format!("/api/v2/identity-providers/{}", id(&made));
        let renamed = t.put(&path, json!({"name": "Corporation", "type": "SAML"})).ok().await;
        assert_eq!(renamed["saml"], *saml);
        let moved = t.put(&path, json!({"name": "Corporation", "type": "SAML", "saml": with("ssoUrl", json!("https://idp.example/other"))})).ok().await;
        assert_eq!((&moved["saml"]["ssoUrl"], &moved["saml"]["nameIdFormat"]), (&json!("https://idp.example/other"), &json!("")));
        // Of a kind that does not speak it, nothing of it is left.
        let oidc = t.put(&path, body("Corporation", "https://a.example")).ok().await;
        assert!(oidc.get("saml").is_none());
        // A metadata document that cannot be used tells why, and the addresses to register all the same.
        let wrong = t.post("/api/v2/identity-providers/discover", json!({"type": "SAML", "metadata": ""})).ok().await;
        assert!(wrong["problems"][0].is_string() && wrong["saml"].is_null() && wrong["serviceProvider"]["acsUrl"].is_string());
    }

    async fn a_provider_is_made_from_the_seeds_body(t) {
        t.probe.reachable(true);
        let made = t.post("/api/v2/identity-providers", body("Primary", "https://oauth.example")).expect(201).await;
        assert!(!String::from_utf8_lossy(&made.bytes).contains("hush"));
        let made = made.body;
        assert_eq!(made["oidc"], json!({"clientId": "client", "clientSecret": "", "url": "https://oauth.example"}));
        assert_eq!(made["redirectUri"], "https://id.example.test/oauth/callback");
        assert_eq!((&made["enabled"], &made["check"]["state"]), (&json!(true), &json!("ok")));
        assert_eq!(made["match"], json!({"claim": "email", "attribute": "email"}));
        let path = format!("/api/v2/identity-providers/{}", id(&made));
        assert_eq!(t.get(&path).ok().await, made);
        let list = t.get("/api/v2/identity-providers").expect(200).await;
        assert_eq!((each(&list.body["identityProviders"], "name"), &list.body["totalCount"]), (vec!["Primary"], &json!(1)));
        // Several, unlike JumpCloud; but not two of one name.
        t.post("/api/v2/identity-providers", body("Second", "https://two.example")).expect(201).await;
        t.post("/api/v2/identity-providers", body("primary", "https://three.example")).expect(409).await;
        assert_eq!(id(&t.delete(&path).expect(200).await.body), id(&made));
        t.get(&path).expect(404).await;
    }

    async fn one_that_cannot_be_reached_has_a_callback_of_its_own(t) {
        let made = t.post("/api/v2/identity-providers", body("Far", "https://far.example")).expect(201).await.body;
        assert_eq!(made["redirectUri"], json!(format!("https://id.example.test/oauth/callback/{}", id(&made))));
        assert_eq!(made["check"]["state"], "failing");
        t.probe.reachable(true);
        let path = format!("/api/v2/identity-providers/{}", id(&made));
        assert_eq!(t.ask("POST", &format!("{path}/check")).key(&t.acme.key).ok().await["state"], "ok");
        // What was registered there stays while the address does.
        let mut again = made.clone();
        again["name"] = json!("Farther");
        again["type"] = json!("OKTA");
        let kept = t.put(&path, again).ok().await;
        assert_eq!((&kept["redirectUri"], &kept["type"]), (&made["redirectUri"], &json!("OKTA")));
        let moved = t.put(&path, body("Farther", "https://near.example")).ok().await;
        assert_eq!(moved["redirectUri"], "https://id.example.test/oauth/callback");
    }

    async fn the_secret_stays_unless_a_new_one_comes(t) {
        t.probe.reachable(true);
        let made = t.post("/api/v2/identity-providers", body("Primary", "https://oauth.example")).ok().await;
        let path = format!("/api/v2/identity-providers/{}", id(&made));
        let kept = async || {
            let id = id(&made).parse().unwrap();
            let secret = muster_directory::identity_provider::store::client_secret(&t.d, t.acme.id, id).await.unwrap();
            secret.unwrap().expose().to_owned()
        };
        let jit = json!({"enabled": true, "domains": ["acme.example"]});
        let mut with_jit = made.clone();
        with_jit["jit"] = jit.clone();
        t.put(&path, with_jit).ok().await;
        assert_eq!(kept().await, "hush", "an empty secret keeps the old one");
        let replaced = t.put(&path, json!({"name": "P", "type": "OIDC", "oidc": {"clientId": "c", "clientSecret": "new", "url": "https://oauth.example"}})).ok().await;
        assert_eq!((kept().await.as_str(), &replaced["jit"]), ("new", &jit));
    }

    async fn discovery_shows_the_redirect_uri_before_the_provider_exists(t) {
        t.probe.reachable(false);
        let found = t.post("/api/v2/identity-providers/discover", json!({"url": "https://far.example", "type": "OKTA"})).ok().await;
        assert_eq!((&found["issParameter"], &found["problems"]), (&json!(false), &json!([])));
        let mut body = body("Far", "https://far.example");
        body["id"] = found["id"].clone();
        let made = t.post("/api/v2/identity-providers", body.clone()).expect(201).await.body;
        assert_eq!((&made["id"], &made["redirectUri"]), (&found["id"], &found["redirectUri"]));
        body["name"] = json!("Again");
        t.post("/api/v2/identity-providers", body).expect(409).await;
        let asked = t.probe.asked.lock().unwrap().len();
        for url in ["", "far", "ftp://far.example", "http://far.example", "https://a:b@far.example"] {
            let wrong = json!({"url": url, "type": "OIDC"});
            assert_eq!(t.post("/api/v2/identity-providers/discover", wrong).fields().await, ["url"]);
        }
        assert_eq!(t.probe.asked.lock().unwrap().len(), asked, "a wrong address is not asked");
        let wrong = json!({"url": "https://a.example", "type": "OIDC", "id": "x"});
        assert_eq!(t.post("/api/v2/identity-providers/discover", wrong).fields().await, ["id"]);
    }

    async fn a_wrong_provider_is_refused_by_field(t) {
        for (body, field) in [
            (json!({"type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}}), "name"),
            (json!({"name": "x", "type": "LDAP", "oidc": {"clientId": "c", "url": "https://a.example"}}), "type"),
            (json!({"name": "x", "type": "SAML", "oidc": {"clientId": "c", "url": "https://a.example"}}), "saml"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}, "saml": saml()}), "saml"),
            (json!({"name": "x", "type": "SAML", "samlMetadata": "<x/>"}), "samlMetadata"),
            (json!({"name": "x", "type": "SAML", "saml": with("entityId", json!(""))}), "saml.entityId"),
            (json!({"name": "x", "type": "SAML", "saml": with("ssoUrl", json!("http://a.example/sso"))}), "saml.ssoUrl"),
            (json!({"name": "x", "type": "SAML", "saml": with("ssoUrl", json!("javascript:alert(1)"))}), "saml.ssoUrl"),
            (json!({"name": "x", "type": "SAML", "saml": with("certificates", json!([]))}), "saml.certificates"),
            (json!({"name": "x", "type": "SAML", "saml": with("certificates", json!(["MIIB"]))}), "saml.certificates[0]"),
            (json!({"name": "x", "type": "SAML", "saml": with("ssoBinding", json!("SOAP"))}), "saml.ssoBinding"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "", "url": "https://a.example"}}), "oidc.clientId"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "http://a.example"}}), "oidc.url"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}, "match": {"claim": "email", "attribute": "displayname"}}), "match.attribute"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}, "jit": {"enabled": true}}), "jit.domains"),
            (json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}, "id": "x"}), "id"),
        ] {
            assert_eq!(t.post("/api/v2/identity-providers", body.clone()).fields().await, [field], "{body}");
        }
    }

    async fn what_else_is_agreed_is_written_and_kept(t) {
        t.probe.reachable(true);
        let made = t.post("/api/v2/identity-providers", body("Primary", "https://oauth.example")).ok().await;
        let path = format!("/api/v2/identity-providers/{}", id(&made));
        let nothing = json!({
            "tokenEndpointAuth": "client_secret", "trustAuthenticationContext": false, "requireEncryptedIdToken": false,
        });
        assert_eq!(made["options"], nothing);
        let place = "https://id.example.test/o/acme/federation";
        assert_eq!(made["jwksUri"], json!(format!("{place}/jwks.json")));
        assert_eq!(made["backchannelLogoutUri"], json!(format!("{place}/{}/backchannel-logout", id(&made))));
        assert_eq!(made["frontchannelLogoutUri"], json!(format!("{place}/{}/frontchannel-logout", id(&made))));
        let mut other = body("Primary", "https://oauth.example");
        other["options"] = json!({"tokenEndpointAuth": "private_key_jwt", "trustAuthenticationContext": true});
        let changed = t.put(&path, other).ok().await;
        assert_eq!(changed["options"]["tokenEndpointAuth"], "private_key_jwt");
        let kept = t.put(&path, body("Renamed", "https://oauth.example")).ok().await;
        assert_eq!(kept["options"], changed["options"], "left out, it stays");
        let mut wrong = body("Primary", "https://oauth.example");
        wrong["options"] = json!({"tokenEndpointAuth": "password"});
        t.put(&path, wrong).expect(400).await;
    }
}
