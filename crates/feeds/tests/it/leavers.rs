//! Whoever may not come in at the source may not come in here, whatever else is wrong with their entry.

use muster_directory::directory_provider::update;
use muster_directory::feed::run::What;
use muster_directory::feed::{Action, Outcome, Reads, Run};
use muster_directory::user::State;
use muster_testkit::{Test, both};
use serde_json::{Value, json};

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

async fn world<'t>(t: &'t Test, server: &GoogleServer) -> World<'t> {
    World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await
}

fn managed_by(name: &str) -> Value {
    json!([{"type": "manager", "value": format!("{name}@acme.test")}])
}

/// What is told of somebody.
async fn of(w: &World<'_>, run: &Run, name: &str) -> Vec<Outcome> {
    w.results(run).await.into_iter().filter(|one| one.name == name).collect()
}

both! {
    async fn whose_manager_cannot_be_theirs_comes_without_one_and_goes_like_everybody(t) with setup(); {
        let server = GoogleServer::start().await;
        server.user(0, "boss", json!({"relations": managed_by("boss")}));
        server.user(1, "ana", json!({"relations": managed_by("bo")}));
        server.user(2, "bo", json!({"relations": managed_by("ana")}));
        server.user(3, "cai", json!({}));
        let w = world(t, &server).await;
        let run = w.import().await;
        assert_eq!((run.doc.users.create, run.doc.users.conflict), (4, 1));
        let told = of(&w, &run, "boss").await;
        assert_eq!(told[0].action, Action::Create);
        assert!(told[0].error.as_ref().unwrap().contains("named as their own"), "{told:?}");
        let told = of(&w, &run, "ana").await;
        assert!(told[1].error.as_ref().unwrap().contains("without a manager"), "{told:?}");
        let manager = async |name: &str| w.user(name).await.unwrap().profile.manager;
        assert_eq!((manager("boss").await, manager("ana").await), (None, None));
        assert_eq!(manager("bo").await, Some(w.user("ana").await.unwrap().id.text()));
        // What cannot be is looked at again each time, and told.
        let run = w.run(What::Import).await;
        assert_eq!((w.told(&run).await, run.doc.users.unchanged), (vec!["conflict user ana".to_owned()], 3));
        // The other one has somebody else: now it can be.
        server.user(2, "bo", json!({"relations": managed_by("cai")}));
        w.run(What::Import).await;
        assert_eq!(manager("ana").await, Some(w.user("bo").await.unwrap().id.text()));
        server.user(2, "bo", json!({"relations": managed_by("ana")}));
        for (n, name, manager) in [(0, "boss", "boss"), (1, "ana", "bo")] {
            server.user(n, name, json!({"suspended": true, "relations": managed_by(manager)}));
        }
        let run = w.run(What::Import).await;
        assert_eq!(run.doc.users.deactivate, 2);
        assert_eq!((w.state("boss").await, w.state("ana").await), (State::Suspended, State::Suspended));
        assert_eq!((w.state("bo").await, w.state("cai").await), (State::Activated, State::Activated));
    }

    async fn whose_new_address_is_taken_is_kept_out_all_the_same(t) with setup(); {
        let server = GoogleServer::start().await;
        let local = t.person(t.acme, "local").await;
        server.user(0, "p0", json!({}));
        server.user(1, "p1", json!({}));
        let w = world(t, &server).await;
        w.import().await;
        let taken = json!({"suspended": true, "primaryEmail": local.email});
        server.user(0, "p0", taken.clone());
        let plan = w.run(What::Plan).await;
        assert_eq!((plan.doc.users.deactivate, w.state("p0").await), (1, State::Activated));
        let run = w.run(What::Import).await;
        assert_eq!(w.state("p0").await, State::Suspended);
        let told = w.results(&run).await;
        assert_eq!((told.len(), told[0].action, told[0].id), (1, Action::Deactivate, Some(w.user("p0").await.unwrap().id)));
        assert!(told[0].error.as_ref().unwrap().contains(&local.email), "{told:?}");
        // It is told until it is put right, and nothing is done again.
        let run = w.run(What::Import).await;
        assert_eq!((run.doc.users.conflict, run.doc.users.deactivate), (1, 0));
        server.user(0, "p0", json!({}));
        let run = w.run(What::Import).await;
        assert_eq!(w.told(&run).await, ["reactivate user p0"]);
        assert_eq!(w.user("local").await.unwrap().state, State::Activated, "who is in the way is none of its business");
        // Whose entry cannot even be read: it has no user name any more.
        server.user(1, "", json!({"suspended": true}));
        let run = w.run(What::Import).await;
        assert_eq!((run.doc.users.deactivate, w.state("p1").await), (1, State::Suspended));
        assert!(w.results(&run).await[0].error.as_ref().unwrap().contains("no user name"));
    }

    async fn a_directory_that_is_turned_off_meanwhile_keeps_nobody_out(t) with setup(); {
        let server = GoogleServer::start().await;
        server.user(0, "p0", json!({}));
        let w = world(t, &server).await;
        w.import().await;
        server.user(0, "p0", json!({"suspended": true}));
        let run = w.ask(What::Import).await.unwrap();
        t.write(t.acme, update::Update { active: Some(false), ..update::Update::of(w.provider) }).await.unwrap();
        w.feeder.settle().await.unwrap();
        assert_eq!(w.at(run.id).await.doc.users.conflict, 1);
        assert_eq!(w.state("p0").await, State::Activated);
    }
}
