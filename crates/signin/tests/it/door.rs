//! What the tests do at the doors.

use axum::Router;
use muster_testkit::{Browser, Page, Test};

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
