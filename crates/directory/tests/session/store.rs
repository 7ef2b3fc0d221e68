use muster_directory::session::model::{SEEN_EVERY_S, USER_SESSION_TTL_S};
use muster_directory::session::store;

both! {
    async fn rests_and_runs_out(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let session = t.sign_in(t.acme, ana, "x").await.session;
        let read = async || store::by_id(&mut t.d.read(), t.acme.id, session.id).await.unwrap().unwrap();
        assert!(read().await.is_live(t.clock.now(), 600));
        t.later(SEEN_EVERY_S);
        store::seen(&t.d, &session).await.unwrap();
        assert_eq!(read().await.last_seen_at, session.last_seen_at, "written at most once a minute");
        t.later(1);
        store::seen(&t.d, &session).await.unwrap();
        assert_eq!(read().await.last_seen_at, t.clock.now());
        t.later(599);
        assert!(read().await.is_live(t.clock.now(), 600));
        t.later(1);
        assert!(!read().await.is_live(t.clock.now(), 600));
        // However much it is used, it ends.
        t.later(USER_SESSION_TTL_S);
        store::seen(&t.d, &session).await.unwrap();
        assert!(!read().await.is_live(t.clock.now(), i64::MAX / 2_000_000));
    }
}
