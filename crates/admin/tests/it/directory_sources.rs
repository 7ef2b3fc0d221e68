//! Directories that we read, at the API: what is entered, what is never shown, and in which order things are allowed.

use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::id;

async fn provider(t: &Test, kind: &str) -> String {
    id(&t.post("/api/v2/directoryproviders", json!({"name": kind, "type": kind})).expect(201).await.body)
}

fn ldap(more: Value) -> Value {
    let mut ldap = json!({"host": "ldap.example", "baseDn": "dc=example,dc=org", "bindDn": "cn=reader"});
    for (name, value) in more.as_object().unwrap() {
        ldap[name] = value.clone();
    }
    json!({"ldap": ldap, "secret": "of-the-reader"})
}

both! {
    async fn what_is_entered_is_shown_but_for_the_secret(t) {
        let made = t.post("/api/v2/directoryproviders", json!({"name": "x", "type": "ldap"})).expect(201).await.body;
        assert_eq!((&made["token"], &made["endpoint"], &made["read"]), (&Value::Null, &Value::Null, &json!(true)));
        let at = format!("/api/v2/directoryproviders/{}", id(&made));
        t.post(&format!("{at}/tokens"), json!({})).expect(409).await;
        t.get(&format!("{at}/source")).expect(404).await;
        let source = t.put(&format!("{at}/source"), ldap(json!({}))).ok().await;
        assert_eq!((&source["hasSecret"], &source["everyMinutes"], &source["planned"]), (&json!(true), &json!(60), &json!(false)));
        let shown = format!("{}{}", t.get(&format!("{at}/source")).ok().await, t.get(&at).ok().await);
        assert!(!shown.contains("of-the-reader"));
    }

    async fn the_secret_goes_to_no_other_address(t) {
        let at = format!("/api/v2/directoryproviders/{}/source", provider(t, "ldap").await);
        t.put(&at, ldap(json!({}))).ok().await;
        for more in [json!({"host": "evil.example"}), json!({"port": 1}), json!({"security": "none"}), json!({"certificates": "-----BEGIN CERTIFICATE-----"})] {
            let mut body = ldap(more);
            body.as_object_mut().unwrap().remove("secret");
            assert_eq!(t.put(&at, body.clone()).fields().await, ["secret"], "{body}");
        }
        let mut same = ldap(json!({"userFilter": "(uid=*)"}));
        same.as_object_mut().unwrap().remove("secret");
        t.put(&at, same).ok().await;
    }

    async fn what_is_wrong_is_named(t) {
        let at = format!("/api/v2/directoryproviders/{}/source", provider(t, "ldap").await);
        for (body, field) in [
            (ldap(json!({"host": "ldap://x"})), "ldap.host"),
            (ldap(json!({"baseDn": ""})), "ldap.baseDn"),
            (ldap(json!({"attributes": {"shoe": "x"}})), "ldap.attributes.shoe"),
            (ldap(json!({"attributes": {"email": "a b"}})), "ldap.attributes.email"),
            (json!({"secret": "x"}), "ldap"),
            (json!({"google": {"adminEmail": "a@b.test"}, "secret": "x"}), "type"),
            (json!({"ldap": {"host": "h", "baseDn": "dc=x"}, "everyMinutes": 1}), "everyMinutes"),
        ] {
            assert_eq!(t.put(&at, body.clone()).fields().await, [field], "{body}");
        }
        let google = format!("/api/v2/directoryproviders/{}/source", provider(t, "google_workspace").await);
        let body = |url: &str| json!({"google": {"adminEmail": "a@b.test", "apiUrl": url}, "secret": "x"});
        assert_eq!(t.put(&google, body("ftp://x")).fields().await, ["google.apiUrl"]);
        t.put(&google, body("https://admin.googleapis.com")).ok().await;
    }

    async fn what_is_decided_is_listed_and_taken_back(t) {
        let at = format!("/api/v2/directoryproviders/{}", provider(t, "ldap").await);
        let decide = |body: Value| t.put(&format!("{at}/decisions"), body);
        let leave = json!({"kind": "user", "externalId": "uid=ana,dc=x", "name": "ana", "decision": "leave"});
        decide(leave.clone()).expect(404).await;
        t.put(&format!("{at}/source"), ldap(json!({}))).ok().await;
        decide(leave.clone()).expect(204).await;
        let listed = t.get(&format!("{at}/decisions")).ok().await;
        assert_eq!((&listed[0]["externalId"], &listed[0]["decision"]), (&leave["externalId"], &json!("leave")));
        assert_eq!(decide(json!({"kind": "group", "externalId": "g", "decision": "takeOver"})).fields().await, ["decision"]);
        assert_eq!(decide(json!({"kind": "group", "externalId": "", "decision": "leave"})).fields().await, ["externalId"]);
        let (_, reader) = crate::service_accounts::account(t, "Reader", "Read Only").await;
        t.ask("PUT", &format!("{at}/decisions")).header("authorization", &*reader).json(leave.clone()).expect(403).await;
        decide(json!({"kind": "user", "externalId": leave["externalId"]})).expect(204).await;
        assert_eq!(t.get(&format!("{at}/decisions")).ok().await, json!([]));
    }

    async fn nothing_is_imported_before_its_plan(t) {
        let at = format!("/api/v2/directoryproviders/{}", provider(t, "ldap").await);
        t.put(&format!("{at}/source"), ldap(json!({}))).ok().await;
        t.post(&format!("{at}/run"), json!({})).expect(409).await;
        t.post(&format!("{at}/approve"), json!({})).expect(409).await;
        let plan = t.post(&format!("{at}/plan"), json!({})).expect(202).await.body;
        assert_eq!((&plan["kind"], &plan["state"]), (&json!("plan"), &json!("waiting")));
        t.post(&format!("{at}/plan"), json!({})).expect(409).await;
        let runs = t.get(&format!("{at}/runs")).ok().await;
        assert_eq!(runs[0]["id"], plan["id"]);
        let results = format!("{at}/runs/{}/results", id(&plan));
        assert_eq!(t.get(&results).ok().await, json!([]));
        t.get(&format!("{results}?action=nothing")).expect(400).await;
        assert_eq!(t.post(&format!("{at}/pause"), json!({})).ok().await["paused"], true);
        assert_eq!(t.post(&format!("{at}/resume"), json!({})).ok().await["paused"], false);
        assert_eq!(t.post(&format!("{at}/test"), json!(null)).ok().await["ok"], true);
    }
}
