//! The guard on outgoing requests, in front of a server on loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::response::Redirect;
use axum::routing::{get, post};
use http::HeaderMap;
use muster_http::Egress;
use muster_http::egress::{ANSWER_MAX_BYTES, EgressError};
use tokio::net::TcpListener;
use url::Url;

struct Upstream {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Upstream {
    async fn start() -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = asked.clone();
        let app = Router::new()
            .route("/small", get(|| async { ([("cache-control", "public, max-age=77")], "{}") }))
            .route(
                "/echo",
                post(|headers: HeaderMap, body: String| async move {
                    let header =
                        |name: &str| headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
                    format!("{}|{}|{}|{body}", header("content-type"), header("authorization"), header("cookie"))
                }),
            )
            .route("/limit", get(|| async { vec![b'x'; ANSWER_MAX_BYTES] }))
            .route("/large", get(|| async { vec![b'x'; ANSWER_MAX_BYTES + 1] }))
            .route(
                "/endless",
                get(|| async {
                    Body::from_stream(futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 65_536])))
                }),
            )
            .route("/elsewhere", get(|| async { Redirect::to("/small") }))
            .route("/metadata", get(|| async { Redirect::to("http://169.254.169.254/latest") }))
            .route("/kept", get(|| async { http::StatusCode::NOT_MODIFIED }))
            .layer(axum::middleware::from_fn(move |request: axum::extract::Request, next: axum::middleware::Next| {
                counter.fetch_add(1, Ordering::SeqCst);
                next.run(request)
            }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn egress(public: &str, allow: &[&str]) -> Egress {
    let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    Egress::new(allow, &Url::parse(public).unwrap()).unwrap()
}

#[tokio::test]
async fn what_is_allowed_is_reached() {
    let upstream = Upstream::start().await;
    let egress = egress("http://127.0.0.1:1", &["127.0.0.0/8"]);
    let answer = egress.get(&upstream.url("/small"), None).await.unwrap();
    assert_eq!((answer.status, &answer.body[..], answer.max_age_s), (200, &b"{}"[..], Some(77)));
    let answer = egress.post_form(&upstream.url("/echo"), "a=b".into(), Some("Basic x")).await.unwrap();
    assert_eq!(&answer.body[..], b"application/x-www-form-urlencoded|Basic x||a=b");
    assert_eq!(egress.get(&upstream.url("/missing"), None).await.unwrap().status, 404);
}

#[tokio::test]
async fn ssrf_redirects_are_not_followed() {
    let upstream = Upstream::start().await;
    let egress = egress("http://127.0.0.1:1", &["127.0.0.0/8"]);
    for path in ["/elsewhere", "/metadata", "/kept"] {
        let error = egress.get(&upstream.url(path), None).await.unwrap_err();
        assert_eq!(error, EgressError::Redirect("127.0.0.1".into()));
    }
    assert_eq!(upstream.asked(), 3);
}

#[tokio::test]
async fn ssrf_no_more_than_a_mebibyte_is_read() {
    let upstream = Upstream::start().await;
    let egress = egress("http://127.0.0.1:1", &["127.0.0.0/8"]);
    assert_eq!(egress.get(&upstream.url("/limit"), None).await.unwrap().body.len(), ANSWER_MAX_BYTES);
    for path in ["/large", "/endless"] {
        let error = egress.get(&upstream.url(path), None).await.unwrap_err();
        assert_eq!(error, EgressError::TooLarge("127.0.0.1".into()), "{path}");
    }
}

#[tokio::test]
async fn ssrf_loopback_is_not_reached_unless_it_is_allowed() {
    let upstream = Upstream::start().await;
    let port = upstream.address.port();
    // A site on loopback reaches itself, by number and by name, and nothing beside it.
    for (public, own) in [
        ("http://localhost:1", "http://localhost:1/"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/"),
        ("http://muster.localhost:1", "http://muster.localhost:1/"),
    ] {
        let egress = egress(public, &[]);
        let reached = !matches!(egress.get(own, None).await, Err(EgressError::Forbidden(_)));
        assert!(reached, "{own} is the site itself");
        for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "2130706433", "[::ffff:127.0.0.1]"] {
            let url = format!("http://{host}:{port}/small");
            assert!(matches!(egress.get(&url, None).await, Err(EgressError::Forbidden(_))), "{url} from {public}");
        }
    }
    // With the dot of a root name: whether it resolves is the machine's, but it does not arrive.
    let site = egress("http://localhost:1", &[]);
    assert!(site.get(&format!("http://localhost.:{port}/small"), None).await.is_err());
    let site = egress("https://id.example.test", &["127.0.0.0/8"]);
    assert_eq!(site.get(&upstream.url("/small"), None).await.unwrap_err(), EgressError::Scheme);
    assert_eq!(upstream.asked(), 0);
    let site = egress("http://localhost:1", &["127.0.0.0/8"]);
    assert_eq!(site.get(&format!("http://localhost:{port}/small"), None).await.unwrap().status, 200);
}

#[tokio::test]
async fn ssrf_the_site_itself_is_reached_by_its_name() {
    let upstream = Upstream::start().await;
    let base = format!("http://localhost:{}", upstream.address.port());
    assert_eq!(egress(&base, &[]).get(&format!("{base}/small"), None).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_cannot_be_reached_says_so() {
    let egress = egress("http://127.0.0.1:1", &["127.0.0.0/8"]);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = egress.get(&format!("http://{closed}/"), None).await.unwrap_err();
    assert!(matches!(error, EgressError::Unreachable(..)), "{error}");
    for (url, expected) in [
        ("", EgressError::Address),
        ("http://", EgressError::Address),
        ("file:///etc/passwd", EgressError::Scheme),
        ("ftp://127.0.0.1/", EgressError::Scheme),
        ("data:,x", EgressError::Scheme),
    ] {
        assert_eq!(egress.get(url, None).await.unwrap_err(), expected, "{url}");
    }
}
