//! The plan before anything is sent, and the report of what was changed there.

use muster_directory::provision::{RepairMode, Settings, store};
use muster_directory::user::State;
use muster_http::provisioning::Draft;
use muster_scimsync::{Provisioner, With};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::receiver::Trick;
use crate::world::{PATIENT, Reads, World, setup};

both! {
    async fn the_plan_says_what_activating_would_do_and_does_nothing(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        w.receiver.inside().users.seed(json!({"userName": "bo", "title": "Old"}));
        w.receiver.inside().users.seed(json!({"userName": "stranger"}));
        for name in ["ana", "bo"] {
            w.member(name).await;
        }
        let out = t.person_with(t.acme, "cy", json!({}), State::Suspended).await;
        w.join(out.id, true).await;
        let plan = w.provisioner.preview(t.acme.id, w.app, None).await.unwrap();
        assert_eq!((plan.counts.create, plan.counts.adopt, plan.counts.none, plan.guarded), (1, 1, 1, false), "{plan:?}");
        let bo = plan.items.iter().find(|i| i.name == "bo").unwrap();
        let title = bo.fields.iter().find(|f| f.name == "title").unwrap();
        assert_eq!((title.from.as_deref(), title.to.as_deref()), (Some("Old"), Some("Engineer")));
        assert!(w.receiver.calls().iter().all(|c| c.starts_with("GET")));
    }

    async fn pages_that_do_not_add_up_are_not_believed(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.receiver.next(Trick::Say(200, r#"{"totalResults":9,"Resources":[{"id":"r1","userName":"x"}]}"#, Vec::new()));
        w.receiver.next(Trick::Say(200, r#"{"totalResults":9,"Resources":[{"id":"r1","userName":"x"}]}"#, Vec::new()));
        let error = w.provisioner.drift(t.acme.id, w.app).await.unwrap_err();
        assert!(error.to_string().contains("says that it has 9"), "{error}");
    }

    async fn another_mapping_is_previewed_by_field(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        w.member("ana").await;
        w.settle().await;
        let mut settings = Settings { base_url: w.receiver.address.clone(), ..Settings::default() };
        let line = settings.mapping.iter_mut().find(|l| l.target == "title").unwrap();
        (line.attribute, line.template) = (None, Some("{jobTitle} of {department}".into()));
        let draft = Draft { settings: settings.clone(), secret: None };
        let plan = w.provisioner.preview(t.acme.id, w.app, Some(draft)).await.unwrap();
        assert_eq!((plan.counts.update, plan.items[0].fields.len()), (1, 1), "{plan:?}");
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
        w.set(settings, None).await;
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Engineer of Research"));
    }

    async fn what_drifted_is_repaired_by_itself_once_a_day_where_that_is_chosen(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.repair = RepairMode::Automatic).await;
        // It is read for the first time at once, beside what is sent: here before there is anything.
        w.settle().await;
        w.member("ana").await;
        w.settle().await;
        let drifts = || {
            let mut inside = w.receiver.inside();
            let place = inside.users.resources.iter().position(|r| r.text("userName") == Some("ana")).unwrap();
            inside.users.resources[place].0.insert("title".into(), json!("Boss"));
        };
        let checked = async || store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().checked;
        drifts();
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Boss"), "it was read a moment ago");
        t.clock.advance_s(24 * 3600 + 1);
        w.settle().await;
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
        let last = checked().await.unwrap();
        assert_eq!((last.found, last.repaired, last.error), (1, 1, None));
        // Where it is not chosen nothing is read.
        let settings = Settings { repair: RepairMode::Manual, ..store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().settings };
        w.set(settings, None).await;
        w.settle().await;
        drifts();
        w.receiver.calls();
        t.clock.advance_s(24 * 3600 + 1);
        w.settle().await;
        assert_eq!((w.at("ana", "title"), w.receiver.calls()), (json!("Boss"), Vec::new()));
    }

    async fn what_is_more_than_is_repaired_at_once_follows_soon_and_not_a_day_later(t) with setup(); {
        let mut w = World::new(t, Quirks::default(), |s| s.repair = RepairMode::Automatic).await;
        w.provisioner = Provisioner::with(t.directory.clone(), t.site.egress().clone(), "node-1".into(), With { repaired_at_once: 2, ..PATIENT });
        w.settle().await;
        let names = ["ana", "bo", "cy", "dee", "eve"];
        for name in names {
            w.member(name).await;
        }
        w.settle().await;
        for resource in &mut w.receiver.inside().users.resources {
            resource.0.insert("title".into(), json!("Boss"));
        }
        w.receiver.inside().users.resources.retain(|r| r.text("userName") != Some("eve"));
        let checked = async || store::get(&mut t.directory.read(), t.acme.id, w.app).await.unwrap().checked.unwrap();
        let wrong = || names.iter().filter(|n| w.receiver.user(n).is_none() || w.at(n, "title") == json!("Boss")).count();
        t.clock.advance_s(24 * 3600 + 1);
        for (found, left) in [(5, 3), (3, 1), (1, 0)] {
            w.settle().await;
            w.settle().await;
            assert_eq!((checked().await.found, wrong()), (found, left));
            t.clock.advance_s(601);
        }
        w.receiver.calls();
        w.settle().await;
        assert!(w.receiver.calls().is_empty(), "the next one is a day later");
    }

    async fn drift_is_told_three_ways_and_repaired_when_somebody_says_so(t) with setup(); {
        let w = World::new(t, Quirks::default(), |_| {}).await;
        let (ana, bo) = (w.member("ana").await, w.member("bo").await);
        w.settle().await;
        assert_eq!(w.provisioner.drift(t.acme.id, w.app).await.unwrap().items, []);
        w.receiver.inside().users.seed(json!({"userName": "stranger"}));
        {
            let mut inside = w.receiver.inside();
            let place = inside.users.resources.iter().position(|r| r.text("userName") == Some("ana")).unwrap();
            inside.users.resources[place].0.insert("title".into(), json!("Boss"));
            inside.users.resources.retain(|r| r.text("userName") != Some("bo"));
        }
        let drift = w.provisioner.drift(t.acme.id, w.app).await.unwrap();
        let found = |id| drift.items.iter().find(|i| i.id == id).unwrap();
        let field = &found(Some(ana.id)).fields[0];
        let three = (field.ours.as_deref(), field.theirs.as_deref(), field.sent.as_deref());
        assert_eq!((field.name.as_str(), three), ("title", (Some("Engineer"), Some("Boss"), Some("Engineer"))));
        assert_eq!(found(Some(bo.id)).finding, "it was deleted there");
        assert_eq!(found(None).name, "stranger");
        assert_eq!(w.provisioner.repair(t.acme.id, w.app).await.unwrap(), 2);
        w.settle().await;
        assert_eq!(w.at("ana", "title"), json!("Engineer"));
        assert_eq!(w.at("bo", "active"), json!(true));
        assert!(w.receiver.user("stranger").is_some(), "nobody else is touched");
    }
}
