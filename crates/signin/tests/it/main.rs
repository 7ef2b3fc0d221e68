//! The sign-in pages, driven as a browser does: forms, cookies, redirects. Each test runs on both engines; the modules
//! mirror `src/`, and the tests of a class of `security-cases.md` bear its name.

mod door;
mod enumeration;
