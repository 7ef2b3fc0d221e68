//! Errors as pages, and the headers of every answer.

use axum::Router;
use axum::routing::get;
use muster_directory::Error;
use muster_http::ApiError;
use muster_http::page::PageError;
use muster_testkit::{Browser, both};

type Shown = Result<&'static str, PageError>;

both! {
    async fn an_error_says_no_more_than_it_may(t) {
        let routes = Router::new()
            .route("/internal", get(|| async { Shown::Err(Error::Internal("the secret reason".into()).into()) }))
            .route("/unavailable", get(|| async { Shown::Err(Error::Unavailable("the secret reason".into()).into()) }))
            .route("/missing", get(|| async { Shown::Err(Error::Missing("thing").into()) }))
            .route("/often", get(|| async { Shown::Err(ApiError::too_often(7).into()) }))
            .layer(axum::middleware::from_fn(muster_http::headers::secure));
        let mut browser = Browser::new(&t.app(routes));
        let page = browser.get("/internal").await;
        page.is(500).says("Something went wrong");
        assert!(!page.body.contains("secret"));
        let page = browser.get("/unavailable").await;
        page.is(503);
        assert!(!page.body.contains("secret"));
        assert_eq!(page.header("retry-after"), "1");
        browser.get("/missing").await.is(404).says("There is nothing here");
        let page = browser.get("/often").await;
        page.is(429).says("Too many attempts");
        assert_eq!(page.header("retry-after"), "7");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), value, "{name}");
        }
        // An application may open a sign-in page in a window of its own; the console and the portal nobody opens.
        assert_eq!(page.header("cross-origin-opener-policy"), "");
        for path in ["/console/acme/", "/portal/acme/"] {
            assert_eq!(browser.get(path).await.header("cross-origin-opener-policy"), "same-origin", "{path}");
        }
        let csp = page.header("content-security-policy");
        assert!(csp.contains("script-src 'self';") && csp.contains("frame-ancestors 'none'"), "{csp}");
        assert!(!csp.contains("script-src 'self' 'unsafe"), "{csp}");
    }
}
