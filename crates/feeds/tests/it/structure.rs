//! What a source says of groups that cannot be so here keeps nobody in or out, and is told at every reading.

use muster_directory::directory_provider::RoleMapping;
use muster_directory::directory_provider::update::Update;
use muster_directory::feed::run::What;
use muster_directory::feed::{Action, Outcome, Reads};
use muster_directory::group::{Input, create, membership, update};
use muster_testkit::both;
use serde_json::{Value, json};

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

fn person(n: usize) -> Value {
    json!({"id": format!("10000000000000000000{n}"), "type": "USER"})
}

fn group(id: &str) -> Value {
    json!({"id": id, "type": "GROUP"})
}

fn called(id: &str, name: &str, members: Vec<Value>) -> (Value, Vec<Value>) {
    (json!({"id": id, "name": name, "email": format!("{id}@acme.test")}), members)
}

async fn server() -> GoogleServer {
    let server = GoogleServer::start().await;
    for (n, name) in [(1, "ana"), (2, "bo"), (3, "cai")] {
        server.user(n, name, json!({}));
    }
    server
}

/// Conflicts of a run.
async fn conflicts(w: &World<'_>, what: What) -> Vec<Outcome> {
    let run = w.run(what).await;
    assert_eq!(run.doc.failure, None);
    let mut all = w.results(&run).await;
    all.retain(|one| one.action == Action::Conflict);
    assert_eq!(run.doc.user_groups.conflict, i64::try_from(all.len()).unwrap());
    all
}

both! {
    async fn groups_that_hold_each_other_have_the_people_that_they_have_there(t) with setup(); {
        let server = server().await;
        let first = called("g1", "One", vec![person(1), group("g2")]);
        let both = |second: usize| vec![first.clone(), called("g2", "Two", vec![person(second), group("g1")])];
        server.inside().groups = both(2);
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        conflicts(&w, What::Plan).await;
        let told = conflicts(&w, What::Import).await;
        let words = told[0].error.clone().unwrap();
        assert_eq!((told.len(), told[0].name.as_str()), (1, "Two"));
        assert!(words.contains("cannot hold One"), "{words}");
        assert_eq!((w.members("One").await, w.members("Two").await), (vec!["ana".to_owned(), "bo".into()], vec!["bo".into()]));
        server.inside().groups = both(3);
        let told = conflicts(&w, What::Import).await;
        assert_eq!(told[0].fields["members"], json!({"joins": 1, "leaves": 1}), "what was done is told too");
        assert_eq!((w.members("One").await, w.members("Two").await), (vec!["ana".to_owned(), "cai".into()], vec!["cai".into()]));
        assert_eq!(conflicts(&w, What::Import).await.len(), 1, "for as long as it is so");
        // One group that cannot be held keeps out no other.
        server.inside().groups = both(3);
        server.inside().groups[1].1.push(group("g3"));
        server.inside().groups.push(called("g3", "Three", vec![person(2)]));
        assert_eq!(conflicts(&w, What::Import).await.len(), 1);
        assert_eq!(w.members("Two").await, ["bo", "cai"]);
    }

    async fn what_a_mapping_cannot_give_is_told_until_it_can(t) with setup(); {
        let server = server().await;
        server.inside().groups = vec![called("g1", "One", vec![person(1)])];
        let mut inside = Vec::new();
        for n in 0..100 {
            let input = Input { name: Some(format!("Local {n}")), ..Input::default() };
            inside.push(t.write(t.acme, create::Create::of_users(input)).await.unwrap().id);
        }
        let make = async |name: &str, nested: &[muster_base::Id]| {
            let nested = Some(nested.to_vec());
            let input = Input { name: Some(name.into()), nested, confirmed: true, ..Input::default() };
            t.write(t.acme, create::Create::of_users(input)).await.unwrap().id
        };
        let (full, free) = (make("Full", &inside).await, make("Free", &[]).await);
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        let lines = [full, free].map(|local| RoleMapping::to_group("g1@acme.test", local)).to_vec();
        t.write(t.acme, Update { role_mappings: Some(lines), confirmed: true, ..Update::of(w.provider) }).await.unwrap();
        for what in [What::Plan, What::Import, What::Import] {
            let told = conflicts(&w, what).await;
            assert_eq!((told.len(), told[0].name.as_str()), (1, "Full"), "{told:?}");
            assert!(told[0].error.clone().unwrap().contains("at most 100 groups"));
        }
        let count = async |id| membership::members(&mut t.directory.read(), t.acme.id, id).await.unwrap().len();
        assert_eq!((w.members("One").await, count(full).await, count(free).await), (vec!["ana".to_owned()], 0, 1));
        let input = Input { nested: Some(inside[1..].to_vec()), confirmed: true, ..Input::default() };
        t.write(t.acme, update::Update::of_users(full, input)).await.unwrap();
        assert!(conflicts(&w, What::Import).await.is_empty());
        assert_eq!(count(full).await, 1);
    }
}
