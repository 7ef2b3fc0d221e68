//! Groups whose administrators decide about what the rule suggests.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::group::suggestion::Decide;
use muster_directory::group::{GroupKind, Input, Method, Suggestion, Via, membership, store};
use serde_json::json;

use super::devices::text;
use super::{dynamic, in_department};
use crate::harness::{Test, fields, members};

fn reviewed(name: &str) -> Input {
    Input { method: Some(Method::DynamicReviewRequired), ..dynamic(name, in_department("Sales")) }
}

async fn waiting(t: &Test, group: Id) -> Vec<(Id, Suggestion, bool)> {
    let found = membership::suggestions(&mut t.d.read(), t.acme.id, group).await.unwrap();
    let mut out: Vec<_> = found.into_iter().map(|(id, of)| (id, of.op, of.rejected)).collect();
    out.sort();
    out
}

async fn decide(t: &Test, group: Id, members: &[Id], accept: bool) -> muster_directory::group::suggestion::Decided {
    let decide = Decide { kind: GroupKind::User, group, members: members.to_vec(), accept, confirmed: false };
    t.write(t.acme, decide).await.unwrap()
}

both! {
    async fn nobody_moves_before_somebody_says_so(t) {
        let group = t.group(t.acme, reviewed("Sales")).await.id;
        let follows = t.group(t.acme, dynamic("Follows", text(r#"member of "Sales""#))).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales"})).await.id;
        assert!(members(t, t.acme, group).await.is_empty());
        let mut both = vec![(ana, Suggestion::Add, false), (bo, Suggestion::Add, false)];
        both.sort();
        assert_eq!(waiting(t, group).await, both);
        let done = decide(t, group, &[ana], true).await;
        assert_eq!(done.added, [ana]);
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert_eq!(members(t, t.acme, follows).await, BTreeSet::from([ana]), "what follows, follows");
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert!(waiting(t, group).await.contains(&(ana, Suggestion::Remove, false)));
        // All that wait.
        decide(t, group, &[], true).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        assert_eq!(members(t, t.acme, follows).await, BTreeSet::from([bo]));
        assert!(waiting(t, group).await.is_empty());
    }

    async fn a_rejected_suggestion_comes_back_only_when_the_rule_says_it_anew(t) {
        let group = t.group(t.acme, reviewed("Sales")).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        decide(t, group, &[ana], false).await;
        assert_eq!(waiting(t, group).await, [(ana, Suggestion::Add, true)]);
        let counts = membership::suggestion_counts(&mut t.d.read(), t.acme.id).await.unwrap();
        assert_eq!(counts.get(&group), None, "it no longer waits");
        t.patch(t.acme, ana, json!({"location": "Graz"})).await;
        assert_eq!(waiting(t, group).await, [(ana, Suggestion::Add, true)]);
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert!(waiting(t, group).await.is_empty());
        t.patch(t.acme, ana, json!({"department": "Sales"})).await;
        assert_eq!(waiting(t, group).await, [(ana, Suggestion::Add, false)]);
        // And one may change one's mind.
        decide(t, group, &[ana], false).await;
        decide(t, group, &[ana], true).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
    }

    async fn administrators_are_told_once_when_something_begins_to_wait(t) {
        let told = async || {
            let queued = muster_directory::mail::due(&t.d).await.unwrap();
            queued.into_iter().filter(|q| q.message.subject.starts_with("Suggestions wait in Sales")).count()
        };
        let input = Input { suggestions_notify: Some(true), ..reviewed("Sales") };
        let group = t.group(t.acme, input).await.id;
        t.group(t.acme, Input { suggestions_notify: Some(false), ..reviewed("Quiet") }).await;
        assert_eq!(told().await, 0);
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales"})).await.id;
        assert_eq!(told().await, 1, "the second one waits with the first");
        decide(t, group, &[ana], true).await;
        decide(t, group, &[bo], false).await;
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert_eq!(told().await, 2);
    }

    async fn of_whom_nothing_is_suggested_nothing_happens(t) {
        let group = t.group(t.acme, reviewed("Sales")).await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let done = decide(t, group, &[ana], true).await;
        assert_eq!((done.added, done.unknown), (vec![], vec![ana]));
        let hand = t.static_group(t.acme, "Hand").await.id;
        let refused = t.write(t.acme, Decide { kind: GroupKind::User, group: hand, members: vec![], accept: true, confirmed: false }).await;
        assert_eq!(fields(refused), ["membershipMethod"]);
    }

    /// "Leave this box unchecked": a group with suggestions becomes fully dynamic, and back, and static.
    async fn the_method_may_change_in_every_direction(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let group = t.static_group(t.acme, "Sales").await.id;
        t.write(t.acme, muster_directory::group::members::Change::of_user(group, bo, true)).await.unwrap();
        t.change_group(t.acme, group, Input { name: None, ..reviewed("") }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]), "who was in stays until decided");
        assert_eq!(waiting(t, group).await.len(), 2);
        t.change_group(t.acme, group, Input { method: Some(Method::DynamicAutomated), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert!(waiting(t, group).await.is_empty());
        t.change_group(t.acme, group, Input { method: Some(Method::DynamicReviewRequired), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert_eq!(waiting(t, group).await, [(ana, Suggestion::Remove, false)]);
        t.change_group(t.acme, group, Input { method: Some(Method::Static), ..Input::default() }).await;
        assert!(waiting(t, group).await.is_empty());
        let found = store::members(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!(found.get(&ana).map(|m| m.via), Some(Via::Direct));
    }

    async fn members_can_be_kept_when_the_rule_begins_to_decide(t) {
        let bo = t.user(t.acme, "bo").await.id;
        let group = t.static_group(t.acme, "Sales").await.id;
        t.write(t.acme, muster_directory::group::members::Change::of_user(group, bo, true)).await.unwrap();
        let input = Input { name: None, keep_members: true, ..dynamic("", in_department("Sales")) };
        t.change_group(t.acme, group, input).await;
        let found = store::members(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!(found.get(&bo).map(|m| m.via), Some(Via::Exemption));
        let kept = store::exemptions(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!((kept[0].member, kept[0].reason.as_str()), (bo, "Kept when the rule began to decide"));
        assert_eq!(kept[0].set_by, Some(t.acme.admin));
    }
}
