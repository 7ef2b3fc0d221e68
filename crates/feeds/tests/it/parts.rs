//! A plan that is worked out in parts says what the import does, conflicts between its parts included.

use std::collections::BTreeMap;

use muster_directory::feed::run::What;
use muster_directory::feed::{Action, Outcome, Reads, Run, RunState, store};
use muster_directory::user::State;
use muster_testkit::both;
use serde_json::json;

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

/// What is told of a run: by kind and source's name, without who was only made.
async fn told(w: &World<'_>, run: &Run) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut skip = 0;
    loop {
        let (page, _) = store::results(&mut w.t.directory.read(), run, None, (1_000, skip)).await.unwrap();
        if page.is_empty() {
            return out;
        }
        skip += 1_000;
        for one in page.into_iter().filter(|one| one.action != Action::Create) {
            let Outcome { kind, action, external_id, error, fields, .. } = one;
            let words = format!("{} {:?} {}", action.word(), error, json!(fields));
            out.insert(format!("{} {external_id} {}", kind.word(), fields.contains_key("members")), words);
        }
    }
}

both! {
    async fn two_with_one_employee_id_keep_nobody_else_out(t) with setup(); {
        let server = GoogleServer::start().await;
        let id = |id: &str| json!({"externalIds": [{"type": "organization", "value": id}]});
        for (n, name) in ["jdoe", "adm-jdoe", "bo", "cai", "dee"].into_iter().enumerate() {
            server.user(n, name, if n < 2 { id("7") } else { json!({}) });
        }
        let local = t.person(t.acme, "local").await;
        let patch = muster_testkit::object(json!({"employeeIdentifier": "8"}));
        t.write(t.acme, muster_directory::user::update::Update::profile(local.id, patch)).await.unwrap();
        server.user(4, "dee", id("8"));
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        for what in [What::Plan, What::Import] {
            let run = w.run(what).await;
            assert_eq!((run.state, run.doc.failure.clone()), (RunState::Done, None));
            assert_eq!((run.doc.users.create, run.doc.users.conflict), (3, 2));
            let told = w.results(&run).await;
            let why = |name: &str| told.iter().find(|one| one.name == name).unwrap().error.clone().unwrap_or_default();
            assert!(why("adm-jdoe").contains("employeeIdentifier: jdoe (jdoe@acme.test) has it already"), "{told:?}");
            assert!(why("dee").contains("employeeIdentifier: local"), "{told:?}");
        }
        // One who is here changes to an ID that somebody has: the others change all the same.
        server.user(2, "bo", id("7"));
        server.user(3, "cai", json!({"organizations": [{"title": "Chef"}]}));
        let run = w.run(What::Import).await;
        assert_eq!((run.doc.users.update, run.doc.users.conflict), (1, 3));
        // Nor does it keep anybody in.
        let mut out = id("7");
        out["suspended"] = json!(true);
        server.user(2, "bo", out);
        w.run(What::Import).await;
        assert_eq!(w.state("bo").await, State::Suspended);
    }

    async fn a_plan_in_parts_sees_the_conflicts_between_them(t) with setup(); {
        let server = GoogleServer::start().await;
        server.user(1, "ana", json!({}));
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        w.import().await;
        // Ana's name is free from now on.
        server.user(1, "zoe", json!({}));
        let people: Vec<_> = (2..=1_150).map(|n| json!({"id": format!("{n}"), "primaryEmail": format!("p{n}@acme.test")})).collect();
        server.inside().users.extend(people);
        for (n, address) in [
            (1_151, "ana@acme.test"),
            // The user name of one of the first part, the address of another, and both of a third.
            (1_152, "p5@other.test"),
            (1_153, "p6@acme.test"),
            (1_154, "zoe@other.test"),
        ] {
            server.inside().users.push(json!({"id": format!("{n}"), "primaryEmail": address}));
        }
        let members = ["2", "1140", "1151", "1152"].map(|id| json!({"id": id, "type": "USER"}));
        server.inside().groups = vec![(json!({"id": "g1", "name": "Sales", "email": "sales@acme.test"}), members.to_vec())];
        let plan = w.run(What::Plan).await;
        assert_eq!((plan.doc.failure.clone(), plan.doc.in_parts), (None, true));
        assert_eq!((plan.doc.users.create, plan.doc.users.update, plan.doc.users.conflict), (1_150, 1, 3));
        let planned = told(&w, &plan).await;
        assert!(planned["user 1152 false"].contains("p5@acme.test"), "{planned:?}");
        let done = w.run(What::Import).await;
        assert_eq!(done.doc.failure, None);
        assert_eq!((done.doc.users, done.doc.user_groups), (plan.doc.users, plan.doc.user_groups));
        assert_eq!(told(&w, &done).await, planned);
        assert_eq!(w.members("Sales").await, ["ana", "p1140", "p2"]);
    }
}
