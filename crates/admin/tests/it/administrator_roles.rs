//! What an administrator who only reads may not do, and people who are administrators by a directory's group.

use muster_base::{Id, Secret};
use muster_directory::Actor;
use muster_directory::administrator::Role;
use muster_directory::directory_provider::{RoleMapping, update::Update};
use muster_directory::fed_group::{MemberStep, push as group_push};
use muster_directory::fed_user::{Feed, push as user_push};
use muster_directory::service_account::token;
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::{Answer, each, id};

/// A directory provider of Acme, with a group of two that it feeds: the provider, Ana, and the group.
async fn fed(t: &Test) -> (String, String, String) {
    let made = t.post("/api/v2/directoryproviders", json!({"name": "Okta", "type": "okta"})).expect(201).await.body;
    let provider: Id = id(&made).parse().unwrap();
    let actor = || Actor::directory_provider(provider, None);
    let mut people = Vec::new();
    for name in ["ana", "bo"] {
        let feed = Feed {
            username: name.into(),
            email: Some(format!("{name}@acme.test")),
            active: Some(true),
            doc: "{}".into(),
            ..Feed::default()
        };
        let push = user_push::Push::new(provider, feed);
        people.push(t.d.write(actor(), t.acme.id, push).await.unwrap().user.id);
    }
    let push = group_push::Push {
        provider,
        id: None,
        name: Some("IT Admins".into()),
        external_id: None,
        address: None,
        members: vec![MemberStep::Add(people.clone())],
        expected: None,
    };
    let group = t.d.write(actor(), t.acme.id, push).await.unwrap().id;
    (provider.text(), people[0].text(), group.text())
}

/// Takes somebody out of a group, as the directory does.
async fn take_out(t: &Test, provider: &str, group: &str, user: &str) {
    let provider: Id = provider.parse().unwrap();
    let push = group_push::Push {
        provider,
        id: Some(group.parse().unwrap()),
        name: None,
        external_id: None,
        address: None,
        members: vec![MemberStep::Remove(vec![user.parse().unwrap()])],
        expected: None,
    };
    t.d.write(Actor::directory_provider(provider, None), t.acme.id, push).await.unwrap();
}

/// The cookie that an answer sets.
fn cookie_of(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

fn line(role: &str) -> Value {
    json!({"roleMappings": [{"group": "IT Admins", "role": role}], "confirmed": true})
}

/// Opens the console as a person who is signed in; the browser's cookie from then on.
async fn open(t: &Test, cookie: &str) -> String {
    let asked = t.ask("POST", "/api/v2/me/administration").header("cookie", cookie).org(t.acme.id);
    let answer = asked.expect(200).await;
    assert_eq!((&answer.body["location"], &answer.body["signInAgain"]), (&json!("/console/acme/"), &json!(false)));
    cookie_of(&answer)
}

both! {
    async fn a_role_is_chosen_for_an_administrator(t) {
        let made = t.post("/api/users", json!({"email": "eve@acme.example", "roleName": "Read Only"})).ok().await;
        assert_eq!((&made["roleName"], &made["source"]), (&json!("Read Only"), &Value::Null));
        let path = format!("/api/users/{}", id(&made));
        assert_eq!(t.put(&path, json!({"roleName": "Administrator"})).ok().await["roleNames"], json!(["Administrator"]));
        t.put(&format!("/api/users/{}", t.acme.admin), json!({"roleName": "Read Only"})).expect(403).await;
        assert_eq!(t.put(&path, json!({"roleName": "Owner"})).fields().await, ["roleName"]);
        assert_eq!(t.get("/api/users").ok().await["results"][1]["roleName"], "Administrator");
    }

    async fn who_only_reads_signs_out_and_searches(t) {
        let eve = id(&t.post("/api/users", json!({"email": "eve@acme.example", "roleName": "Read Only"})).ok().await);
        let cookie = t.signed_in_admin(eve.parse().unwrap()).await;
        let ask = |method: &str, path: &str| t.ask(method, path).header("cookie", &cookie);
        let session = ask("GET", "/api/v2/session").ok().await;
        assert_eq!((&session["admin"]["roleName"], &session["organizations"][0]["roleName"]), (&json!("Read Only"), &json!("Read Only")));
        ask("POST", "/api/search/systemusers").json(json!({"filter": []})).expect(200).await;
        let refused = ask("POST", "/api/systemusers").json(json!({"username": "x", "email": "x@acme.example"})).expect(403).await;
        assert!(refused.body["message"].as_str().unwrap().contains("Read Only"));
        ask("PUT", &format!("/api/organizations/{}", t.acme.id)).json(json!({"displayName": "Mine"})).expect(403).await;
        ask("POST", "/api/v2/administrators/me/apikey").expect(403).await;
        ask("DELETE", "/api/v2/session").expect(204).await;
    }

    async fn a_group_gives_a_role_once_it_was_seen(t) {
        let (provider, ana, group) = fed(t).await;
        let path = format!("/api/v2/directoryproviders/{provider}");
        let mut lines = line("Administrator");
        lines["confirmed"] = json!(false);
        let refused = t.put(&path, lines).expect(400).await.body;
        assert_eq!(refused["fields"][0]["field"], "confirmed");
        assert!(refused["message"].as_str().unwrap().contains("ana@acme.test, bo@acme.test"), "{refused}");
        let shown = t.put(&path, line("Administrator")).ok().await;
        assert_eq!((&shown["roleMappings"][0]["administrators"], &shown["roleMappings"][0]["limit"]), (&json!(2), &json!(20)));
        assert_eq!(t.get(&path).ok().await, shown);
        let list = t.get("/api/users?sort=email").ok().await;
        assert_eq!(each(&list["results"], "email"), ["ana@acme.test", "bo@acme.test", "root@acme.example"]);
        let first = &list["results"][0];
        assert_eq!((&first["source"]["directoryProviderName"], &first["source"]["groupName"], &first["source"]["user"]), (&json!("Okta"), &json!("IT Admins"), &json!(ana)));
        assert_eq!((&first["apiKeyAllowed"], &first["roleName"]), (&json!(false), &json!("Administrator")));
        let refused = t.delete(&format!("/api/users/{}", id(first))).expect(403).await;
        assert!(refused.body["message"].as_str().unwrap().contains("\"Okta\" and its group \"IT Admins\""));
        t.put(&format!("/api/users/{}", id(first)), json!({"firstname": "X"})).expect(403).await;
        // A limit below what the group holds: they keep it, and it is said.
        let held = json!({"roleMappings": [{"group": "IT Admins", "role": "Administrator", "limit": 1}], "confirmed": true});
        let shown = t.put(&path, held).ok().await;
        assert_eq!((&shown["roleMappings"][0]["held"]["members"], &shown["roleMappings"][0]["administrators"]), (&json!(2), &json!(2)));
        take_out(t, &provider, &group, &ana).await;
        let shown = t.get(&path).ok().await;
        assert_eq!((&shown["roleMappings"][0]["held"], &shown["roleMappings"][0]["administrators"]), (&Value::Null, &json!(1)));
        for (wrong, field) in [
            (json!({"group": "a"}), "roleMappings[0].userGroup"),
            (json!({"group": "a", "role": "Administrator", "userGroup": group}), "roleMappings[0].role"),
            (json!({"group": "a", "role": "Read Only", "limit": 0}), "roleMappings[0].limit"),
            (json!({"group": "", "role": "Read Only"}), "roleMappings[0].group"),
        ] {
            assert_eq!(t.put(&path, json!({"roleMappings": [wrong]})).fields().await, [field]);
        }
    }

    async fn a_service_account_cannot_set_a_mapping(t) {
        let (provider, ..) = fed(t).await;
        let made = t.post("/api/v2/service-accounts", json!({"name": "robot", "roleName": "Administrator"})).ok().await;
        let secret = Secret::new(made["authConfigs"][0]["clientSecret"].as_str().unwrap());
        let token = token::issue(&t.d, made["clientId"].as_str().unwrap(), &secret).await.unwrap();
        let bearer = format!("Bearer {}", token.unwrap().expose());
        let path = format!("/api/v2/directoryproviders/{provider}");
        t.ask("PUT", &path).header("authorization", bearer).json(line("Administrator")).expect(403).await;
        // Nor at the verb, whatever door forgets to ask.
        let update = Update {
            role_mappings: Some(vec![RoleMapping::to_role("IT Admins", Role::Administrator, None)]),
            confirmed: true,
            ..Update::of(provider.parse().unwrap())
        };
        let refused = t.d.write(Actor::service_account(id(&made).parse().unwrap(), None), t.acme.id, update).await;
        assert!(matches!(refused, Err(muster_directory::Error::Denied(_))));
    }

    async fn a_person_opens_the_console_and_is_out_with_the_group(t) {
        let (provider, ana, group) = fed(t).await;
        let cookie = t.signed_in(&ana).await;
        let me = |cookie: &str, method: &str, path: &str| t.ask(method, path).header("cookie", cookie).org(t.acme.id);
        assert_eq!(me(&cookie, "GET", "/api/v2/me").ok().await["administration"], Value::Null);
        me(&cookie, "POST", "/api/v2/me/administration").expect(403).await;
        t.put(&format!("/api/v2/directoryproviders/{provider}"), line("Administrator")).ok().await;
        let shown = me(&cookie, "GET", "/api/v2/me").ok().await;
        assert_eq!((&shown["administration"]["roleName"], &shown["administration"]["source"]["groupName"]), (&json!("Administrator"), &json!("IT Admins")));
        let opened = open(t, &cookie).await;
        // The cookie is another one, so that one known before is worth nothing.
        assert_ne!(opened, cookie);
        me(&cookie, "GET", "/api/v2/me").expect(401).await;
        let console = |method: &str, path: &str| t.ask(method, path).header("cookie", &opened).org(t.acme.id);
        let session = console("GET", "/api/v2/session").ok().await;
        assert_eq!((&session["admin"]["email"], &session["admin"]["source"]["user"]), (&json!("ana@acme.test"), &json!(ana)));
        console("PUT", &format!("/api/organizations/{}", t.acme.id)).json(json!({"displayName": "Acme 2"})).expect(200).await;
        console("GET", "/api/systemusers").expect(200).await;
        t.ask("GET", "/api/systemusers").header("cookie", &opened).org(t.blue.id).expect(404).await;
        console("POST", "/api/v2/administrators/me/apikey").expect(403).await;
        // What made her one she widens no further.
        let wider = json!({"roleMappings": [{"group": "IT Admins", "role": "Administrator", "limit": 1000}], "confirmed": true});
        console("PUT", &format!("/api/v2/directoryproviders/{provider}")).json(wider).expect(403).await;
        let own = id(&session["admin"]);
        console("PUT", &format!("/api/users/{own}")).json(json!({"roleName": "Read Only"})).expect(403).await;
        // Less is less at once; gone is gone at once.
        t.put(&format!("/api/v2/directoryproviders/{provider}"), line("Read Only")).ok().await;
        console("POST", "/api/v2/usergroups").json(json!({"name": "x"})).expect(403).await;
        console("GET", "/api/systemusers").expect(200).await;
        take_out(t, &provider, &group, &ana).await;
        console("GET", "/api/systemusers").expect(401).await;
        console("GET", "/api/v2/session").expect(401).await;
        me(&opened, "GET", "/api/v2/me").expect(200).await;
        me(&opened, "POST", "/api/v2/me/administration").expect(403).await;
    }

    async fn the_console_asks_for_a_recent_sign_in_and_ends_with_the_persons_session(t) {
        let (provider, ana, _) = fed(t).await;
        t.put(&format!("/api/v2/directoryproviders/{provider}"), line("Administrator")).ok().await;
        let cookie = t.signed_in(&ana).await;
        let me = |cookie: &str, method: &str, path: &str| t.ask(method, path).header("cookie", cookie).org(t.acme.id);
        assert!(t.clock.advance_s(15 * 60 + 1));
        let answer = me(&cookie, "POST", "/api/v2/me/administration").expect(200).await;
        assert_eq!(answer.body["signInAgain"], true);
        assert!(answer.body["location"].as_str().unwrap().starts_with("/o/acme/login?flow="), "{}", answer.body);
        assert!(!answer.headers.contains_key("set-cookie"));
        t.ask("GET", "/api/v2/session").header("cookie", &cookie).expect(401).await;
        let fresh = t.signed_in(&ana).await;
        let opened = open(t, &fresh).await;
        t.ask("GET", "/api/v2/session").header("cookie", &opened).expect(200).await;
        me(&opened, "DELETE", "/api/v2/me/session").expect(204).await;
        t.ask("GET", "/api/v2/session").header("cookie", &opened).expect(401).await;
    }

    async fn the_administrators_own_sign_in_is_not_theirs(t) {
        let (provider, ..) = fed(t).await;
        t.put(&format!("/api/v2/directoryproviders/{provider}"), line("Administrator")).ok().await;
        let all = t.get("/api/users?sort=email").ok().await;
        let admin: Id = id(&all["results"][0]).parse().unwrap();
        // A session of its own, without the person's, holds nothing; nor is it found by the e-mail that is shown.
        let alone = t.signed_in_admin(admin).await;
        t.ask("GET", "/api/v2/session").header("cookie", alone).expect(401).await;
        let email = "ana@acme.test".parse().unwrap();
        let found = muster_directory::administrator::store::by_email(&mut t.d.read(), &email).await.unwrap();
        assert!(found.is_none());
        assert!(format!("#{admin}").parse::<muster_base::Email>().is_err(), "what stands in its place is no e-mail");
    }
}
