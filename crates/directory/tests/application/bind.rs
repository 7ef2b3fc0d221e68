use muster_directory::application::{bind::Bind, store};
use muster_directory::group::members::Change;
use muster_directory::{group, user};

use crate::harness::{conflict, is_missing};

both! {
    async fn lets_in_directly_and_through_groups(t) {
        let (app, other) = (t.app(t.acme, "Wiki").await.id, t.app(t.acme, "Mail").await.id);
        let (ana, bo) = (t.user(t.acme, "ana").await.id, t.user(t.acme, "bo").await.id);
        let group = t.static_group(t.acme, "G").await.id;
        t.write(t.acme, Change::of_user(group, bo, true)).await.unwrap();
        let reach = async || store::users(&mut t.d.read(), t.acme.id, app).await.unwrap();
        assert!(reach().await.is_empty());
        t.bind(t.acme, app, "user", ana).await;
        t.bind(t.acme, app, "user_group", group).await;
        let mut both = vec![ana, bo];
        both.sort_unstable();
        assert_eq!(reach().await, both);
        let mut s = t.d.read();
        assert_eq!(store::of_user(&mut s, t.acme.id, bo).await.unwrap(), [app]);
        assert_eq!(store::bound_to(&mut s, t.acme.id, "user_group", group).await.unwrap(), [app]);
        let ways = store::ways(&mut s, t.acme.id, app, bo).await.unwrap();
        assert_eq!(ways, [("user_group".to_owned(), group)]);
        assert!(store::ways(&mut s, t.acme.id, other, bo).await.unwrap().is_empty());
        t.write(t.acme, Change::of_user(group, bo, false)).await.unwrap();
        assert_eq!(reach().await, [ana]);
    }

    async fn once_each(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let all = t.all_users(t.acme).await;
        let bind = async |add| t.write(t.acme, Bind { app, kind: "user_group", subject: all, add }).await;
        assert!(is_missing(bind(false).await));
        bind(true).await.unwrap();
        assert_eq!(conflict(bind(true).await), "Already Exists");
        bind(false).await.unwrap();
        // A group's id is not a person's.
        assert!(is_missing(t.write(t.acme, Bind { app, kind: "user", subject: all, add: true }).await));
    }

    async fn goes_with_what_is_removed(t) {
        let app = t.app(t.acme, "Wiki").await.id;
        let ana = t.user(t.acme, "ana").await.id;
        let group = t.static_group(t.acme, "G").await.id;
        t.bind(t.acme, app, "user", ana).await;
        t.bind(t.acme, app, "user_group", group).await;
        t.write(t.acme, user::delete::Delete { id: ana, cascade_manager: None }).await.unwrap();
        t.write(t.acme, group::delete::Delete::of_users(group)).await.unwrap();
        assert!(store::bindings(&mut t.d.read(), t.acme.id, app).await.unwrap().is_empty());
    }
}
