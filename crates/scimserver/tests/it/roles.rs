//! Administrators' roles by pushed groups: who gets one, and what ends it.

use muster_directory::administrator::grant::Revoke;
use muster_directory::administrator::set_role::SetRole;
use muster_directory::administrator::{self, Administrator, Role, api_key, store};
use muster_directory::change;
use muster_directory::directory_provider::RoleMapping;
use muster_directory::directory_provider::delete::delete;
use muster_directory::directory_provider::update::Update;
use muster_directory::session::Kind;
use muster_directory::session::start::{Start, start_under};
use muster_directory::user::State;
use muster_directory::{Actor, Error, Result, event, session};
use muster_testkit::{Org, Test, both};
use serde_json::{Value, json};

use crate::world::{Feeder, op};

/// Lets groups of a directory give roles.
async fn map(hr: &Feeder<'_>, lines: &[(&str, Role)]) {
    let lines = lines.iter().map(|(group, role)| RoleMapping::to_role(*group, *role, None)).collect();
    set(hr, lines, true).await.unwrap();
}

async fn set(hr: &Feeder<'_>, lines: Vec<RoleMapping>, confirmed: bool) -> Result<()> {
    let update = Update { role_mappings: Some(lines), confirmed, ..Update::of(hr.id) };
    hr.t.write(hr.org, update).await.map(drop)
}

/// The administrators of an organization who are people, with their e-mails and roles.
async fn derived(t: &Test, org: Org) -> Vec<(Administrator, Role)> {
    let all = store::with_roles(&mut t.directory.read(), org.id).await.unwrap();
    all.into_iter().filter(|(admin, _)| admin.derived.is_some()).collect()
}

async fn told(t: &Test, org: Org) -> Vec<String> {
    let name =
        |(admin, role): &(Administrator, Role)| format!("{} {}", admin.email.split('@').next().unwrap(), role.word());
    derived(t, org).await.iter().map(name).collect()
}

/// A person's administrator's session in a browser where they are signed in.
async fn open(t: &Test, org: Org, person: &str) -> (Administrator, session::Session) {
    let user = person.parse().unwrap();
    let own = t.session(Some(org), user).await.session;
    let (admin, _) =
        derived(t, org).await.into_iter().find(|(a, _)| a.derived.as_ref().is_some_and(|d| d.user == user)).unwrap();
    let start = Start {
        browser: Some(own.browser),
        org: None,
        kind: Kind::Admin,
        principal: admin.id,
        method: own.method,
        idp: None,
        prefix: "192.0.2.0/24".into(),
        client_ip: "192.0.2.7".into(),
        user_agent: "Test/1".into(),
        event: event::Event {
            org: Some(org.id),
            id: t.directory.env().id(),
            at: t.clock.now(),
            kind: "admin_login_attempt".into(),
            user: Some(user),
            detail: event::Detail::default(),
        },
    };
    let started = start_under(&t.directory, start, &own).await.unwrap();
    (admin, started.session)
}

/// Whether the browser of a session still has an administrator.
async fn holds(t: &Test, session: &session::Session) -> bool {
    muster_http::admin::current(&t.site, Some(session.browser)).await.unwrap().is_some()
}

async fn entries(t: &Test, org: Org, kind: &str) -> Vec<Value> {
    let all = change::store::after(&mut t.directory.read(), org.id, 0, i64::MAX).await.unwrap();
    all.into_iter().filter(|entry| entry.kind == kind).map(|entry| entry.fields).collect()
}

both! {
    async fn a_role_comes_and_goes_with_the_group(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let (ana, bo) = (hr.person("ana", json!({"name": {"givenName": "Ana"}})).await, hr.person("bo", json!({})).await);
        map(&hr, &[("it admins", Role::Administrator), ("Audit", Role::ReadOnly)]).await;
        assert!(told(t, t.acme).await.is_empty());
        // Pushed after it was mapped; the highest of two roles.
        let admins = hr.group("IT Admins", &[&ana]).await;
        let audit = hr.group("Audit", &[&ana, &bo]).await;
        assert_eq!(told(t, t.acme).await, ["ana Administrator", "bo Read Only"]);
        let (shown, _) = derived(t, t.acme).await.remove(0);
        let from = shown.derived.clone().unwrap();
        assert_eq!((shown.firstname.as_str(), from.provider_name.as_str(), from.group_name.as_str()), ("Ana", "Okta", "IT Admins"));
        assert_eq!(entries(t, t.acme, "admin_create").await.last().unwrap()["groupName"], "Audit");
        let path = format!("/Groups/{admins}");
        let take = |id: &str| op("remove", &format!("members[value eq \"{id}\"]"), Value::Null);
        let (admin, session) = open(t, t.acme, &ana).await;
        assert!(holds(t, &session).await);
        hr.patch(&path, take(&ana)).await.expect(204);
        // The one of less remains, as the same administrator.
        assert_eq!(told(t, t.acme).await, ["ana Read Only", "bo Read Only"]);
        assert!(holds(t, &session).await);
        hr.patch(&format!("/Groups/{audit}"), take(&ana)).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["bo Read Only"]);
        assert!(!holds(t, &session).await);
        assert!(matches!(store::get(&mut t.directory.read(), admin.id).await, Err(Error::Missing(_))));
        let left = session::store::of_principal(&mut t.directory.read(), None, Kind::Admin, admin.id).await.unwrap();
        assert!(left.is_empty(), "its sessions went in the same transaction");
        assert_eq!(entries(t, t.acme, "admin_delete").await[0]["email"], "ana@acme.test");
        // By PUT, by another name, and with the group.
        hr.put(&path, json!({"displayName": "IT Admins", "members": [{"value": bo}]})).await.expect(200);
        assert_eq!(told(t, t.acme).await, ["bo Administrator"]);
        hr.patch(&path, op("replace", "displayName", json!("Other"))).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["bo Read Only"]);
        hr.patch(&path, op("replace", "displayName", json!("IT ADMINS"))).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["bo Administrator"]);
        hr.delete(&path).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["bo Read Only"]);
        hr.delete(&format!("/Groups/{audit}")).await.expect(204);
        assert!(told(t, t.acme).await.is_empty());
    }

    async fn a_group_in_a_group_gives_too(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let ana = hr.person("ana", json!({})).await;
        let inner = hr.group("Inner", &[&ana]).await;
        map(&hr, &[("Admins", Role::Administrator)]).await;
        hr.group("Admins", &[&inner]).await;
        assert_eq!(told(t, t.acme).await, ["ana Administrator"]);
        hr.patch(&format!("/Groups/{inner}"), op("replace", "members", json!([]))).await.expect(204);
        assert!(told(t, t.acme).await.is_empty());
    }

    async fn a_role_ends_with_the_person(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let mut people = Vec::new();
        for name in ["ana", "bo", "cy", "di"] {
            people.push(hr.person(name, json!({})).await);
        }
        let all: Vec<&str> = people.iter().map(String::as_str).collect();
        hr.group("Admins", &all).await;
        map(&hr, &[("Admins", Role::Administrator)]).await;
        let (_, session) = open(t, t.acme, &people[0]).await;
        hr.patch(&format!("/Users/{}", people[0]), op("replace", "active", json!(false))).await.expect(200);
        assert!(!holds(t, &session).await);
        t.set_state(t.acme, people[1].parse().unwrap(), State::Suspended).await;
        assert_eq!(told(t, t.acme).await, ["cy Administrator", "di Administrator"]);
        hr.delete(&format!("/Users/{}", people[2])).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["di Administrator"]);
        t.remove(t.acme, people[3].parse().unwrap()).await;
        assert!(told(t, t.acme).await.is_empty());
        t.set_state(t.acme, people[1].parse().unwrap(), State::Activated).await;
        assert_eq!(told(t, t.acme).await, ["bo Administrator"], "who is let in again is in the group still");
    }

    async fn a_role_ends_with_the_mapping_and_with_the_directory(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let ana = hr.person("ana", json!({})).await;
        hr.group("Admins", &[&ana]).await;
        let admin = Actor::admin(t.acme.admin, None);
        let active = async |active: bool| {
            let update = Update { active: Some(active), confirmed: true, ..Update::of(hr.id) };
            t.write(t.acme, update).await.unwrap();
        };
        for end in ["mapping", "off", "directory"] {
            map(&hr, &[("Admins", Role::Administrator)]).await;
            assert_eq!(told(t, t.acme).await, ["ana Administrator"]);
            let (_, session) = open(t, t.acme, &ana).await;
            match end {
                "mapping" => map(&hr, &[]).await,
                "off" => active(false).await,
                _ => delete(&t.directory, &admin, t.acme.id, hr.id).await.unwrap(),
            }
            assert!(told(t, t.acme).await.is_empty(), "{end}");
            assert!(!holds(t, &session).await, "{end}");
            if end == "off" {
                active(true).await;
            }
        }
    }

    async fn the_session_of_the_console_ends_with_the_persons_own(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let ana = hr.person("ana", json!({})).await;
        hr.group("Admins", &[&ana]).await;
        map(&hr, &[("Admins", Role::Administrator)]).await;
        let user = ana.parse().unwrap();
        let (_, session) = open(t, t.acme, &ana).await;
        assert!(holds(t, &session).await);
        let own = session.under.unwrap();
        t.write(t.acme, session::end::End { session: own, principal: None }).await.unwrap();
        assert!(!holds(t, &session).await, "signed out");
        let (_, session) = open(t, t.acme, &ana).await;
        t.write(t.acme, session::end::EndAll { user }).await.unwrap();
        assert!(!holds(t, &session).await, "signed out everywhere");
        let (admin, session) = open(t, t.acme, &ana).await;
        // A session of another kind does not hold for this administrator.
        let alone = t.session(None, admin.id).await.session;
        assert!(!holds(t, &alone).await, "without the person");
        t.later(31 * 86_400);
        assert!(!holds(t, &session).await);
    }

    // Only whom the directory feeds: the others are not its to give rights to.
    async fn no_linking_by_email(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let before = store::get(&mut t.directory.read(), t.acme.admin).await.unwrap();
        let body = json!({"userName": "admin", "emails": [{"value": before.email, "primary": true}]});
        let twin = crate::world::id(&hr.post("/Users", body).await.expect(201));
        let group = hr.group("Audit", &[&twin]).await;
        map(&hr, &[("Audit", Role::ReadOnly)]).await;
        let all = store::with_roles(&mut t.directory.read(), t.acme.id).await.unwrap();
        assert_eq!(all.iter().filter(|(admin, _)| admin.email == before.email).count(), 2);
        let email = before.email.parse().unwrap();
        let found = store::by_email(&mut t.directory.read(), &email).await.unwrap().unwrap();
        assert_eq!((found.id, found.derived), (before.id, None), "who signs in with it is the one made by hand");
        assert_eq!(store::role(&mut t.directory.read(), t.acme.id, before.id).await.unwrap(), Some(Role::Administrator));
        hr.delete(&format!("/Groups/{group}")).await.expect(204);
        hr.delete(&format!("/Users/{twin}")).await.expect(204);
        let after = store::get(&mut t.directory.read(), before.id).await.unwrap();
        assert_eq!((after.suspended, after.email), (before.suspended, before.email));
    }

    async fn another_organizations_directory_gives_nothing_here(t) {
        let (hr, blue) = (Feeder::new(t, t.acme, "Okta").await, Feeder::new(t, t.blue, "Okta").await);
        let (ana, eve) = (hr.person("ana", json!({})).await, blue.person("ana", json!({})).await);
        map(&hr, &[("Admins", Role::Administrator)]).await;
        blue.group("Admins", &[&eve]).await;
        assert!(told(t, t.acme).await.is_empty() && told(t, t.blue).await.is_empty());
        // Nor does another directory of the same organization, of which nothing is mapped.
        let other = Feeder::new(t, t.acme, "Entra").await;
        let bo = other.person("bo", json!({})).await;
        other.group("Admins", &[&bo]).await;
        assert!(told(t, t.acme).await.is_empty());
        hr.group("admins (okta)", &[&ana]).await;
        map(&hr, &[("admins (okta)", Role::Administrator)]).await;
        let (admin, _) = derived(t, t.acme).await.remove(0);
        assert_eq!(store::organizations(&mut t.directory.read(), admin.id).await.unwrap(), [t.acme.id]);
    }

    async fn what_follows_from_a_directory_is_not_changed_by_hand(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let ana = hr.person("ana", json!({})).await;
        hr.group("Admins", &[&ana]).await;
        map(&hr, &[("Admins", Role::Administrator)]).await;
        let (admin, _) = derived(t, t.acme).await.remove(0);
        let denied = |result: Result<()>| {
            let Err(Error::Denied(message)) = result else { panic!("not refused: {result:?}") };
            assert!(message.contains("Okta") || message.contains("service account"), "{message}");
        };
        denied(t.write(t.acme, Revoke { admin: admin.id }).await);
        denied(t.write(t.acme, SetRole { id: admin.id, role: Role::ReadOnly }).await.map(drop));
        let suspend = administrator::update::Update { id: admin.id, firstname: None, lastname: None, suspended: Some(true) };
        denied(t.write(t.acme, suspend).await.map(drop));
        denied(t.write(t.blue, administrator::grant::Grant::to(admin.id)).await);
        denied(api_key::create(&t.directory, admin.id).await.map(drop));
        // By its grace the organization is not administered: the last one made by hand stays.
        assert!(matches!(t.write(t.acme, Revoke { admin: t.acme.admin }).await, Err(Error::Conflict(_))));
        assert_eq!(told(t, t.acme).await, ["ana Administrator"]);
    }

    async fn who_may_let_groups_give_roles(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let ana = hr.person("ana", json!({})).await;
        hr.group("Audit", &[&ana]).await;
        hr.group("Admins", &[&ana]).await;
        let line = |group: &str| vec![RoleMapping::to_role(group, Role::Administrator, None)];
        let as_actor = async |actor: Actor, lines: Vec<RoleMapping>| {
            let update = Update { role_mappings: Some(lines), confirmed: true, ..Update::of(hr.id) };
            t.directory.write(actor, t.acme.id, update).await.map(drop)
        };
        let program = Actor::service_account(t.directory.env().id(), None);
        assert!(matches!(as_actor(program, line("Admins")).await, Err(Error::Denied(_))));
        assert!(matches!(as_actor(Actor::directory_provider(hr.id, None), line("Admins")).await, Err(Error::Denied(_))));
        let (reader, _) = t.administrator(t.acme, "reader@adm.test", None).await;
        t.write(t.acme, SetRole { id: reader, role: Role::ReadOnly }).await.unwrap();
        assert!(matches!(as_actor(Actor::admin(reader, None), line("Admins")).await, Err(Error::Denied(_))));
        as_actor(Actor::admin(t.acme.admin, None), line("Audit")).await.unwrap();
        // Whom this very directory made one gives no more by it, and nothing to themselves.
        let (mine, _) = derived(t, t.acme).await.remove(0);
        let mut more = line("Audit");
        more.extend(line("Admins"));
        assert!(matches!(as_actor(Actor::admin(mine.id, None), more).await, Err(Error::Denied(_))));
        assert!(matches!(t.directory.write(Actor::admin(mine.id, None), t.acme.id, SetRole { id: mine.id, role: Role::ReadOnly }).await, Err(Error::Denied(_))));
    }

    async fn nothing_is_given_unseen(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        hr.group("Admins", &[&ana, &bo]).await;
        let refused = async |lines: Vec<RoleMapping>, says: &[&str]| {
            let Err(Error::Invalid(fields)) = set(&hr, lines, false).await else { panic!("taken") };
            assert_eq!(fields[0].field, "confirmed");
            assert!(says.iter().all(|text| fields[0].message.contains(text)), "{}", fields[0].message);
        };
        let line = |group: &str, role| RoleMapping::to_role(group, role, None);
        refused(vec![line("Admins", Role::ReadOnly)], &["2 people would become", "ana@acme.test, bo@acme.test"]).await;
        refused(vec![line("Not yet", Role::ReadOnly)], &["nobody would become"]).await;
        assert!(told(t, t.acme).await.is_empty());
        map(&hr, &[("Admins", Role::ReadOnly)]).await;
        refused(vec![line("Admins", Role::Administrator)], &["2 people would have another role"]).await;
        refused(Vec::new(), &["2 people would stop being administrators"]).await;
        let off = Update { active: Some(false), ..Update::of(hr.id) };
        assert!(matches!(t.write(t.acme, off).await, Err(Error::Invalid(_))));
        // What has nothing to do with roles needs nothing.
        t.write(t.acme, Update { name: Some("Okta 2".into()), ..Update::of(hr.id) }).await.unwrap();
        // Once confirmed, what the directory does later is its own.
        let cy = hr.person("cy", json!({})).await;
        let list = hr.get("/Groups").await.expect(200);
        let group = list["Resources"][0]["id"].as_str().unwrap().to_owned();
        hr.patch(&format!("/Groups/{group}"), op("add", "members", json!([{"value": cy}]))).await.expect(204);
        assert_eq!(told(t, t.acme).await.len(), 3);
    }

    async fn a_group_of_too_many_gives_nobody_new_the_role(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let mut people = Vec::new();
        for n in 0..4 {
            people.push(hr.person(&format!("u{n}"), json!({})).await);
        }
        let group = hr.group("Admins", &[&people[0], &people[1]]).await;
        let path = format!("/Groups/{group}");
        let line = |role| vec![RoleMapping::to_role("Admins", role, Some(2))];
        set(&hr, line(Role::ReadOnly), true).await.unwrap();
        assert_eq!(told(t, t.acme).await, ["u0 Read Only", "u1 Read Only"]);
        let more = json!([{"value": people[2]}, {"value": people[3]}]);
        hr.patch(&path, op("add", "members", more)).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["u0 Read Only", "u1 Read Only"], "those who have it keep it");
        let said = entries(t, t.acme, "admin_create_held").await;
        assert_eq!((said.len(), &said[0]["limit"], &said[0]["held"]), (1, &json!(2), &json!(true)));
        // Nor does it give more to those.
        set(&hr, line(Role::Administrator), true).await.unwrap();
        assert_eq!(told(t, t.acme).await, ["u0 Read Only", "u1 Read Only"]);
        let take = |id: &str| op("remove", &format!("members[value eq \"{id}\"]"), Value::Null);
        hr.patch(&path, take(&people[0])).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["u1 Read Only"], "who left it does not");
        // When it is small enough again, it gives to all.
        hr.patch(&path, take(&people[2])).await.expect(204);
        assert_eq!(told(t, t.acme).await, ["u1 Administrator", "u3 Administrator"]);
        assert_eq!(entries(t, t.acme, "admin_create_held").await[1]["held"], false);
        for (limit, group) in [(0, "a"), (1001, "a")] {
            let wrong = set(&hr, vec![RoleMapping::to_role(group, Role::ReadOnly, Some(limit))], true).await;
            assert!(matches!(wrong, Err(Error::Invalid(_))), "{limit}");
        }
    }
}
