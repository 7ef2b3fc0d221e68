//! Why somebody was in a group at a moment in the past, by what they belonged with then: managers, devices, owners, groups.

use muster_base::{Id, Micros};
use muster_directory::device::bind::{Bind, Edge, SetOwner};
use muster_directory::device::{Sudo, delete::Delete};
use muster_directory::group::explain::{Question, Reason, membership};
use muster_directory::group::update::SetExemption;
use muster_directory::group::{ExemptionMode, GroupKind, Input, Via, ruleset::Flag};
use serde_json::json;

use super::devices::text;
use super::{dynamic, exempt, in_department};
use crate::harness::Test;

async fn was(t: &Test, kind: GroupKind, group: Id, member: Id, at: Micros) -> Reason {
    let asked = Question { kind, group, member, at: Some(at) };
    membership(&mut t.d.read(), t.acme.id, &asked, t.clock.now()).await.unwrap()
}

fn saw(reason: &Reason) -> Vec<Option<String>> {
    reason.include.as_ref().unwrap().clauses().into_iter().map(|(_, clause)| clause.saw.clone()).collect()
}

/// A day passes, with a moment in its middle.
fn a_day(t: &Test) -> Micros {
    t.later(43_200);
    let noon = t.clock.now();
    t.later(43_200);
    noon
}

both! {
    /// "Why was Bo in this group on Tuesday?", for what his manager was then.
    async fn the_manager_and_the_chain_of_then(t) {
        let top = t.user_with(t.acme, "top", json!({"department": "Board"})).await.id;
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales", "manager": top})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"manager": ana})).await.id;
        let group = t.group(t.acme, dynamic("G", text(r#"manager.department equals "Sales" and managers.department equals "Board""#))).await.id;
        let tuesday = a_day(t);
        t.patch(t.acme, ana, json!({"department": "Legal", "manager": null})).await;
        let wednesday = a_day(t);
        let cy = t.user_with(t.acme, "cy", json!({"department": "Ops"})).await.id;
        t.patch(t.acme, bo, json!({"manager": cy})).await;
        a_day(t);
        let reason = was(t, GroupKind::User, group, bo, tuesday).await;
        assert_eq!((reason.via, reason.include.as_ref().unwrap().matched), (Some(Via::Rule), true));
        assert_eq!(saw(&reason), [Some("Sales".to_owned()), Some("Sales, Board".to_owned())]);
        let reason = was(t, GroupKind::User, group, bo, wednesday).await;
        assert_eq!((reason.via, saw(&reason)[0].as_deref()), (None, Some("Legal")));
        assert!(reason.untold.is_empty(), "{:?}", reason.untold);
    }

    async fn a_devices_encryption_and_who_had_it_then(t) {
        let bo = t.user(t.acme, "bo").await.id;
        let cy = t.user(t.acme, "cy").await.id;
        let laptop = t.device(t.acme, json!({"displayName": "l", "fde": {"active": false}})).await.id;
        t.write(t.acme, Bind { device: laptop, user: bo, edge: Edge::Add(Sudo::default()) }).await.unwrap();
        let open = t.group(t.acme, dynamic("Open", text(r#"devices.fde.active equals "false""#))).await.id;
        let tuesday = a_day(t);
        t.report(t.acme, laptop, json!({"fde": {"active": true, "keyPresent": true}})).await;
        let wednesday = a_day(t);
        t.write(t.acme, Bind { device: laptop, user: bo, edge: Edge::Remove }).await.unwrap();
        t.write(t.acme, SetOwner { device: laptop, owner: Some(cy) }).await.unwrap();
        a_day(t);
        let reason = was(t, GroupKind::User, open, bo, tuesday).await;
        assert_eq!((reason.via, saw(&reason)), (Some(Via::Rule), vec![Some("false".to_owned())]));
        let reason = was(t, GroupKind::User, open, bo, wednesday).await;
        assert_eq!((reason.via, saw(&reason)), (None, vec![Some("true".to_owned())]));
        assert_eq!(saw(&was(t, GroupKind::User, open, cy, wednesday).await), [None], "it was not theirs yet");
        assert!(reason.untold.is_empty(), "{:?}", reason.untold);
        // Of a device that is removed nothing is kept: the answer says so.
        t.write(t.acme, Delete { id: laptop }).await.unwrap();
        let reason = was(t, GroupKind::User, open, bo, tuesday).await;
        assert_eq!(reason.via, Some(Via::Rule));
        assert!(reason.untold[0].contains("the device l was removed since"), "{:?}", reason.untold);
    }

    async fn a_device_with_its_owner_of_then(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let laptop = t.device(t.acme, json!({"displayName": "l", "osFamily": "darwin", "attributes": [{"name": "lab", "value": "A"}]})).await.id;
        t.write(t.acme, SetOwner { device: laptop, owner: Some(ana) }).await.unwrap();
        t.group(t.acme, dynamic("Sales", in_department("Sales"))).await;
        let rule = text(r#"owner.department equals "Sales" and owner member of "Sales" and osFamily equals "darwin" and attributes.lab equals "A""#);
        let group = t.device_group(t.acme, dynamic("D", rule)).await.id;
        let tuesday = a_day(t);
        t.write(t.acme, SetOwner { device: laptop, owner: Some(bo) }).await.unwrap();
        t.patch(t.acme, ana, json!({"department": "Ops"})).await;
        t.report(t.acme, laptop, json!({"osFamily": "linux", "attributes": [{"name": "lab", "value": "B"}]})).await;
        a_day(t);
        let reason = was(t, GroupKind::Device, group, laptop, tuesday).await;
        assert_eq!((reason.via, reason.include.as_ref().unwrap().matched), (Some(Via::Rule), true), "{:?}", saw(&reason));
    }

    async fn groups_and_exemptions_of_then(t) {
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales"})).await.id;
        let sales = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let group = t.group(t.acme, dynamic("G", text(r#"member of "Sales""#))).await.id;
        let monday = a_day(t);
        let out = muster_directory::group::Exempt { reason: "On leave".into(), ..exempt(bo, ExemptionMode::Out) };
        t.write(t.acme, SetExemption { kind: GroupKind::User, group, member: bo, exempt: Some(out), confirmed: false }).await.unwrap();
        let tuesday = a_day(t);
        t.write(t.acme, SetExemption { kind: GroupKind::User, group, member: bo, exempt: None, confirmed: false }).await.unwrap();
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(sales)).await.unwrap();
        a_day(t);
        let reason = was(t, GroupKind::User, group, bo, monday).await;
        assert_eq!((reason.via, reason.include.as_ref().unwrap().matched), (Some(Via::Rule), true));
        assert_eq!((reason.flags.as_slice(), reason.exemption.is_none()), (&[][..], true));
        assert!(reason.untold[0].contains("\"Sales\""), "{:?}", reason.untold);
        let reason = was(t, GroupKind::User, group, bo, tuesday).await;
        assert_eq!(reason.sentence, "Was not a member by an exemption: On leave");
        let reason = was(t, GroupKind::User, group, bo, t.clock.now()).await;
        assert_eq!(reason.flags, [Flag::InvalidGroupReference]);
        // What a group held then, too.
        let holder = t.group(t.acme, Input { name: Some("H".into()), nested: Some(vec![group]), ..Input::default() }).await.id;
        let held = a_day(t);
        t.change_group(t.acme, holder, Input { nested: Some(vec![]), ..Input::default() }).await;
        let reason = was(t, GroupKind::User, holder, bo, held).await;
        assert_eq!((reason.via, reason.nested.len()), (Some(Via::Nested), 1));
    }
}
