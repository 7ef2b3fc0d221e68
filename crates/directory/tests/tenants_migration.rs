//! Tenant isolation of migrations and bulk jobs: verbs for `tenants.rs`, and the reads.

use muster_base::{Id, Secret};
use muster_directory::bulk;
use muster_directory::migration::{self, Batch, Item, Job, Kind, RefuseNext, State, Take};
use muster_directory::scheduled_state::{Cancel, CarryOut, Schedule, Status, store};
use muster_directory::{Actor, Error, Verb, user};
use serde_json::json;

use crate::harness::{Test, is_missing};

/// A migration of Acme with a group to take in.
async fn begun(t: &Test) -> Id {
    let id = t.d.env().id();
    let job = Job::new((t.acme.id, id), &Actor::command_line(), "https://a.example".into(), t.d.env().clock.now());
    migration::begin(&t.d, &job, &Secret::new("the key")).await.unwrap();
    let item = |n: i64| Item {
        seq: Kind::UserGroup.first_seq() + n,
        kind: Kind::UserGroup,
        parent: String::new(),
        remote_id: format!("5f{n:022x}"),
        name: format!("Brought {n}"),
        doc: json!({"name": format!("Brought {n}")}),
    };
    let batch = Batch { org: t.acme.id, job: id, clear: true, items: vec![item(1), item(2)] };
    migration::insert(&t.d, batch).await.unwrap();
    id
}

async fn twice<V: Verb<Out: std::fmt::Debug>>(t: &Test, verb: impl Fn() -> V) {
    assert!(is_missing(t.write(t.blue, verb()).await));
    assert!(t.write(t.acme, verb()).await.is_ok());
}

/// Each verb for the other organization, where it finds nothing, and for the right one.
pub async fn verbs(t: &Test, seen: &mut Vec<&'static str>) {
    let job = begun(t).await;
    seen.extend(["migration/item.rs RefuseNext", "migration/take.rs Take", "migration/decision.rs Decide"]);
    let mut of = migration::get(&mut t.d.read(), t.acme.id, job).await.unwrap();
    assert!(migration::set_state(&t.d, &mut of, State::Planned).await.unwrap());
    let seq = Kind::UserGroup.first_seq() + 2;
    for leave in [true, false] {
        twice(t, || migration::Decide { job, seq, leave }).await;
    }
    twice(t, || RefuseNext { job, reason: "no".into() }).await;
    crate::plans::part_of_migration(t, seen, job).await;
    twice(t, || Take { job, after: 0, limit: 9, in_parts: false }).await;
    scheduled(t, seen).await;
}

async fn scheduled(t: &Test, seen: &mut Vec<&'static str>) {
    let person = t.user(t.acme, "scheduled").await.id;
    seen.extend([
        "scheduled_state/schedule.rs Schedule",
        "scheduled_state/cancel.rs Cancel",
        "scheduled_state/carry_out.rs CarryOut",
    ]);
    let ask = || Schedule {
        users: vec![person],
        state: user::State::Suspended,
        at: t.d.env().clock.now().plus_s(60),
        mail: true,
    };
    // Another organization's person is nobody, told by the field of the body.
    assert!(matches!(t.write(t.blue, ask()).await, Err(Error::Invalid(fields)) if fields[0].field == "user_ids[0]"));
    let (first, second) = (t.write(t.acme, ask()).await.unwrap()[0].id, t.write(t.acme, ask()).await.unwrap()[0].id);
    for (org, sees) in [(t.acme.id, true), (t.blue.id, false)] {
        let mut s = t.d.read();
        assert_eq!(store::get(&mut s, org, first).await.is_ok(), sees);
        for of in [None, Some(person)] {
            let rows = store::list(&mut s, (org, of), Status::Pending, (9, 0)).await.unwrap();
            assert_eq!(rows.len(), if sees { 2 } else { 0 });
        }
        assert_eq!(store::next(&mut s, org, person, user::State::Suspended).await.unwrap().is_some(), sees);
        assert_eq!(store::count(&mut s, (org, None), Status::Pending).await.unwrap(), if sees { 2 } else { 0 });
    }
    twice(t, || Cancel { id: first }).await;
    twice(t, || CarryOut { id: second, refused: None }).await;
}

both! {
    async fn no_read_sees_anothers_migration_or_bulk_job(t) {
        let (job, mut s) = (begun(t).await, t.d.read());
        for (org, sees) in [(t.acme.id, true), (t.blue.id, false)] {
            assert_eq!(migration::get(&mut s, org, job).await.is_ok(), sees);
            assert_eq!(migration::list(&mut s, org).await.unwrap().len(), usize::from(sees));
            assert_eq!(migration::secret(&t.d, org, job).await.unwrap().is_some(), sees);
            assert_eq!(migration::counts(&mut s, org, job).await.unwrap().len(), usize::from(sees));
            let rows = migration::page(&mut s, (org, job), migration::Wanted::default(), 9).await.unwrap();
            assert_eq!(rows.is_empty(), !sees);
        }
        let id = t.d.env().id();
        let made = bulk::Job {
            org: t.acme.id, id, creates: true, actor: Actor::command_line().kind, actor_id: None, request_id: None, state: None,
        };
        bulk::begin(&t.d, made.clone(), vec![(json!({"password": "a secret"}), json!({}))]).await.unwrap();
        for (org, sees) in [(t.acme.id, true), (t.blue.id, false)] {
            assert_eq!(bulk::get(&mut s, org, id).await.is_ok(), sees);
            assert_eq!(bulk::results(&mut s, (org, id), 0, 9).await.unwrap().len(), usize::from(sees));
            let of = bulk::Job { org, ..made.clone() };
            assert_eq!(bulk::next(&t.d, &of).await.unwrap().is_some(), sees);
        }
    }
}
