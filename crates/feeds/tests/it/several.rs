//! A person whom two directories feed, one that is read and a better one that pushes: what becomes of them when one drops them.

use muster_base::Id;
use muster_directory::directory_provider::{Matching, ProviderType, create, delete, update};
use muster_directory::fed_user::drop_user::DropUser;
use muster_directory::fed_user::{Feed, push::Push};
use muster_directory::feed::Reads;
use muster_directory::feed::run::What;
use muster_directory::user::State;
use muster_directory::{Actor, fed_user};
use muster_testkit::both;
use serde_json::json;

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

/// Ana and three others; a better directory has taken Ana over, and says what she is.
async fn taken_over(w: &World<'_>, server: &GoogleServer) -> (Id, Id) {
    for (n, name) in ["ana", "bo", "cai", "dee"].into_iter().enumerate() {
        server.user(n, name, json!({"organizations": [{"title": "Lead"}]}));
    }
    w.import().await;
    let (t, okta) = (w.t, w.t.directory.env().id());
    t.write(t.acme, create::Create { id: okta, name: format!("Okta {okta}"), kind: ProviderType::Okta }).await.unwrap();
    let better = update::Update { matching: Some(Matching::Email), precedence: Some(1), ..update::Update::of(okta) };
    t.write(t.acme, better).await.unwrap();
    let feed = Feed {
        external_id: Some("o1".into()),
        username: "ana".into(),
        email: Some("ana@acme.test".into()),
        active: Some(true),
        profile: [("jobTitle".to_owned(), json!("Chief"))].into_iter().collect(),
        doc: json!({"active": true, "title": "Chief"}).to_string(),
        ..Feed::default()
    };
    let by = Actor::directory_provider(okta, None);
    let fed = t.directory.write(by, t.acme.id, Push::new(okta, feed)).await.unwrap();
    assert_eq!(fed.user.profile.job_title.as_deref(), Some("Chief"));
    (okta, fed.user.id)
}

async fn drop_by(w: &World<'_>, provider: Id, id: Id) {
    let drop = DropUser { provider, id, expected: None };
    w.t.directory.write(Actor::directory_provider(provider, None), w.t.acme.id, drop).await.unwrap();
}

async fn world<'t>(t: &'t muster_testkit::Test, server: &GoogleServer) -> World<'t> {
    World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await
}

both! {
    async fn whom_both_dropped_is_out(t) with setup(); {
        let server = GoogleServer::start().await;
        let w = world(t, &server).await;
        let (okta, ana) = taken_over(&w, &server).await;
        server.inside().users.retain(|user| user["primaryEmail"] != "ana@acme.test");
        w.run(What::Import).await;
        assert_eq!(w.state("ana").await, State::Activated, "the better one still has her");
        drop_by(&w, okta, ana).await;
        assert_eq!(w.state("ana").await, State::Suspended, "neither has her");
        // She is the same person when she is back.
        server.user(0, "ana", json!({}));
        w.run(What::Import).await;
        assert_eq!((w.state("ana").await, w.user("ana").await.unwrap().id), (State::Activated, ana));
    }

    async fn who_is_kept_out_by_the_one_that_is_left_is_out(t) with setup(); {
        let server = GoogleServer::start().await;
        for is_removed in [false, true] {
            let w = world(t, &server).await;
            w.match_by_email().await;
            let (okta, ana) = taken_over(&w, &server).await;
            server.user(0, "ana", json!({"suspended": true}));
            w.run(What::Import).await;
            assert_eq!(w.state("ana").await, State::Activated);
            if is_removed {
                delete::delete(&t.directory, &Actor::admin(t.acme.admin, None), t.acme.id, okta).await.unwrap();
            } else {
                drop_by(&w, okta, ana).await;
            }
            assert_eq!(w.state("ana").await, State::Suspended, "{is_removed}");
            let run = w.run(What::Import).await;
            assert_eq!((w.state("ana").await, run.doc.users.reactivate), (State::Suspended, 0));
            server.user(0, "ana", json!({}));
            w.run(What::Import).await;
            assert_eq!(w.state("ana").await, State::Activated);
            w.remove().await;
            assert_eq!(w.state("ana").await, State::Activated, "she is ours then");
        }
    }

    async fn the_one_that_is_left_says_its_fields_again_and_lets_go_alone(t) with setup(); {
        let server = GoogleServer::start().await;
        let w = world(t, &server).await;
        let (okta, ana) = taken_over(&w, &server).await;
        drop_by(&w, okta, ana).await;
        let left = w.user("ana").await.unwrap();
        assert_eq!((left.state, left.profile.job_title.as_deref()), (State::Activated, Some("Chief")));
        w.run(What::Import).await;
        assert_eq!(w.user("ana").await.unwrap().profile.job_title.as_deref(), Some("Lead"));
        let feeders = fed_user::store::feeders(&mut t.directory.read(), t.acme.id, ana).await.unwrap();
        assert_eq!(feeders.len(), 1);
        server.inside().users.retain(|user| user["primaryEmail"] != "ana@acme.test");
        w.run(What::Import).await;
        assert_eq!(w.state("ana").await, State::Suspended);
    }
}
