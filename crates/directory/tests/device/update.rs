use muster_directory::device::update::{Report, Update};
use serde_json::{Value, json};

use crate::harness::{Test, attributes, fields, is_missing};

/// The fields of the last change of the log.
async fn last(t: &Test) -> (String, Value) {
    let entries = muster_directory::change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    let entry = entries.into_iter().next_back().unwrap();
    (format!("{} {}", entry.kind, entry.subject_kind), entry.fields)
}

both! {
    async fn an_administrator_changes_the_settings_alone(t) {
        let device = t.device(t.acme, json!({"displayName": "x", "os": "Ubuntu", "fde": {"active": false}})).await;
        let settings = attributes(json!({"displayName": "y", "allowSshRootLogin": true, "os": "Plan 9",
            "attributes": [{"name": "asset", "value": "7"}], "fde": {"active": true}, "_id": 5, "unknown": []}));
        let after = t.write(t.acme, Update { id: device.id, settings, owner: None }).await.unwrap();
        assert_eq!(after.attribute("displayName").as_deref(), Some("y"));
        assert_eq!(after.attribute("os").as_deref(), Some("Ubuntu"));
        assert_eq!(after.attribute("fde.active").as_deref(), Some("false"));
        let (what, changed) = last(t).await;
        assert_eq!(what, "system_update system");
        assert_eq!(changed, json!({
            "displayName": {"from": "x", "to": "y"},
            "allowSshRootLogin": {"from": false, "to": true},
            "attributes.asset": {"from": null, "to": "7"},
        }));
        // The same again is no change.
        let again = Update { id: device.id, settings: attributes(json!({"displayName": "y"})), owner: None };
        t.write(t.acme, again).await.unwrap();
        assert_eq!(last(t).await.1["displayName"]["from"], "x");
    }

    async fn a_report_names_each_attribute_that_changed(t) {
        let ana = t.user(t.acme, "ana").await;
        let device = t.device(t.acme, json!({"displayName": "x", "fde": {"active": false, "keyPresent": false}})).await;
        let facts = attributes(json!({"fde": {"active": true, "keyPresent": false}, "lastContact": "2025-11-18T09:00:00+01:00"}));
        t.write(t.acme, Report { id: device.id, facts, owner: Some(Some(ana.id)) }).await.unwrap();
        let (what, changed) = last(t).await;
        assert_eq!(what, "system_update system");
        assert_eq!(changed, json!({
            "fde.active": {"from": false, "to": true},
            "lastContact": {"from": null, "to": "2025-11-18T08:00:00.000Z"},
            "primarySystemUser": {"from": null, "to": ana.id},
        }));
    }

    async fn wrong_values_change_nothing(t) {
        let device = t.device(t.acme, json!({"displayName": "x"})).await;
        let wrong = Update { id: device.id, settings: attributes(json!({"attributes": [{"name": "a"}, 5]})), owner: None };
        assert_eq!(fields(t.write(t.acme, wrong).await).len(), 1);
        let wrong = Report { id: device.id, facts: attributes(json!({"osFamily": "beos"})), owner: None };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["osFamily"]);
        let foreign = Some(Some(t.user(t.blue, "foreign").await.id));
        let wrong = Update { id: device.id, settings: attributes(json!({})), owner: foreign };
        assert_eq!(fields(t.write(t.acme, wrong).await), ["primarySystemUser.id"]);
        let unknown = Update { id: t.d.env().id(), settings: attributes(json!({})), owner: None };
        assert!(is_missing(t.write(t.acme, unknown).await));
    }

    async fn a_name_that_is_cleared_gives_way_to_the_hostname(t) {
        let device = t.device(t.acme, json!({"displayName": "x", "hostname": "web-1"})).await;
        for empty in [json!(null), json!("")] {
            let clear = Update { id: device.id, settings: attributes(json!({"displayName": empty})), owner: None };
            assert_eq!(t.write(t.acme, clear).await.unwrap().attribute("displayName").as_deref(), Some("web-1"));
        }
    }
}
