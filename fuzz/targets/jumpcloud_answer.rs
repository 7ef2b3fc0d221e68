//! What JumpCloud answers: people, groups with their rules, applications and their sign-on, and lists of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_admin::migration::hostile;
use serde_json::Value;

fuzz_target!(|input: &str| {
    hostile::address(input);
    let answers: Vec<Value> = input.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let last = answers.last().cloned().unwrap_or_default();
    for of in &answers {
        hostile::object(of, &last);
    }
    hostile::pages(&answers);
});
