//! Administrators' roles by the groups of a directory that is read: given, taken, and guarded by the limit.

use muster_directory::Error;
use muster_directory::administrator::{Role, store};
use muster_directory::directory_provider::RoleMapping;
use muster_directory::directory_provider::update::Update;
use muster_directory::feed::run::What;
use muster_directory::feed::{LdapSecurity, Reads};
use muster_testkit::both;
use serde_json::{Value, json};

use crate::google_server::{GoogleServer, key_file};
use crate::slapd::{PASSWORD, Slapd, group, person};
use crate::world::{World, setup};

/// Lets a group give the role, to so many.
async fn map(w: &World<'_>, group: &str, limit: i64) {
    let lines = vec![RoleMapping::to_role(group, Role::Administrator, Some(limit))];
    let update = Update { role_mappings: Some(lines), confirmed: true, ..Update::of(w.provider) };
    w.t.write(w.t.acme, update).await.unwrap();
}

async fn told(w: &World<'_>) -> Vec<String> {
    let all = store::with_roles(&mut w.t.directory.read(), w.t.acme.id).await.unwrap();
    let people = all.into_iter().filter(|(admin, _)| admin.derived.is_some());
    people.map(|(admin, _)| admin.email.split('@').next().unwrap().to_owned()).collect()
}

async fn read(w: &World<'_>) {
    let run = w.run(What::Import).await;
    assert_eq!(run.doc.failure, None);
}

both! {
    async fn a_role_comes_and_goes_with_what_is_read_by_ldap(t) with setup(); {
        let people = ["ana", "bo", "cai"].map(|name| person(name, "")).concat();
        let Some(slapd) = Slapd::start(&(people + &group("Sales", &["uid=ana,ou=people"]))).await else { return };
        let w = World::new(t, Reads::Ldap(slapd.ldap(LdapSecurity::Ldaps)), PASSWORD).await;
        map(&w, "Sales", 2).await;
        let plan = w.run(What::Plan).await;
        assert_eq!((plan.doc.failure.clone(), told(&w).await), (None, Vec::new()), "a plan gives nobody anything");
        read(&w).await;
        assert_eq!(told(&w).await, ["ana"]);
        let members = |names: &[&str]| {
            let lines: String = names.iter().map(|n| format!("member: uid={n},ou=people,dc=example,dc=org\n")).collect();
            slapd.modify(&format!("dn: cn=Sales,ou=groups,dc=example,dc=org\nchangetype: modify\nreplace: member\n{lines}"));
        };
        members(&["bo"]);
        read(&w).await;
        assert_eq!(told(&w).await, ["bo"], "taken from one, given to the other");
        members(&["ana", "bo", "cai"]);
        read(&w).await;
        assert_eq!(told(&w).await, ["bo"], "beyond the limit nobody new");
        members(&["ana", "bo"]);
        read(&w).await;
        assert_eq!(told(&w).await, ["ana", "bo"]);
        slapd.delete("uid=bo,ou=people");
        members(&["ana"]);
        read(&w).await;
        assert_eq!(told(&w).await, ["ana"], "with the person");
    }

    async fn a_role_comes_and_goes_with_what_is_read_of_google(t) with setup(); {
        let server = GoogleServer::start().await;
        for (n, name) in [(1, "ana"), (2, "bo"), (3, "cai")] {
            server.user(n, name, json!({}));
        }
        let member = |n: usize| json!({"id": format!("10000000000000000000{n}"), "type": "USER"});
        let sales = |members: Vec<Value>| {
            server.inside().groups = vec![(json!({"id": "g1", "name": "Sales", "email": "sales@acme.test"}), members)];
        };
        sales(vec![member(1)]);
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        map(&w, "sales@acme.test", 2).await;
        assert_eq!(w.run(What::Plan).await.doc.failure, None);
        assert!(told(&w).await.is_empty(), "a plan gives nobody anything");
        read(&w).await;
        assert_eq!(told(&w).await, ["ana"]);
        sales(vec![member(2)]);
        read(&w).await;
        assert_eq!(told(&w).await, ["bo"]);
        sales(vec![member(1), member(2), member(3)]);
        read(&w).await;
        assert_eq!(told(&w).await, ["bo"], "beyond the limit nobody new");
        server.user(2, "bo", json!({"suspended": true}));
        sales(vec![member(1), member(2)]);
        read(&w).await;
        assert_eq!(told(&w).await, ["ana"], "with the person");
        server.inside().groups.clear();
        read(&w).await;
        assert!(told(&w).await.is_empty(), "with the group");
    }

    async fn who_calls_their_own_group_by_the_name_of_another_gets_and_takes_nothing(t) with setup(); {
        let server = GoogleServer::start().await;
        for (n, name) in [(1, "ana"), (2, "bo")] {
            server.user(n, name, json!({}));
        }
        let member = |n: usize| json!({"id": format!("10000000000000000000{n}"), "type": "USER"});
        let group = |id: &str, name: &str, address: &str, n: usize| {
            (json!({"id": id, "name": name, "email": address}), vec![member(n)])
        };
        server.inside().groups = vec![group("g1", "Sales", "Sales@acme.test", 1)];
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        let lines = |group: &str| Some(vec![RoleMapping::to_role(group, Role::Administrator, None)]);
        let early = Update { role_mappings: lines("Sales"), confirmed: true, ..Update::of(w.provider) };
        let refused = t.write(t.acme, early).await;
        assert!(matches!(&refused, Err(Error::Invalid(of)) if of[0].field == "roleMappings[0].group"), "{refused:?}");
        w.import().await;
        let named = Update { role_mappings: lines("sales"), confirmed: true, ..Update::of(w.provider) };
        let kept = t.write(t.acme, named).await.unwrap();
        assert_eq!(kept.doc.role_mappings[0].group, "sales@acme.test", "which group is meant is kept");
        assert_eq!(told(&w).await, ["ana"]);
        // Bo calls a group of their own so: it is not it, and that one stays what it is.
        server.inside().groups.insert(0, group("g2", "Sales", "own@acme.test", 2));
        read(&w).await;
        assert_eq!((told(&w).await, w.members("Sales").await), (vec!["ana".to_owned()], vec!["ana".to_owned()]));
        assert_eq!(w.members("own@acme.test").await, ["bo"]);
        server.inside().groups.truncate(1);
        read(&w).await;
        assert!(told(&w).await.is_empty(), "the other one is not it either when it is gone");
    }
}
