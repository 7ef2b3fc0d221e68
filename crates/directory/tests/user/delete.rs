use muster_base::Id;
use muster_db::values;
use muster_directory::group;
use muster_directory::user::{delete::Delete, store};
use serde_json::json;

use crate::harness::{Test, conflict, fields, is_missing, members};

muster_db::sql! {
    TEST_LEFT_BEHIND = "SELECT (SELECT count(*) FROM user_tokens WHERE org_id = $1 AND user_id = $2) \
                        + (SELECT count(*) FROM user_attributes WHERE org_id = $1 AND user_id = $2) \
                        + (SELECT count(*) FROM user_passwords_past WHERE org_id = $1 AND user_id = $2) \
                        + (SELECT count(*) FROM group_memberships WHERE org_id = $1 AND member_id = $2) \
                        + (SELECT count(*) FROM login_failures WHERE org_id = $1 AND subject = $2) \
                        + (SELECT count(*) FROM login_prefixes WHERE org_id = $1 AND subject = $2) \
                        + (SELECT count(*) FROM mail WHERE org_id = $1 AND user_id = $2 AND sent_at IS NULL) \
                        + (SELECT count(*) FROM sessions WHERE org_id = $1 AND principal_id = $2)";
}

fn delete(id: Id) -> Delete {
    Delete { id, cascade_manager: None }
}

async fn manager_of(t: &Test, user: Id) -> Option<String> {
    t.stored(t.acme, user).await.profile.manager
}

both! {
    async fn takes_everything_along(t) {
        let ana = t.user_with(t.acme, "ana", json!({"attributes": [{"name": "a", "value": "1"}]})).await;
        t.sign_in(t.acme, ana.id, "192.0.2.0/24").await;
        let all = t.all_users(t.acme).await;
        assert!(members(t, t.acme, all).await.contains(&ana.id));
        t.write(t.acme, delete(ana.id)).await.unwrap();
        assert!(store::by_id(&mut t.d.read(), t.acme.id, ana.id).await.unwrap().is_none());
        let left: Option<i64> = t.d.read().first(&TEST_LEFT_BEHIND, &values![t.acme.id, ana.id]).await.unwrap();
        assert_eq!(left, Some(0));
        assert!(is_missing(t.write(t.acme, delete(ana.id)).await));
        // The name is free again, for someone else.
        assert_ne!(t.user(t.acme, "ana").await.id, ana.id);
        assert_eq!(group::store::member_count(&mut t.d.read(), t.acme.id, all).await.unwrap(), 1);
    }

    async fn of_a_manager_asks_who_follows(t) {
        let boss = t.user(t.acme, "boss").await;
        let next = t.user(t.acme, "next").await;
        let ana = t.user_with(t.acme, "ana", json!({"manager": boss.id})).await;
        let bo = t.user_with(t.acme, "bo", json!({"manager": boss.id})).await;
        assert_eq!(conflict(t.write(t.acme, delete(boss.id)).await), "this person is the manager of 2: name another one first");
        t.write(t.acme, Delete { id: boss.id, cascade_manager: Some(Some(next.id)) }).await.unwrap();
        assert_eq!(manager_of(t, ana.id).await, Some(next.id.text()));
        t.write(t.acme, Delete { id: next.id, cascade_manager: Some(None) }).await.unwrap();
        assert_eq!((manager_of(t, ana.id).await, manager_of(t, bo.id).await), (None, None));
    }

    async fn nobody_is_left_with_a_manager_who_is_gone(t) {
        let boss = t.user(t.acme, "boss").await;
        let foreign = t.user(t.blue, "foreign").await;
        let ana = t.user_with(t.acme, "ana", json!({"manager": boss.id})).await;
        for wrong in [boss.id, foreign.id, t.d.env().id()] {
            let delete = Delete { id: boss.id, cascade_manager: Some(Some(wrong)) };
            assert_eq!(fields(t.write(t.acme, delete).await), ["cascade_manager"]);
        }
        assert_eq!(manager_of(t, ana.id).await, Some(boss.id.text()));
        // One of those who were managed may follow: they have no manager then.
        let bo = t.user_with(t.acme, "bo", json!({"manager": boss.id})).await;
        t.write(t.acme, Delete { id: boss.id, cascade_manager: Some(Some(ana.id)) }).await.unwrap();
        assert_eq!((manager_of(t, ana.id).await, manager_of(t, bo.id).await), (None, Some(ana.id.text())));
    }
}
