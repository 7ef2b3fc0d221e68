//! The property: whatever people, devices, groups, rules and references become in whatever order, memberships are what
//! working them out from nothing says. `Test::finish` and each step compare ([`verify`]).

use muster_base::Id;
use muster_directory::device::{self, bind::SetOwner};
use muster_directory::group::create::Create;
use muster_directory::group::update::Update;
use muster_directory::group::verify::verify;
use muster_directory::group::{Exempt, ExemptionMode, GroupKind, Input, Method, delete, due, members};
use muster_directory::user;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::devices::text;
use crate::harness::{Test, attributes};

/// What happens: which of the kinds of change, and numbers to choose by.
type Step = (u8, [u8; 6]);

struct World {
    people: Vec<Id>,
    devices: Vec<Id>,
    groups: Vec<(GroupKind, Id, String)>,
    made: usize,
}

fn pick<T: Clone>(of: &[T], n: u8) -> Option<T> {
    if of.is_empty() { None } else { of.get(n as usize % of.len()).cloned() }
}

impl World {
    fn clause(&self, kind: GroupKind, a: u8, b: u8) -> String {
        let named = |of: GroupKind| {
            let all: Vec<&String> = self.groups.iter().filter(|(k, _, _)| *k == of).map(|(_, _, name)| name).collect();
            pick(&all, b).map(|name| format!("\"{name}\""))
        };
        let not = if b.is_multiple_of(5) { "not " } else { "" };
        match (kind, a % 9) {
            (GroupKind::User, 0) => format!("{not}department equals \"D{}\"", b % 3),
            (GroupKind::User, 1) => format!("attributes.level >= {}", b % 4),
            (GroupKind::User, 2) => format!("{not}manager.department equals \"D{}\"", b % 3),
            (GroupKind::User, 3) => format!("managers.department contains \"{}\"", b % 3),
            (GroupKind::User, 4) => "devices.fde.active equals \"false\"".into(),
            (GroupKind::User, 5) => "created within the last \"2 days\"".into(),
            (GroupKind::User, 6) => match named(GroupKind::Device) {
                Some(name) => format!("devices member of {name}"),
                None => "state equals \"SUSPENDED\"".into(),
            },
            (GroupKind::User, _) => {
                named(GroupKind::User).map_or("location is set".into(), |n| format!("{not}member of {n}"))
            }
            (GroupKind::Device, 0 | 1) => format!("{not}os equals \"O{}\"", b % 3),
            (GroupKind::Device, 2) => "fde.active equals \"true\"".into(),
            (GroupKind::Device, 3 | 4) => format!("{not}owner.department equals \"D{}\"", b % 3),
            (GroupKind::Device, 5 | 6) => match named(GroupKind::User) {
                Some(name) => format!("owner {not}member of {name}"),
                None => "owner.state equals \"ACTIVATED\"".into(),
            },
            (GroupKind::Device, _) => named(GroupKind::Device).map_or("os is set".into(), |n| format!("member of {n}")),
        }
    }

    fn rule(&self, kind: GroupKind, n: &[u8; 6]) -> muster_rules::MemberQuery {
        let (a, b) = (self.clause(kind, n[0], n[1]), self.clause(kind, n[2], n[3]));
        let join = if n[4].is_multiple_of(2) { "and" } else { "or" };
        text(&if n[4].is_multiple_of(3) { a } else { format!("{a} {join} {b}") })
    }

    fn input(&self, kind: GroupKind, n: &[u8; 6]) -> Input {
        let method = [Method::DynamicAutomated, Method::DynamicReviewRequired, Method::Static][usize::from(n[5] % 3)];
        let held: Vec<(GroupKind, Id, String)> = self.groups.iter().filter(|(k, _, _)| *k == kind).cloned().collect();
        let nested = if n[5].is_multiple_of(4) { pick(&held, n[1]).map(|(_, id, _)| vec![id]) } else { None };
        Input {
            method: Some(method),
            member_query: Some(Some(self.rule(kind, n))),
            exclude_query: n[4].is_multiple_of(4).then(|| Some(self.rule(kind, &[n[3], n[2], n[1], n[0], n[5], n[4]]))),
            nested,
            ..Input::default()
        }
    }
}

fn profile(n: &[u8; 6], people: &[Id]) -> Value {
    let manager = if n[2].is_multiple_of(3) { pick(people, n[3]).map(|id| id.text()) } else { None };
    json!({"department": format!("D{}", n[0] % 3), "attributes": [{"name": "level", "value": (n[1] % 4).to_string()}],
        "location": n[4].is_multiple_of(2).then_some("Graz"), "manager": manager})
}

async fn step(t: &Test, world: &mut World, (what, n): Step) {
    world.made += 1;
    let name = format!("n{}", world.made);
    match what % 14 {
        0 | 1 => world.people.push(t.user_with(t.acme, &name, profile(&n, &world.people)).await.id),
        2..=4 => {
            if let Some(id) = pick(&world.people, n[5]) {
                // Refused where it would make somebody their own manager.
                let update = user::update::Update::profile(id, attributes(profile(&n, &world.people)));
                let _ = t.write(t.acme, update).await;
            }
        }
        5 => {
            let owner = pick(&world.people, n[1]);
            let facts =
                json!({"displayName": name, "os": format!("O{}", n[0] % 3), "fde": {"active": n[2].is_multiple_of(2)}});
            let id = t.device(t.acme, facts).await.id;
            t.write(t.acme, SetOwner { device: id, owner }).await.unwrap();
            world.devices.push(id);
        }
        6 => {
            if let Some(id) = pick(&world.devices, n[5]) {
                t.report(
                    t.acme,
                    id,
                    json!({"os": format!("O{}", n[0] % 3), "fde": {"active": n[2].is_multiple_of(2)}}),
                )
                .await;
                t.write(t.acme, SetOwner { device: id, owner: pick(&world.people, n[1]) }).await.unwrap();
            }
        }
        7 | 8 => {
            let kind = if n[5].is_multiple_of(2) { GroupKind::User } else { GroupKind::Device };
            let input = Input { name: Some(name.clone()), ..world.input(kind, &n) };
            // Refused where its parts contradict each other.
            if let Ok(made) = t.write(t.acme, Create { kind, input }).await {
                world.groups.push((kind, made.id, name));
            }
        }
        9 => {
            if let Some((kind, id, _)) = pick(&world.groups, n[5]) {
                // Refused where it would depend on itself.
                let _ = t.write(t.acme, Update { kind, id, input: world.input(kind, &n) }).await;
            }
        }
        10 => {
            if let Some((kind, group, _)) = pick(&world.groups, n[5]) {
                let of = if kind == GroupKind::User { &world.people } else { &world.devices };
                if let Some(member) = pick(of, n[0]) {
                    let _ = t.write(t.acme, members::Change { kind, group, member, add: n[1].is_multiple_of(2) }).await;
                }
            }
        }
        11 => {
            if let (Some((GroupKind::User, id, _)), Some(member)) =
                (pick(&world.groups, n[5]), pick(&world.people, n[0]))
            {
                let mode = [ExemptionMode::In, ExemptionMode::Out, ExemptionMode::Keep][usize::from(n[1] % 3)];
                let until = n[2].is_multiple_of(2).then(|| muster_base::Micros(t.clock.now().0 + 90_000_000_000));
                let exempt = Exempt { member, mode, reason: String::new(), until };
                let input = Input { exemptions: Some(vec![exempt]), ..Input::default() };
                let _ = t.write(t.acme, Update::of_users(id, input)).await;
            }
        }
        12 => {
            t.later(86_400 * i64::from(n[0] % 3));
            due::take_up(&t.d).await.unwrap();
        }
        _ => remove(t, world, n).await,
    }
}

async fn remove(t: &Test, world: &mut World, n: [u8; 6]) {
    match n[0] % 4 {
        0 if !world.people.is_empty() => {
            let at = n[1] as usize % world.people.len();
            let id = world.people.remove(at);
            t.write(t.acme, user::delete::Delete { id, cascade_manager: Some(None) }).await.unwrap();
        }
        1 if !world.devices.is_empty() => {
            let at = n[1] as usize % world.devices.len();
            let id = world.devices.remove(at);
            t.write(t.acme, device::delete::Delete { id }).await.unwrap();
        }
        2 if !world.groups.is_empty() => {
            let at = n[1] as usize % world.groups.len();
            let (kind, id, _) = world.groups.remove(at);
            t.write(t.acme, delete::Delete { kind, id }).await.unwrap();
        }
        _ => {}
    }
}

both! {
    async fn memberships_are_what_working_them_out_says(t) {
        let mut runner = TestRunner::deterministic();
        let steps = proptest::collection::vec((any::<u8>(), any::<[u8; 6]>()), 220);
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let mut world = World { people: vec![], devices: vec![], groups: vec![], made: 0 };
        let mut moved = 0;
        for (i, one) in steps.into_iter().enumerate() {
            step(t, &mut world, one).await;
            let wrong = verify(&mut t.d.read(), t.acme.id, t.clock.now()).await.unwrap();
            assert_eq!(wrong, Vec::<String>::new(), "after step {i}: {one:?}");
            for (_, id, _) in &world.groups {
                moved += muster_directory::group::store::member_count(&mut t.d.read(), t.acme.id, *id).await.unwrap();
            }
        }
        assert!(moved > 500, "the steps made members: {moved}");
    }
}
