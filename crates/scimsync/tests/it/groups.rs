//! Groups, where the toggle is on: made when somebody is in them, renamed, small requests for members, removed.

use muster_directory::group;
use muster_directory::provision::state::Move;
use muster_directory::provision::{ObjectKind, ObjectState};
use muster_testkit::both;
use serde_json::{Value, json};

use crate::fake::Quirks;
use crate::world::{World, setup};

pub fn members(w: &World<'_>) -> Vec<String> {
    let group = w.receiver.group(&w.sales.name).unwrap();
    let list = group.0.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut ids: Vec<String> = list.iter().map(|m| m["value"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

pub fn ids(w: &World<'_>, names: &[&str]) -> Vec<String> {
    let mut ids: Vec<String> = names.iter().map(|n| w.receiver.user(n).unwrap().id().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

both! {
    async fn a_group_and_its_members_are_there_too(t) with setup(); {
        for quirks in [Quirks::default(), Quirks { no_patch: true, ..Quirks::default() }, Quirks { no_value_paths: true, ..Quirks::default() }] {
            let w = World::new(t, quirks.clone(), |s| s.manage_groups = true).await;
            w.settle().await;
            assert!(w.receiver.group(&w.sales.name).is_none(), "empty groups are not made");
            let names: Vec<String> = ["ana", "bo", "cy"].iter().map(|n| format!("{n}-{}", w.app)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let ana = w.member(names[0]).await;
            w.member(names[1]).await;
            w.settle().await;
            assert_eq!(members(&w), ids(&w, &names[..2]), "{quirks:?}");
            w.receiver.calls();
            w.member(names[2]).await;
            w.join(ana.id, false).await;
            w.settle().await;
            assert_eq!(members(&w), ids(&w, &names[1..]), "{quirks:?}");
            let input = group::Input { name: Some(format!("Tea of {}", w.app)), ..group::Input::default() };
            t.write(t.acme, group::update::Update::of_users(w.sales.id, input)).await.unwrap();
            w.settle().await;
            assert!(w.receiver.group(&w.sales.name).is_none() && w.receiver.group(&format!("Tea of {}", w.app)).is_some());
            t.write(t.acme, group::delete::Delete::of_users(w.sales.id)).await.unwrap();
            w.settle().await;
            assert_eq!(w.receiver.inside().groups.resources.len(), 0, "{quirks:?}");
        }
    }

    async fn one_of_the_same_name_is_taken_over_after_asking(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        let id = w.receiver.inside().groups.seed(json!({"displayName": w.sales.name.to_uppercase()}));
        w.member("ana").await;
        w.settle().await;
        let object = w.object(ObjectKind::Group, w.sales.id).await.unwrap();
        assert_eq!((object.state(), object.known.remote_id), (ObjectState::Held, None));
        w.turn(Move::Approve).await;
        w.settle().await;
        assert_eq!(w.object(ObjectKind::Group, w.sales.id).await.unwrap().known.remote_id, Some(id));
        assert_eq!(members(&w), ids(&w, &["ana"]));
    }

    async fn who_may_have_been_added_is_looked_for_before_they_are_added_again(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| s.manage_groups = true).await;
        w.member("ana").await;
        w.settle().await;
        w.receiver.inside().groups.faults.push_back(crate::fake::Fault::ErrorAfter);
        w.member("bo").await;
        w.settle().await;
        w.receiver.calls();
        t.later(5);
        w.settle().await;
        let calls = w.receiver.calls();
        assert!(calls.len() == 1 && calls[0].starts_with("GET /Groups/"), "read, and nothing sent again: {calls:?}");
        assert_eq!(members(&w), ids(&w, &["ana", "bo"]));
        assert_eq!(w.object(ObjectKind::Group, w.sales.id).await.unwrap().state(), ObjectState::InStep);
    }

    async fn a_member_of_a_group_of_a_thousand_costs_one_small_request(t) with setup(); {
        let w = World::new(t, Quirks::default(), |s| { s.manage_groups = true; s.guard.count = None; }).await;
        for n in 0..120 {
            w.member(&format!("p{n}")).await;
        }
        w.settle().await;
        assert_eq!(members(&w).len(), 120);
        w.receiver.calls();
        w.member("ana").await;
        w.settle().await;
        let calls = w.receiver.calls();
        let groups: Vec<&String> = calls.iter().filter(|c| c.contains("/Groups")).collect();
        assert_eq!(groups.len(), 1, "{groups:?}");
    }
}
