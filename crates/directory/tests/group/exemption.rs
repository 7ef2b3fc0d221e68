//! Exemptions: with a reason, by whom, and until when.

use std::collections::BTreeSet;

use muster_base::Micros;
use muster_directory::group::update::SetExemption;
use muster_directory::group::{Exempt, ExemptionMode, GroupKind, Input, due, store};
use serde_json::json;

use super::{dynamic, exempt, in_department};
use crate::harness::{fields, is_missing, members};

both! {
    async fn lift_by_themselves_at_their_end(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let until = Some(Micros(t.clock.now().0 + 86_400_000_000));
        let out = Exempt { until, reason: "On leave".into(), ..exempt(ana, ExemptionMode::Out) };
        let temporary = Exempt { until, reason: "Project".into(), ..exempt(bo, ExemptionMode::In) };
        let input = Input { exemptions: Some(vec![out, temporary]), ..dynamic("Sales", in_department("Sales")) };
        let group = t.group(t.acme, input).await.id;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        let kept = store::exemptions(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!(kept.iter().map(|e| (e.set_by, e.set_at)).collect::<Vec<_>>(), [(Some(t.acme.admin), t.clock.now()); 2]);
        t.later(86_399);
        assert!(!due::waits(&t.d).await.unwrap());
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        t.later(1);
        assert!(due::waits(&t.d).await.unwrap());
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert!(store::exemptions(&mut t.d.read(), t.acme.id, group).await.unwrap().is_empty());
        assert!(!due::waits(&t.d).await.unwrap());
    }

    async fn one_by_one(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let set = |member, exempt| SetExemption { kind: GroupKind::User, group, member, exempt, confirmed: false };
        t.write(t.acme, set(ana, Some(exempt(ana, ExemptionMode::Out)))).await.unwrap();
        t.write(t.acme, set(bo, Some(exempt(bo, ExemptionMode::In)))).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        t.write(t.acme, set(bo, None)).await.unwrap();
        assert!(members(t, t.acme, group).await.is_empty());
        assert!(is_missing(t.write(t.acme, set(bo, None)).await));
    }

    async fn have_an_end_to_come_and_a_bounded_reason(t) {
        let ana = t.user(t.acme, "ana").await.id;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let set = |exempt| SetExemption { kind: GroupKind::User, group, member: ana, exempt: Some(exempt), confirmed: false };
        let past = Exempt { until: Some(Micros(1)), ..exempt(ana, ExemptionMode::In) };
        assert_eq!(fields(t.write(t.acme, set(past)).await), ["memberQueryExemptions[0].until"]);
        let long = Exempt { reason: "x".repeat(1025), ..exempt(ana, ExemptionMode::In) };
        assert_eq!(fields(t.write(t.acme, set(long)).await), ["memberQueryExemptions[0].reason"]);
    }
}
