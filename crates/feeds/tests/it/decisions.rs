//! Conflicts of a plan are decided about in the plan: one object at a time, for this run and every later one.

use muster_directory::directory_provider::update;
use muster_directory::feed::decision::Decide;
use muster_directory::feed::run::What;
use muster_directory::feed::{Action, ObjectKind, Reads};
use muster_directory::provision::decision::Answer;
use muster_directory::{Error, change, fed_user};
use muster_testkit::{Test, both};
use serde_json::json;

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

async fn world<'t>(t: &'t Test, server: &GoogleServer) -> World<'t> {
    World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await
}

async fn decide(w: &World<'_>, kind: ObjectKind, external: &str, answer: Option<Answer>) -> Result<(), Error> {
    let decide = Decide { provider: w.provider, kind, external_id: external.into(), name: "x".into(), answer };
    w.t.write(w.t.acme, decide).await
}

async fn sorted(w: &World<'_>, what: What) -> Vec<String> {
    let run = w.run(what).await;
    assert_eq!(run.doc.failure, None);
    let mut told = w.told(&run).await;
    told.sort();
    told
}

both! {
    async fn a_person_who_is_here_is_taken_over_or_left_alone_as_it_was_decided(t) with setup(); {
        let server = GoogleServer::start().await;
        let (ana, bo) = (t.person(t.acme, "ana").await, t.person(t.acme, "bo").await);
        for (n, person) in [(0, &ana), (1, &bo)] {
            server.user(n, &person.username, json!({"primaryEmail": person.email, "organizations": [{"title": "Chef"}]}));
        }
        let ids: Vec<String> = server.inside().users.iter().map(|u| u["id"].as_str().unwrap().to_owned()).collect();
        let w = world(t, &server).await;
        let run = w.run(What::Plan).await;
        let results = w.results(&run).await;
        let ways: Vec<_> = results.iter().map(|one| (one.action, one.in_the_way)).collect();
        assert_eq!(ways, [(Action::Conflict, Some(ana.id)), (Action::Conflict, Some(bo.id))], "who is in the way is told");
        decide(&w, ObjectKind::User, &ids[0], Some(Answer::TakeOver)).await.unwrap();
        decide(&w, ObjectKind::User, &ids[1], Some(Answer::Leave)).await.unwrap();
        assert_eq!(sorted(&w, What::Plan).await, ["adopt user ana", "left user bo"]);
        assert_eq!(w.user("ana").await.unwrap().profile.job_title, None, "a plan does nothing");
        assert_eq!(sorted(&w, What::Import).await, ["adopt user ana", "left user bo"]);
        let job = async |name| w.user(name).await.unwrap().profile.job_title;
        assert_eq!((job("ana").await.as_deref(), job("bo").await), (Some("Chef"), None));
        assert_eq!(w.user("ana").await.unwrap().id, ana.id, "the same person");
        assert_eq!(sorted(&w, What::Import).await, ["left user bo"], "it holds");
        decide(&w, ObjectKind::User, &ids[1], None).await.unwrap();
        assert_eq!(sorted(&w, What::Import).await, ["conflict user bo"], "and is taken back");
        let count = fed_user::store::count(&mut t.directory.read(), t.acme.id, w.provider).await.unwrap();
        assert_eq!(count, 1);
        let log = change::store::after(&mut t.directory.read(), t.acme.id, 0, 1_000).await.unwrap();
        let told = log.iter().filter(|entry| format!("{entry:?}").contains("planDecision")).count();
        assert_eq!(told, 3, "each decision is in the log");
    }

    async fn a_decision_takes_over_nobody_whom_a_directory_before_it_feeds(t) with setup(); {
        let server = GoogleServer::start().await;
        let ana = t.person(t.acme, "ana").await;
        server.user(0, &ana.username, json!({"primaryEmail": ana.email}));
        let first = world(t, &server).await;
        first.match_by_email().await;
        let name = update::Update { name: Some("The first".into()), ..update::Update::of(first.provider) };
        t.write(t.acme, name).await.unwrap();
        first.import().await;
        let second = world(t, &server).await;
        let run = second.run(What::Plan).await;
        let results = second.results(&run).await;
        assert_eq!((results[0].action, results[0].in_the_way), (Action::Conflict, None));
        let id = results[0].external_id.clone();
        decide(&second, ObjectKind::User, &id, Some(Answer::TakeOver)).await.unwrap();
        assert_eq!(sorted(&second, What::Plan).await, ["conflict user ana"]);
        // A group here is never taken over.
        assert!(matches!(decide(&second, ObjectKind::Group, "g", Some(Answer::TakeOver)).await, Err(Error::Invalid(_))));
        decide(&second, ObjectKind::Group, "g", Some(Answer::Leave)).await.unwrap();
    }
}
