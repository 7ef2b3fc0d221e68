//! Migrations: each file is carried out. One that no code names is in the folder, and in no database.

use std::path::Path;

use crate::Problem;

/// Checks that the sources name each file of the folder.
pub fn check(root: &Path, files: &[String]) -> Vec<Problem> {
    let is_source = |file: &&String| file.starts_with("crates/") && file.contains("/src/") && file.ends_with(".rs");
    let sources = files.iter().filter(is_source).filter_map(|file| std::fs::read_to_string(root.join(file)).ok());
    let named: String = sources.filter(|text| text.contains("Migration::")).collect();
    let all = files.iter().filter_map(|file| file.strip_prefix("migrations/")).filter(|file| file.ends_with(".sql"));
    all.filter(|file| !named.contains(*file))
        .map(|file| {
            Problem(format!(
                "migrations/{file}: nothing carries it out; add it to the list of crates/directory/src/open.rs"
            ))
        })
        .collect()
}
