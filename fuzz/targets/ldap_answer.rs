//! What an LDAP server answers over the wire: cut into messages, read, made into people.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| muster_feeds::hostile::ldap_answer(input));
