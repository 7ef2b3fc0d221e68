//! What the tests do at the doors.

use axum::Router;
use muster_base::{Id, Secret};
use muster_directory::session;
use muster_testkit::{Browser, Page, Test};

/// The cookie on an https site.
pub const COOKIE: &str = "__Host-muster_browser";

/// The routes of this crate.
pub fn app(t: &Test) -> Router {
    t.app(muster_signin::router())
}

/// E-mail, *Continue*, password, at a door (`/login` or `/o/{slug}/login`).
pub async fn sign_in(browser: &mut Browser, door: &str, email: &str, password: &str) -> Page {
    let page = browser.get(door).await;
    let page = browser.submit(&page, &[("username", email)]).await;
    browser.submit(&page, &[("password", password)]).await
}

/// The password's form by itself.
pub async fn password(browser: &mut Browser, slug: &str, email: &str, password: &str) -> Page {
    let fields = [("username", email), ("password", password)];
    browser.post(&format!("/o/{slug}/login/password"), &fields).await
}

/// The row behind a browser's cookie.
pub async fn row(t: &Test, browser: &Browser) -> Option<Id> {
    let cookie = Secret::new(browser.cookies.get(COOKIE)?);
    session::store::browser(&mut t.directory.read(), &cookie, t.clock.now()).await.unwrap()
}
