//! Reading OpenLDAP.

use muster_directory::feed::run::What;
use muster_directory::feed::{LdapSecurity, Reads, RunState};
use muster_directory::user::State;
use muster_testkit::both;

use crate::slapd::{PASSWORD, Slapd, group, person};
use crate::world::{World, setup};

/// Three people and two groups, one in the other.
fn small() -> String {
    [
        person("ana", "title: Lead\ndepartmentNumber: Sales\ntelephoneNumber: +1 555\nmanager: uid=cai,ou=people,dc=example,dc=org"),
        person("bo", ""),
        person("cai", ""),
        group("Sales", &["uid=ana,ou=people", "uid=bo,ou=people"]),
        group("Everyone", &["cn=Sales,ou=groups", "uid=cai,ou=people"]),
    ]
    .concat()
}

both! {
    async fn people_and_groups_come_and_go_as_the_server_says(t) with setup(); {
        let Some(slapd) = Slapd::start(&small()).await else { return };
        let w = World::new(t, Reads::Ldap(slapd.ldap(LdapSecurity::Ldaps)), PASSWORD).await;
        let plan = w.run(What::Plan).await;
        assert_eq!((plan.state, plan.doc.failure.clone()), (RunState::Done, None));
        let told = w.told(&plan).await;
        assert_eq!(told[..3], ["create user ana", "create user bo", "create user cai"]);
        assert_eq!((plan.doc.users.create, plan.doc.user_groups.create), (3, 2));
        let joins: Vec<_> = plan.doc.moved.iter().map(|g| (g.name.as_str(), g.joins)).collect();
        assert_eq!(joins, [("All Users", 3), ("Everyone", 3), ("Sales", 2)], "who would be where");
        assert!(w.user("ana").await.is_none(), "a plan does nothing");
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.failure.clone()), (RunState::Done, None));
        assert_eq!((run.doc.users.create, run.doc.user_groups.create), (3, 2));
        let ana = w.user("ana").await.unwrap();
        assert_eq!((ana.email.as_str(), ana.state), ("ana@example.org", State::Activated));
        assert_eq!(ana.profile.job_title.as_deref(), Some("Lead"));
        assert_eq!(ana.profile.department.as_deref(), Some("Sales"));
        let boss = w.user("cai").await.unwrap().id.text();
        assert_eq!(ana.profile.manager, Some(boss), "who came after her");
        assert_eq!(w.members("Sales").await, ["ana", "bo"]);
        assert_eq!(w.members("Everyone").await, ["ana", "bo", "cai"]);

        let again = w.run(What::Import).await;
        assert_eq!((again.doc.users.unchanged, again.doc.user_groups.unchanged), (3, 2));
        assert_eq!(w.told(&again).await, Vec::<String>::new());

        slapd.modify("dn: uid=bo,ou=people,dc=example,dc=org\nchangetype: modify\nreplace: title\ntitle: Chef\n");
        slapd.delete("uid=cai,ou=people");
        slapd.modify("dn: cn=Sales,ou=groups,dc=example,dc=org\nchangetype: modify\ndelete: member\nmember: uid=ana,ou=people,dc=example,dc=org\n");
        slapd.add(&person("dee", ""));
        let run = w.run(What::Import).await;
        let mut told = w.told(&run).await;
        told.sort();
        // cai has left the group Everyone with that; as ana's manager she is nobody any more.
        assert_eq!(told, [
            "create user dee", "deactivate user cai", "update group Sales", "update user ana", "update user bo",
        ]);
        assert_eq!(w.user("bo").await.unwrap().profile.job_title.as_deref(), Some("Chef"));
        assert_eq!(w.state("cai").await, State::Suspended);
        assert_eq!((w.members("Sales").await, w.members("Everyone").await), (vec!["bo".to_owned()], vec!["bo".to_owned()]));
    }
}
