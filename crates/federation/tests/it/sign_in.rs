//! What the tests do: a site with a provider, a departure, and the way back.

use std::sync::Arc;

use axum::Router;
use muster_base::Id;
use muster_directory::event::Event;
use muster_directory::identity_provider::{Doc, IdentityProvider};
use muster_federation::Providers;
use muster_testkit::{Browser, Org, Page, Setup, Test};

use crate::upstream::{Departure, Upstream};

pub const EMAIL: &str = "ana@example.test";
/// The cookie on a plain http site.
pub const COOKIE: &str = "muster_browser";

/// A site on loopback that may reach others there.
pub fn setup() -> Setup {
    Setup {
        public_url: "http://127.0.0.1:1",
        egress_allow: &["127.0.0.0/8"],
        migrations: muster_federation::migrations(),
        ..Setup::default()
    }
}

/// Acme, the stand-in, and Ana, whom a policy sends there.
pub struct World {
    pub upstream: Upstream,
    pub idp: IdentityProvider,
    pub ana: Id,
    pub providers: Arc<Providers>,
    pub app: Router,
}

impl World {
    /// As set up by an administrator.
    pub async fn new(t: &Test) -> Self {
        Self::with(t, |_| {}).await
    }

    /// With what the test says of the provider.
    pub async fn with(t: &Test, change: impl FnOnce(&mut Doc)) -> Self {
        let ana = t.person(t.acme, "ana").await.id;
        Self::of(t, "Elsewhere", ana, change).await
    }

    /// A further one, to which Ana is sent from now on.
    pub async fn with_name(t: &Test, name: &str, change: impl FnOnce(&mut Doc)) -> Self {
        let present = muster_directory::user::store::by_email(&mut t.directory.read(), t.acme.id, EMAIL).await.unwrap();
        let ana = match present {
            Some(ana) => ana.id,
            None => t.person(t.acme, "ana").await.id,
        };
        let policies = muster_directory::routing::store::all(&mut t.directory.read(), t.acme.id).await.unwrap();
        for policy in policies {
            t.write(t.acme, muster_directory::routing::delete::Delete { id: policy.id }).await.unwrap();
        }
        Self::of(t, name, ana, change).await
    }

    async fn of(t: &Test, name: &str, ana: Id, change: impl FnOnce(&mut Doc)) -> Self {
        let upstream = Upstream::start(&t.clock, "subject-1", EMAIL).await;
        let idp = t.provider_of(t.acme, name, upstream.issuer(), change).await;
        t.route(t.acme, idp.id, &[ana]).await;
        let (providers, app) = app(t);
        Self { upstream, idp, ana, providers, app }
    }

    /// Sends someone away.
    pub async fn departs(&self, browser: &mut Browser, query: &str) -> Departure {
        let page = browser.get(&format!("/o/acme/federate?{query}")).await;
        Departure::read(page.location())
    }

    /// Ana departs, signs in there, and comes back.
    pub async fn returns(&self, browser: &mut Browser) -> Page {
        let departure = self.departs(browser, &format!("username={EMAIL}")).await;
        browser.get(&self.upstream.signs_in(&departure)).await
    }

    /// The event of the last refusal, which is one of this provider.
    pub async fn refusal(&self, t: &Test) -> Event {
        let events = t.events(t.acme).await;
        let newest = events.iter().map(|e| e.at).max().unwrap();
        let mut refused = events.into_iter().filter(|e| e.at == newest && !e.detail.success);
        let event = refused.next().unwrap();
        assert_eq!(event.kind, "user_login_attempt");
        assert!(event.detail.identity_provider.as_ref().unwrap().name.starts_with("Elsewhere"));
        event
    }
}

/// The routes of this crate on a site whose probe they are.
pub fn app(t: &Test) -> (Arc<Providers>, Router) {
    let providers = Arc::new(Providers::new(t.directory.clone(), t.site.egress().clone(), true));
    let app = muster_federation::router(providers.clone()).with_state(t.site_with(providers.clone()));
    (providers, app)
}

/// Whether a browser is signed in to an organization as somebody.
pub async fn signed_in(t: &Test, org: Org, browser: &Browser) -> Option<Id> {
    let cookie = muster_base::Secret::new(browser.cookies.get(COOKIE)?);
    let row =
        muster_directory::session::store::browser(&mut t.directory.read(), &cookie, t.clock.now()).await.unwrap()?;
    let organization = t.organization(org).await;
    let found = muster_http::me::current(&t.site, Some(row), &organization).await.unwrap();
    found.map(|(_, user)| user.id)
}
