//! A plan that is worked out in parts says what the import does, conflicts between its parts included.

use std::collections::BTreeMap;

use muster_directory::feed::run::What;
use muster_directory::feed::{Action, Outcome, Reads, Run, store};
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
