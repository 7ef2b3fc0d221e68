use muster_base::Id;
use muster_directory::Result;
use muster_directory::group::{ExemptionMode, Input, Via, members::Change, store};

use super::{dynamic, exempt, in_department};
use crate::harness::{Test, conflict, is_missing, members};

async fn change(t: &Test, group: Id, user: Id, add: bool) -> Result<()> {
    t.write(t.acme, Change::of_user(group, user, add)).await
}

both! {
    async fn come_and_go_by_hand(t) {
        let group = t.static_group(t.acme, "Sales").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        change(t, group, ana, true).await.unwrap();
        let found = store::members(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!((found[&ana].via, found[&ana].since), (Via::Direct, t.clock.now()));
        assert_eq!(conflict(change(t, group, ana, true).await), "Already Exists");
        change(t, group, ana, false).await.unwrap();
        assert!(members(t, t.acme, group).await.is_empty());
        assert!(is_missing(change(t, group, ana, false).await));
    }

    async fn are_people_of_the_same_organization(t) {
        let group = t.static_group(t.acme, "Sales").await.id;
        let (ana, foreign) = (t.user(t.acme, "ana").await.id, t.user(t.blue, "bo").await.id);
        let theirs = t.static_group(t.blue, "Sales").await.id;
        for add in [true, false] {
            assert!(is_missing(change(t, group, foreign, add).await));
            assert!(is_missing(change(t, theirs, ana, add).await));
            assert!(is_missing(change(t, group, t.d.env().id(), add).await));
        }
        change(t, group, ana, true).await.unwrap();
    }

    /// As JumpCloud: the call succeeds and changes nothing, unless the person is exempt.
    async fn of_a_dynamic_group_are_the_rules(t) {
        let (ana, bo) = (t.user(t.acme, "ana").await.id, t.user(t.acme, "bo").await.id);
        let input = Input {
            exemptions: Some(vec![exempt(bo, ExemptionMode::Keep)]),
            ..dynamic("Sales", in_department("Sales"))
        };
        let group = t.group(t.acme, input).await.id;
        change(t, group, ana, true).await.unwrap();
        assert!(members(t, t.acme, group).await.is_empty());
        change(t, group, bo, true).await.unwrap();
        assert_eq!(Vec::from_iter(members(t, t.acme, group).await), [bo]);
        assert_eq!(conflict(change(t, group, bo, true).await), "Already Exists");
        t.patch(t.acme, bo, serde_json::json!({"department": "Legal"})).await;
        assert_eq!(Vec::from_iter(members(t, t.acme, group).await), [bo], "the rule does not touch the exempt");
        change(t, group, bo, false).await.unwrap();
        t.patch(t.acme, bo, serde_json::json!({"department": "Sales"})).await;
        assert!(members(t, t.acme, group).await.is_empty());
    }
}
