use muster_directory::device::bind::{Bind, Edge};
use muster_directory::device::{Sudo, delete::Delete, store};
use serde_json::json;

use crate::harness::is_missing;

both! {
    async fn takes_its_people_along(t) {
        let ana = t.user(t.acme, "ana").await.id;
        let device = t.device(t.acme, json!({"displayName": "x", "serialNumber": "S1"})).await.id;
        t.write(t.acme, Bind { device, user: ana, edge: Edge::Add(Sudo::default()) }).await.unwrap();
        t.write(t.acme, Delete { id: device }).await.unwrap();
        let mut s = t.d.read();
        assert!(store::by_id(&mut s, t.acme.id, device).await.unwrap().is_none());
        assert_eq!(store::devices_of(&mut s, t.acme.id, ana).await.unwrap(), []);
        let entries = muster_directory::change::store::after(&mut s, t.acme.id, 0, i64::MAX).await.unwrap();
        let entry = entries.last().unwrap();
        assert_eq!((entry.kind.as_str(), entry.subject_id), ("system_delete", device));
        let told = json!({"displayName": "x", "serialNumber": "S1", "primarySystemUser": null, "users": [ana]});
        assert_eq!(entry.fields, told);
        assert!(is_missing(t.write(t.acme, Delete { id: device }).await));
    }
}
