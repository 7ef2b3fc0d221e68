//! A rule as JSON: what is accepted is written back to the same rule, in every form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_rules::{MemberQuery, Schema};

fuzz_target!(|input: (&str, bool)| {
    let (text, v2) = input;
    let Ok(value) = serde_json::from_str(text) else { return };
    let Ok(query) = MemberQuery::read(&value, v2) else { return };
    let _ = query.check(&Schema::users(std::iter::empty()));
    let again = MemberQuery::read(&query.write_v2(), true).expect("what was written is read");
    assert_eq!(again.rule(), query.rule());
});
