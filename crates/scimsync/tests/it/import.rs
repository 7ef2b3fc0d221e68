//! The application's own users come here.

use muster_directory::Actor;
use muster_directory::provision::import::{self, May};
use muster_directory::provision::survey::Wanted;
use muster_directory::user;
use muster_http::provisioning::{ImportOrder, Provisioning};
use muster_testkit::both;
use serde_json::json;

use crate::fake::Quirks;
use crate::world::{Reads, World, setup};

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
        let order = ImportOrder {
            actor: Actor::admin(t.acme.admin, None),
            may: May { create: true, update: true, reactivate: false },
            search: None,
            ids: Vec::new(),
        };
        let id = w.provisioner.import(t.acme.id, w.app, order).await.unwrap();
        loop {
            let job = import::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
            if job.done_at.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let results = import::results(&mut t.directory.read(), (t.acme.id, id), 10, 0).await.unwrap();
        let told: Vec<_> = results.iter().map(|r| (r.username.as_str(), r.status.as_str())).collect();
        assert_eq!(told, [("ana", "CREATED"), ("robert", "UPDATED"), ("no mail at all", "ERROR")]);
        let ana = user::store::by_email(&mut t.directory.read(), t.acme.id, "ana@there.test").await.unwrap().unwrap();
        assert_eq!((ana.username.as_str(), ana.profile.job_title.as_deref()), ("ana", Some("Lead")));
        assert_eq!(ana.state, user::State::Staged, "as the organization says of those who come from applications");
        assert_eq!(t.stored(t.acme, bo.id).await.profile.job_title.as_deref(), Some("Chef"));
        assert!(import::job(&mut t.directory.read(), t.blue.id, id).await.is_err(), "nobody else's");
    }

    async fn an_import_that_a_dead_server_left_ends_and_says_so(t) with setup(); {
        let w = World::off(t, Quirks::default(), |_| {}).await;
        // Begun by a server that died: nobody gives its sign of life.
        let (id, _, _) = import::begin(&t.directory, t.acme.id, w.app).await.unwrap();
        let job = async || import::job(&mut t.directory.read(), t.acme.id, id).await.unwrap();
        assert_eq!(import::end_abandoned(&t.directory).await.unwrap(), 0, "it may be alive");
        assert_eq!(job().await.done_at, None);
        t.later(61);
        assert_eq!(import::end_abandoned(&t.directory).await.unwrap(), 1);
        let ended = job().await;
        assert!(ended.done_at.is_some() && ended.failure.unwrap().contains("stopped before its end"));
        assert_eq!(import::end_abandoned(&t.directory).await.unwrap(), 0);
    }
}
