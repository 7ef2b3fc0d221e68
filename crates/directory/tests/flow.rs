use muster_directory::flow::{FLOW_TTL_S, Flow, create, find, prune, take};
use muster_directory::session::browser;
use serde_json::json;

use crate::harness::{Test, is_missing};

async fn waiting(t: &Test) -> Flow {
    let (browser, _) = browser::create(&t.d).await.unwrap();
    let flow = Flow {
        org: t.acme.id,
        id: t.d.env().id(),
        browser,
        app: Some(t.d.env().id()),
        login_hint: Some("ana@example.test".into()),
        payload: json!({"state": "x"}),
        return_to: "/oauth2/auth/continue".into(),
        fresh: true,
        created_at: t.clock.now(),
    };
    create(&t.d, &flow).await.unwrap();
    flow
}

both! {
    async fn waits_for_its_browser(t) {
        let flow = waiting(t).await;
        let found = find(&mut t.d.read(), flow.org, flow.id, flow.browser, t.clock.now()).await.unwrap();
        assert_eq!((found.app, found.login_hint, found.payload), (flow.app, flow.login_hint, flow.payload));
        assert_eq!((found.return_to, found.fresh, found.created_at), (flow.return_to, true, flow.created_at));
        // Login CSRF: in another browser, and in another organization, it is not there.
        let (other, _) = browser::create(&t.d).await.unwrap();
        assert!(is_missing(find(&mut t.d.read(), flow.org, flow.id, other, t.clock.now()).await));
        assert!(is_missing(find(&mut t.d.read(), t.blue.id, flow.id, flow.browser, t.clock.now()).await));
    }

    async fn is_taken_once(t) {
        let flow = waiting(t).await;
        let (other, _) = browser::create(&t.d).await.unwrap();
        assert!(!take(&t.d, &Flow { browser: other, ..flow.clone() }).await.unwrap());
        assert!(!take(&t.d, &Flow { org: t.blue.id, ..flow.clone() }).await.unwrap());
        let both = futures_util::future::join_all((0..8).map(|_| take(&t.d, &flow))).await;
        assert_eq!(both.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
        assert!(is_missing(find(&mut t.d.read(), flow.org, flow.id, flow.browser, t.clock.now()).await));
    }

    async fn does_not_wait_for_ever(t) {
        let flow = waiting(t).await;
        t.later(FLOW_TTL_S - 1);
        assert!(find(&mut t.d.read(), flow.org, flow.id, flow.browser, t.clock.now()).await.is_ok());
        t.later(1);
        assert!(is_missing(find(&mut t.d.read(), flow.org, flow.id, flow.browser, t.clock.now()).await));
        assert!(!take(&t.d, &flow).await.unwrap(), "what ran out is not taken either");
        t.later(1);
        assert_eq!(prune(&t.d).await.unwrap(), 1);
    }

    /// A hint comes from outside: no text of it is a fault of ours.
    async fn any_hint_can_be_kept(t) {
        let flow = waiting(t).await;
        let odd = Flow { id: t.d.env().id(), login_hint: Some("a\u{0}b".into()), return_to: "/x\u{0}".into(), ..flow };
        create(&t.d, &odd).await.unwrap();
        let found = find(&mut t.d.read(), odd.org, odd.id, odd.browser, t.clock.now()).await.unwrap();
        assert_eq!(found.login_hint, None);
    }
}
