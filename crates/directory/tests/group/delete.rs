use muster_directory::group::{delete::Delete, store};

use super::{dynamic, in_department};
use crate::harness::is_missing;

both! {
    async fn ends_the_memberships(t) {
        let ana = t.user_with(t.acme, "ana", serde_json::json!({"department": "Sales"})).await.id;
        let group = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        assert_eq!(store::of_user(&mut t.d.read(), t.acme.id, ana).await.unwrap().len(), 2);
        t.write(t.acme, Delete::of_users(group)).await.unwrap();
        let left = store::of_user(&mut t.d.read(), t.acme.id, ana).await.unwrap();
        assert_eq!(left.into_iter().map(|g| g.name).collect::<Vec<_>>(), ["All Users"]);
        assert!(is_missing(t.write(t.acme, Delete::of_users(group)).await));
        // Its name is free again.
        t.static_group(t.acme, "Sales").await;
    }
}
