use muster_directory::device::import::{Done, Import, Outcome};
use muster_directory::device::{Device, rows, store};
use muster_directory::listing;
use serde_json::{Value, json};

use crate::harness::{Test, fields};

async fn import(t: &Test, rows: Value) -> Vec<Outcome> {
    let rows = rows::read(rows.to_string().as_bytes()).unwrap();
    t.write(t.acme, Import { rows }).await.unwrap()
}

fn done(outcomes: &[Outcome]) -> Vec<String> {
    let word = |o: &Outcome| match &o.done {
        Done::Refused(fields) => fields.iter().map(|f| f.field.clone()).collect::<Vec<_>>().join(","),
        other => format!("{other:?}").to_lowercase(),
    };
    outcomes.iter().map(word).collect()
}

both! {
    async fn each_row_has_its_outcome(t) {
        let ana = t.user(t.acme, "ana").await.id;
        let file = json!([
            {"displayName": "desk", "serialNumber": "S1", "owner": "ANA@example.test", "fde": {"active": false}},
            {"os": "Ubuntu"},
            {"hostname": "web", "osFamily": "linux", "owner": "ana"},
            {"hostname": "x", "osFamily": "amiga"},
            {"hostname": "y", "owner": "nobody"},
            {"hostname": "z", "_id": "short"},
        ]);
        let first = import(t, file.clone()).await;
        assert_eq!(done(&first), ["created", "displayName", "created", "osFamily", "owner", "_id"]);
        assert_eq!(first[0].device.as_ref().unwrap().owner, Some(ana));
        assert_eq!(listing::count::<Device>(&mut t.d.read(), t.acme.id).await.unwrap(), 2);
        // Again: what has a serial number is the same device; the other cannot be told from a new one.
        let again = import(t, json!([file[0].clone()])).await;
        assert_eq!(done(&again), ["unchanged"]);
        let changed = import(t, json!([{"serialNumber": "S1", "fde": {"active": true}}])).await;
        assert_eq!(done(&changed), ["updated"]);
        let desk = changed[0].device.as_ref().unwrap();
        assert_eq!((desk.attribute("displayName").as_deref(), desk.owner), (Some("desk"), Some(ana)));
        let by_id = import(t, json!([{"_id": desk.id, "displayName": "Desk 2"}])).await;
        assert_eq!((done(&by_id), by_id[0].device.as_ref().unwrap().id), (vec!["updated".into()], desk.id));
    }

    async fn jumpclouds_own_list_keeps_its_ids(t) {
        let (id, gone) = (t.d.env().id(), t.d.env().id());
        let list = json!({"totalCount": 1, "results": [{"_id": id, "displayName": "desk", "created": "2020-01-02T03:04:05.000Z",
            "primarySystemUser": {"id": gone}, "organization": gone, "sshdParams": [], "os": "Mac OS X"}]});
        let outcome = import(t, list).await.remove(0);
        let device = outcome.device.unwrap();
        assert_eq!((device.id, device.owner, outcome.warnings.len()), (id, None, 1));
        assert_eq!(device.created_at.rfc3339(), "2020-01-02T03:04:05.000Z");
    }

    async fn a_serial_number_that_is_not_one_devices_names_none(t) {
        for name in ["a", "b"] {
            t.device(t.acme, json!({"displayName": name, "serialNumber": "0"})).await;
        }
        let row = json!([{"displayName": "c", "serialNumber": "0"}]);
        assert_eq!(done(&import(t, row).await), ["serialNumber"]);
    }

    async fn another_organizations_devices_and_people_are_unknown(t) {
        let theirs = t.device(t.blue, json!({"displayName": "theirs", "serialNumber": "S1"})).await;
        t.user(t.blue, "bo").await;
        let mine = import(t, json!([{"_id": theirs.id, "serialNumber": "S1", "displayName": "mine"}])).await;
        assert_eq!(done(&mine), ["created"]);
        assert_eq!(store::get(&mut t.d.read(), t.blue.id, theirs.id).await.unwrap(), theirs);
        assert_eq!(done(&import(t, json!([{"displayName": "x", "owner": "bo@example.test"}])).await), ["owner"]);
    }

    async fn a_file_is_taken_in_parts(t) {
        let rows = vec![rows::Row::new(); rows::ROWS_MAX + 1];
        assert_eq!(fields(t.write(t.acme, Import { rows }).await), ["body"]);
    }
}
