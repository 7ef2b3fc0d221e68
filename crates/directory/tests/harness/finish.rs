//! What must hold at the end of every test: derived facts are right, the change log is gapless, and nothing secret is in
//! what is kept to be read.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::values;
use muster_directory::{change, derived_administrator, group, listing, organization, user};

use super::Test;

muster_db::sql! {
    TEST_LOG_SEQ = "SELECT log_seq FROM organizations WHERE id = $1 /* org_id */";
    /// The name of a public key is as long as a token.
    TEST_LOG_FIELDS = "SELECT fields FROM change_log WHERE org_id = $1 AND kind <> 'signing_key_rotate'";
    global TEST_EVENT_DOCS = "SELECT doc FROM events WHERE id > $1";
    TEST_ATTRIBUTES = "SELECT user_id, name FROM user_attributes WHERE org_id = $1 ORDER BY user_id, name";
    /// An interval begins and ends at changes that are in the log, in that order.
    TEST_BAD_INTERVALS = "SELECT count(*) FROM group_memberships_ended e WHERE e.org_id = $1 AND (e.ended_seq < e.since_seq \
                          OR e.ended_at < e.since_at OR e.ended_seq NOT IN (SELECT seq FROM change_log WHERE org_id = $1) \
                          OR e.since_seq NOT IN (SELECT seq FROM change_log WHERE org_id = $1))";
    TEST_BAD_MEMBERS = "SELECT count(*) FROM group_memberships m WHERE m.org_id = $1 \
                        AND m.since_seq NOT IN (SELECT seq FROM change_log WHERE org_id = $1)";
}

impl Test {
    /// Checks what every test must leave behind.
    pub async fn finish(&self) {
        // What time alone changes is a worker's, which these tests have none of.
        group::due::take_up(&self.d).await.unwrap();
        assert!(!group::progress::go_on(&self.d).await.unwrap(), "a group is not worked out");
        let mut s = self.d.read();
        for organization in organization::store::every(&mut s).await.unwrap() {
            let org = organization.id;
            let now = self.clock.now();
            assert_eq!(group::verify::verify(&mut s, org, now).await.unwrap(), Vec::<String>::new());
            assert_eq!(derived_administrator::verify::verify(&mut s, org).await.unwrap(), Vec::<String>::new());
            self.log_is_gapless(org).await;
            self.index_is_right(org).await;
            let bad: Option<i64> = s.first(&TEST_BAD_INTERVALS, &values![org]).await.unwrap();
            assert_eq!(bad, Some(0), "ended memberships name changes that are not in the log");
            let bad: Option<i64> = s.first(&TEST_BAD_MEMBERS, &values![org]).await.unwrap();
            assert_eq!(bad, Some(0), "memberships name changes that are not in the log");
            for text in s.all::<String>(&TEST_LOG_FIELDS, &values![org]).await.unwrap() {
                assert_no_secret(&text);
            }
        }
        for text in s.all::<String>(&TEST_EVENT_DOCS, &values![""]).await.unwrap() {
            assert_no_secret(&text);
        }
    }

    async fn log_is_gapless(&self, org: Id) {
        let entries = change::store::after(&mut self.d.read(), org, 0, i64::MAX).await.unwrap();
        let seqs: Vec<i64> = entries.iter().map(|e| e.seq).collect();
        let last: Option<i64> = self.d.read().first(&TEST_LOG_SEQ, &values![org]).await.unwrap();
        assert_eq!(seqs, (1..=last.unwrap()).collect::<Vec<_>>(), "the change log of {org} has gaps");
    }

    /// The index of custom attributes holds exactly what the people have.
    async fn index_is_right(&self, org: Id) {
        let mut should = BTreeSet::new();
        for user in listing::everyone::<user::User>(&mut self.d.read(), org).await.unwrap() {
            should.extend(user.profile.attributes.iter().map(|a| (user.id, a.name.clone())));
        }
        let is: Vec<(Id, String)> = self.d.read().all(&TEST_ATTRIBUTES, &values![org]).await.unwrap();
        assert_eq!(is.into_iter().collect::<BTreeSet<_>>(), should);
    }
}

/// No password hash, and nothing as long as a token: 43 characters of base64url.
fn assert_no_secret(text: &str) {
    assert!(!text.contains("$argon2"), "a password hash is kept to be read: {text}");
    let runs = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    for run in runs.filter(|run| run.len() >= 43) {
        let plain = run.bytes().all(|b| b == run.as_bytes()[0]);
        assert!(plain, "this looks like a secret: {run} in {text}");
    }
}
