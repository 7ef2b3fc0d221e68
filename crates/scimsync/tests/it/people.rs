//! People are made there, changed, deactivated and reactivated, as seed 004 says.

use muster_directory::provision::state::Move;
use muster_directory::provision::{
    Deprovision, DeprovisionAction, MappingLine, ObjectKind, ObjectState, Settings, store,
};
use muster_directory::user::State;
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{World, setup};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

both! {
    /// The lines of seed 004.
    async fn whoever_is_assigned_is_there_as_they_are_here(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.settle().await;
        let there = w.receiver.user("ana").unwrap();
        assert_eq!(there.0["name"]["givenName"], "Ana");
        assert_eq!(there.0["name"]["familyName"], "Adams");
        assert_eq!(there.0["emails"][0]["value"], "ana@example.test");
        assert_eq!((&there.0["title"], &there.0["active"]), (&json!("Engineer"), &json!(true)));
        assert_eq!(there.0[ENTERPRISE]["department"], "Research");
        assert_eq!(there.external_id(), Some(ana.id.text().as_str()));
        let id = there.id().unwrap().to_owned();

        w.update(ana.id, json!({"jobTitle": "Lead", "department": "Product"})).await;
        w.settle().await;
        assert_eq!((w.at("ana", "title"), w.at("ana", ENTERPRISE)["department"].clone()), (json!("Lead"), json!("Product")));

        for (is, out) in [(State::Suspended, false), (State::Activated, true)] {
            t.set_state(t.acme, ana.id, is).await;
            w.settle().await;
            assert_eq!(w.at("ana", "active"), json!(out), "{is:?}");
        }
        w.join(ana.id, false).await;
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false), "taken out of the group");
        assert_eq!(w.state(ana.id).await, ObjectState::Gone);
        w.join(ana.id, true).await;
        w.settle().await;
        let there = w.receiver.user("ana").unwrap();
        assert_eq!((there.id(), there.active()), (Some(id.as_str()), Some(true)), "the same account");
        assert_eq!(w.state(ana.id).await, ObjectState::InStep);
        w.bind("user_group", w.sales.id, false).await;
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false), "the group unbound");
        w.bind("user", ana.id, true).await;
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(true), "bound by herself");
        t.remove(t.acme, ana.id).await;
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false), "removed");
        assert!(w.receiver.calls().iter().all(|c| !c.contains("/Groups")), "never a group call with the toggle off");
    }

    async fn of_two_lines_of_one_target_the_one_counts_whose_condition_holds(t) with setup(); {
        let line = |line: serde_json::Value| serde_json::from_value::<MappingLine>(line).unwrap();
        let w = World::new(t, Quirks::default(), |s| {
            s.mapping.retain(|line| line.target != "userType");
            s.mapping.push(line(json!({"target": "userType", "constant": "Maker", "condition": "department equals \"Research\""})));
            s.mapping.push(line(json!({"target": "userType", "constant": "Other"})));
        }).await;
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.at("ana", "userType"), json!("Maker"));
        w.update(ana.id, json!({"department": "Product"})).await;
        w.settle().await;
        assert_eq!(w.at("ana", "userType"), json!("Other"));
        let mut settings = store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().settings;
        for (condition, words) in [
            ("department equals", "at character"),
            ("member of \"Sales\"", "groups"),
            ("created within the last \"3 days\"", "how long ago"),
            ("manager.department equals \"x\"", "not a field"),
        ] {
            settings.mapping.last_mut().unwrap().condition = Some(condition.into());
            let refused = settings.problems(false);
            assert!(refused.iter().any(|p| p.message.contains(words)), "{condition}: {refused:?}");
        }
    }

    async fn a_removed_group_takes_the_accounts_of_its_members_along(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.member("ana").await;
        w.settle().await;
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(w.sales.id)).await.unwrap();
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false));
    }

    async fn who_is_in_step_is_not_called_about(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.settle().await;
        assert_eq!(w.receiver.calls().len(), 3, "looked for twice, made once");
        // Nothing that is mapped.
        w.update(ana.id, json!({"description": "x"})).await;
        w.settle().await;
        w.turn(Move::Deactivate).await;
        w.turn(Move::Activate).await;
        w.settle().await;
        assert_eq!(w.receiver.calls(), Vec::<String>::new());
        let nobody = t.person(t.acme, "bo").await;
        w.settle().await;
        assert!(w.object(ObjectKind::User, nobody.id).await.is_none(), "who is not assigned is not even known");
    }

    async fn one_who_is_there_already_is_taken_over(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let id = w.receiver.inside().users.seed(json!({"userName": "ANA", "title": "Old", "nickName": "An"}));
        let ana = w.member("ana").await;
        w.settle().await;
        let there = w.receiver.user("ana").unwrap();
        assert_eq!((there.id(), there.text("title"), there.text("nickName")), (Some(id.as_str()), Some("Engineer"), Some("An")));
        assert_eq!(w.object(ObjectKind::User, ana.id).await.unwrap().known.remote_id, Some(id));
        // By externalId, whatever the name there.
        let bo = t.person_with(t.acme, "bo", json!({}), State::Staged).await;
        let id = w.receiver.inside().users.seed(json!({"userName": "robert", "externalId": bo.id.text()}));
        w.join(bo.id, true).await;
        t.set_state(t.acme, bo.id, State::Activated).await;
        w.settle().await;
        assert_eq!(w.receiver.user("bo").unwrap().id(), Some(id.as_str()));
    }

    async fn who_leaves_is_deleted_at_once_or_later_where_the_application_says_so(t) with setup(); {
        let delete = |action| move |s: &mut Settings| s.deprovision = Deprovision { action, days: 7 };
        let w = World::new(t, Quirks::default(), delete(DeprovisionAction::Delete)).await;
        let ana = w.member("ana").await;
        w.settle().await;
        t.set_state(t.acme, ana.id, State::Suspended).await;
        w.settle().await;
        assert_eq!(w.at("ana", "active"), json!(false), "kept out is not gone");
        w.join(ana.id, false).await;
        w.settle().await;
        assert!(w.receiver.user("ana").is_none());

        let later = World::new(t, Quirks::default(), delete(DeprovisionAction::DeleteAfter)).await;
        let bo = later.member("bo").await;
        later.settle().await;
        later.join(bo.id, false).await;
        later.settle().await;
        assert_eq!(later.at("bo", "active"), json!(false));
        t.later(6 * 86_400);
        later.settle().await;
        assert!(later.receiver.user("bo").is_some());
        t.later(86_400 + 1);
        later.settle().await;
        assert!(later.receiver.user("bo").is_none());
    }

    async fn every_dialect_ends_in_step(t) with setup(); {
        for quirks in [
            Quirks { no_patch: true, ..Quirks::default() },
            Quirks { no_filter: true, page_max: Some(1), ..Quirks::default() },
            Quirks { ignores_filter: true, create_says_nothing: true, ..Quirks::default() },
            Quirks { no_value_paths: true, patch_says_nothing: true, lower_cases: true, ..Quirks::default() },
            Quirks { wants_versions: true, nobody_is_404: true, ..Quirks::default() },
            Quirks { ids_are_names: true, no_external_id_filter: true, ..Quirks::default() },
        ] {
            let w = World::new(t, quirks.clone(), |_| {}).await;
            w.receiver.inside().users.seed(json!({"userName": "other"}));
            let ana = w.member(&format!("ana-{}", w.app)).await;
            w.settle().await;
            w.update(ana.id, json!({"jobTitle": "Lead", "phoneNumbers": [{"type": "work", "number": "1"}]})).await;
            w.settle().await;
            assert_eq!(w.at(&ana.username, "title"), json!("Lead"), "{quirks:?} {}", w.error(ana.id).await);
            w.join(ana.id, false).await;
            w.settle().await;
            assert_eq!(w.at(&ana.username, "active"), json!(false), "{quirks:?}");
            assert_eq!(w.receiver.inside().users.resources.len(), 2, "{quirks:?}");
        }
    }

    async fn the_manager_follows_once_they_are_there(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let boss = t.person_with(t.acme, "boss", json!({"lastname": "B"}), State::Activated).await;
        let ana = w.member("ana").await;
        w.update(ana.id, json!({"manager": boss.id})).await;
        w.settle().await;
        assert_eq!(w.at("ana", ENTERPRISE)["manager"], json!(null));
        w.join(boss.id, true).await;
        w.settle().await;
        w.settle().await;
        assert_eq!(w.at("ana", ENTERPRISE)["manager"]["value"], w.at("boss", "id"));
    }

    async fn the_tape_tells_the_calls_and_no_secret(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let ana = w.member("ana").await;
        w.settle().await;
        let calls = store::calls(&mut t.directory.read(), t.acme.id, w.app, ObjectKind::User, ana.id).await.unwrap();
        let told: Vec<_> = calls.iter().map(|c| (c.method.as_str(), c.status, c.outcome.as_str())).collect();
        assert_eq!(told, [
            ("POST", Some(201), "created"), ("GET", Some(200), "200: it goes on"), ("GET", Some(200), "200: it goes on"),
        ]);
        assert!(calls[0].request.as_ref().unwrap().contains("\"givenName\":\"Ana\""));
        assert!(!format!("{calls:?}").contains(crate::world::TOKEN));
        let lags = store::lags(&mut t.directory.read(), t.acme.id, w.app).await.unwrap();
        assert_eq!(lags.len(), 1);
    }
}
