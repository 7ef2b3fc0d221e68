//! The schema only goes forward, a step at a time, and never over something it does not know.

use muster_db::{Db, Error, Migration};

use crate::engines::TABLES;

const SECOND: Migration = Migration::new(2, "second", "CREATE TABLE second (org_id {text} PRIMARY KEY) {strict};");
const CHANGED: Migration = Migration::new(2, "second", "CREATE TABLE second (org_id {text} NOT NULL) {strict};");
const BROKEN: Migration = Migration::new(
    3,
    "broken",
    "CREATE TABLE third (org_id {text} PRIMARY KEY) {strict}; CREATE TABLE fourth (org_id {nothing}) {strict};",
);
const REPAIRED: Migration = Migration::new(3, "third", "CREATE TABLE third (org_id {text} PRIMARY KEY) {strict};");

fn why(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Internal(why)) => why,
        other => panic!("{other:?}"),
    }
}

both! {
    async fn are_applied_once(t: Test) {
        t.db.migrate(&[TABLES, SECOND]).await.unwrap();
        let before = t.db.counts().statements;
        t.db.migrate(&[SECOND, TABLES]).await.unwrap();
        assert!(t.db.counts().statements > before, "it looked");
        let again = Db::open(&t.config).await.unwrap();
        again.migrate(&[TABLES, SECOND]).await.unwrap();
    }

    async fn by_two_at_the_same_time(t: Test) {
        let other = Db::open(&t.config).await.unwrap();
        let steps = [TABLES, SECOND, REPAIRED];
        let (a, b) = tokio::join!(t.db.migrate(&steps), other.migrate(&steps));
        a.unwrap();
        b.unwrap();
    }

    async fn refuse_what_was_changed_after(t: Test) {
        t.db.migrate(&[TABLES, SECOND]).await.unwrap();
        let why = why(t.db.migrate(&[TABLES, CHANGED]).await);
        assert!(why.contains("migration 2 (second) is not the one that this database was made with"), "{why}");
    }

    async fn refuse_a_newer_database(t: Test) {
        t.db.migrate(&[TABLES, SECOND]).await.unwrap();
        let why = why(t.db.migrate(&[TABLES]).await);
        assert!(why.contains("migration 2 (second), which this program does not know"), "{why}");
    }

    async fn are_all_or_nothing(t: Test) {
        let why = why(t.db.migrate(&[TABLES, SECOND, BROKEN]).await);
        assert!(why.starts_with("migration 3 (broken) failed: "), "{why}");
        // Had the broken one left its first table, this would fail.
        t.db.migrate(&[TABLES, SECOND, REPAIRED]).await.unwrap();
    }

    async fn refuse_a_number_twice_and_late_checks(t: Test) {
        let twice = why(t.db.migrate(&[TABLES, Migration::new(1, "other", "")]).await);
        assert_eq!(twice, "two migrations have the number 1: things and other");
        let zero = why(t.db.migrate(&[Migration::new(0, "mine", "")]).await);
        assert_eq!(zero, "two migrations have the number 0: leases and mine");
        let late = "CREATE TABLE l (a {text} REFERENCES things (id) Deferrable Initially Deferred) {strict};";
        assert!(why(t.db.migrate(&[TABLES, Migration::new(5, "late", late)]).await).contains("DEFERRABLE"));
    }
}
