//! A PATCH of anybody: it is carried out or refused, leaves a user in canonical form, and the difference leads there
//! again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_scim::patch::{Dialect, Style, apply, diff, split_members};
use muster_scim::{Definition, PatchOp, Reading};

fuzz_target!(|input: (&[u8], &[u8])| {
    let users = Definition::user();
    let Ok(patch) = PatchOp::read(input.1) else { return };
    let _ = split_members(patch.clone(), &Definition::group());
    let Ok(user) = users.read_bytes(input.0, Reading::REQUEST) else { return };
    let Ok(after) = apply(&user, &patch, &users, Dialect::TOLERANT) else { return };
    assert_eq!(users.read(after.clone().into(), Reading::OWN), Ok(after.clone()));
    if after.text("userName").is_none() {
        return;
    }
    let difference = diff(&user, &after, &users, Style::STANDARD);
    let again = apply(&user, &difference, &users, Dialect::STRICT).expect("a difference can be applied");
    assert!(diff(&again, &after, &users, Style::STANDARD).is_empty(), "{:?}", difference.json());
});
