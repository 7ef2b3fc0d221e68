//! Where a request comes from: forwarded addresses are believed from listed proxies only.

use axum::Router;
use axum::routing::get;
use http::Method;
use muster_http::Context;
use muster_testkit::{Browser, Setup, Test, both};

async fn seen(t: &Test, peer: &str, forwarded: &[&str]) -> String {
    let app = t.app(Router::new().route("/", get(|context: Context| async move { context.client_ip.to_string() })));
    let headers: Vec<(&str, &str)> = forwarded.iter().map(|line| ("x-forwarded-for", *line)).collect();
    Browser::at(&app, peer).send(Method::GET, "/", &headers, None).await.body
}

both! {
    async fn proxy_header_trust_nobody_is_believed_unless_listed(t) {
        assert_eq!(seen(t, "203.0.113.5", &["192.0.2.7"]).await, "203.0.113.5");
        assert_eq!(seen(t, "127.0.0.1", &["192.0.2.7"]).await, "127.0.0.1");
    }

    async fn proxy_header_trust_hops_are_read_from_the_right(t)
        with Setup { trusted_proxies: &["10.0.0.0/8", "fd00::/8"], ..Setup::default() };
    {
        for (peer, forwarded, expected) in [
            ("10.0.0.1", &["192.0.2.7"][..], "192.0.2.7"),
            ("10.0.0.1", &["6.6.6.6, 192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["6.6.6.6", "192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["6.6.6.6, 192.0.2.7, 10.9.9.9"], "192.0.2.7"),
            ("203.0.113.5", &["192.0.2.7"], "203.0.113.5"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
            ("fd00::1", &["2001:db8::7"], "2001:db8::7"),
            // A socket for both families names IPv4 peers so.
            ("::ffff:10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("::ffff:203.0.113.5", &["192.0.2.7"], "203.0.113.5"),
            // With a port, as some proxies write.
            ("10.0.0.1", &["192.0.2.7:50123"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::7]:50123"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
        ] {
            assert_eq!(seen(t, peer, forwarded).await, expected, "{peer} {forwarded:?}");
        }
    }

    async fn a_long_user_agent_is_cut(t) {
        let app = t.app(Router::new().route("/", get(|context: Context| async move { context.user_agent })));
        let mut browser = Browser::new(&app);
        browser.headers = vec![("user-agent", "x".repeat(5000))];
        assert_eq!(browser.get("/").await.body.len(), 300);
    }
}
