//! A token that was seen a moment ago: the transaction that makes or changes a person asks whether it holds still, and what is wrong is
//! told to those alone who may ask.

use axum::body::Body;
use muster_db::Migration;
use muster_directory::directory_provider::delete::delete;
use muster_directory::directory_provider::update::Update;
use muster_directory::directory_provider::{store, token};
use muster_directory::{Actor, user};
use muster_testkit::{PASSWORD, Setup, both};
use serde_json::{Value, json};

use crate::world::{Answer, Feeder, id, op};

async fn make(hr: &Feeder<'_>, name: &str) -> Answer {
    hr.post(
        "/Users",
        json!({"userName": name, "emails": [{"value": format!("{name}@acme.test")}], "password": PASSWORD}),
    )
    .await
}

async fn is_here(hr: &Feeder<'_>, name: &str) -> bool {
    user::store::by_username(&mut hr.t.directory.read(), hr.org.id, name).await.unwrap().is_some()
}

/// A database that fails where a directory's person is written who has the external id `broken`.
fn failing() -> Setup {
    const FAILING: Migration = Migration::per_engine(
        9_999,
        "failing",
        "CREATE TRIGGER failing BEFORE INSERT ON fed_users WHEN NEW.external_id = 'broken'
         BEGIN SELECT RAISE(ABORT, 'it fails'); END;",
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''it fails''; END';
         CREATE TRIGGER failing BEFORE INSERT ON fed_users FOR EACH ROW WHEN (NEW.external_id = 'broken')
         EXECUTE FUNCTION fail();",
    );
    Setup { migrations: vec![FAILING], ..Setup::default() }
}

both! {
    async fn what_the_database_fails_at_is_not_tried_a_second_time(t) with failing(); {
        let hr = Feeder::new(t, t.acme, "HR").await;
        make(&hr, "ana").await.expect(201);
        let fail = async || {
            let before = t.directory.db().counts().statements;
            let broken = json!({"userName": "bo", "externalId": "broken", "emails": [{"value": "bo@acme.test"}]});
            hr.post("/Users", broken).await.refused(500);
            t.directory.db().counts().statements - before
        };
        let known = fail().await;
        // It is looked up before, not after; what follows is the same, and happens once.
        t.later(31);
        assert_eq!(known, fail().await);
        assert!(!is_here(&hr, "bo").await);
        make(&hr, "bo").await.expect(201);
    }

    async fn whoever_makes_people_one_after_the_other_is_looked_up_once(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        make(&hr, "ana").await.expect(201);
        let reads = || t.directory.db().counts().statements;
        let before = reads();
        make(&hr, "bo").await.expect(201);
        let known = reads() - before;
        // Not longer than the minute in which its use is noted once.
        t.later(31);
        let before = reads();
        make(&hr, "cy").await.expect(201);
        assert_eq!(reads() - before, known + 1);
        t.later(31);
        make(&hr, "di").await.expect(201);
        let kept = store::tokens(&mut t.directory.read(), t.acme.id, hr.id, t.clock.now()).await.unwrap();
        assert_eq!(kept[0].last_used_at, Some(t.clock.now()));
    }

    async fn a_token_that_was_dropped_a_moment_ago_makes_nobody(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        make(&hr, "ana").await.expect(201);
        let tokens = store::tokens(&mut t.directory.read(), t.acme.id, hr.id, t.clock.now()).await.unwrap();
        let only = tokens[0].id;
        t.write(t.acme, token::Drop { provider: hr.id, token: only }).await.unwrap();
        make(&hr, "bo").await.refused(401);
        assert!(!is_here(&hr, "bo").await);
        // Nor is it told what is wrong with a request.
        make(&hr, "ana").await.refused(401);
        hr.post("/Users", json!({"userName": 5})).await.refused(401);
        hr.send(hr.request("POST", "/Users").body(Body::from("{".repeat(3_000_000))).unwrap()).await.refused(401);
        hr.ask("POST", "/Users?attributes=%00", Value::Null).await.refused(401);
    }

    async fn whoever_changes_people_one_after_the_other_is_looked_up_once(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = id(&make(&hr, "ana").await.expect(201));
        let reads = || t.directory.db().counts().statements;
        let path = format!("/Users/{ana}");
        let title = |title: &'static str| hr.patch(&path, op("replace", "title", json!(title)));
        title("Clerk").await.expect(200);
        let before = reads();
        title("Head").await.expect(200);
        let known = reads() - before;
        t.later(31);
        let before = reads();
        title("Lead").await.expect(200);
        assert_eq!(reads() - before, known + 1);
    }

    async fn a_token_that_was_dropped_a_moment_ago_changes_nobody(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        t.write(t.acme, Update { passwords: Some(true), ..Update::of(hr.id) }).await.unwrap();
        let ana = id(&make(&hr, "ana").await.expect(201));
        let path = format!("/Users/{ana}");
        let told = || async { format!("{:?}", hr.stored(&ana).await) };
        let kept = told().await;
        let tokens = store::tokens(&mut t.directory.read(), t.acme.id, hr.id, t.clock.now()).await.unwrap();
        t.write(t.acme, token::Drop { provider: hr.id, token: tokens[0].id }).await.unwrap();
        hr.patch(&path, op("replace", "title", json!("Head"))).await.refused(401);
        hr.patch(&path, op("replace", "password", json!("another Passw0rd, long enough"))).await.refused(401);
        hr.put(&path, json!({"userName": "anna"})).await.refused(401);
        let (_, hashes) = t.hashes(async { make(&hr, "bo").await.refused(401) }).await;
        assert_eq!(hashes, 0, "a password is hashed for those alone whose token holds");
        // Nor is it told who is here, or what is wrong with a request.
        hr.patch("/Users/0123456789abcdef01234567", op("replace", "title", json!("Head"))).await.refused(401);
        hr.patch("/Users/nobody", op("replace", "title", json!("Head"))).await.refused(401);
        hr.put(&path, json!({"userName": 5})).await.refused(401);
        hr.send(hr.request("PATCH", &path).body(Body::from("{".repeat(3_000_000))).unwrap()).await.refused(401);
        assert_eq!(told().await, kept);
    }

    async fn a_token_that_ended_a_moment_ago_makes_nobody(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        hr.add_token(&t.directory.env().secret(), 10).await;
        make(&hr, "ana").await.expect(201);
        t.later(11);
        make(&hr, "bo").await.refused(401);
        assert!(!is_here(&hr, "bo").await);
    }

    async fn one_that_was_turned_off_or_removed_a_moment_ago_makes_nobody(t) {
        let (hr, it) = (Feeder::new(t, t.acme, "HR").await, Feeder::new(t, t.acme, "IT").await);
        make(&hr, "ana").await.expect(201);
        t.write(t.acme, Update { active: Some(false), ..Update::of(hr.id) }).await.unwrap();
        make(&hr, "bo").await.refused(403);
        make(&it, "cy").await.expect(201);
        delete(&t.directory, &Actor::system(), t.acme.id, it.id).await.unwrap();
        make(&it, "di").await.refused(401);
        assert!(!is_here(&hr, "bo").await && !is_here(&hr, "di").await);
    }

    async fn what_was_set_a_moment_ago_holds_for_the_next_person(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = id(&make(&hr, "ana").await.expect(201));
        t.write(t.acme, Update { passwords: Some(true), ..Update::of(hr.id) }).await.unwrap();
        let bo = id(&make(&hr, "bo").await.expect(201));
        assert!(hr.stored(&ana).await.unwrap().password_hash.is_none());
        assert!(hr.stored(&bo).await.unwrap().password_hash.is_some());
    }

    async fn a_token_seen_at_one_address_is_none_at_another(t) {
        let (hr, it) = (Feeder::new(t, t.acme, "HR").await, Feeder::new(t, t.blue, "IT").await);
        make(&hr, "ana").await.expect(201);
        let with = http::Request::builder().method("POST").uri(format!("/scim/v2/{}/Users", it.id));
        let with = with.header("authorization", format!("Bearer {}", hr.token));
        it.send(with.body(Body::from(json!({"userName": "bo"}).to_string())).unwrap()).await.refused(401);
        assert!(!is_here(&it, "bo").await && !is_here(&hr, "bo").await);
    }
}
