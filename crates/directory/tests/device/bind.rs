use muster_base::Id;
use muster_directory::device::bind::{Bind, Edge, SetOwner};
use muster_directory::device::{Sudo, store};
use serde_json::{Value, json};

use crate::harness::{Test, conflict, is_missing};

const ROOT: Sudo = Sudo { enabled: true, without_password: true };

fn bind(device: Id, user: Id, edge: Edge) -> Bind {
    Bind { device, user, edge }
}

/// The log's entries on associations and devices: kind and fields.
async fn log(t: &Test) -> Vec<(String, Value)> {
    let entries = muster_directory::change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.into_iter().filter(|e| e.subject_kind == "system").map(|e| (e.kind, e.fields)).collect()
}

both! {
    async fn an_edge_is_made_changed_and_removed(t) {
        let (ana, device) = (t.user(t.acme, "ana").await.id, t.device(t.acme, json!({"displayName": "x"})).await.id);
        t.write(t.acme, bind(device, ana, Edge::Add(Sudo::default()))).await.unwrap();
        assert_eq!(conflict(t.write(t.acme, bind(device, ana, Edge::Add(ROOT))).await), "Already Exists");
        let edges = store::users_of(&mut t.d.read(), t.acme.id, device).await.unwrap();
        assert_eq!((edges.len(), edges[0].user, edges[0].sudo), (1, ana, Sudo::default()));
        t.write(t.acme, bind(device, ana, Edge::Update(ROOT))).await.unwrap();
        t.write(t.acme, bind(device, ana, Edge::Update(ROOT))).await.unwrap();
        let edges = store::devices_of(&mut t.d.read(), t.acme.id, ana).await.unwrap();
        assert_eq!((edges.len(), edges[0].device, edges[0].sudo), (1, device, ROOT));
        t.write(t.acme, bind(device, ana, Edge::Remove)).await.unwrap();
        assert!(is_missing(t.write(t.acme, bind(device, ana, Edge::Remove)).await));
        assert!(is_missing(t.write(t.acme, bind(device, ana, Edge::Update(ROOT))).await));
        let sudo = |on: bool| json!({"sudo": {"enabled": on, "withoutPassword": on}});
        let edge = |op: &str| json!({"op": op, "type": "user", "id": ana});
        let (mut added, mut updated) = (edge("add"), edge("update"));
        (added["attributes"], updated["attributes"]) = (sudo(false), sudo(true));
        let logged: Vec<Value> = log(t).await.into_iter().skip(1).map(|(_, fields)| fields).collect();
        assert_eq!(logged, [added, updated, edge("remove")], "the same sudo again is no change");
    }

    async fn both_ends_are_of_the_organization(t) {
        let (ana, device) = (t.user(t.acme, "ana").await.id, t.device(t.acme, json!({"displayName": "x"})).await.id);
        let foreign = (t.user(t.blue, "ana").await.id, t.device(t.blue, json!({"displayName": "x"})).await.id);
        for (device, user) in [(device, foreign.0), (foreign.1, ana), (device, t.d.env().id()), (t.d.env().id(), ana)] {
            for edge in [Edge::Add(ROOT), Edge::Update(ROOT), Edge::Remove] {
                assert!(is_missing(t.write(t.acme, bind(device, user, edge)).await));
            }
        }
        assert!(is_missing(t.write(t.acme, SetOwner { device: foreign.1, owner: Some(ana) }).await));
    }

    async fn a_removed_person_leaves_no_device_behind(t) {
        let (ana, bo) = (t.user(t.acme, "ana").await.id, t.user(t.acme, "bo").await.id);
        let first = t.device(t.acme, json!({"displayName": "first"})).await.id;
        let second = t.device(t.acme, json!({"displayName": "second"})).await.id;
        for (device, user) in [(first, ana), (first, bo), (second, ana)] {
            t.write(t.acme, bind(device, user, Edge::Add(ROOT))).await.unwrap();
        }
        t.write(t.acme, SetOwner { device: first, owner: Some(ana) }).await.unwrap();
        t.write(t.acme, SetOwner { device: second, owner: Some(bo) }).await.unwrap();
        let mut s = t.d.read();
        assert_eq!(store::owned_by(&mut s, t.acme.id, &[ana, bo].into()).await.unwrap().len(), 2);
        let before = log(t).await.len();
        let delete = muster_directory::user::delete::Delete { id: ana, cascade_manager: None };
        t.write(t.acme, delete).await.unwrap();
        assert_eq!(store::owners(&mut s, t.acme.id).await.unwrap(), [(second, bo)]);
        assert_eq!(store::devices_of(&mut s, t.acme.id, ana).await.unwrap(), []);
        assert_eq!(store::users_of(&mut s, t.acme.id, first).await.unwrap().len(), 1);
        // What follows from a device's change can be derived: each is in the log.
        let logged = log(t).await.split_off(before);
        assert_eq!(logged[0], ("system_update".into(), json!({"primarySystemUser": {"from": ana, "to": null}})));
        assert_eq!(logged.iter().filter(|(kind, _)| kind == "association_change").count(), 2);
    }
}
