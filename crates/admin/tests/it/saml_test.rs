//! The Test tab of SAML applications: the kept exchanges, and a request replayed for a person to the built-in service
//! provider. How exchanges come to be kept is `muster-samlidp`'s to test.

use muster_base::{Id, Secret};
use muster_directory::application::saml_metadata::Addresses;
use muster_directory::saml_message::{Content, Exchange, Outcome, Part, Purpose};
use muster_directory::saml_sso::Arrived;
use muster_directory::service_account::token;
use muster_directory::{change, saml_message};
use muster_saml::Header;
use muster_saml::authn_request::{OutgoingRequest, write};
use muster_saml::binding::{MessageKind, redirect};
use muster_saml::key::{KeyKind, SelfSigned, SigningKey, self_signed};
use muster_saml::signature::Signer;
use serde_json::{Value, json};

use crate::harness::ask::{each, id};
use crate::harness::{PUBLIC_URL, Test};

const ACS: &str = "https://sp.example/acs";

/// An application, and a person who may use it.
async fn app(t: &Test, more: Value) -> (String, String) {
    let app =
        id(&t.post("/api/applications", json!({"name": "saml2", "displayLabel": "Profit", "active": true})).ok().await);
    let mut settings =
        json!({"spEntityId": "urn:sp", "acs": [{"url": ACS}], "userAttributes": [{"name": "mail", "value": "email"}]});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    t.put(&format!("/api/v2/applications/{app}/saml"), settings).ok().await;
    let ana = t.person("ana").await;
    let edge = json!({"op": "add", "type": "user", "id": ana});
    t.post(&format!("/api/v2/applications/{app}/associations"), edge).expect(204).await;
    (app, ana)
}

/// A request as the service provider sends it now.
fn asks(t: &Test, app: &str, acs_url: &str, signer: Option<&Signer<'_>>) -> Arrived {
    let address = Addresses::new(&format!("{PUBLIC_URL}/o/acme"), app.parse().unwrap()).sso();
    let header = Header {
        id: "_q1".into(),
        issue_instant_s: t.clock.now().seconds(),
        destination: Some(address),
        issuer: "urn:sp".into(),
    };
    let request = OutgoingRequest {
        header,
        acs_url,
        force_authn: false,
        is_passive: false,
        name_id_format: None,
        authn_context: None,
    };
    let sent = redirect("", MessageKind::Request, &write(&request, None).unwrap(), Some("state"), signer).unwrap();
    Arrived::Redirect(sent.strip_prefix('?').unwrap().to_owned())
}

/// What the provider keeps of a request that it refused.
fn keep(t: &Test, app: &str, purpose: Purpose, arrived: &Arrived) -> Id {
    let content = Content {
        purpose,
        outcome: Outcome::Refused,
        summary: "Refused".into(),
        trace: Vec::new(),
        parts: Part::came(arrived).into_iter().collect(),
        by: None,
        came_at_s: None,
        claims: None,
    };
    let (kept, at) = (t.d.env().id(), t.clock.now());
    let exchange = Exchange { org: t.acme.id, id: kept, app: app.parse().unwrap(), user: None, at, content };
    t.d.saml_messages().note(exchange);
    kept
}

fn failed(exchange: &Value) -> Vec<&str> {
    let steps = exchange["trace"].as_array().unwrap().iter().filter(|step| step["passed"] == false);
    steps.map(|step| step["step"].as_str().unwrap()).collect()
}

both! {
    async fn a_request_is_replayed_for_a_person(t) {
        let (app, ana) = app(t, json!({})).await;
        let path = format!("/api/v2/applications/{app}/saml");
        let message = keep(t, &app, Purpose::SignIn, &asks(t, &app, ACS, None));
        // Long after it came: what counts is when it came.
        t.clock.advance_s(86_400);
        let done = t.post(&format!("{path}/test"), json!({"userId": ana, "messageId": message})).ok().await;
        assert_eq!((&done["outcome"], &done["purpose"], failed(&done)), (&json!("succeeded"), &json!("test"), vec![]));
        assert_eq!(done["claims"]["nameId"], "ana@acme.example");
        assert_eq!(done["claims"]["attributes"], json!([{"name": "mail", "values": ["ana@acme.example"]}]));
        assert_eq!(done["by"], "root@acme.example");
        // The answer is for the test's service provider, and has no signature.
        let [came, sent] = done["messages"].as_array().unwrap().as_slice() else { panic!("{done}") };
        assert_eq!((&came["name"], &came["relayState"]), (&json!("AuthnRequest"), &json!("state")));
        let xml = sent["xml"].as_str().unwrap();
        assert!(!xml.contains("Signature") && !xml.contains("urn:sp<") && !xml.contains(ACS), "{xml}");
        assert!(xml.contains("urn:muster:test-service-provider:") && xml.contains("InResponseTo=\"_q1\""), "{xml}");
        assert!(sent["address"].as_str().unwrap().starts_with("https://test-service-provider.invalid/"));
        // It is kept, and logged with who and for whom, without what was said.
        let listed = t.get(&format!("{path}/messages")).ok().await;
        assert_eq!(each(&listed["results"], "purpose"), ["test", "sign_in"]);
        let shown = t.get(&format!("{path}/messages/{}", id(&done))).ok().await;
        assert_eq!(shown, done);
        let log = change::store::after(&mut t.d.read(), t.acme.id, 0, 1000).await.unwrap();
        let entry = log.iter().find(|entry| entry.kind == "application_test").unwrap();
        assert_eq!((entry.actor_id, &entry.fields), (Some(t.acme.admin), &json!({"user": ana, "message": message.text()})));
        // Without a request; and again from the test.
        let begun = t.post(&format!("{path}/test"), json!({"userId": ana})).ok().await;
        assert_eq!((failed(&begun), begun["messages"].as_array().unwrap().len()), (vec![], 1));
        let again = t.post(&format!("{path}/test"), json!({"userId": ana, "messageId": id(&done)})).ok().await;
        assert_eq!(again["outcome"], "succeeded");
    }

    async fn every_setting_reaches_the_test_service_provider(t) {
        let key = SigningKey::generate(KeyKind::Rsa).unwrap();
        let content = SelfSigned { common_name: "SP", not_before_s: 0, not_after_s: 4_000_000_000, serial: [3; 16] };
        let certificate = self_signed(&key, &content).unwrap();
        let signer = Signer { key: &key, algorithm: key.usual_algorithm(), certificate: &certificate };
        let (app, ana) = app(t, json!({
            "spCertificates": [certificate.to_pem()], "requireSignedRequests": true, "encryption": "AES256-CBC",
            "signResponse": true, "signatureAlgorithm": "ECDSA-SHA256",
            "nameIdFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        })).await;
        let path = format!("/api/v2/applications/{app}/saml/test");
        let message = keep(t, &app, Purpose::SignIn, &asks(t, &app, ACS, Some(&signer)));
        let done = t.post(&path, json!({"userId": ana, "messageId": message})).ok().await;
        assert_eq!(failed(&done), [""; 0], "{done}");
        assert!(each(&done["trace"], "step").contains(&"Test SP: the assertion is encrypted to it and can be opened"));
        // The name is the test's own: the real service provider's is nobody else's to learn.
        let again = t.post(&path, json!({"userId": ana, "messageId": message})).ok().await;
        assert_ne!(done["claims"]["nameId"], again["claims"]["nameId"]);
    }

    async fn what_would_be_refused_is_refused_with_the_check(t) {
        let (app, ana) = app(t, json!({})).await;
        let path = format!("/api/v2/applications/{app}/saml");
        let bo = t.person("bo").await;
        let good = keep(t, &app, Purpose::SignIn, &asks(t, &app, ACS, None));
        let elsewhere = keep(t, &app, Purpose::SignIn, &asks(t, &app, "https://evil.example/acs", None));
        let unreadable = keep(t, &app, Purpose::SignIn, &Arrived::Post("SAMLRequest=%21".into()));
        for (user, message, check) in [
            (&bo, good, "The person is in a group of the application, or bound to it"),
            (&ana, elsewhere, "Its ACS URL is registered"),
            (&ana, unreadable, "The request can be read"),
        ] {
            let done = t.post(&format!("{path}/test"), json!({"userId": user, "messageId": message})).ok().await;
            assert_eq!((&done["outcome"], failed(&done), &done["claims"]), (&json!("refused"), vec![check], &Value::Null));
            assert!(done["messages"].as_array().unwrap().iter().all(|one| one["came"] == true));
        }
        // Mended in the settings, the same request is good.
        t.put(&path, json!({"spEntityId": "urn:sp", "acs": [{"url": "https://evil.example/acs"}]})).ok().await;
        let done = t.post(&format!("{path}/test"), json!({"userId": ana, "messageId": elsewhere})).ok().await;
        assert_eq!(done["outcome"], "succeeded");
        let sign_out = keep(t, &app, Purpose::SignOut, &asks(t, &app, ACS, None));
        let test = |body: Value| t.post(&format!("{path}/test"), body);
        assert_eq!(test(json!({"userId": ana, "messageId": sign_out})).fields().await, ["messageId"]);
        assert_eq!(test(json!({"userId": app})).fields().await, ["userId"]);
        test(json!({"userId": ana, "messageId": app})).expect(404).await;
    }

    async fn who_may_not_change_applications_may_not_test(t) {
        let (app, ana) = app(t, json!({})).await;
        let path = format!("/api/v2/applications/{app}/saml");
        let made = t.post("/api/v2/service-accounts", json!({"name": "Reader", "roleName": "Read Only"})).expect(201).await.body;
        let secret = Secret::new(made["authConfigs"][0]["clientSecret"].as_str().unwrap());
        let token = token::issue(&t.d, made["clientId"].as_str().unwrap(), &secret).await.unwrap().unwrap();
        let bearer = format!("Bearer {}", token.expose());
        let test = t.ask("POST", &format!("{path}/test")).header("authorization", &*bearer).json(json!({"userId": ana}));
        test.expect(403).await;
        t.ask("GET", &format!("{path}/messages")).header("authorization", &*bearer).expect(200).await;
        assert!(saml_message::list(&t.d, t.acme.id, app.parse().unwrap()).await.unwrap().is_empty());
    }

    async fn idor_a_person_of_another_organization_is_unknown(t) {
        let (app, _) = app(t, json!({})).await;
        let new = json!({"username": "u", "email": "u@blue.example"});
        let foreign = id(&t.ask("POST", "/api/systemusers").key(&t.blue.key).json(new).ok().await);
        let test = t.post(&format!("/api/v2/applications/{app}/saml/test"), json!({"userId": foreign}));
        assert_eq!(test.fields().await, ["userId"]);
        let (other, blue) = (json!({"name": "saml2"}), &t.blue.key);
        let other = id(&t.ask("POST", "/api/applications").key(blue).json(other).ok().await);
        let message = keep(t, &app, Purpose::SignIn, &asks(t, &app, ACS, None));
        let path = format!("/api/v2/applications/{other}/saml");
        t.ask("GET", &format!("{path}/messages/{message}")).key(blue).expect(404).await;
        let body = json!({"userId": foreign, "messageId": message});
        t.ask("POST", &format!("{path}/test")).key(blue).json(body).expect(404).await;
    }
}
