//! A search filter and a DN as they are written: what is sent means the same filter.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    muster_feeds::hostile::ldap_filter(input);
    muster_feeds::hostile::ldap_dn(input);
});
