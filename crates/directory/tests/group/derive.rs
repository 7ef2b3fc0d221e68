use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::values;
use muster_directory::group::{ExemptionMode, Input, Method, Via, store};
use muster_directory::user::{State, delete::Delete};
use serde_json::json;

use super::{dynamic, exempt, in_department, rule};
use crate::harness::{Test, members};

muster_db::sql! {
    TEST_HISTORY = "SELECT via, since_at, ended_at FROM group_memberships_ended WHERE org_id = $1 AND group_id = $2 AND member_id = $3 ORDER BY since_seq";
    TEST_SINCE = "SELECT m.since_seq, l.kind FROM group_memberships m JOIN change_log l ON l.org_id = m.org_id AND l.seq = m.since_seq \
                  WHERE m.org_id = $1 AND m.group_id = $2 AND m.member_id = $3";
}

async fn via(t: &Test, group: Id, user: Id) -> Option<Via> {
    store::members(&mut t.d.read(), t.acme.id, group).await.unwrap().get(&user).map(|m| m.via)
}

fn only_exemptions(list: &[(Id, ExemptionMode)]) -> Input {
    let list = list.iter().map(|(user, mode)| exempt(*user, *mode)).collect();
    Input { exemptions: Some(list), ..Input::default() }
}

fn method(method: Method) -> Input {
    Input { method: Some(method), ..Input::default() }
}

both! {
    async fn a_new_rule_finds_those_who_are_there(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        t.user_with(t.acme, "bo", json!({"department": "Legal"})).await;
        t.user_with(t.blue, "cy", json!({"department": "Sales"})).await;
        let group = t.group(t.acme, dynamic("Sales", in_department("sales"))).await.id;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert_eq!(via(t, group, ana).await, Some(Via::Rule));
    }

    async fn memberships_are_right_when_a_change_of_a_person_is_committed(t) {
        let sales = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let active = t.group(t.acme, dynamic("Active", rule(&[("state", "equals", json!("ACTIVATED"))]))).await.id;
        let seniors = rule(&[("attributes.level", "equals", json!("senior"))]);
        let seniors = t.group(t.acme, dynamic("Seniors", seniors)).await.id;
        let is_in = async |user: Id| {
            let mut out = Vec::new();
            for group in [sales, active, seniors] {
                out.push(members(t, t.acme, group).await.contains(&user));
            }
            out
        };
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        assert_eq!(is_in(ana).await, [true, true, false]);
        t.patch(t.acme, ana, json!({"attributes": [{"name": "level", "value": "Senior"}]})).await;
        assert_eq!(is_in(ana).await, [true, true, true]);
        t.set_state(t.acme, ana, State::Suspended).await;
        assert_eq!(is_in(ana).await, [true, false, true]);
        t.set_state(t.acme, ana, State::Activated).await;
        t.patch(t.acme, ana, json!({"department": null, "attributes": []})).await;
        assert_eq!(is_in(ana).await, [false, true, false]);
        t.write(t.acme, Delete { id: ana, cascade_manager: None }).await.unwrap();
        assert_eq!(is_in(ana).await, [false, false, false]);
    }

    async fn a_changed_rule_moves_people(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let group = t.group(t.acme, dynamic("One", in_department("Sales"))).await.id;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        t.change_group(t.acme, group, Input { member_query: Some(Some(in_department("Legal"))), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        // A change of the name alone moves nobody.
        t.change_group(t.acme, group, Input { name: Some("Two".into()), ..Input::default() }).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
    }

    async fn exemptions_stand_above_the_rule(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let cy = t.user_with(t.acme, "cy", json!({"department": "Sales"})).await.id;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let list = [(ana, ExemptionMode::Out), (bo, ExemptionMode::In), (cy, ExemptionMode::Keep)];
        t.change_group(t.acme, group, only_exemptions(&list)).await;
        assert_eq!(via(t, group, ana).await, None);
        assert_eq!(via(t, group, bo).await, Some(Via::Exemption));
        assert_eq!(via(t, group, cy).await, Some(Via::Direct));
        for department in ["Sales", "Legal"] {
            for user in [ana, bo, cy] {
                t.patch(t.acme, user, json!({"department": department})).await;
            }
            assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo, cy]));
        }
        // Without them the rule decides again: all are in Legal now.
        t.change_group(t.acme, group, only_exemptions(&[])).await;
        assert!(members(t, t.acme, group).await.is_empty());
    }

    async fn switching_to_static_keeps_everyone_and_the_rule(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let input = Input {
            exemptions: Some(vec![exempt(bo, ExemptionMode::In)]),
            ..dynamic("Sales", in_department("Sales"))
        };
        let group = t.group(t.acme, input).await.id;
        let after = t.change_group(t.acme, group, method(Method::Static)).await;
        assert!(after.member_query.is_some());
        assert_eq!((via(t, group, ana).await, via(t, group, bo).await), (Some(Via::Direct), Some(Via::Direct)));
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]), "no rule decides now");
        t.change_group(t.acme, group, method(Method::DynamicAutomated)).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
        assert_eq!(via(t, group, bo).await, Some(Via::Exemption));
    }

    async fn switching_to_dynamic_lets_the_rule_decide_about_those_put_there_by_hand(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let group = t.static_group(t.acme, "Sales").await.id;
        for user in [ana, bo] {
            t.write(t.acme, muster_directory::group::members::Change::of_user(group, user, true)).await.unwrap();
        }
        t.change_group(t.acme, group, Input { name: None, ..dynamic("", in_department("Sales")) }).await;
        assert_eq!(via(t, group, ana).await, Some(Via::Rule));
        assert_eq!(via(t, group, bo).await, None);
    }

    async fn all_users_holds_everybody_in_any_state(t) {
        let all = t.all_users(t.acme).await;
        let mut everyone = BTreeSet::new();
        for (name, state) in [("ana", State::Activated), ("bo", State::Staged), ("cy", State::Suspended)] {
            let user = t.user(t.acme, name).await.id;
            t.set_state(t.acme, user, state).await;
            everyone.insert(user);
        }
        assert_eq!(members(t, t.acme, all).await, everyone);
        assert!(members(t, t.blue, t.all_users(t.blue).await).await.is_empty());
    }

    /// "Why on Tuesday?": memberships are kept as intervals, each with the change that began it.
    async fn memberships_are_kept_as_intervals(t) {
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let mut times = Vec::new();
        for department in ["Sales", "Legal", "Sales", "Legal", "Sales"] {
            t.later(3600);
            t.patch(t.acme, ana, json!({"department": department})).await;
            times.push(t.clock.now().0);
        }
        let history: Vec<(String, i64, i64)> =
            t.d.read().all(&TEST_HISTORY, &values![t.acme.id, group, ana]).await.unwrap();
        let should = vec![("rule".to_owned(), times[0], times[1]), ("rule".to_owned(), times[2], times[3])];
        assert_eq!(history, should);
        let now: Option<(i64, String)> = t.d.read().first(&TEST_SINCE, &values![t.acme.id, group, ana]).await.unwrap();
        assert_eq!(now.unwrap().1, "user_update");
        t.later(1);
        t.write(t.acme, Delete { id: ana, cascade_manager: None }).await.unwrap();
        let history: Vec<(String, i64, i64)> =
            t.d.read().all(&TEST_HISTORY, &values![t.acme.id, group, ana]).await.unwrap();
        assert_eq!(history.last().unwrap(), &("rule".to_owned(), times[4], t.clock.now().0));
    }
}
