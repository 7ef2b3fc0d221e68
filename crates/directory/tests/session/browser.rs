use muster_directory::flow;
use muster_directory::session::{browser, store};

both! {
    /// Anybody can make one: those with which nobody signs in do not stay.
    async fn one_that_nobody_signs_in_with_is_soon_forgotten(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let (_, idle) = browser::create(&t.d).await.unwrap();
        let used = t.sign_in(t.acme, ana, "x").await.cookie;
        t.later(flow::FLOW_TTL_S);
        let known = async |secret| store::browser(&mut t.d.read(), secret, t.clock.now()).await.unwrap().is_some();
        assert!(known(&idle).await && known(&used).await);
        t.later(2 * 86_400);
        assert!(!known(&idle).await && known(&used).await);
        assert_eq!(store::prune(&t.d).await.unwrap(), 1);
        // A year later the other is gone too, with its sessions.
        t.later(401 * 86_400);
        store::prune(&t.d).await.unwrap();
        assert!(!known(&used).await);
        assert!(t.sessions(t.acme, ana).await.is_empty());
    }

    async fn sessions_that_ran_out_are_removed(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let started = t.sign_in(t.acme, ana, "x").await;
        t.later(31 * 86_400);
        store::prune(&t.d).await.unwrap();
        assert!(t.sessions(t.acme, ana).await.is_empty());
        assert!(store::browser(&mut t.d.read(), &started.cookie, t.clock.now()).await.unwrap().is_some());
    }
}
