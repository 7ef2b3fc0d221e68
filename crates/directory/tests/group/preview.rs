//! The property: what the preview says of a rule is what saving it does.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::group::preview::{Change, Draft, Preview, preview};
use muster_directory::group::{Exempt, ExemptionMode, Group, Input, Method, store};
use muster_rules::MemberQuery;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::dynamic;
use crate::harness::{Test, members};

/// A change of a group's rule, method and exemptions, over the people 0..8.
#[derive(Clone, Debug)]
struct Edit {
    filters: Vec<Value>,
    any: bool,
    dynamic: bool,
    exemptions: Vec<(usize, ExemptionMode)>,
}

fn condition() -> impl Strategy<Value = Value> {
    let field = prop_oneof![Just("department"), Just("username"), Just("state"), Just("attributes.level")];
    let operation = prop_oneof![Just("equals"), Just("not_equals"), Just("is_empty"), Just("is_not_empty")];
    let value = prop_oneof![Just("Sales"), Just("Legal"), Just("user3"), Just("ACTIVATED"), Just("2")];
    (field, operation, value).prop_map(|(field, operation, value)| {
        let value = if field == "state" { "SUSPENDED" } else { value };
        match operation {
            "is_empty" | "is_not_empty" => json!({"field": field, "operation": operation}),
            _ => json!({"field": field, "operation": operation, "value": value}),
        }
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    let mode = prop_oneof![Just(ExemptionMode::In), Just(ExemptionMode::Out), Just(ExemptionMode::Keep)];
    let exemptions = proptest::collection::btree_map(0..8_usize, mode, 0..4).prop_map(Vec::from_iter);
    let filters = proptest::collection::vec(condition(), 1..4);
    (filters, any::<bool>(), proptest::bool::weighted(0.8), exemptions)
        .prop_map(|(filters, any, dynamic, exemptions)| Edit { filters, any, dynamic, exemptions })
}

impl Edit {
    fn query(&self) -> MemberQuery {
        let operation = if self.any { "or" } else { "and" };
        MemberQuery::read(&json!({"filters": [{"operation": operation, "filters": self.filters}]}), true).unwrap()
    }

    fn exemptions(&self, people: &[Id]) -> Vec<Exempt> {
        self.exemptions.iter().map(|(i, mode)| super::exempt(people[*i], *mode)).collect()
    }

    fn input(&self, people: &[Id]) -> Input {
        Input {
            method: Some(if self.dynamic { Method::DynamicAutomated } else { Method::Static }),
            member_query: Some(Some(self.query())),
            exemptions: Some(self.exemptions(people)),
            ..Input::default()
        }
    }
}

async fn people(t: &Test) -> Vec<Id> {
    let mut out = Vec::new();
    for i in 0..8 {
        let department = ["Sales", "Legal", ""][i % 3];
        let level = if i % 2 == 0 { json!([{"name": "level", "value": i.to_string()}]) } else { json!([]) };
        let profile = json!({"department": department, "attributes": level});
        out.push(t.user_with(t.acme, &format!("user{i}"), profile).await.id);
    }
    t.set_state(t.acme, out[1], muster_directory::user::State::Suspended).await;
    out
}

fn of(told: &Preview, kinds: &[Change]) -> BTreeSet<Id> {
    told.members.iter().filter(|(_, c)| kinds.contains(c)).map(|(id, _)| *id).collect()
}

async fn check(t: &Test, group: &Group, edit: &Edit, people: &[Id]) -> Group {
    let before = members(t, t.acme, group.id).await;
    let edited = group.with(&edit.input(people)).unwrap();
    let exemptions = edit.exemptions(people);
    let draft = Draft { group: &edited, saved: Some(edited.id), nested: &[], exemptions: &exemptions };
    let told = preview(&mut t.d.read(), &draft, t.clock.now()).await.unwrap();
    let saved = t.change_group(t.acme, group.id, edit.input(people)).await;
    let after = members(t, t.acme, group.id).await;
    assert_eq!(of(&told, &[Change::Joins]), &after - &before, "{edit:?}");
    assert_eq!(of(&told, &[Change::Leaves]), &before - &after, "{edit:?}");
    assert_eq!(of(&told, &[Change::Stays]), &after & &before, "{edit:?}");
    saved
}

both! {
    async fn equals_what_saving_does(t) {
        let people = people(t).await;
        let first = Edit {
            filters: vec![json!({"field": "department", "operation": "equals", "value": "Sales"})],
            any: false,
            dynamic: true,
            exemptions: Vec::new(),
        };
        let mut group = t.group(t.acme, dynamic("G", first.query())).await;
        let mut runner = TestRunner::deterministic();
        for _ in 0..40 {
            let edit = edit().new_tree(&mut runner).unwrap().current();
            group = check(t, &group, &edit, &people).await;
        }
    }

    async fn the_devices_of_people_and_the_people_of_devices_are_told(t) {
        use muster_directory::device::{Sudo, bind::{Bind, Edge, SetOwner}};
        use muster_directory::group::GroupKind;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        t.user_with(t.acme, "cy", json!({"department": "Sales"})).await;
        let desk = t.device(t.acme, json!({"displayName": "desk", "osFamily": "darwin"})).await.id;
        let lap = t.device(t.acme, json!({"displayName": "lap", "osFamily": "darwin"})).await.id;
        t.device(t.acme, json!({"displayName": "nobody's", "osFamily": "linux"})).await;
        t.write(t.acme, SetOwner { device: desk, owner: Some(ana) }).await.unwrap();
        for user in [ana, bo] {
            t.write(t.acme, Bind { device: lap, user, edge: Edge::Add(Sudo::default()) }).await.unwrap();
        }
        let saved = t.group(t.acme, dynamic("G", crate::group::in_department("Legal"))).await;
        let draft = Group { member_query: Some(crate::group::in_department("Sales")), ..saved.clone() };
        let told = async |group: &Group| {
            let draft = Draft { group, saved: None, nested: &[], exemptions: &[] };
            preview(&mut t.d.read(), &draft, t.clock.now()).await.unwrap()
        };
        let found = told(&draft).await;
        assert_eq!(found.bound, [(lap, "lap".to_owned(), 1, 1), (desk, "desk".to_owned(), 1, 0)]);
        assert_eq!(found.bound_count, 2);
        let macs = crate::group::devices::text(r#"osFamily equals "darwin""#);
        let devices = Group { kind: GroupKind::Device, id: t.d.env().id(), member_query: Some(macs), ..saved };
        let found = told(&devices).await;
        assert_eq!(found.bound, [(ana, "ana".to_owned(), 2, 0), (bo, "bo".to_owned(), 1, 0)]);
    }

    async fn of_a_group_not_saved_yet_everyone_joins(t) {
        let people = people(t).await;
        let mut runner = TestRunner::deterministic();
        for i in 0..10 {
            let edit = Edit { dynamic: true, ..edit().new_tree(&mut runner).unwrap().current() };
            let unsaved = Group {
                id: t.d.env().id(),
                member_query: Some(edit.query()),
                method: Method::DynamicAutomated,
                ..store::get(&mut t.d.read(), t.acme.id, t.all_users(t.acme).await).await.unwrap()
            };
            let exemptions = edit.exemptions(&people);
            let draft = Draft { group: &unsaved, saved: None, nested: &[], exemptions: &exemptions };
            let told = preview(&mut t.d.read(), &draft, t.clock.now()).await.unwrap();
            let input = Input { name: Some(format!("G{i}")), ..edit.input(&people) };
            let saved = t.group(t.acme, input).await;
            assert_eq!(of(&told, &[Change::Joins]), members(t, t.acme, saved.id).await, "{edit:?}");
        }
    }
}
