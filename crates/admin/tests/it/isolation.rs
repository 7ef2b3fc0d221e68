//! Generated from the OpenAPI document: without credentials every operation answers 401; with another organization's key
//! and this one's ids every operation answers what it says of unknown ids; and the right key opens the same paths.

use std::collections::BTreeMap;

use muster_directory::provision::reading;
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{Ask, id};
use crate::harness::document::DOCUMENT;

/// A service provider as it describes itself.
const SP_METADATA: &str = r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:x"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://a.example/acs" index="0"/></SPSSODescriptor></EntityDescriptor>"#;

/// Every operation: method and path.
fn operations() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "patch", "delete"] {
            if item.get(method).is_some() {
                out.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    assert!(out.len() > 90, "{}", out.len());
    out
}

/// Acme's objects: by what stands before an id in a path.
async fn objects(t: &Test) -> BTreeMap<&'static str, String> {
    t.probe.reachable(true);
    let (group, user, idp) = (t.group("Sales").await, t.person("ana").await, t.identity_provider("Okta").await);
    let (app, sso) = t.application("Wiki").await;
    let provision = format!("/api/v2/applications/{app}/provision");
    t.put(&provision, provisioning()).ok().await;
    t.post(&format!("{provision}/activate"), json!({})).ok().await;
    let bound = json!({"op": "add", "type": "user", "id": user});
    t.post(&format!("/api/v2/applications/{app}/associations"), bound).expect(204).await;
    let import = t.post(&format!("/api/v2/applications/{app}/import/jobs"), json!({})).ok().await;
    let import = import["jobId"].as_str().unwrap().to_owned();
    let whole = reading::begin(&t.d, t.acme.id, app.parse().unwrap(), reading::Kind::Drift).await.unwrap();
    let saml = id(&t.post("/api/applications", json!({"name": "saml2"})).ok().await);
    let certificates = format!("/api/v2/applications/{saml}/saml/certificates");
    let certificate = id(&t.post(&certificates, json!({})).ok().await["certificates"][0]);
    let test = json!({"userId": user});
    let message = id(&t.post(&format!("/api/v2/applications/{saml}/saml/test"), test).ok().await);
    let key = json!({"name": "laptop", "public_key": "ssh-ed25519 AAAA ana"});
    let key = id(&t.post(&format!("/api/systemusers/{user}/sshkeys"), key).ok().await);
    let policy = json!({"name": "p", "identityProviderId": idp, "users": [user]});
    let policy = id(&t.post("/api/v2/identity-provider/policies", policy).ok().await);
    t.signed_in(&user).await;
    t.allow(&user, &app, &["openid"]).await;
    let consent = id(&t.get(&format!("/api/v2/users/{user}/consents")).ok().await[0]);
    let session = id(&t.get(&format!("/api/v2/users/{user}/sessions")).ok().await[0]);
    let robot = json!({"name": "robot", "roleName": "Read Only"});
    let robot = t.post("/api/v2/service-accounts", robot).ok().await;
    let token = id(&t.post("/api/v2/registration-tokens", json!({})).ok().await);
    let device = t.device(json!({"displayName": "desk", "serialNumber": "S1", "owner": user})).await;
    t.post(&format!("/api/v2/systems/{device}/associations"), json!({"op": "add", "type": "user", "id": user}))
        .expect(204)
        .await;
    let directory = json!({"name": "HR", "type": "okta"});
    let directory = t.post("/api/v2/directoryproviders", directory).expect(201).await.body;
    let directory = t.get(&format!("/api/v2/directoryproviders/{}", id(&directory))).ok().await;
    t.put("/api/v2/attributes", json!({"name": "level", "type": "number"})).ok().await;
    let read = json!({"name": "Head office", "type": "ldap"});
    let read = id(&t.post("/api/v2/directoryproviders", read).expect(201).await.body);
    let source = body("PUT", "/api/v2/directoryproviders/{id}/source", &BTreeMap::new()).unwrap();
    t.put(&format!("/api/v2/directoryproviders/{read}/source"), source).ok().await;
    let run = t.post(&format!("/api/v2/directoryproviders/{read}/plan"), json!({})).expect(202).await.body;
    let device_group = id(&t.post("/api/v2/systemgroups", json!({"name": "Desks"})).ok().await);
    let member = user.clone();
    let migration = json!({"baseUrl": "https://a.example", "apiKey": "x"});
    let migration = id(&t.post("/api/v2/imports/jumpcloud", migration).expect(201).await.body);
    let bulk =
        t.post("/api/v2/bulk/users", json!([{"username": "zed", "email": "zed@acme.example"}])).expect(201).await;
    let bulk = bulk.body["jobId"].as_str().unwrap().to_owned();
    let at =
        json!({"user_ids": [user], "state": "ACTIVATED", "start_date": t.d.env().clock.now().plus_s(99).rfc3339()});
    let scheduled = t.post("/api/v2/bulk/userstates", at).expect(201).await.body;
    BTreeMap::from([
        ("userstates", scheduled[0]["scheduledJobId"].as_str().unwrap().to_owned()),
        ("bulk", bulk),
        ("jumpcloud", migration),
        ("systems", device),
        ("service-accounts", id(&robot)),
        ("directoryproviders", read),
        ("runs", id(&run)),
        ("tokens", id(&directory["tokens"][0])),
        ("auth-config", id(&robot["authConfigs"][0])),
        ("registration-tokens", token),
        ("systemusers", user.clone()),
        ("users", user),
        ("usergroups", group),
        ("systemgroups", device_group),
        ("members", member.clone()),
        ("exemptions", member),
        ("applications", app),
        ("attributes", "level".to_owned()),
        ("saml", saml),
        ("import", import.clone()),
        ("jobs", import),
        ("readings", whole.id.text()),
        ("certificates", certificate),
        ("messages", message),
        ("identity-providers", idp),
        ("policies", policy),
        ("sshkeys", key),
        ("sessions", session),
        ("consents", consent),
        ("secrets", id(&sso["oidc"]["secrets"][0])),
        ("organizations", t.acme.id.text()),
        ("providers", t.provider.text()),
        ("administrators", t.acme.admin.text()),
    ])
}

/// How accounts are sent to an application.
fn provisioning() -> Value {
    json!({"baseUrl": "https://a.example/scim/v2", "authentication": {"type": "bearer", "secret": "token"}})
}

/// The path with Acme's ids, or with ids that nothing has.
fn fill(template: &str, objects: &BTreeMap<&str, String>, known: bool) -> String {
    let mut before = "";
    let mut out = Vec::new();
    for part in template.split('/') {
        let noun = match before {
            "users" if template.starts_with("/api/users/") => "administrators",
            "{kind}" => "users",
            "users" if template.starts_with("/api/v2/bulk/") => "bulk",
            "applications" if template.contains("{id}/saml") || template.ends_with(".xml") => "saml",
            // A member of a device group is a device.
            "members" | "exemptions" if template.starts_with("/api/v2/systemgroups") => "systems",
            _ => before,
        };
        out.push(match (part.starts_with('{'), known) {
            (true, _) if part == "{kind}" => "user",
            (false, _) => part,
            (true, true) => objects.get(noun).unwrap_or_else(|| panic!("no object for {template}")).as_str(),
            (true, false) => "5f3a1c2e9d8b7a6f5e4d3c2b",
        });
        before = part;
    }
    out.join("/")
}

/// A body that is right for the operation, so that it is refused for its ids and nothing else.
fn body(method: &str, template: &str, o: &BTreeMap<&str, String>) -> Option<Value> {
    let edge = |kind: &str, noun: &str| json!({"op": "add", "type": kind, "id": o[noun]});
    Some(match (method, template) {
        ("PUT", "/api/systemusers/{id}") => json!({"firstname": "Mallory"}),
        ("POST", "/api/systemusers") => json!({"username": "x", "email": "x@blue.example"}),
        ("POST", "/api/systemusers/{id}/password") => json!({"password": crate::harness::PASSWORD}),
        ("POST", "/api/systemusers/{id}/sshkeys") => json!({"name": "x", "public_key": "ssh-rsa AAAA"}),
        ("POST" | "PUT", p) if p == "/api/v2/usergroups" || p == "/api/v2/usergroups/{id}" => json!({"name": "x"}),
        ("POST" | "PUT", p) if p == "/api/v2/systemgroups" || p == "/api/v2/systemgroups/{id}" => json!({"name": "x"}),
        ("POST", "/api/v2/usergroups/preview") => json!({"groupId": o["usergroups"]}),
        ("POST", "/api/v2/systemgroups/preview") => json!({"groupId": o["systemgroups"]}),
        ("POST", p) if p.ends_with("/expression") => json!({"expression": "created is set"}),
        ("POST", p) if p.contains("groups/{id}/suggestions") => json!({"all": true}),
        ("POST", p) if p.ends_with("/copy") => json!({"name": "a copy"}),
        ("PUT", p) if p.starts_with("/api/v2/systemgroups") => json!({"id": o["systems"], "type": "SYSTEM"}),
        ("PUT", p) if p.contains("/exemptions/") => json!({"id": o["users"], "type": "USER"}),
        ("POST", p) if p.starts_with("/api/v2/systemgroups/") => edge("system", "systems"),
        ("POST", p) if p.ends_with("/members") => edge("user", "users"),
        ("POST", p) if p.starts_with("/api/v2/applications/") && p.ends_with("/associations") => edge("user", "users"),
        ("PUT", p) if p.ends_with("/provision") => provisioning(),
        ("PUT", p) if p.ends_with("/provision/decisions") => {
            json!({"kind": "group", "id": o["usergroups"], "decision": "leave"})
        }
        ("PUT", "/api/v2/imports/jumpcloud/{id}/decisions") => json!({"seq": 1, "leave": true}),
        ("PUT", p) if p.ends_with("/decisions") => json!({"kind": "user", "externalId": "e1", "decision": "leave"}),
        ("POST", p) if p.ends_with("/import/jobs") => json!({}),
        ("POST", p) if p.ends_with("policies/{id}/associations") => edge("user_group", "usergroups"),
        ("POST", p) if p.starts_with("/api/v2/systems/") && p.ends_with("/associations") => edge("user", "users"),
        ("POST", p) if p.ends_with("/associations") => edge("application", "applications"),
        ("POST", "/api/v2/bulk/users") => json!([{"username": "x", "email": "x@blue.example"}]),
        ("POST", "/api/v2/bulk/userstates") => {
            json!({"user_ids": [o["users"]], "state": "SUSPENDED", "start_date": "2099-01-01T00:00:00Z"})
        }
        ("PATCH", "/api/v2/bulk/users") => json!([{"id": o["users"], "firstname": "Mallory"}]),
        ("POST", p) if p.starts_with("/api/v2/imports/jumpcloud") => {
            json!({"baseUrl": "https://a.example", "apiKey": "x"})
        }
        ("POST", "/api/systems") | ("PUT", "/api/systems/{id}") => json!({"displayName": "Mallory"}),
        ("POST", "/api/v2/systems/import") => json!([{"displayName": "Mallory"}]),
        ("POST", p) if p.starts_with("/api/search/") => json!({}),
        ("POST" | "PUT", p) if p.starts_with("/api/applications") => json!({"name": "oidc"}),
        ("PUT", p) if p.ends_with("/saml") => {
            json!({"spEntityId": "urn:x", "acs": [{"url": "https://a.example/acs"}]})
        }
        ("POST", p) if p.ends_with("/saml/certificates") => json!({}),
        ("POST", p) if p.ends_with("/metadata/decision") => json!({"digest": "0".repeat(64), "approve": true}),
        ("POST", p) if p.ends_with("/saml/test") => json!({"userId": o["users"]}),
        ("POST", p) if p.ends_with("/saml/metadata") => json!({"metadata": SP_METADATA}),
        ("POST" | "PUT", p) if p.ends_with("/sso") => {
            json!({"type": "oidc", "oidc": {"redirectUris": ["https://a.example/"]}})
        }
        ("POST", "/api/v2/identity-providers/discover") => json!({"url": "https://a.example", "type": "OIDC"}),
        ("POST" | "PUT", p) if p.starts_with("/api/v2/identity-providers") && !p.ends_with("check") => {
            json!({"name": "x", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}})
        }
        ("POST" | "PUT", p) if p.starts_with("/api/v2/identity-provider/policies") => {
            json!({"name": "x", "identityProviderId": o["identity-providers"], "users": [o["users"]]})
        }
        ("PUT", "/api/organizations/{id}") => json!({"displayName": "Mallory"}),
        ("POST", "/api/v2/providers/{id}/organizations") => json!({"name": "Mallory"}),
        ("POST", "/api/users") => json!({"email": "x@blue.example"}),
        ("PUT", "/api/users/{id}") => json!({"suspended": true}),
        ("POST", "/api/v2/service-accounts") => json!({"name": "x", "roleName": "Administrator"}),
        ("PUT", "/api/v2/service-accounts/{id}") => json!({"roleName": "Administrator"}),
        ("POST", "/api/v2/directoryproviders") => json!({"name": "x", "type": "generic"}),
        ("POST", p) if p.ends_with("/tokens") => json!({"overlap_s": 0}),
        ("PUT", "/api/v2/directoryproviders/{id}/source") => {
            json!({"ldap": {"host": "ldap.example", "baseDn": "dc=example"}, "secret": "x"})
        }
        ("PUT", "/api/v2/directoryproviders/{id}") => json!({"active": false}),
        ("POST", "/api/v2/registration-tokens") => json!({"uses": 2}),
        ("POST", "/api/v2/keys/rotate") => json!({"alg": "ES256"}),
        ("PUT", "/api/v2/attributes") => json!({"name": "level", "type": "date"}),
        ("PUT", "/api/v2/me") => json!({"firstname": "x"}),
        ("POST", "/api/v2/me/password") => json!({"currentPassword": "x", "newPassword": "y"}),
        _ => return None,
    })
}

fn ask<'t>(t: &'t Test, method: &str, template: &str, o: &BTreeMap<&str, String>, known: bool) -> Ask<'t> {
    let mut path = fill(template, o, known);
    if method == "GET" && path.ends_with("/associations") {
        path.push_str(if ["/applications/", "/policies/", "/systems/"].iter().any(|noun| path.contains(noun)) {
            "?targets=user"
        } else {
            "?targets=application"
        });
    }
    let ask = t.ask(method, &path);
    if method == "POST" && path.ends_with("/logo") {
        return ask.picture(&[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A]);
    }
    match body(method, template, o) {
        Some(body) => ask.json(body),
        None => ask,
    }
}

both! {
    async fn without_credentials_every_operation_answers_401(t) {
        let o = objects(t).await;
        for (method, template) in operations() {
            for known in [true, false] {
                let answer = ask(t, &method, &template, &o, known).org(t.acme.id).send().await;
                assert_eq!(answer.status, 401, "{method} {template} {}", answer.body);
            }
            let wrong = ask(t, &method, &template, &o, true).org(t.acme.id).key("jca_0123456789").send().await;
            assert_eq!(wrong.status, 401, "{method} {template}");
        }
    }

    async fn another_organizations_ids_are_unknown_ids(t) {
        let o = objects(t).await;
        let before = snapshot(t, &o).await;
        let mut tried = 0;
        for (method, template) in operations() {
            // What names no object is not about another organization's; the portal has no ids but one's own sessions'.
            if !template.contains('{') || template.starts_with("/api/v2/me/") {
                continue;
            }
            let foreign = ask(t, &method, &template, &o, true).key(&t.blue.key).send().await;
            let unknown = ask(t, &method, &template, &o, false).key(&t.blue.key).send().await;
            assert_eq!((foreign.status, &foreign.body), (unknown.status, &unknown.body), "{method} {template}");
            // JumpCloud's two quirks: an unknown person is in no group, an unknown group is a wrong argument.
            let expected = match (method.as_str(), template.as_str()) {
                ("GET", "/api/v2/users/{id}/memberof") => 200,
                ("POST", p) if p.ends_with("groups/{id}/members") || p.ends_with("groups/{id}/membership") => 400,
                _ => 404,
            };
            assert_eq!(foreign.status, expected, "{method} {template} {}", foreign.body);
            let named = ask(t, &method, &template, &o, true).key(&t.blue.key).org(t.acme.id).send().await;
            let refused = matches!(named.status.as_u16(), 403 | 404);
            assert!(refused, "{method} {template} with Acme's x-org-id: {} {}", named.status, named.body);
            tried += 1;
        }
        assert!(tried > 60, "{tried}");
        assert_eq!(snapshot(t, &o).await, before, "nothing of Acme's changed");
    }

    async fn another_organizations_ids_in_bodies_are_unknown_too(t) {
        let o = objects(t).await;
        let blue = |method: &str, path: &str, body: Value| t.ask(method, path).key(&t.blue.key).json(body);
        let group = id(&blue("POST", "/api/v2/usergroups", json!({"name": "g"})).ok().await);
        let devices = id(&blue("POST", "/api/v2/systemgroups", json!({"name": "g"})).ok().await);
        let held = blue("PUT", &format!("/api/v2/usergroups/{group}"), json!({"name": "g", "memberGroups": [o["usergroups"]]}));
        assert_eq!(held.fields().await, ["memberGroups[0]"]);
        let spoken = json!({"queryType": "Expression", "expression": format!("member of \"{}\"", o["usergroups"])});
        let spoken = json!({"name": "s", "membershipMethod": "DYNAMIC_AUTOMATED", "memberQuery": spoken});
        assert_eq!(blue("POST", "/api/v2/usergroups", spoken).fields().await, ["memberQuery"]);
        let user = id(&blue("POST", "/api/systemusers", json!({"username": "u", "email": "u@blue.example"})).ok().await);
        let app = id(&blue("POST", "/api/applications", json!({"name": "oidc"})).ok().await);
        let idp = json!({"name": "i", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}});
        let idp = id(&blue("POST", "/api/v2/identity-providers", idp).ok().await);
        let policy = json!({"name": "p", "identityProviderId": idp});
        let policy = id(&blue("POST", "/api/v2/identity-provider/policies", policy).ok().await);
        let device = id(&blue("POST", "/api/v2/systems/import", json!([{"displayName": "d"}])).ok().await["results"][0]);
        let edge = |kind: &str, noun: &str| json!({"op": "add", "type": kind, "id": o[noun]});
        for (path, body) in [
            (format!("/api/v2/users/{user}/associations"), edge("system", "systems")),
            (format!("/api/v2/systems/{device}/associations"), edge("user", "users")),
            (format!("/api/v2/usergroups/{group}/members"), edge("user", "users")),
            (format!("/api/v2/systemgroups/{devices}/members"), edge("system", "systems")),
            (format!("/api/v2/usergroups/{group}/associations"), edge("application", "applications")),
            (format!("/api/v2/usergroups/{group}/associations"), edge("idp_routing_policy", "policies")),
            (format!("/api/v2/users/{user}/associations"), edge("application", "applications")),
            (format!("/api/v2/applications/{app}/associations"), edge("user_group", "usergroups")),
            (format!("/api/v2/applications/{app}/associations"), edge("user", "users")),
            (format!("/api/v2/identity-provider/policies/{policy}/associations"), edge("user", "users")),
            (format!("/api/v2/identity-provider/policies/{policy}/associations"), edge("user_group", "usergroups")),
            ("/api/v2/usergroups/preview".into(), json!({"groupId": o["usergroups"]})),
            ("/api/v2/systemgroups/preview".into(), json!({"groupId": o["systemgroups"]})),
        ] {
            blue("POST", &path, body).expect(404).await;
        }
        for (method, path, body, field) in [
            ("PUT", format!("/api/systems/{device}"), json!({"primarySystemUser": {"id": o["users"]}}), "primarySystemUser.id"),
            ("PUT", format!("/api/systemusers/{user}"), json!({"manager": o["users"]}), "manager"),
            ("PUT", format!("/api/v2/identity-provider/policies/{policy}"), json!({"name": "p", "identityProviderId": o["identity-providers"]}), "identityProviderId"),
            ("PUT", format!("/api/v2/identity-provider/policies/{policy}"), json!({"name": "p", "identityProviderId": idp, "users": [o["users"]]}), "users"),
            ("PUT", format!("/api/v2/identity-provider/policies/{policy}"), json!({"name": "p", "identityProviderId": idp, "userGroups": [o["usergroups"]]}), "userGroups"),
        ] {
            assert_eq!(blue(method, &path, body).fields().await, [field]);
        }
        // An import that names another organization's device, by id or serial number, makes one's own; its people are unknown.
        let row = json!([{"_id": o["systems"], "serialNumber": "S1", "displayName": "mine"}, {"displayName": "x", "owner": o["users"]}]);
        let outcome = blue("POST", "/api/v2/systems/import", row).ok().await;
        assert_eq!((&outcome["created"], &outcome["refused"]), (&json!(1), &json!(1)), "{outcome}");
        assert_eq!(t.get(&format!("/api/systems/{}", o["systems"])).ok().await["displayName"], "desk");
        let searched = blue("POST", "/api/search/systemusers", json!({"filter": {"_id": o["users"]}})).ok().await;
        assert_eq!(searched["totalCount"], 0);
        let exempt = json!({"name": "g", "memberQueryExemptions": [{"id": o["users"], "type": "USER"}]});
        blue("PUT", &format!("/api/v2/usergroups/{group}"), exempt).expect(404).await;
        let manages = format!("/api/systemusers/{user}?cascade_manager={}", o["users"]);
        let under = json!({"username": "v", "email": "v@blue.example", "manager": user});
        blue("POST", "/api/systemusers", under).ok().await;
        t.ask("DELETE", &manages).key(&t.blue.key).expect(400).await;
        // The same id may be reserved in another organization: it is another provider.
        let reserved = json!({"id": o["identity-providers"], "name": "mine", "type": "OIDC", "oidc": {"clientId": "c", "url": "https://a.example"}});
        blue("POST", "/api/v2/identity-providers", reserved).send().await;
        assert_eq!(t.get(&format!("/api/v2/identity-providers/{}", o["identity-providers"])).ok().await["name"], "Okta");
    }

    async fn who_only_reads_writes_on_no_route(t) {
        let o = objects(t).await;
        let eve = id(&t.post("/api/users", json!({"email": "eve@acme.example"})).ok().await);
        let (key, ..) = muster_directory::administrator::api_key::create(&t.d, eve.parse().unwrap()).await.unwrap();
        t.put(&format!("/api/users/{eve}"), json!({"roleName": "Read Only"})).ok().await;
        let before = snapshot(t, &o).await;
        let mut tried = 0;
        for (method, template) in operations() {
            if template.starts_with("/api/v2/me") || template.starts_with("/api/search/") {
                continue;
            }
            let answer = ask(t, &method, &template, &o, true).key(key.expose()).send().await;
            // Worked out, and nothing is kept of it; the body may lack something.
            if ["/preview", "/count", "/expression"].iter().any(|end| template.ends_with(&format!("groups{end}"))) {
                assert_ne!(answer.status, 403, "{method} {template}");
                continue;
            }
            let expected = match (method.as_str(), template.as_str()) {
                // A service provider's are its administrators'.
                ("GET", path) if path.starts_with("/api/v2/providers/") => 404,
                ("GET", _) => 200,
                ("DELETE", "/api/v2/session") => 204,
                _ => 403,
            };
            assert_eq!(answer.status, expected, "{method} {template} {}", answer.body);
            tried += 1;
        }
        assert!(tried > 100, "{tried}");
        assert_eq!(snapshot(t, &o).await, before, "nothing changed");
    }

    async fn the_right_key_opens_the_same_paths(t) {
        let o = objects(t).await;
        for (method, template) in operations() {
            if method == "GET" && !template.starts_with("/api/v2/me") {
                ask(t, &method, &template, &o, true).key(&t.acme.key).expect(200).await;
            }
        }
    }
}

/// All that can be read of Acme.
async fn snapshot(t: &Test, o: &BTreeMap<&str, String>) -> Vec<Value> {
    let mut out = Vec::new();
    for (method, template) in operations() {
        if method == "GET" && !template.starts_with("/api/v2/me") {
            out.push(ask(t, &method, &template, o, true).key(&t.acme.key).ok().await);
        }
    }
    out
}
