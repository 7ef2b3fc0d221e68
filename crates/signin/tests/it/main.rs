//! The sign-in pages, driven as a browser does: forms, cookies, redirects. Each test runs on both engines; the modules
//! mirror `src/`, and the tests of a class of `security-cases.md` bear its name.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod administrator;
mod brand;
mod door;
mod entrance;
mod enumeration;
mod injection;
mod link;
mod lockout;
mod login_csrf;
mod logout;
mod organization;
mod password;
mod rate;
mod reset;
mod session_fixation;
mod setup;
