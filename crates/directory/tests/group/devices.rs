//! Device groups, and the links between people and devices in rules.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_directory::device::bind::{Bind, Edge, SetOwner};
use muster_directory::device::{Sudo, delete::Delete};
use muster_directory::group::{GroupKind, Via, store};
use muster_directory::user;
use muster_rules::MemberQuery;
use serde_json::json;

use super::{dynamic, in_department, rule};
use crate::harness::{Test, members};

/// A rule as text.
pub fn text(t: &str) -> MemberQuery {
    MemberQuery::read(&json!({"queryType": "Expression", "expression": t}), false).unwrap()
}

async fn named(t: &Test, name: &str) -> Id {
    let groups = store::all_of(&mut t.d.read(), t.acme.id, GroupKind::Device).await.unwrap();
    groups.into_iter().find(|g| g.name == name).unwrap().id
}

both! {
    async fn every_organization_begins_with_one_for_all_and_one_for_each_system(t) {
        let groups = store::all_of(&mut t.d.read(), t.acme.id, GroupKind::Device).await.unwrap();
        let names: Vec<String> = groups.into_iter().map(|g| g.name).collect();
        assert_eq!(names, ["All Devices", "Android Devices", "iOS Devices", "Linux Devices", "Mac Devices", "Windows Devices"]);
        let mac = t.device(t.acme, json!({"displayName": "m", "osFamily": "darwin"})).await.id;
        assert_eq!(members(t, t.acme, named(t, "All Devices").await).await, BTreeSet::from([mac]));
        assert_eq!(members(t, t.acme, named(t, "Mac Devices").await).await, BTreeSet::from([mac]));
        t.report(t.acme, mac, json!({"osFamily": "linux"})).await;
        assert!(members(t, t.acme, named(t, "Mac Devices").await).await.is_empty());
        assert_eq!(members(t, t.acme, named(t, "Linux Devices").await).await, BTreeSet::from([mac]));
        t.write(t.acme, Delete { id: mac }).await.unwrap();
        assert!(members(t, t.acme, named(t, "All Devices").await).await.is_empty());
    }

    /// "User and device groups linked": devices whose owner is in a user group.
    async fn a_device_follows_the_groups_and_attributes_of_its_owner(t) {
        let sales = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let by_group = t.device_group(t.acme, dynamic("Sales' devices", text(r#"owner member of "Sales""#))).await.id;
        let by_field = t.device_group(t.acme, dynamic("D", text(r#"owner.department equals "Sales""#))).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let laptop = t.device(t.acme, json!({"displayName": "l"})).await.id;
        assert!(members(t, t.acme, by_group).await.is_empty());
        t.write(t.acme, SetOwner { device: laptop, owner: Some(ana) }).await.unwrap();
        for group in [by_group, by_field] {
            assert_eq!(members(t, t.acme, group).await, BTreeSet::from([laptop]));
        }
        t.patch(t.acme, ana, json!({"department": "Legal"})).await;
        assert!(members(t, t.acme, sales).await.is_empty());
        for group in [by_group, by_field] {
            assert!(members(t, t.acme, group).await.is_empty(), "removal is as right as adding");
        }
        t.patch(t.acme, ana, json!({"department": "Sales"})).await;
        assert_eq!(members(t, t.acme, by_group).await, BTreeSet::from([laptop]));
        t.write(t.acme, user::delete::Delete { id: ana, cascade_manager: None }).await.unwrap();
        for group in [by_group, by_field] {
            assert!(members(t, t.acme, group).await.is_empty());
        }
    }

    /// "User and device groups linked": users with an unencrypted device.
    async fn a_person_follows_their_devices(t) {
        let open = t.group(t.acme, dynamic("Unencrypted", text(r#"devices.fde.active equals "false""#))).await.id;
        let macs = named(t, "Mac Devices").await;
        let on_mac = t.group(t.acme, dynamic("On a Mac", text(r#"devices member of "Mac Devices""#))).await.id;
        let (ana, bo) = (t.user(t.acme, "ana").await.id, t.user(t.acme, "bo").await.id);
        let laptop = t.device(t.acme, json!({"displayName": "l", "osFamily": "darwin", "fde": {"active": false}})).await.id;
        t.write(t.acme, SetOwner { device: laptop, owner: Some(ana) }).await.unwrap();
        t.write(t.acme, Bind { device: laptop, user: bo, edge: Edge::Add(Sudo::default()) }).await.unwrap();
        for group in [open, on_mac] {
            assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]));
        }
        t.report(t.acme, laptop, json!({"fde": {"active": true}})).await;
        assert!(members(t, t.acme, open).await.is_empty());
        t.write(t.acme, Bind { device: laptop, user: bo, edge: Edge::Remove }).await.unwrap();
        assert_eq!(members(t, t.acme, on_mac).await, BTreeSet::from([ana]));
        assert_eq!(members(t, t.acme, macs).await, BTreeSet::from([laptop]));
        t.write(t.acme, Delete { id: laptop }).await.unwrap();
        assert!(members(t, t.acme, on_mac).await.is_empty());
    }

    async fn a_group_of_one_kind_takes_no_members_of_the_other(t) {
        let devices = named(t, "All Devices").await;
        let ana = t.user(t.acme, "ana").await.id;
        let change = muster_directory::group::members::Change { kind: GroupKind::Device, group: devices, member: ana, add: true };
        assert!(crate::harness::is_missing(t.write(t.acme, change).await));
        let laptop = t.device(t.acme, json!({"displayName": "l"})).await.id;
        let sales = t.static_group(t.acme, "Sales").await.id;
        let change = muster_directory::group::members::Change::of_user(sales, laptop, true);
        assert!(crate::harness::is_missing(t.write(t.acme, change).await));
    }

    async fn the_chain_of_managers_is_followed_and_its_changes_too(t) {
        let below = t.group(t.acme, dynamic("Under Ada", text(r#"managers.username equals "ada""#))).await.id;
        let direct = t.group(t.acme, dynamic("Ada's", text(r#"manager.department equals "Board""#))).await.id;
        let ada = t.user_with(t.acme, "ada", json!({"department": "Board"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"manager": ada.text()})).await.id;
        let cy = t.user_with(t.acme, "cy", json!({"manager": bo.text()})).await.id;
        assert_eq!(members(t, t.acme, below).await, BTreeSet::from([bo, cy]));
        assert_eq!(members(t, t.acme, direct).await, BTreeSet::from([bo]));
        t.patch(t.acme, ada, json!({"department": "Staff"})).await;
        assert!(members(t, t.acme, direct).await.is_empty());
        t.patch(t.acme, bo, json!({"manager": null})).await;
        assert!(members(t, t.acme, below).await.is_empty(), "cy's chain is cut above bo");
    }

    async fn a_device_rule_reads_numbers_and_dates(t) {
        let old = rule(&[("osVersionDetail.majorNumber", "less_than", json!(13)), ("lastContact", "longer_ago", json!("30 days"))]);
        let group = t.device_group(t.acme, dynamic("Old", old)).await.id;
        let facts = json!({"displayName": "l", "osVersionDetail": {"majorNumber": 9}, "lastContact": "2025-11-01T00:00:00Z"});
        let laptop = t.device(t.acme, facts).await.id;
        assert!(members(t, t.acme, group).await.is_empty());
        t.later(20 * 86_400);
        muster_directory::group::due::take_up(&t.d).await.unwrap();
        let found = store::members(&mut t.d.read(), t.acme.id, group).await.unwrap();
        assert_eq!(found.get(&laptop).map(|m| m.via), Some(Via::Rule), "time alone did it");
    }
}
