//! Runs: the guard, the schedule, a node that dies, what is left alone, and what one directory owes the others.

use muster_directory::directory_provider::update;
use muster_directory::feed::run::What;
use muster_directory::feed::state::Pause;
use muster_directory::feed::take::{Step, Take};
use muster_directory::feed::{Action, GuardLimits, ObjectKind, Outcome, Reads, RunKind, RunState, store};
use muster_directory::user::state::SetState;
use muster_directory::user::update::Update;
use muster_directory::user::{State, store as users};
use muster_directory::{Error, fed_user};
use muster_feeds::Feeder;
use muster_testkit::{Test, both, object};
use serde_json::json;

use crate::google_server::{GoogleServer, key_file};
use crate::world::{World, setup};

async fn many(count: usize) -> GoogleServer {
    let server = GoogleServer::start().await;
    for n in 0..count {
        server.user(n, &format!("p{n}"), json!({}));
    }
    server
}

async fn world<'t>(t: &'t Test, server: &GoogleServer) -> World<'t> {
    World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await
}

both! {
    async fn whom_the_guard_holds_stays_until_an_administrator_lets_them_go(t) with setup(); {
        let server = many(20).await;
        let w = world(t, &server).await;
        w.import().await;
        server.inside().users.truncate(14);
        server.user(30, "new", json!({}));
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.users.held, run.doc.users.deactivate), (RunState::Held, 6, 0));
        assert_eq!(run.doc.users.create, 1, "the rest goes on");
        assert!(run.doc.notes[0].contains("6 of 20"), "{:?}", run.doc.notes);
        assert_eq!(w.state("p19").await, State::Activated);
        // Who is back meanwhile stays; who goes meanwhile was not approved.
        server.user(19, "p19", json!({}));
        server.inside().users.retain(|user| user["primaryEmail"] != "p0@acme.test");
        let run = w.run(What::Approve).await;
        assert_eq!((run.state, run.doc.users.deactivate), (RunState::Done, 6), "five were held, and one is few");
        assert_eq!((w.state("p18").await, w.state("p19").await), (State::Suspended, State::Activated));
        assert!(matches!(w.ask(What::Approve).await, Err(Error::Conflict(_))), "nobody is held any more");
    }

    async fn who_went_within_a_day_counts_however_many_runs_were_since(t) with setup(); {
        let server = many(10).await;
        let w = World::with(t, Reads::GoogleWorkspace(server.settings()), &key_file(), |settings| {
            settings.guard = GuardLimits { count: 4, percent: 100 };
        }).await;
        w.import().await;
        server.inside().users.truncate(6);
        let went = w.run(What::Import).await;
        assert_eq!((went.state, went.doc.users.deactivate), (RunState::Done, 4));
        for n in 0..32 {
            t.later(15 * 60);
            w.run(if n % 2 == 0 { What::Import } else { What::Plan }).await;
        }
        server.inside().users.truncate(5);
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.users.held, run.doc.users.deactivate), (RunState::Held, 1, 0));
        t.later(20 * 3_600);
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.users.deactivate), (RunState::Done, 1), "a day later it is another day");
        let runs = store::runs(&mut t.directory.read(), t.acme.id, w.provider, (50, 0)).await.unwrap().0;
        assert!(runs.len() <= 31 && runs.iter().all(|one| one.id != went.id), "and the run has gone with the others");
    }

    async fn a_source_that_suddenly_has_nobody_lets_nobody_go(t) with setup(); {
        let server = many(2).await;
        let w = World::with(t, Reads::GoogleWorkspace(server.settings()), &key_file(), |settings| {
            settings.guard = GuardLimits { count: 1_000, percent: 100 };
        }).await;
        w.import().await;
        server.inside().users.clear();
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.users.held), (RunState::Held, 2));
        assert_eq!(w.state("p1").await, State::Activated);
    }

    async fn groups_that_suddenly_show_no_members_keep_them_until_an_administrator_lets_them_go(t) with setup(); {
        let server = many(20).await;
        let member = |n: usize| json!({"id": format!("10000000000000000000{n}"), "type": "USER"});
        let groups = |of: [std::ops::Range<usize>; 3]| {
            let group = |(n, people): (usize, std::ops::Range<usize>)| {
                let group = json!({"id": format!("g{n}"), "name": format!("G{n}"), "email": format!("g{n}@acme.test")});
                (group, people.map(member).collect::<Vec<_>>())
            };
            server.inside().groups = of.into_iter().enumerate().map(group).collect();
        };
        groups([0..12, 10..18, 18..20]);
        let w = world(t, &server).await;
        w.import().await;
        let counts = async || [w.members("G0").await.len(), w.members("G1").await.len(), w.members("G2").await.len()];
        assert_eq!(counts().await, [12, 8, 2]);
        groups([0..0, 0..0, 0..0]);
        server.user(30, "new", json!({}));
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.user_groups.held, run.doc.users.create), (RunState::Held, 3, 1));
        assert_eq!(counts().await, [12, 8, 2]);
        assert!(run.doc.notes[0].contains("22 of 22"), "{:?}", run.doc.notes);
        // A group of some size that shows nobody is doubted by itself; few who leave are not, and who comes comes.
        groups([0..0, 10..18, 19..20]);
        server.inside().groups[2].1.push(member(30));
        let mut settings = w.settings().await;
        settings.guard = GuardLimits { count: 1_000, percent: 90 };
        w.set(settings, None).await.unwrap();
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.user_groups.held, run.doc.user_groups.update), (RunState::Held, 1, 1));
        assert_eq!((counts().await, w.members("G2").await), ([12, 8, 2], vec!["new".to_owned(), "p19".to_owned()]));
        let run = w.run(What::Approve).await;
        assert_eq!((run.state, counts().await), (RunState::Done, [0, 8, 2]));
    }

    async fn who_goes_is_counted_once_and_not_by_their_groups(t) with setup(); {
        let server = many(30).await;
        let everybody: Vec<_> = (0..30).map(|n| json!({"id": format!("10000000000000000000{n}"), "type": "USER"})).collect();
        let group = |n: usize| (json!({"id": format!("g{n}"), "name": format!("G{n}"), "email": ""}), everybody.clone());
        server.inside().groups = (0..3).map(group).collect();
        let w = world(t, &server).await;
        w.import().await;
        server.inside().users.truncate(27);
        for (_, members) in &mut server.inside().groups {
            members.truncate(27);
        }
        let run = w.run(What::Import).await;
        assert_eq!((run.state, run.doc.users.deactivate, w.members("G2").await.len()), (RunState::Done, 3, 27));
    }

    async fn a_directory_is_read_by_itself_once_it_was_imported_and_less_often_while_it_fails(t) with setup(); {
        let server = many(1).await;
        let w = world(t, &server).await;
        let runs = async || store::runs(&mut t.directory.read(), t.acme.id, w.provider, (1, 0)).await.unwrap().1;
        w.run(What::Plan).await;
        t.later(100_000);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, 1, "a plan alone is not permission");
        w.run(What::Import).await;
        t.later(3_500);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, 2);
        t.later(110);
        w.feeder.settle().await.unwrap();
        let last = w.last().await;
        assert!(last.doc.scheduled && last.kind == RunKind::Import && runs().await == 3);
        server.inside().no_token = Some(json!({"error": "invalid_grant"}));
        for wait in [3_600, 3_600, 3_600, 3_600, 3_600] {
            t.later(wait);
            w.feeder.settle().await.unwrap();
        }
        let source = w.source().await;
        assert!(source.failures >= 4 && source.failed.unwrap().1.contains("administrator of the domain"));
        t.later(3_600);
        let before = runs().await;
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, before, "later with each failure");
    }

    async fn what_is_read_otherwise_is_looked_at_before_the_schedule_goes_on(t) with setup(); {
        let server = many(1).await;
        let w = world(t, &server).await;
        w.import().await;
        let runs = async || store::runs(&mut t.directory.read(), t.acme.id, w.provider, (1, 0)).await.unwrap().1;
        // How often, and the guard: nothing else is read for it.
        let mut settings = w.settings().await;
        settings.every_minutes = 30;
        w.set(settings.clone(), None).await.unwrap();
        t.later(1_900);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, 3);
        let Reads::GoogleWorkspace(google) = &mut settings.reads else { unreachable!() };
        google.query = Some("orgUnitPath=/Sales".into());
        w.set(settings, None).await.unwrap();
        for paused in [true, false] {
            t.write(t.acme, Pause { provider: w.provider, paused }).await.unwrap();
        }
        t.later(100_000);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, 3, "nobody has seen what it would do");
        w.import().await;
        t.later(1_900);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, 6, "a plan, the import that was asked for, and the schedule again");
    }

    async fn what_a_dead_node_left_is_taken_up_when_its_lease_is_over(t) with setup(); {
        let server = many(3).await;
        let w = world(t, &server).await;
        w.run(What::Plan).await;
        let run = w.ask(What::Import).await.unwrap();
        // A node that took it up and died.
        let now = t.directory.env().clock.now();
        assert!(t.directory.db().lease(&format!("feed:{}", w.provider), "dead", 60, now).await.unwrap());
        store::begin(&t.directory, (t.acme.id, w.provider, run.id)).await.unwrap().unwrap();
        w.feeder.settle().await.unwrap();
        assert_eq!(w.at(run.id).await.state, RunState::Running, "it may be alive");
        t.later(61);
        let other = Feeder::new(t.directory.clone(), t.site.egress().clone(), "node-2".into());
        other.settle().await.unwrap();
        let ended = w.at(run.id).await;
        assert_eq!((ended.state, ended.attempts, ended.doc.users.create), (RunState::Done, 2, 3));
        let run = w.ask(What::Import).await.unwrap();
        for _ in 0..3 {
            store::begin(&t.directory, (t.acme.id, w.provider, run.id)).await.unwrap().unwrap();
        }
        w.feeder.settle().await.unwrap();
        let ended = w.at(run.id).await;
        assert_eq!(ended.state, RunState::Failed, "not for ever");
        assert!(ended.doc.failure.unwrap().contains("three times"));
    }

    async fn who_is_here_is_taken_over_only_where_that_is_turned_on_and_their_fields_are_the_sources(t) with setup(); {
        let server = many(1).await;
        server.user(1, "ana", json!({"organizations": [{"title": "Lead"}]}));
        let w = world(t, &server).await;
        let ana = t.person(t.acme, "ana").await;
        t.write(t.acme, Update::profile(ana.id, object(json!({"email": "ana@acme.test"})))).await.ok();
        let ana = users::get(&mut t.directory.read(), t.acme.id, ana.id).await.unwrap();
        let plan = w.run(What::Plan).await;
        let mut told = w.told(&plan).await;
        told.sort();
        assert_eq!(told, ["conflict user ana", "create user p0"]);
        let one = w.results(&plan).await.into_iter().find(|one| one.action == Action::Conflict).unwrap();
        assert!(one.error.unwrap().contains("ana"));
        w.match_by_email().await;
        server.inside().users.iter_mut().find(|u| u["primaryEmail"] == "ana@acme.test").unwrap()["primaryEmail"] = json!(ana.email);
        let run = w.import().await;
        let mut told = w.told(&run).await;
        told.sort();
        assert_eq!(told, ["adopt user ana", "create user p0"]);
        let change = Update::profile(ana.id, object(json!({"jobTitle": "Boss"})));
        assert!(matches!(t.write(t.acme, change).await, Err(Error::Invalid(_))), "the source keeps it");
        let blue = fed_user::store::count(&mut t.directory.read(), t.blue.id, w.provider).await.unwrap();
        assert_eq!(blue, 0);
    }

    async fn whom_an_administrator_suspended_stays_out_while_the_source_changes_something_else(t) with setup(); {
        let server = many(2).await;
        let w = world(t, &server).await;
        w.import().await;
        let id = w.user("p0").await.unwrap().id;
        t.write(t.acme, SetState { id, state: State::Suspended }).await.unwrap();
        server.user(0, "p0", json!({"organizations": [{"title": "Chef"}]}));
        w.run(What::Import).await;
        let p0 = w.user("p0").await.unwrap();
        assert_eq!((p0.state, p0.profile.job_title.as_deref()), (State::Suspended, Some("Chef")));
        // What the source itself decides is followed again.
        server.user(0, "p0", json!({"suspended": true}));
        w.run(What::Import).await;
        server.user(0, "p0", json!({}));
        w.run(What::Import).await;
        assert_eq!(w.state("p0").await, State::Activated);
    }

    async fn other_settings_are_planned_with_before_they_are_imported_with(t) with setup(); {
        let server = many(1).await;
        let w = world(t, &server).await;
        assert!(matches!(w.ask(What::Import).await, Err(Error::Conflict(_))));
        w.import().await;
        t.later(10);
        let mut settings = w.settings().await;
        settings.groups = false;
        w.set(settings, None).await.unwrap();
        assert!(matches!(w.ask(What::Import).await, Err(Error::Conflict(_))));
        w.import().await;
        t.write(t.acme, update::Update { active: Some(false), ..update::Update::of(w.provider) }).await.unwrap();
        assert!(matches!(w.ask(What::Import).await, Err(Error::Conflict(_))), "turned off");
    }

    async fn a_run_that_waits_does_not_work_with_settings_that_nobody_has_planned(t) with setup(); {
        let server = many(1).await;
        let w = world(t, &server).await;
        w.import().await;
        server.user(1, "new", json!({}));
        // What is read stays the same.
        let run = w.ask(What::Import).await.unwrap();
        let mut settings = w.settings().await;
        settings.every_minutes = 30;
        w.set(settings.clone(), None).await.unwrap();
        w.feeder.settle().await.unwrap();
        assert_eq!((w.at(run.id).await.state, w.user("new").await.is_some()), (RunState::Done, true));
        w.run(What::Plan).await;
        server.user(2, "other", json!({}));
        let run = w.ask(What::Import).await.unwrap();
        let Reads::GoogleWorkspace(google) = &mut settings.reads else { unreachable!() };
        google.query = Some("orgUnitPath=/Sales".into());
        w.set(settings, None).await.unwrap();
        w.feeder.settle().await.unwrap();
        let ended = w.at(run.id).await;
        assert_eq!(ended.state, RunState::Failed);
        assert!(ended.doc.failure.unwrap().contains("look at its plan first"));
        assert!(w.user("other").await.is_none() && server.inside().asked.iter().all(|path| !path.contains("orgUnitPath")));
        let runs = async || store::runs(&mut t.directory.read(), t.acme.id, w.provider, (1, 0)).await.unwrap().1;
        let before = runs().await;
        t.later(100_000);
        w.feeder.settle().await.unwrap();
        assert_eq!(runs().await, before, "and its end does not let the schedule go on");
        w.import().await;
        assert!(w.user("other").await.is_some());
    }

    async fn a_run_that_is_taken_up_again_tells_everything_once(t) with setup(); {
        let server = many(3).await;
        server.inside().groups = vec![(json!({"id": "g1", "name": "Sales", "email": "sales@acme.test"}), Vec::new())];
        server.user(9, "odd", json!({"primaryEmail": ""}));
        let w = world(t, &server).await;
        let person = |n: usize| format!("10000000000000000000{n}");
        for what in [What::Plan, What::Import] {
            let run = w.ask(what).await.unwrap();
            store::begin(&t.directory, (t.acme.id, w.provider, run.id)).await.unwrap().unwrap();
            // As far as the first node came: somebody who is gone meanwhile, and one who cannot come.
            let told = |external: String, action: Action| {
                let (name, fields) = (external.clone(), serde_json::Map::new());
                Step::Told(Outcome { kind: ObjectKind::User, action, external_id: external, name, id: None, fields, error: None, in_the_way: None })
            };
            let steps = vec![told("before".into(), Action::Create), told(person(9), Action::Conflict)];
            let take = Take { provider: w.provider, run: Some((run.id, 1)), steps };
            let actor = muster_directory::Actor::directory_provider(w.provider, Some(run.id.text()));
            t.directory.write(actor, t.acme.id, take).await.unwrap();
            t.later(61);
            w.feeder.settle().await.unwrap();
            let ended = w.at(run.id).await;
            assert_eq!((ended.state, ended.attempts, ended.doc.failure.clone()), (RunState::Done, 2, None));
            let results = w.results(&ended).await;
            let of = |kind, action| i64::try_from(results.iter().filter(|r| r.kind == kind && r.action == action).count()).unwrap();
            let mut names: Vec<&str> = results.iter().map(|one| one.external_id.as_str()).collect();
            names.sort();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
            // What the first node did was done; of a plan nothing was.
            assert_eq!(names.contains(&"before"), what == What::Import);
            let (users, groups) = (ended.doc.users, ended.doc.user_groups);
            assert_eq!((users.create, users.conflict), (of(ObjectKind::User, Action::Create), of(ObjectKind::User, Action::Conflict)));
            assert_eq!((users.create, users.conflict, groups.create), (if what == What::Plan { 3 } else { 4 }, 1, 1));
        }
    }

    async fn what_is_due_and_turned_off_stands_before_nobody(t) with setup(); {
        let server = many(1).await;
        let w = world(t, &server).await;
        w.import().await;
        let active = async |on| {
            t.write(t.acme, update::Update { active: Some(on), ..update::Update::of(w.provider) }).await.unwrap();
        };
        active(false).await;
        t.later(4_000);
        assert_eq!(store::due(&t.directory).await.unwrap(), [(t.acme.id, w.provider)]);
        w.feeder.settle().await.unwrap();
        assert!(store::due(&t.directory).await.unwrap().is_empty());
        active(true).await;
        t.later(3_600);
        w.feeder.settle().await.unwrap();
        assert!(w.last().await.doc.scheduled, "it is read again when it is its turn");
    }
}
