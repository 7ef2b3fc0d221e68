//! What each test starts from: the router on a fresh database of one engine, two organizations, a person, an application
//! and a browser that is signed in.

mod answer;
mod application;
mod browser;
mod directory;
mod key;
mod relying_party;
mod signer;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use muster_base::{Clock, Env, Id, Keyring, Micros, Rng};
use muster_db::testing::Postgres;
use muster_db::{Config, Db};
use muster_directory::Directory;
use muster_directory::identity_provider::Kind;
use muster_http::probe::{Answer as Future, Check, CheckState, Discovery, Probe};
use muster_http::{Egress, Site, site};
use tower::ServiceExt as _;

pub use answer::{Answer, fragment_of, query_of};
pub use application::Application;
pub use browser::Browser;
pub use directory::{Org, machine, oidc, public};
pub use key::Key;
pub use relying_party::{Rp, VERIFIER, forge};
pub use signer::Signer;

/// Declares tests that run once on each engine.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "most tests use what stands beside them")]
            use super::*;

            async fn run($t: &crate::harness::Test) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test = crate::harness::Test::sqlite().await;
                Box::pin(run(&test)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test = crate::harness::Test::postgres().await;
                Box::pin(run(&test)).await;
            }
        }
    )* };
}

/// When the tests begin: a Tuesday in November 2025.
const START: Micros = Micros(1_763_456_789_000_000);
/// What all addresses begin with.
pub const BASE: &str = "https://id.example.test";
/// What the addresses of the site on loopback begin with, from which servers of tests can be reached.
pub const LOOPBACK: &str = "http://127.0.0.1:1";

pub struct Test {
    pub d: Directory,
    pub clock: Clock,
    pub router: Router,
    pub site: Site,
    pub acme: Org,
    /// The other one: what it sees of Acme is nothing.
    pub blue: Org,
    config: Config,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Test {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::Sqlite { path: folder.path().join("muster.db"), readers: 2 };
        Self::new(config, Some(folder)).await
    }

    pub async fn postgres() -> Self {
        let url = Postgres::shared().fresh_database().await;
        Self::new(Config::Postgres { url, connections: 8 }, None).await
    }

    async fn new(config: Config, folder: Option<tempfile::TempDir>) -> Self {
        let db = Db::open(&config).await.unwrap();
        db.migrate(&[muster_directory::migrations(), muster_oidc::migrations()].concat()).await.unwrap();
        let clock = Clock::manual(START);
        let env = Env { clock: clock.clone(), rng: Rng::system() };
        let d = Directory::open(db, env, Keyring::new(&[7; 32]), BASE).await.unwrap();
        let acme = directory::organization(&d, "Acme").await;
        let blue = directory::organization(&d, "Blue").await;
        let site = site(&d);
        let router = muster_oidc::router(&site).with_state(site.clone());
        Self { d, clock, router, site, acme, blue, config, _folder: folder }
    }

    /// The same on another node: its own connections and caches, the same database and clock.
    pub async fn other_node(&self) -> Router {
        let db = Db::open(&self.config).await.unwrap();
        let env = Env { clock: self.clock.clone(), rng: Rng::system() };
        let d = Directory::open(db, env, Keyring::new(&[7; 32]), BASE).await.unwrap();
        let site = site(&d);
        muster_oidc::router(&site).with_state(site)
    }

    /// Moves the clock.
    pub fn later(&self, seconds: i64) {
        assert!(self.clock.advance_s(seconds));
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// The same directory served on loopback, where plain http to tests' own servers is allowed.
    pub fn on_loopback(&self) -> Router {
        let site = site_at(&self.d, LOOPBACK, LOOPBACK, vec!["127.0.0.0/8".parse().unwrap()]);
        muster_oidc::router(&site).with_state(site)
    }

    /// The same directory as the internet sees it: nothing inside is reached.
    pub fn guarded(&self) -> Router {
        let site = site_at(&self.d, BASE, BASE, Vec::new());
        muster_oidc::router(&site).with_state(site)
    }

    /// Sends a request to another node.
    pub async fn send_to(&self, node: &Router, request: Request<Body>) -> Answer {
        Answer::read(node.clone().oneshot(request).await.unwrap()).await
    }

    /// A GET without a cookie.
    pub async fn get(&self, address: &str) -> Answer {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// A form without a cookie.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        self.send(form(address, fields, headers)).await
    }
}

/// A POST of a form.
pub fn form(address: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::post(address).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body)).unwrap()
}

fn site(d: &Directory) -> Site {
    // What applications serve stands on loopback here.
    site_at(d, BASE, LOOPBACK, vec!["127.0.0.0/8".parse().unwrap()])
}

/// A site whose addresses begin with `base`, and whose outgoing requests are those of a site at `from`.
fn site_at(d: &Directory, base: &str, from: &str, egress_allow: Vec<ipnet::IpNet>) -> Site {
    let public_url: url::Url = base.parse().unwrap();
    let egress = Egress::new(egress_allow, &from.parse().unwrap()).unwrap();
    let config = site::Config {
        public_url,
        dev: false,
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        client_certificate: Some(muster_http::ClientCertificate {
            header: http::HeaderName::from_static("client-cert"),
            verified: Some(http::HeaderName::from_static("client-verify")),
        }),
        egress_allow: Vec::new(),
        mail: false,
        version: "0",
        setup_token: None,
    };
    Site::new(d.clone(), config, egress, Arc::new(NoProviders))
}

/// Nothing here asks an identity provider.
struct NoProviders;

impl Probe for NoProviders {
    fn discover<'a>(&'a self, _: &'a str, _: Kind) -> Future<'a, Discovery> {
        Box::pin(async { Discovery::default() })
    }

    fn check(&self, org: Id, idp: Id) -> Future<'_, Check> {
        Box::pin(async move { self.last(org, idp) })
    }

    fn last(&self, _: Id, _: Id) -> Check {
        Check { state: CheckState::Unknown, at: None, message: String::new() }
    }
}
