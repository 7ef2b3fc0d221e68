use muster_directory::routing::{
    Input, Target, store,
    update::{Assign, Update},
};

use crate::harness::{conflict, fields, is_missing};

both! {
    async fn what_is_not_given_stays(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let made = t.policy(t.acme, "P", idp, &[Target::User(ana)]).await;
        let input = Input { enabled: Some(false), ..Input::default() };
        let after = t.write(t.acme, Update { id: made.id, input }).await.unwrap();
        assert_eq!((after.name.as_str(), after.enabled, after.targets.len()), ("P", false, 1));
        let read = store::get(&mut t.d.read(), t.acme.id, made.id).await.unwrap();
        assert_eq!((read.enabled, read.targets), (false, vec![Target::User(ana)]));
        let input = Input { idp: Some(t.d.env().id()), ..Input::default() };
        assert_eq!(fields(t.write(t.acme, Update { id: made.id, input }).await), ["identityProviderId"]);
    }

    async fn targets_come_and_go_one_by_one(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let id = t.policy(t.acme, "P", idp, &[]).await.id;
        let (ana, foreign) = (t.user(t.acme, "ana").await.id, t.user(t.blue, "bo").await.id);
        let assign = async |target, add| t.write(t.acme, Assign { id, target, add }).await;
        assign(Target::User(ana), true).await.unwrap();
        assert_eq!(conflict(assign(Target::User(ana), true).await), "Already Exists");
        assign(Target::User(ana), false).await.unwrap();
        assert!(is_missing(assign(Target::User(ana), false).await));
        assert_eq!(fields(assign(Target::User(foreign), true).await), ["users"]);
    }

    async fn those_who_are_removed_leave_the_policies(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let group = t.static_group(t.acme, "G").await.id;
        let id = t.policy(t.acme, "P", idp, &[Target::User(ana), Target::Group(group)]).await.id;
        t.write(t.acme, muster_directory::user::delete::Delete { id: ana, cascade_manager: None }).await.unwrap();
        t.write(t.acme, muster_directory::group::delete::Delete::of_users(group)).await.unwrap();
        assert!(store::get(&mut t.d.read(), t.acme.id, id).await.unwrap().targets.is_empty());
    }

    async fn the_log_tells_who_is_sent_where_and_nothing_where_nothing_changed(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let all = t.all_users(t.acme).await;
        let id = t.policy(t.acme, "P", idp, &[Target::User(ana), Target::Group(all)]).await.id;
        let log = async || muster_directory::change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
        let before = log().await;
        assert_eq!(before.last().unwrap().fields["identityProviderId"], serde_json::json!(idp));
        let same = Input { targets: Some(vec![Target::User(ana), Target::Group(all), Target::User(ana)]), ..Input::default() };
        t.write(t.acme, Update { id, input: same }).await.unwrap();
        assert_eq!(log().await.len(), before.len());
        let input = Input { targets: Some(vec![Target::User(ana)]), ..Input::default() };
        t.write(t.acme, Update { id, input }).await.unwrap();
        let last = log().await.pop().unwrap();
        assert_eq!(last.fields["targets"]["to"], serde_json::json!([{"type": "user", "id": ana}]));
        assert_eq!(last.fields.as_object().unwrap().len(), 1);
    }
}
