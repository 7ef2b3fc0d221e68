use muster_base::Id;
use muster_directory::Result;
use muster_directory::group::{ExemptionMode, Input, Via, members::Change, store};

use super::{dynamic, exempt, in_department};
use crate::harness::{Test, conflict, is_missing, members};

async fn change(t: &Test, group: Id, user: Id, add: bool) -> Result<()> {
    t.write(t.acme, Change::of_user(group, user, add)).await
}

both! {
    /// A group of most of the organization is read in the order of an index; what is told is the same.
    async fn a_group_of_many_is_paged_as_one_of_few(t) {
        use muster_directory::group::GroupKind;
        use muster_directory::group::membership::{ByName, members_by_name};
        use muster_directory::user::import::{Import, KnownBy};
        for part in 0..2 {
            let line = |n: usize| [("email".to_owned(), format!("p{:04}@example.test", (n * 7 + part * 1_000) % 10_007))].into();
            let lines = (0..1_000).map(line).collect();
            t.write(t.acme, Import { lines, known_by: KnownBy::Email, update: true }).await.unwrap();
        }
        let group = t.all_users(t.acme).await;
        for skip in [0, 30, 1_990, 5_000] {
            let page = async |term: &str| {
                let asked = ByName { kind: GroupKind::User, group, term, limit: 20, skip, among: None };
                let (rows, total) = members_by_name(&mut t.d.read(), t.acme.id, &asked).await.unwrap();
                (rows.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), total)
            };
            let found = page("").await;
            assert!(found.1 >= 2_000, "{}", found.1);
            assert_eq!(found, page("@example.test").await, "{skip}");
        }
    }

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
