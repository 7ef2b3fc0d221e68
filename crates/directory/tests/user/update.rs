use muster_directory::user::{SELF_WRITABLE, State, update::Update};
use muster_directory::{Actor, change, organization};
use serde_json::{Value, json};

use crate::harness::{HASH, Test, attributes, conflict, denied, fields};

/// The fields of the log's last entry, with its kind.
async fn last_change(t: &Test) -> (String, Value) {
    let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.last().map(|e| (e.kind.clone(), e.fields.clone())).unwrap()
}

async fn log_len(t: &Test) -> usize {
    change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().len()
}

both! {
    async fn lays_over_what_is_there(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales", "company": "A", "costCenter": "7"})).await;
        let patch = json!({"department": "Legal", "company": null, "_id": "passed over", "no such": [1]});
        let after = t.patch(t.acme, ana.id, patch).await;
        assert_eq!(after.profile.department.as_deref(), Some("Legal"));
        assert_eq!(after.profile.company, None);
        assert_eq!(after.profile.cost_center.as_deref(), Some("7"));
        assert_eq!(t.stored(t.acme, ana.id).await.profile, after.profile);
        let (kind, changed) = last_change(t).await;
        assert_eq!(kind, "user_update");
        let should = json!({"company": {"from": "A", "to": null}, "department": {"from": "Sales", "to": "Legal"}});
        assert_eq!(changed, should);
    }

    async fn nothing_new_is_no_change(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await;
        let before = log_len(t).await;
        t.patch(t.acme, ana.id, json!({"department": "Sales", "company": null})).await;
        assert_eq!(log_len(t).await, before);
    }

    async fn lists_are_replaced_as_a_whole(t) {
        let ana = t.user_with(t.acme, "ana", json!({"attributes": [{"name": "a", "value": "1"}]})).await;
        let after = t.patch(t.acme, ana.id, json!({"attributes": [{"name": "b", "value": "2"}]})).await;
        assert_eq!(after.profile.attributes.len(), 1);
        let after = t.patch(t.acme, ana.id, json!({"attributes": null})).await;
        assert!(after.profile.attributes.is_empty());
    }

    async fn names_are_checked_and_stay_unique(t) {
        t.user(t.acme, "bo").await;
        let ana = t.user(t.acme, "ana").await;
        let nothing = || Update::profile(ana.id, attributes(json!({})));
        let taken = t.write(t.acme, Update { email: Some("BO@example.test".into()), ..nothing() }).await;
        assert!(conflict(taken).starts_with("email:"));
        let taken = t.write(t.acme, Update { username: Some("Bo".into()), ..nothing() }).await;
        assert!(conflict(taken).starts_with("username:"));
        let wrong = Update { username: Some("a b".into()), email: Some("x".into()), ..nothing() };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["username", "email"]);
        let own = Update { username: Some("ANA".into()), email: Some("Ana@Example.TEST".into()), ..nothing() };
        let after = t.write(t.acme, own).await.unwrap();
        assert_eq!((after.username.as_str(), after.email.as_str()), ("ANA", "Ana@Example.TEST"));
    }

    async fn a_chain_of_managers_does_not_lead_back(t) {
        let a = t.user(t.acme, "a").await;
        let b = t.user_with(t.acme, "b", json!({"manager": a.id})).await;
        let c = t.user_with(t.acme, "c", json!({"manager": b.id})).await;
        for manager in [a.id, b.id, c.id] {
            let update = Update::profile(a.id, attributes(json!({"manager": manager})));
            assert_eq!(fields(t.write(t.acme, update).await), ["manager"]);
        }
        t.patch(t.acme, c.id, json!({"manager": a.id})).await;
    }

    async fn the_state_changes_with_its_own_entry(t) {
        let ana = t.user(t.acme, "ana").await;
        let suspend = Update { state: Some(State::Suspended), ..Update::profile(ana.id, attributes(json!({}))) };
        assert_eq!(t.write(t.acme, suspend).await.unwrap().state, State::Suspended);
        assert_eq!(last_change(t).await.0, "user_suspended");
        assert_eq!(t.stored(t.acme, ana.id).await.state, State::Suspended);
    }

    async fn a_password_is_refused_where_another_system_decides(t) {
        let ana = t.user_with_password(t.acme, "ana").await;
        let federated = json!([{"field": "password", "type": "federated_identity_provider"}]);
        let both_at_once = Update {
            password_hash: Some(HASH.into()),
            ..Update::profile(ana.id, attributes(json!({"restrictedFields": federated})))
        };
        denied(t.write(t.acme, both_at_once).await);
        assert!(t.stored(t.acme, ana.id).await.profile.restricted_fields.is_empty(), "all of it is undone");
        t.patch(t.acme, ana.id, json!({"restrictedFields": federated})).await;
        let only = Update { password_hash: Some(HASH.into()), ..Update::profile(ana.id, attributes(json!({}))) };
        denied(t.write(t.acme, only).await);
        // And back under Muster in one request.
        let back = Update {
            password_hash: Some(HASH.into()),
            ..Update::profile(ana.id, attributes(json!({"restrictedFields": []})))
        };
        assert!(t.write(t.acme, back).await.unwrap().password_hash.is_some());
    }

    async fn people_change_of_themselves_only_what_decides_nothing(t) {
        let ana = t.user_with(t.acme, "ana", json!({"department": "Sales"})).await;
        let bo = t.user(t.acme, "bo").await;
        let actor = || Actor::user(ana.id, None);
        let own = |patch: Value| t.d.write(actor(), t.acme.id, Update::profile(ana.id, attributes(patch)));
        let phone = json!([{"type": "mobile", "number": "1"}]);
        // What is sent back unchanged is not a change.
        own(json!({"phoneNumbers": phone, "department": "Sales"})).await.unwrap();
        let wrong = json!({"department": "Legal", "attributes": [{"name": "a", "value": "1"}], "jobTitle": "Boss"});
        let mut refused = fields(own(wrong).await);
        refused.sort();
        assert_eq!(refused, ["attributes", "department", "jobTitle"]);
        for name in ["email", "username"] {
            let mut update = Update::profile(ana.id, attributes(json!({})));
            if name == "email" { update.email = Some("bo2@example.test".into()) } else { update.username = Some("x".into()) }
            assert_eq!(fields(t.d.write(actor(), t.acme.id, update).await), [name]);
        }
        let other = Update::profile(bo.id, attributes(json!({"phoneNumbers": phone})));
        denied(t.d.write(actor(), t.acme.id, other).await);
        let password = Update { password_hash: Some(HASH.into()), ..Update::profile(ana.id, attributes(json!({}))) };
        denied(t.d.write(actor(), t.acme.id, password).await);
        let kept = json!({"restrictedFields": [{"field": "displayname", "type": "scim"}]});
        t.patch(t.acme, ana.id, kept).await;
        assert_eq!(fields(own(json!({"displayname": "A", "firstname": "A"})).await), ["displayname"]);
        let off = attributes(json!({"systemUsersCanEdit": false}));
        t.write(t.acme, organization::update::Update { name: None, settings: off }).await.unwrap();
        denied(own(json!({"phoneNumbers": []})).await);
    }
}

/// What decides who someone is, and what they are let into, is never theirs to write.
#[test]
fn nothing_that_identifies_is_the_owners_to_write() {
    for name in
        ["email", "username", "employeeIdentifier", "state", "restrictedFields", "attributes", "department", "manager"]
    {
        assert!(!SELF_WRITABLE.contains(&name), "{name}");
    }
}
