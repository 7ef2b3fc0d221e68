//! What comes to the token, revocation and sign-out endpoints.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::{Params, Scope, bearer, client_auth, logout, revoke, token};

fuzz_target!(|input: (&str, Option<&str>)| {
    let (text, header) = input;
    if let Ok(scope) = Scope::parse(text) {
        assert_eq!(Scope::parse(&scope.to_string()).ok(), Some(scope));
    }
    let Ok(form) = Params::parse(text) else { return };
    let _ = token::Request::read(&form);
    let _ = client_auth::read(header, &form);
    let _ = bearer::read(header, Some(&form));
    let _ = logout::Request::read(&form);
    let _ = revoke::Request::read(&form);
});
