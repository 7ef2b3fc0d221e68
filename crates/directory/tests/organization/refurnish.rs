//! Organizations from before an upgrade get the default groups, once.

use muster_directory::change;
use muster_directory::group::{self, GroupKind};
use serde_json::json;

use crate::harness::{Test, members};

muster_db::sql! {
    global FORGET_GROUPS = "DELETE FROM groups";
    global FORGET_MADE = "UPDATE change_log SET kind = 'group_update' WHERE kind = 'group_create'";
    global FORGET_DONE = "DELETE FROM meta WHERE name = 'default_groups'";
}

async fn names(t: &Test) -> Vec<String> {
    let mut all = Vec::new();
    for kind in [GroupKind::User, GroupKind::Device] {
        all.extend(group::store::all_of(&mut t.d.read(), t.acme.id, kind).await.unwrap().into_iter().map(|g| g.name));
    }
    all
}

const ALL: [&str; 7] =
    ["All Users", "All Devices", "Android Devices", "iOS Devices", "Linux Devices", "Mac Devices", "Windows Devices"];

both! {
    async fn a_database_made_without_them_gets_them_when_it_is_opened(t) {
        let mac = t.device(t.acme, json!({"displayName": "m", "osFamily": "darwin"})).await.id;
        // As before device groups were: the organizations are there, the groups and what is told of them is not.
        for forget in [&FORGET_GROUPS, &FORGET_MADE, &FORGET_DONE] {
            t.d.db().exec(forget, &[]).await.unwrap();
        }
        // A group of that name that somebody made is theirs.
        t.static_group(t.acme, "All Users").await;
        let seq = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().last().unwrap().seq;
        t.other_node().await;
        assert_eq!(names(t).await, ALL);
        let all = group::store::all_of(&mut t.d.read(), t.acme.id, GroupKind::Device).await.unwrap();
        let macs = all.iter().find(|g| g.name == "Mac Devices").unwrap();
        assert_eq!(members(t, t.acme, macs.id).await, [mac].into());
        let logged = change::store::after(&mut t.d.read(), t.acme.id, seq, i64::MAX).await.unwrap();
        assert_eq!(logged.iter().filter(|e| e.kind == "group_create").count(), 6);
        // Opened again nothing happens, nor where the note of it is lost: what was removed since stays removed.
        t.write(t.acme, group::delete::Delete { kind: GroupKind::Device, id: macs.id }).await.unwrap();
        t.other_node().await;
        t.d.db().exec(&FORGET_DONE, &[]).await.unwrap();
        t.other_node().await;
        assert_eq!(names(t).await.len(), 6);
    }
}
