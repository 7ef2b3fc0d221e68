//! Why somebody is in a group: now and at a moment in the past.

use muster_base::{Id, Micros};
use muster_directory::group::explain::{Question, Reason, membership};
use muster_directory::group::{GroupKind, Input, Via};
use serde_json::json;

use super::devices::text;
use super::{dynamic, exempt, in_department};
use crate::harness::Test;

async fn why(t: &Test, group: Id, member: Id, at: Option<Micros>) -> Reason {
    membership(&mut t.d.read(), t.acme.id, &Question { kind: GroupKind::User, group, member, at }, t.clock.now())
        .await
        .unwrap()
}

both! {
    async fn every_clause_with_the_value_it_saw_and_the_change_that_did_it(t) {
        let rule = text(r#"department equals "Sales" or member of "Hand""#);
        t.static_group(t.acme, "Hand").await;
        let group = t.group(t.acme, dynamic("Sales", rule)).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Legal"})).await.id;
        let reason = why(t, group, ana, None).await;
        assert_eq!((reason.via, reason.sentence.as_str()), (None, "Not a member: the rule does not match"));
        t.later(60);
        t.patch(t.acme, ana, json!({"department": "sales"})).await;
        let reason = why(t, group, ana, None).await;
        assert_eq!((reason.via, reason.sentence.as_str()), (Some(Via::Rule), "A member by the rule"));
        let explanation = reason.include.unwrap();
        let clauses = explanation.clauses();
        assert_eq!((clauses[0].0, clauses[0].1.saw.as_deref()), (true, Some("sales")));
        assert_eq!((clauses[1].0, clauses[1].1.saw.is_some()), (false, true), "it is in All Users, not in Hand");
        let cause = reason.history[0].began_by.as_ref().unwrap();
        assert_eq!((cause.kind.as_str(), cause.subject_id, cause.actor_id), ("user_update", ana, Some(t.acme.admin)));
        assert_eq!(cause.fields["department"], json!({"from": "Legal", "to": "sales"}));
        assert_eq!(reason.history[0].since, t.clock.now());
    }

    /// "Why was Bo in this group on Tuesday?"
    async fn the_past_is_told_with_the_values_and_rules_of_then(t) {
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales"})).await.id;
        t.later(86_400);
        let tuesday = t.clock.now();
        t.later(86_400);
        t.patch(t.acme, bo, json!({"department": "Legal"})).await;
        t.later(86_400);
        let thursday = t.clock.now();
        t.later(86_400);
        t.change_group(t.acme, group, Input { member_query: Some(Some(in_department("Legal"))), ..Input::default() }).await;
        let now = why(t, group, bo, None).await;
        assert_eq!((now.via, now.history.len()), (Some(Via::Rule), 2));
        let then = why(t, group, bo, Some(tuesday)).await;
        assert_eq!((then.via, then.sentence.as_str()), (Some(Via::Rule), "Was a member by the rule"));
        let explanation = then.include.unwrap();
        assert!(explanation.matched);
        assert_eq!(explanation.clauses()[0].1.saw.as_deref(), Some("Sales"));
        assert_eq!(explanation.clauses()[0].1.test.values, ["Sales"], "the rule of then");
        let between = why(t, group, bo, Some(thursday)).await;
        assert_eq!(between.via, None);
        assert_eq!(between.include.unwrap().clauses()[0].1.saw.as_deref(), Some("Legal"));
        assert_eq!(now.history[1].ended_by.as_ref().unwrap().kind, "user_update");
    }

    async fn exemptions_exclusions_held_groups_and_hands_are_told(t) {
        let hand = t.static_group(t.acme, "Hand").await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales", "description": "admin"})).await.id;
        let bo = t.user(t.acme, "bo").await.id;
        let cy = t.user(t.acme, "cy").await.id;
        let on_leave = muster_directory::group::Exempt {
            reason: "On leave".into(),
            ..exempt(cy, muster_directory::group::ExemptionMode::Out)
        };
        let input = Input {
            exclude_query: Some(Some(text(r#"description contains "admin""#))),
            nested: Some(vec![hand]),
            exemptions: Some(vec![on_leave]),
            ..dynamic("Sales", in_department("Sales"))
        };
        let group = t.group(t.acme, input).await.id;
        t.write(t.acme, muster_directory::group::members::Change::of_user(hand, bo, true)).await.unwrap();
        let said = async |of, member| why(t, of, member, None).await.sentence;
        assert_eq!(said(group, ana).await, "Not a member: kept out by the exclude rule");
        assert_eq!(said(group, bo).await, "A member since this group holds Hand");
        assert_eq!(said(group, cy).await, "Not a member by an exemption: On leave");
        assert_eq!(said(hand, bo).await, "A member by hand");
        assert_eq!(said(hand, ana).await, "Not a member: nobody put them in");
        let foreign = t.user(t.blue, "zoe").await.id;
        let asked = Question { kind: GroupKind::User, group, member: foreign, at: None };
        let asked = membership(&mut t.d.read(), t.acme.id, &asked, t.clock.now()).await;
        assert!(crate::harness::is_missing(asked));
    }
}
