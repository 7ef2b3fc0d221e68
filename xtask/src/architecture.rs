//! docs/ARCHITECTURE.md is made of invariants, each with what holds it: `(held by: path)` or `(held by: path#name)`. A path
//! or name that is not there fails, so that the document cannot name what is long gone.

use std::path::Path;

use crate::Problem;

const DOCUMENT: &str = "docs/ARCHITECTURE.md";

/// Checks every invariant.
pub fn check(root: &Path, files: &[String]) -> Vec<Problem> {
    let Ok(text) = std::fs::read_to_string(root.join(DOCUMENT)) else {
        return vec![Problem(format!("{DOCUMENT} is missing"))];
    };
    let mut problems = Vec::new();
    let mut count = 0;
    for paragraph in text.split("\n- ").skip(1) {
        let invariant = paragraph.split("\n\n").next().unwrap_or_default();
        let title: String = invariant.chars().take(60).collect();
        let Some((_, holders)) = invariant.split_once("(held by: ") else {
            problems.push(Problem(format!("{DOCUMENT}: \"{title}\" says not what holds it: (held by: path#test)")));
            continue;
        };
        count += 1;
        for holder in holders.split(')').next().unwrap_or_default().split(", ") {
            let holder = holder.replace('\n', " ");
            let holder = holder.trim().trim_matches('`');
            let (path, name) = holder.split_once('#').unwrap_or((holder, ""));
            if !files.iter().any(|f| f == path || f.starts_with(&format!("{path}/"))) {
                problems.push(Problem(format!("{DOCUMENT}: {path} is not in the repository (\"{title}\")")));
            } else if !name.is_empty() && !std::fs::read_to_string(root.join(path)).is_ok_and(|t| t.contains(name)) {
                problems.push(Problem(format!("{DOCUMENT}: {path} has no {name} (\"{title}\")")));
            }
        }
    }
    if count < 10 {
        problems.push(Problem(format!("{DOCUMENT}: {count} invariants found; list items begin with \"- \"")));
    }
    problems
}
