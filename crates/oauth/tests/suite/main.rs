//! The tests of `muster-oauth`: one binary, a file per source file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod assertion;
mod authorize;
mod bearer;
mod client_auth;
mod device;
mod discovery;
mod dpop;
mod error;
mod introspect;
mod logout;
mod never_panics;
mod par;
mod params;
mod pkce;
mod redirect_uri;
mod registration;
mod relying_party;
mod resource;
mod revoke;
mod scope;
mod token;
mod token_exchange;

use muster_oauth::{Error, ErrorCode, Params};

/// The parameters of a query that is well formed.
fn params(raw: &str) -> Params {
    Params::parse(raw).unwrap()
}

/// The code of an error that has to be.
fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> ErrorCode {
    outcome.unwrap_err().code
}

/// The query of an address, as its receiver reads it.
fn query(address: &str) -> Vec<(String, String)> {
    url::Url::parse(address)
        .unwrap()
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// What [`query`] should give.
fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
