//! A PATCH path: what is read is written back to the same path.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_scim::limits::PATH_BYTES_MAX;
use muster_scim::patch::PatchPath;

fuzz_target!(|text: &str| {
    let Ok(path) = text.parse::<PatchPath>() else { return };
    let written = path.to_string();
    if written.len() <= PATH_BYTES_MAX {
        assert_eq!(written.parse(), Ok(path), "{written}");
    }
});
