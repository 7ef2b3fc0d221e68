//! For tests of the crates above: a private PostgreSQL, and the check of every statement. Never in a release.
