//! Reading Google Workspace, before a server that answers as it is documented.

use muster_directory::feed::run::What;
use muster_directory::feed::{Reads, RunState};
use muster_directory::provision::report::Outcome;
use muster_directory::user::State;
use muster_http::feeding::Feeding;
use muster_testkit::both;
use serde_json::json;

use crate::google_server::{GoogleServer, failure, key_file};
use crate::world::{World, setup};

/// Five people on three pages, and a group in another.
async fn server() -> GoogleServer {
    let server = GoogleServer::start().await;
    server.user(
        1,
        "ana",
        json!({
            "organizations": [{"title": "Lead", "department": "Sales", "primary": true}],
            "relations": [{"type": "manager", "value": "Eve@acme.test"}],
            "aliases": ["anna@acme.test"],
        }),
    );
    server.user(2, "bo", json!({}));
    server.user(3, "cai", json!({"suspended": true}));
    server.user(4, "dee", json!({}));
    server.user(5, "eve", json!({"phones": [{"type": "mobile", "value": "+1 555"}]}));
    let member = |n: usize| json!({"id": format!("10000000000000000000{n}"), "type": "USER"});
    server.inside().groups = vec![
        (
            json!({"id": "g1", "name": "Sales", "email": "sales@acme.test"}),
            vec![member(1), member(2), member(4), member(3)],
        ),
        (
            json!({"id": "g2", "name": "All", "email": "all@acme.test"}),
            vec![json!({"id": "g1", "type": "GROUP"}), member(5)],
        ),
    ];
    server
}

both! {
    async fn people_and_groups_come_page_by_page(t) with setup(); {
        let server = server().await;
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        let run = w.import().await;
        assert_eq!((run.state, run.doc.failure.clone()), (RunState::Done, None));
        assert_eq!((run.doc.users.create, run.doc.users.skipped, run.doc.user_groups.create), (4, 1, 2));
        assert!(w.user("cai").await.is_none(), "who is not let in there is not made here");
        let ana = w.user("ana").await.unwrap();
        assert_eq!((ana.email.as_str(), ana.profile.department.as_deref()), ("ana@acme.test", Some("Sales")));
        assert_eq!(ana.profile.manager, Some(w.user("eve").await.unwrap().id.text()));
        assert_eq!(w.members("Sales").await, ["ana", "bo", "dee"]);
        assert_eq!(w.members("All").await, ["ana", "bo", "dee", "eve"]);
        let claims = server.inside().asserted[0].clone();
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("reader@p.iam.gserviceaccount.com"), &json!("admin@acme.test")));
        assert_eq!(claims["aud"], json!(format!("{}/token", server.address)), "not the address in the file");

        server.user(2, "bo", json!({"archived": true}));
        server.inside().users.retain(|user| user["primaryEmail"] != "dee@acme.test");
        server.user(3, "cai", json!({}));
        let run = w.run(What::Import).await;
        let mut told = w.told(&run).await;
        told.sort();
        assert_eq!(told, ["create user cai", "deactivate user bo", "deactivate user dee", "update group Sales"]);
        server.user(2, "bo", json!({}));
        let told = { let run = w.run(What::Import).await; w.told(&run).await };
        assert_eq!(told, ["reactivate user bo"]);
        assert_eq!((w.state("bo").await, w.state("dee").await), (State::Activated, State::Suspended));
    }

    async fn google_is_asked_again_where_it_asks_for_patience_and_told_in_words_where_it_refuses(t) with setup(); {
        let server = server().await;
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        server.inside().next = vec![
            (429, failure(429, "Quota exceeded", "rateLimitExceeded")),
            (403, failure(403, "Too fast", "userRateLimitExceeded")),
            (503, json!("not even an object")),
            (401, failure(401, "Invalid Credentials", "authError")),
        ];
        let run = w.run(What::Plan).await;
        assert_eq!((run.state, run.doc.users.create), (RunState::Done, 4), "{:?}", run.doc.failure);
        assert_eq!(server.inside().asserted.len(), 2, "a token that does not hold any more is asked for again");
        server.inside().next = vec![(403, failure(403, "Not Authorized to access this resource/api", "forbidden"))];
        let run = w.run(What::Plan).await;
        let why = run.doc.failure.unwrap();
        assert!(why.contains("role that reads users") && why.contains("Not Authorized"), "{why}");
        server.inside().no_token = Some(json!({"error": "unauthorized_client", "error_description": "Client is unauthorized"}));
        let report = w.feeder.test(t.acme.id, w.provider, None).await.unwrap();
        assert!(!report.ok && report.lines[0].outcome == Outcome::Failed);
        assert!(report.lines[0].message.contains("domain-wide delegation"), "{}", report.lines[0].message);
    }

    async fn pages_that_bring_nothing_come_to_an_end(t) with setup(); {
        let server = server().await;
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        server.inside().next = (0..1_000).map(|n| (200, serde_json::json!({"nextPageToken": format!("t{n}")}))).collect();
        let run = w.run(What::Plan).await;
        assert_eq!(run.state, RunState::Failed);
        assert!(run.doc.failure.unwrap().contains("do not end"));
        assert!(server.inside().asked.len() < 120, "{}", server.inside().asked.len());
    }

    async fn what_is_not_read_to_its_end_lets_nobody_go(t) with setup(); {
        let server = server().await;
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        w.import().await;
        let asked = server.inside().asked.len();
        server.inside().breaks_after = Some(asked + 1);
        let run = w.run(What::Import).await;
        assert_eq!(run.state, RunState::Failed);
        assert_eq!(w.told(&run).await, Vec::<String>::new());
        for name in ["ana", "bo", "dee", "eve"] {
            assert_eq!(w.state(name).await, State::Activated, "{name}");
        }
        let source = w.source().await;
        assert!(source.failures == 1 && source.failed.unwrap().1.contains("pageToken"));
    }
}
