//! A migration's plan that is worked out in parts says what the migration does, conflicts between its parts included.

use muster_directory::migration::{self, Choices, State};
use serde_json::json;

use crate::migration::{begin, egress, serve};
use crate::migration_source::{self, KEY, fake, person, person_id};

both! {
    async fn a_plan_in_parts_sees_the_conflicts_between_them(t) {
        let fake = fake(2_010);
        {
            let mut seen = fake.lock().unwrap();
            seen.page = 1_000;
            // Beyond the first part: the user name of somebody in it, and the address of another.
            let mut namesake = person(2_011);
            namesake["username"] = json!("user5");
            let mut same = person(2_012);
            same["email"] = json!("user6@there.example");
            seen.users.extend([namesake, same]);
        }
        let served = serve(migration_source::router(&fake)).await;
        let job = begin(t, &served.base, KEY, Choices { overwrite: false, at_once: false }).await;
        let planned = muster_admin::migration::run(&t.d, &egress(), (t.acme.id, job.id)).await.unwrap();
        assert_eq!((planned.state, planned.failure.clone(), planned.in_parts), (State::Planned, None, true));
        let told = async |n: usize| {
            let wanted = migration::Wanted { kind: "user", outcome: "", after: 0 };
            let mut s = t.d.read();
            let mut rows = migration::page(&mut s, (t.acme.id, job.id), wanted, 3_000).await.unwrap();
            rows.retain(|row| row.remote_id == person_id(n));
            let told = rows.remove(0).told.unwrap();
            (told.outcome, told.reason)
        };
        let counts = async || {
            let counts = migration::counts(&mut t.d.read(), t.acme.id, job.id).await.unwrap();
            counts.into_iter().map(|c| format!("{} {}: {}", c.kind.word(), c.outcome, c.count)).collect::<Vec<_>>()
        };
        let (before, refused) = (counts().await, told(2_011).await);
        assert!(before.contains(&"user created: 2010".to_owned()) && before.contains(&"user refused: 1".to_owned()), "{before:?}");
        assert_eq!(told(2_012).await.0, migration::Word::Linked);
        t.post(&format!("/api/v2/imports/jumpcloud/{}/apply", job.id), json!({})).send().await;
        let done = muster_admin::migration::run(&t.d, &egress(), (t.acme.id, job.id)).await.unwrap();
        assert_eq!((done.state, done.failure.clone()), (State::Done, None));
        assert_eq!(told(2_011).await, refused);
        let after = counts().await;
        assert!(after.contains(&"user created: 2010".to_owned()) && after.contains(&"user refused: 1".to_owned()), "{after:?}");
    }
}
