//! The application's own users come here.

use std::sync::Arc;

use muster_directory::provision::import::May;
use muster_directory::provision::import_job;
use muster_directory::provision::reading::Far;
use muster_directory::provision::survey::{Survey, Wanted};
use muster_directory::{Actor, Error};
use muster_directory::{listing, user};
use muster_http::provisioning::{ImportOrder, Provisioning};
use muster_testkit::{Test, both};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::fake::Quirks;
use crate::receiver::Trick;
use crate::world::{Reads, World, setup, until};

fn everybody(t: &Test) -> ImportOrder {
    ImportOrder {
        actor: Actor::admin(t.acme.admin, None),
        may: May { create: true, update: true, reactivate: false },
        search: None,
        ids: Vec::new(),
    }
}

/// An application of five users, two a page, that answers as often as it is let.
async fn held(t: &Test) -> (World<'_>, Arc<Semaphore>) {
    let w = World::off(t, Quirks { page_max: Some(2), ..Quirks::default() }, |_| {}).await;
    for n in 0..5 {
        w.receiver
            .inside()
            .users
            .seed(json!({"userName": format!("p{n}"), "emails": [{"value": format!("p{n}@there.test")}]}));
    }
    let pages = Arc::new(Semaphore::new(0));
    w.receiver.inside().always = Some(Trick::Held(Arc::clone(&pages)));
    (w, pages)
}

both! {
    async fn an_import_makes_and_changes_people_and_tells_of_each(t) with setup(); {
        let w = World::off(t, Quirks { page_max: Some(2), ..Quirks::default() }, |_| {}).await;
        let bo = t.person(t.acme, "bo").await;
        for there in [
            json!({"userName": "ana", "name": {"givenName": "Ana", "familyName": "A"}, "emails": [{"value": "ana@there.test", "primary": true}], "title": "Lead"}),
            json!({"userName": "robert", "emails": [{"value": "BO@example.test"}], "title": "Chef"}),
            json!({"userName": "no mail at all"}),
        ] {
            w.receiver.inside().users.seed(there);
        }
        let wanted = Wanted { limit: 10, ..Wanted::default() };
        let found = w.provisioner.users(t.acme.id, w.app, None, wanted.clone()).await.unwrap().people;
        assert_eq!(found.len(), 3);
        let id = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        until(async || import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap().done_at.is_some()).await;
        let results = import_job::results(&mut t.directory.read(), (t.acme.id, id), 10, 0).await.unwrap();
        let told: Vec<_> = results.iter().map(|r| (r.username.as_str(), r.status.as_str())).collect();
        assert_eq!(told, [("ana", "CREATED"), ("robert", "UPDATED"), ("no mail at all", "ERROR")]);
        let ana = user::store::by_email(&mut t.directory.read(), t.acme.id, "ana@there.test").await.unwrap().unwrap();
        assert_eq!((ana.username.as_str(), ana.profile.job_title.as_deref()), ("ana", Some("Lead")));
        assert_eq!(ana.state, user::State::Staged, "as the organization says of those who come from applications");
        assert_eq!(t.stored(t.acme, bo.id).await.profile.job_title.as_deref(), Some("Chef"));
        assert!(import_job::job(&mut t.directory.read(), t.blue.id, id).await.is_err(), "nobody else's");
    }

    async fn an_import_tells_how_far_it_is_while_it_reads_and_afterwards(t) with setup(); {
        let (w, pages) = held(t).await;
        let id = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        let job = async || import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        assert_eq!((job().await.far, job().await.handled), (Far::default(), None));
        for read in [2, 4] {
            t.later(2);
            pages.add_permits(1);
            until(async || job().await.far == Far { read, total: Some(5) }).await;
            assert_eq!(job().await.handled, None, "nobody is taken in before all were read");
        }
        // What it read is kept under its id until its end.
        let kept = async || Survey::find(&mut t.directory.read(), t.acme.id, w.app, id).await.unwrap().is_some();
        assert!(kept().await);
        pages.add_permits(1);
        until(async || job().await.done_at.is_some()).await;
        assert!(!kept().await);
        assert_eq!((job().await.far, job().await.handled), (Far { read: 5, total: Some(5) }, Some(5)));
    }

    async fn an_import_that_was_held_for_left_reads_no_further(t) with setup(); {
        let (w, pages) = held(t).await;
        let id = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        let kept = async || Survey::find(&mut t.directory.read(), t.acme.id, w.app, id).await.unwrap().is_some();
        until(async || w.receiver.inside().headers.len() == 1).await;
        t.later(61);
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 1, "its server gave no sign of life");
        pages.add_permits(9);
        until(async || !kept().await).await;
        assert_eq!(w.receiver.inside().headers.len(), 1);
        let job = import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        assert!(job.failure.unwrap().contains("stopped before its end"), "it stays as it was told");
        assert!(user::store::by_username(&mut t.directory.read(), t.acme.id, "p0").await.unwrap().is_none());
    }

    async fn an_import_that_is_stopped_while_it_reads_takes_nobody_in(t) with setup(); {
        let (w, pages) = held(t).await;
        let id = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        until(async || w.receiver.inside().headers.len() == 1).await;
        // The application does not answer meanwhile.
        import_job::stop(&t.directory, t.acme.id, w.app, id).await.unwrap();
        let job = async || import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        until(async || job().await.done_at.is_some()).await;
        assert!(job().await.stopped && job().await.failure.is_none());
        pages.add_permits(9);
        let kept = async || Survey::find(&mut t.directory.read(), t.acme.id, w.app, id).await.unwrap().is_some();
        until(async || !kept().await).await;
        assert!(user::store::by_username(&mut t.directory.read(), t.acme.id, "p0").await.unwrap().is_none());
        // Once more changes nothing; another organization's, or another application's, is unknown.
        import_job::stop(&t.directory, t.acme.id, w.app, id).await.unwrap();
        for (org, app) in [(t.blue.id, w.app), (t.acme.id, t.acme.id)] {
            let stopped = import_job::stop(&t.directory, org, app, id).await;
            assert!(matches!(stopped, Err(Error::Missing("import job"))), "{stopped:?}");
        }
    }

    async fn an_import_that_is_stopped_tells_of_everybody_who_was_taken_in(t) with setup(); {
        // So many that it is far from its end when it is stopped.
        const THERE: i64 = 3000;
        let w = World::off(t, Quirks::default(), |_| {}).await;
        for n in 0..THERE {
            let there = json!({"userName": format!("p{n}"), "emails": [{"value": format!("p{n}@there.test")}]});
            w.receiver.inside().users.seed(there);
        }
        let before = listing::count::<user::User>(&mut t.directory.read(), t.acme.id).await.unwrap();
        let id = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        let counted = async || import_job::counts(&mut t.directory.read(), (t.acme.id, id)).await.unwrap();
        until(async || !counted().await.is_empty()).await;
        import_job::stop(&t.directory, t.acme.id, w.app, id).await.unwrap();
        let job = async || import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        until(async || job().await.done_at.is_some()).await;
        let taken_in = listing::count::<user::User>(&mut t.directory.read(), t.acme.id).await.unwrap() - before;
        assert!(job().await.stopped && taken_in < THERE, "{taken_in}");
        assert_eq!(counted().await, [("CREATED".to_owned(), taken_in)], "whoever is here stands in its results");
    }

    async fn an_import_that_was_held_for_left_takes_nobody_in_any_more(t) with setup(); {
        const THERE: i64 = 1000;
        let w = World::off(t, Quirks::default(), |_| {}).await;
        for n in 0..THERE {
            let there = json!({"userName": format!("p{n}"), "emails": [{"value": format!("p{n}@there.test")}]});
            w.receiver.inside().users.seed(there);
        }
        let people = async || listing::count::<user::User>(&mut t.directory.read(), t.acme.id).await.unwrap();
        let before = people().await;
        let made = async |id| {
            let counts = import_job::counts(&mut t.directory.read(), (t.acme.id, id)).await.unwrap();
            counts.into_iter().filter(|(status, _)| status == "CREATED").map(|(_, count)| count).sum::<i64>()
        };
        let first = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        until(async || made(first).await > 0).await;
        t.later(61);
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 1);
        assert!(Survey::find(&mut t.directory.read(), t.acme.id, w.app, first).await.unwrap().is_none());
        let second = w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        let job = async |id| import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        until(async || job(second).await.done_at.is_some()).await;
        // Beside the second one it would have made some of them, or they would stand in no results.
        assert_eq!((people().await - before, made(first).await + made(second).await), (THERE, THERE));
        assert!(made(second).await > 0 && job(first).await.failure.is_some());
    }

    async fn imports_at_once_are_few_and_leave_room_for_lists(t) with setup(); {
        let (w, _pages) = held(t).await;
        for _ in 0..4 {
            w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
        }
        let fifth = w.provisioner.import(t.acme.id, w.app, everybody(t)).await;
        assert!(matches!(fifth, Err(Error::Conflict(_))), "{fifth:?}");
        let found = async |id| Survey::find(&mut t.directory.read(), t.acme.id, w.app, id).await.unwrap().is_some();
        let list = Survey { org: t.acme.id, app: w.app, id: t.directory.env().id() };
        list.open(&t.directory, 10).await.unwrap();
        assert!(found(list.id).await, "the surveys of imports are kept longer");
        // Each has given its first sign of life.
        until(async || w.receiver.inside().headers.len() == 4).await;
        t.later(61);
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 4);
        w.provisioner.import(t.acme.id, w.app, everybody(t)).await.unwrap();
    }

    async fn an_import_that_a_dead_server_left_ends_and_says_so(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        // Begun by a server that died: nobody gives its sign of life.
        let (id, _, _) = import_job::begin(&t.directory, t.acme.id, w.app).await.unwrap();
        let job = async || import_job::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 0, "it may be alive");
        assert_eq!(job().await.done_at, None);
        t.later(61);
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 1);
        let ended = job().await;
        assert!(ended.done_at.is_some() && ended.failure.unwrap().contains("stopped before its end"));
        assert_eq!(import_job::end_abandoned(&t.directory).await.unwrap(), 0);
    }
}
