//! What Google answers: pages of people, groups and members, errors, tokens; and the key as it is pasted.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| muster_feeds::hostile::google_answer(input));
