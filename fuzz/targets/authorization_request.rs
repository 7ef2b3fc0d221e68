//! An authorization request: whatever is accepted says so by the rules of its client.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_oauth::Params;
use muster_oauth::authorize::{ClientRules, Request, Target};

fuzz_target!(|text: &str| {
    let Ok(params) = Params::parse(text) else { return };
    assert_eq!(Params::parse(&params.to_query()).expect("what was written is read").to_query(), params.to_query());
    let _ = Target::read(&params);
    let rules = ClientRules { public: true, pkce_required: true, code_allowed: true };
    if let Ok(request) = Request::read(&params, &rules) {
        assert!(request.code_challenge.is_some());
        assert!(request.scope.contains("openid"));
    }
});
