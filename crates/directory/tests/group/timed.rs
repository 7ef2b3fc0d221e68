//! Rules that measure from the present: re-evaluated when they fall due.

use std::collections::BTreeSet;

use muster_directory::group::due;
use serde_json::json;

use super::devices::text;
use super::dynamic;
use crate::harness::members;

both! {
    async fn who_was_made_lately_leaves_when_the_time_has_passed(t) {
        let group = t.group(t.acme, dynamic("New", text(r#"created within the last "30 days""#))).await.id;
        let ana = t.user(t.acme, "ana").await.id;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        t.later(10 * 86_400);
        let bo = t.user(t.acme, "bo").await.id;
        t.later(20 * 86_400);
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana, bo]), "thirty days to the instant");
        t.later(1);
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([bo]));
    }

    /// "Expires in less than 7 days."
    async fn what_expires_comes_in_and_goes(t) {
        let group = t.group(t.acme, dynamic("Ending", text(r#"attributes.ends within the next "7 days""#))).await.id;
        let follows = t.group(t.acme, dynamic("Follows", text(r#"member of "Ending""#))).await.id;
        let ends = json!({"attributes": [{"name": "ends", "value": "2025-12-10"}]});
        let ana = t.user_with(t.acme, "ana", ends).await.id;
        assert!(members(t, t.acme, group).await.is_empty());
        t.later(17 * 86_400);
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
        assert_eq!(members(t, t.acme, follows).await, BTreeSet::from([ana]));
        t.later(7 * 86_400);
        due::take_up(&t.d).await.unwrap();
        assert!(members(t, t.acme, follows).await.is_empty());
        // A new date is a new outlook.
        t.patch(t.acme, ana, json!({"attributes": [{"name": "ends", "value": "2025-12-14"}]})).await;
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
    }

    async fn the_password_runs_out(t) {
        use muster_directory::organization::update::Update;
        let group = t.group(t.acme, dynamic("Expired", text(r#"passwordStatus equals "EXPIRED""#))).await.id;
        let none = t.group(t.acme, dynamic("None", text(r#"passwordStatus equals "PENDING""#))).await.id;
        let ana = t.user(t.acme, "ana").await.id;
        assert_eq!(members(t, t.acme, none).await, BTreeSet::from([ana]));
        let hash = crate::harness::HASH;
        let set = muster_directory::user::update::Update {
            password_hash: Some(hash.into()),
            ..muster_directory::user::update::Update::profile(ana, serde_json::Map::new())
        };
        t.write(t.acme, set).await.unwrap();
        assert!(members(t, t.acme, none).await.is_empty());
        let settings = json!({"passwordPolicy": {"enablePasswordExpirationInDays": true, "passwordExpirationInDays": 90}});
        let settings = settings.as_object().unwrap().clone();
        t.write(t.acme, Update { name: None, settings }).await.unwrap();
        assert!(members(t, t.acme, group).await.is_empty());
        t.later(90 * 86_400);
        due::take_up(&t.d).await.unwrap();
        assert_eq!(members(t, t.acme, group).await, BTreeSet::from([ana]));
    }
}
