//! Large groups: worked out in steps that go on where they ended.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::Actor;
use muster_directory::group::progress::{self, Step};
use muster_directory::group::{ExemptionMode, Input, Method, derive};
use serde_json::json;

use super::devices::text;
use super::{dynamic, exempt, in_department};
use crate::harness::{Test, members};

muster_db::sql! {
    TEST_MANY = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, state, profile, search, password_expired, created_at, tokens_from) \
                 SELECT $1, e.value, e.value, e.value, e.value, e.value, 'ACTIVATED', $3, e.value, 0, 0, 0 FROM {each $2} AS e";
}

struct Many {
    ids: Vec<Id>,
    org: Id,
}

impl muster_db::Work for Many {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut muster_db::Tx) -> muster_directory::Result<()> {
        for (chunk, department) in self.ids.chunks(2_000).zip(["Sales", "Legal"].into_iter().cycle()) {
            let profile = json!({"department": department}).to_string();
            let params = [(&self.org).into(), muster_db::V::list(chunk), profile.as_str().into()];
            tx.exec(&TEST_MANY, &params).await?;
        }
        Ok(())
    }
}

/// More people than one transaction looks at, half of them in Sales, and their number.
async fn many(t: &Test) -> usize {
    let all = usize::try_from(derive::AT_ONCE_MAX).unwrap() + 2_000;
    let ids: Vec<Id> = (0..all).map(|n| format!("{n:024x}").parse().unwrap()).collect();
    t.d.work(Many { ids, org: t.acme.id }).await.unwrap();
    // They were put there past every verb: the group of all does not know them yet.
    let all_users = t.all_users(t.acme).await;
    let again = Input { member_query: Some(Some(text("username is set"))), ..Input::default() };
    t.change_group(t.acme, all_users, again).await;
    while progress::go_on(&t.d).await.unwrap() {}
    assert_eq!(members(t, t.acme, all_users).await.len(), all);
    all / 2
}

both! {
    async fn a_rule_over_everybody_is_worked_out_in_steps(t) {
        let half = many(t).await;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let follows = t.group(t.acme, dynamic("Follows", text(r#"member of "Sales""#))).await.id;
        let running = progress::of(&mut t.d.read(), t.acme.id).await.unwrap();
        assert_eq!(running[&group].done, 0);
        assert!(members(t, t.acme, group).await.is_empty());
        let step = || Step { group, limit: 3_000 };
        assert!(t.d.write(Actor::system(), t.acme.id, step()).await.unwrap());
        assert_eq!(progress::of(&mut t.d.read(), t.acme.id).await.unwrap()[&group].done, 3_000);
        let so_far = members(t, t.acme, group).await;
        assert!(!so_far.is_empty() && so_far.len() < half);
        // Somebody who changes meanwhile is right at once, on whichever side of the cursor they are.
        let bo: Id = format!("{:024x}", 2_001).parse().unwrap();
        let late: Id = format!("{:024x}", 11_999).parse().unwrap();
        for id in [bo, late] {
            t.patch(t.acme, id, json!({"department": "Sales"})).await;
            assert!(members(t, t.acme, group).await.contains(&id));
        }
        // As after a kill: another node goes on from what is committed.
        let node = t.other_node().await;
        while progress::go_on(&node).await.unwrap() {}
        assert!(progress::of(&mut t.d.read(), t.acme.id).await.unwrap().is_empty());
        let all = members(t, t.acme, group).await;
        assert_eq!(all.len(), half + 2);
        assert_eq!(members(t, t.acme, follows).await, all, "what follows went with each step");
    }

    async fn a_rule_that_changes_meanwhile_begins_anew(t) {
        let half = many(t).await;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        t.d.write(Actor::system(), t.acme.id, Step { group, limit: 3_000 }).await.unwrap();
        let legal = Input { member_query: Some(Some(in_department("Legal"))), ..Input::default() };
        t.change_group(t.acme, group, legal).await;
        while progress::go_on(&t.d).await.unwrap() {}
        let found = members(t, t.acme, group).await;
        let first: BTreeSet<Id> = found.iter().copied().take(1).collect();
        assert_eq!(found.len(), half);
        assert_eq!(first, BTreeSet::from([format!("{:024x}", 2_000).parse().unwrap()]));
    }

    /// Each is compared with what the rules say at the end of the test.
    async fn groups_of_every_sort_go_on_together(t) {
        let half = many(t).await;
        let person = |n: usize| -> Id { format!("{n:024x}").parse().unwrap() };
        let exemptions = vec![exempt(person(1), ExemptionMode::Out), exempt(person(2_001), ExemptionMode::In)];
        let sales = || dynamic("Sales", in_department("Sales"));
        let group = t.group(t.acme, Input { exemptions: Some(exemptions), ..sales() }).await.id;
        let without = Input { exclude_query: Some(Some(text(r#"username ends with "7""#))), ..sales() };
        t.group(t.acme, Input { name: Some("Without".into()), ..without }).await;
        let review = Input { method: Some(Method::DynamicReviewRequired), ..dynamic("Review", in_department("Legal")) };
        let review = t.group(t.acme, review).await.id;
        t.group(t.acme, dynamic("Timed", text(r#"created within the last "30 days""#))).await;
        t.group(t.acme, Input { nested: Some(vec![group]), ..dynamic("Holds", in_department("None")) }).await;
        t.group(t.acme, dynamic("Refers", text(r#"member of "Sales" and username contains "1""#))).await;
        while progress::go_on(&t.d).await.unwrap() {}
        let found = members(t, t.acme, group).await;
        assert_eq!((found.len(), found.contains(&person(1)), found.contains(&person(2_001))), (half, false, true));
        assert!(members(t, t.acme, review).await.is_empty());
        // Everybody who was in goes, but for whom an exemption holds.
        t.change_group(t.acme, group, Input { member_query: Some(Some(in_department("None"))), ..Input::default() }).await;
        while progress::go_on(&t.d).await.unwrap() {}
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([person(2_001)]));
    }
}
