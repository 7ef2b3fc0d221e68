//! Reading OpenLDAP.

use muster_directory::feed::run::What;
use muster_directory::feed::{Ldap, LdapFlavor, LdapSecurity, Reads, RunState};
use muster_directory::user::State;
use muster_http::feeding::Feeding;
use muster_testkit::both;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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

    async fn who_does_not_show_whether_they_may_sign_in_is_not_let_in(t) with setup(); {
        let control = |value: &str| format!("objectClass: adUser\nuserAccountControl: {value}");
        let some = [person("ana", &control("512")), person("bo", &control("512")), person("cai", &control("514"))].concat();
        let Some(slapd) = Slapd::start(&some).await else { return };
        let mut ldap = slapd.ldap(LdapSecurity::None);
        ldap.flavor = LdapFlavor::ActiveDirectory;
        ldap.user_filter = Some("(objectClass=inetOrgPerson)".into());
        ldap.attributes = [("id", "entryUUID"), ("username", "uid")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let w = World::new(t, Reads::Ldap(ldap), PASSWORD).await;
        let set = |uid: &str, to: &str| slapd.modify(&format!(
            "dn: uid={uid},ou=people,dc=example,dc=org\nchangetype: modify\nreplace: userAccountControl\n{to}"
        ));
        let run = w.import().await;
        assert_eq!((run.doc.users.create, run.doc.users.skipped), (2, 1));
        set("bo", "userAccountControl: 514\n");
        w.run(What::Import).await;
        assert_eq!(w.state("bo").await, State::Suspended);
        // The right to see it goes: nobody is let in by that, neither here already nor new, and nobody goes.
        set("ana", "");
        set("bo", "");
        set("cai", "userAccountControl: what\n");
        let run = w.run(What::Import).await;
        assert_eq!((w.state("ana").await, w.state("bo").await), (State::Activated, State::Suspended));
        assert_eq!(w.told(&run).await, ["conflict user cai"]);
        assert!(w.results(&run).await[0].error.as_ref().unwrap().contains("may sign in"));
        assert!(run.doc.notes[0].contains("2 people") && run.doc.notes[0].contains("ana"), "{:?}", run.doc.notes);
        assert!(w.user("cai").await.is_none());
        let report = w.feeder.test(t.acme.id, w.provider, None).await.unwrap();
        assert!(!report.ok && report.lines.last().unwrap().message.contains("userAccountControl"), "{report:?}");
        // Gone and back without a word of it, they stay out until it is said.
        slapd.delete("uid=ana,ou=people");
        w.run(What::Import).await;
        set("bo", "userAccountControl: 512\n");
        w.run(What::Import).await;
        assert_eq!((w.state("ana").await, w.state("bo").await), (State::Suspended, State::Activated));
    }

    async fn every_way_of_encryption_is_tried_and_told(t) with setup(); {
        let Some(slapd) = Slapd::start(&small()).await else { return };
        for security in [LdapSecurity::Ldaps, LdapSecurity::StartTls, LdapSecurity::None] {
            let w = World::new(t, Reads::Ldap(slapd.ldap(security)), PASSWORD).await;
            let report = w.feeder.test(t.acme.id, w.provider, None).await.unwrap();
            assert!(report.ok, "{security:?} {report:?}");
            assert!(report.lines[2].message.contains("3 people, such as ana"), "{report:?}");
            w.remove().await;
        }
        let first = async |change: fn(&mut Ldap), password: &str| {
            let mut ldap = slapd.ldap(LdapSecurity::StartTls);
            change(&mut ldap);
            let w = World::new(t, Reads::Ldap(ldap), password).await;
            let report = w.feeder.test(t.acme.id, w.provider, None).await.unwrap();
            w.remove().await;
            assert!(!report.ok);
            report.lines.last().unwrap().message.clone()
        };
        let unknown = first(|ldap| ldap.certificates = None, PASSWORD).await;
        assert!(unknown.contains("no encrypted connection") && unknown.contains("Certificates"), "{unknown}");
        assert!(first(|_| {}, "wrong").await.contains("refuses the bind DN or its password"));
        assert!(first(|ldap| ldap.base_dn = "dc=other".into(), PASSWORD).await.contains("no entry dc=other"));
        assert!(first(|ldap| ldap.user_filter = Some("(uid=a".into()), PASSWORD).await.contains("ends where )"));
        assert!(first(|ldap| ldap.user_filter = Some("(uid=nobody)".into()), PASSWORD).await.contains("nobody is there"));
        assert!(first(|ldap| ldap.host = "10.0.0.1".into(), PASSWORD).await.contains("may not be reached"));
    }

    async fn a_long_directory_is_read_page_by_page(t) with setup(); {
        let people: String = (0..1_203).map(|n| person(&format!("p{n}"), "")).collect();
        let Some(slapd) = Slapd::start(&people).await else { return };
        let mut ldap = slapd.ldap(LdapSecurity::None);
        // The server gives nobody more than 500 entries at once.
        ldap.bind_dn = String::new();
        let w = World::new(t, Reads::Ldap(ldap), "").await;
        let plan = w.run(What::Plan).await;
        assert_eq!((plan.doc.failure.clone(), plan.doc.users.create, plan.doc.in_parts), (None, 1_203, true));
    }

    async fn what_an_evil_server_says_ends_in_words(t) with setup(); {
        let deep: Vec<u8> = std::iter::repeat_n([0x30, 0x84, 0x01, 0x00, 0x00, 0x00], 4_000).flatten().collect();
        for (says, why) in [
            (b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), "does not answer as an LDAP server"),
            (vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff], "larger than"),
            (deep, "closed the connection"),
            (vec![0x30, 0x05, 0x02, 0x01, 0x01, 0x61, 0x00], "does not answer as an LDAP server"),
            (Vec::new(), "closed the connection"),
        ] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut asked = [0_u8; 512];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(&says).await;
            });
            let ldap = Ldap {
                host: "127.0.0.1".into(),
                port: Some(port),
                security: LdapSecurity::None,
                bind_dn: "cn=a".into(),
                base_dn: "dc=x".into(),
                ..Ldap::default()
            };
            let w = World::new(t, Reads::Ldap(ldap), "x").await;
            let run = w.run(What::Plan).await;
            server.await.unwrap();
            let told = run.doc.failure.unwrap();
            assert!(told.contains(why), "{told}");
            w.remove().await;
        }
    }
}
