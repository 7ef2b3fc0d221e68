//! The tables of docs/reference name the test that holds each line, as `crate/file#function`. One that is not there fails, so
//! that no table promises what nothing checks.

use std::path::Path;

use crate::Problem;

const FOLDER: &str = "docs/reference/";

/// Checks every name of a test in the tables.
pub fn check(root: &Path, files: &[String]) -> Vec<Problem> {
    let tables = files.iter().filter(|file| file.starts_with(FOLDER) && file.ends_with(".md"));
    tables.flat_map(|file| missing(root, file)).collect()
}

fn missing(root: &Path, file: &str) -> Vec<Problem> {
    let Ok(text) = std::fs::read_to_string(root.join(file)) else {
        return vec![Problem(format!("{file} cannot be read"))];
    };
    let named = text.split('`').skip(1).step_by(2).filter_map(reference);
    named
        .filter(|(folder, path, test)| !is_there(root, folder, path, test))
        .map(|(folder, path, test)| Problem(format!("{file}: there is no test {folder}/{path}#{test}")))
        .collect()
}

/// Crate, file and function of a name.
fn reference(text: &str) -> Option<(&str, &str, &str)> {
    let (place, test) = text.split_once('#')?;
    let (folder, path) = place.split_once('/')?;
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (is_word(folder) && path.split('/').all(is_word)).then_some((folder, path, test))
}

fn is_there(root: &Path, folder: &str, path: &str, test: &str) -> bool {
    ["it", "suite", "."].iter().any(|suite| {
        let text = std::fs::read_to_string(root.join(format!("crates/{folder}/tests/{suite}/{path}.rs")));
        text.is_ok_and(|text| text.contains(&format!("fn {test}(")))
    })
}
