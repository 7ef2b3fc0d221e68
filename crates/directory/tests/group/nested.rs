//! Groups that hold groups, and rules that speak of groups.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::group::members::Change;
use muster_directory::group::update::Update;
use muster_directory::group::{Input, Via, store};
use serde_json::json;

use super::devices::text;
use super::{dynamic, exempt, in_department};
use crate::harness::{Test, conflict, fields, members};

fn holding(name: &str, groups: &[Id]) -> Input {
    Input { name: Some(name.into()), nested: Some(groups.to_vec()), ..Input::default() }
}

async fn via(t: &Test, group: Id, user: Id) -> Option<Via> {
    store::members(&mut t.d.read(), t.acme.id, group).await.unwrap().get(&user).map(|m| m.via)
}

both! {
    async fn members_of_a_held_group_are_members(t) {
        let sales = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let hand = t.static_group(t.acme, "Hand").await.id;
        let both = t.group(t.acme, holding("Both", &[sales, hand])).await.id;
        let all = t.group(t.acme, holding("All of them", &[both])).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        t.write(t.acme, Change::of_user(hand, bo, true)).await.unwrap();
        for group in [both, all] {
            assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]));
            assert_eq!(via(t, group, ana).await, Some(Via::Nested));
        }
        // By hand too: stays when the held group goes.
        t.write(t.acme, Change::of_user(both, bo, true)).await.unwrap();
        assert_eq!(via(t, both, bo).await, Some(Via::Direct));
        t.write(t.acme, Change::of_user(hand, bo, false)).await.unwrap();
        assert_eq!(members(t, t.acme, all).await, BTreeSet::from([ana, bo]));
        assert!(conflict(t.write(t.acme, Change::of_user(all, ana, false)).await).contains("take them out there"));
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert_eq!(members(t, t.acme, all).await, BTreeSet::from([bo]));
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(both)).await.unwrap();
        assert!(members(t, t.acme, all).await.is_empty());
    }

    /// "In group A, add to group B": ten deep, and gone again.
    async fn references_follow_each_other(t) {
        let mut ids = vec![t.group(t.acme, dynamic("G0", in_department("Sales"))).await.id];
        for n in 1..=10 {
            let of = text(&format!(r#"member of "G{}""#, n - 1));
            ids.push(t.group(t.acme, dynamic(&format!("G{n}"), of)).await.id);
        }
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        for id in &ids {
            assert_eq!(members(t, t.acme, *id).await, BTreeSet::from([ana]));
        }
        t.patch(t.acme, ana, json!({"department": null})).await;
        for id in &ids {
            assert!(members(t, t.acme, *id).await.is_empty());
        }
    }

    async fn a_way_back_to_itself_is_refused_with_the_way(t) {
        let a = t.group(t.acme, dynamic("A", in_department("Sales"))).await.id;
        t.group(t.acme, dynamic("B", text(r#"member of "A""#))).await;
        let c = t.group(t.acme, holding("C", &[store::all(&mut t.d.read(), t.acme.id).await.unwrap()[2].id])).await;
        assert_eq!(c.name, "C");
        let back = Input { member_query: Some(Some(text(r#"member of "C" or department is set"#))), ..Input::default() };
        let refused = t.write(t.acme, Update::of_users(a, back.clone())).await;
        assert_eq!(fields(t.write(t.acme, Update::of_users(a, back)).await), ["memberQuery"]);
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("A → C → B → A"), "{told}");
        let own = Input { nested: Some(vec![a]), ..Input::default() };
        let told = t.write(t.acme, Update::of_users(a, own)).await.unwrap_err().to_string();
        assert!(told.contains("memberGroups: this group would depend on itself: A → A"), "{told}");
    }

    async fn a_rule_on_a_removed_group_holds_its_members_with_a_flag(t) {
        let a = t.group(t.acme, dynamic("A", in_department("Sales"))).await.id;
        let b = t.group(t.acme, dynamic("B", text(r#"member of "A""#))).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(a)).await.unwrap();
        assert_eq!(members(t, t.acme, b).await, BTreeSet::from([ana]), "it is not emptied");
        let set = muster_directory::group::ruleset::RuleSet::new(
            store::every(&mut t.d.read(), t.acme.id).await.unwrap(),
            store::nested(&mut t.d.read(), t.acme.id).await.unwrap(),
        );
        let flags: Vec<&str> = set.get(b).unwrap().flags.iter().map(|f| f.word()).collect();
        assert_eq!(flags, ["INVALID_GROUP_REFERENCE"]);
        t.user_with(t.acme, "bo", json!({"department": "Sales"})).await;
        assert_eq!(members(t, t.acme, b).await, BTreeSet::from([ana]), "nor added to");
        // The name may change, and a rule that reads again decides again.
        t.change_group(t.acme, b, Input { name: Some("B2".into()), ..Input::default() }).await;
        t.change_group(t.acme, b, Input { member_query: Some(Some(in_department("Nobody"))), ..Input::default() }).await;
        assert!(members(t, t.acme, b).await.is_empty());
    }

    async fn a_rule_names_groups_that_are_there(t) {
        for (rule, at) in [(r#"member of "Nowhere""#, "Nowhere"), (r#"member of "All Devices""#, "All Devices")] {
            let refused = t.write(t.acme, muster_directory::group::create::Create::of_users(dynamic("X", text(rule)))).await;
            let told = refused.unwrap_err().to_string();
            assert!(told.contains("no user group of this organization") && told.contains(at), "{told}");
        }
        let theirs = t.static_group(t.blue, "Theirs").await.id;
        let refused = t.write(t.acme, muster_directory::group::create::Create::of_users(holding("X", &[theirs]))).await;
        assert_eq!(fields(refused), ["memberGroups[0]"]);
    }

    /// "Never add a user with admin in the description."
    async fn an_exclude_rule_goes_before_the_rule_and_before_held_groups(t) {
        let hand = t.static_group(t.acme, "Hand").await.id;
        let input = Input {
            exclude_query: Some(Some(text(r#"description contains "admin""#))),
            nested: Some(vec![hand]),
            ..dynamic("Sales", in_department("Sales"))
        };
        let group = t.group(t.acme, input).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales", "description": "Sales ADMIN"})).await.id;
        t.write(t.acme, Change::of_user(hand, bo, true)).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        t.patch(t.acme, bo, json!({"description": "Sales"})).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]));
        t.patch(t.acme, ana, json!({"description": "an administrator"})).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        t.change_group(t.acme, group, Input { exclude_query: Some(None), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]));
    }

    async fn a_copy_takes_what_is_ticked(t) {
        use muster_directory::group::copy::{Copy, Parts};
        let hand = t.static_group(t.acme, "Hand").await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let input = Input {
            exclude_query: Some(Some(text(r#"description contains "admin""#))),
            nested: Some(vec![hand]),
            exemptions: Some(vec![exempt(bo, muster_directory::group::ExemptionMode::In)]),
            ..dynamic("Sales", in_department("Sales"))
        };
        let of = t.group(t.acme, input).await;
        let all = Parts { rule: true, exclusions: true, exemptions: true, nested: true, members: false, bindings: true };
        let kind = muster_directory::group::GroupKind::User;
        let copy = t.write(t.acme, Copy { kind, id: of.id, name: "Sales 2".into(), parts: all, confirmed: false }).await.unwrap();
        assert_eq!((copy.method, &copy.member_query, &copy.exclude_query), (of.method, &of.member_query, &of.exclude_query));
        assert_eq!(members(t, t.acme, copy.id).await, BTreeSet::from([ana, bo]));
        let by_hand = Parts { rule: false, exclusions: false, exemptions: false, nested: false, members: true, bindings: false };
        let copy = t.write(t.acme, Copy { kind, id: of.id, name: "Sales 3".into(), parts: by_hand, confirmed: false }).await.unwrap();
        assert_eq!(copy.member_query, None);
        assert_eq!(members(t, t.acme, copy.id).await, BTreeSet::from([ana, bo]));
        assert_eq!(via(t, copy.id, ana).await, Some(Via::Direct));
    }
}
