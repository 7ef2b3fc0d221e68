//! Files: small, named for what they are, opening with what lives in them; no registry's host, nothing left for later.

use std::path::Path;

use crate::Problem;

/// A file longer than this does more than one thing.
const LINES_MAX: usize = 600;
/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "manager", "misc"];
/// Registries are named by package, never by host: another network has other mirrors.
const HOSTS: &[&str] =
    &["crates.io/", "registry.npmjs", "pypi.org", "files.pythonhosted", "deb.debian.org", "static.rust-lang"];
/// Words that mark something left undone (written apart, so that this file does not find itself).
const LEFT_FOR_LATER: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")];

/// Checks the tracked files.
pub fn check(root: &Path, files: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let path = Path::new(file);
        let stem = path.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
        let folders = path.parent().into_iter().flat_map(Path::iter).map(|f| f.to_string_lossy().to_lowercase());
        if EMPTY_NAMES.contains(&stem.as_str()) || folders.into_iter().any(|f| EMPTY_NAMES.contains(&f.as_str())) {
            problems.push(Problem(format!("{file}: the name says nothing; call it what it holds")));
        }
        let Ok(text) = std::fs::read_to_string(root.join(file)) else { continue };
        let extension = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        let generated = file.contains(".gen.") || file == "openapi.json";
        let is_code = matches!(extension.as_str(), "rs" | "ts" | "tsx" | "mjs" | "py") && !generated;
        if is_code && text.lines().count() > LINES_MAX {
            problems.push(Problem(format!(
                "{file}: {} lines; a file does one thing (at most {LINES_MAX})",
                text.lines().count()
            )));
        }
        let is_test = file.contains("/tests/");
        if extension == "rs" && !is_test && !text.starts_with("//!") {
            problems.push(Problem(format!("{file}: begin with `//!`: what lives in it, and what never does")));
        }
        if is_code && let Some(word) = LEFT_FOR_LATER.iter().find(|w| text.contains(**w)) {
            problems.push(Problem(format!("{file}: \"{word}\": do it, or file an issue")));
        }
        let is_lock =
            file.ends_with("Cargo.lock") || file.ends_with("package-lock.json") || file == "xtask/src/files.rs";
        if !is_lock && let Some(host) = HOSTS.iter().find(|h| text.contains(**h)) {
            problems.push(Problem(format!("{file}: names the registry host \"{host}\": use the package's name alone")));
        }
    }
    problems
}
