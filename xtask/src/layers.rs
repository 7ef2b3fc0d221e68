//! The crate table: who may use whom. A crate that is not in it fails, so that every new one is placed.

use std::path::Path;

use crate::Problem;

/// Crate, and the crates of ours that it may use. The table of docs/ARCHITECTURE.md.
const TABLE: &[(&str, &[&str])] = &[
    // WIRE: pure; nothing of ours
    ("jose", &[]),
    ("oauth", &[]),
    ("rules", &[]),
    ("saml", &[]),
    ("scim", &[]),
    // BASE
    ("base", &[]),
    ("db", &["base"]),
    // CORE
    ("directory", &["base", "db", "rules", "jose", "oauth", "saml", "scim"]),
    // GLUE
    ("http", &["base", "directory"]),
    // FEATURES: siblings, none uses another
    ("signin", &["base", "directory", "http"]),
    ("oidc", &["base", "db", "directory", "http", "jose", "oauth"]),
    ("federation", &["base", "db", "directory", "http", "jose", "oauth", "saml"]),
    ("samlidp", &["base", "db", "directory", "http", "saml"]),
    ("scimserver", &["base", "directory", "http", "scim"]),
    ("scimsync", &["base", "directory", "http", "scim"]),
    ("feeds", &["base", "directory", "http", "jose"]),
    ("admin", &["base", "directory", "http", "rules", "saml"]),
    // ENDS
    (
        "server",
        &[
            "base",
            "db",
            "rules",
            "directory",
            "http",
            "signin",
            "oidc",
            "samlidp",
            "scimserver",
            "federation",
            "scimsync",
            "feeds",
            "admin",
        ],
    ),
    ("testkit", &["base", "db", "directory", "http"]),
];

/// What a wire crate must not reach: I/O, async, time.
const IMPURE: &[&str] = &["tokio", "reqwest", "axum", "hyper", "rusqlite", "tokio-postgres", "getrandom"];

/// Checks every manifest against the table.
pub fn check(root: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Ok(folders) = std::fs::read_dir(root.join("crates")) else {
        return vec![Problem("crates/ cannot be read".into())];
    };
    for folder in folders.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(folder.path().join("Cargo.toml")) else { continue };
        let Some((_, allowed)) = TABLE.iter().find(|(n, _)| *n == name) else {
            problems
                .push(Problem(format!("crates/{name}: not in the crate table (xtask/src/layers.rs): give it a layer")));
            continue;
        };
        let manifest: toml::Table = match text.parse() {
            Ok(manifest) => manifest,
            Err(error) => {
                problems.push(Problem(format!("crates/{name}/Cargo.toml: {error}")));
                continue;
            }
        };
        let Some(dependencies) = manifest.get("dependencies").and_then(toml::Value::as_table) else { continue };
        for dependency in dependencies.keys() {
            if let Some(ours) = dependency.strip_prefix("muster-")
                && !allowed.contains(&ours)
            {
                problems.push(Problem(format!(
                    "crates/{name} uses muster-{ours}, which its layer may not (xtask/src/layers.rs)"
                )));
            }
            if allowed.is_empty() && name != "base" && IMPURE.contains(&dependency.as_str()) {
                problems
                    .push(Problem(format!("crates/{name} is a wire crate and uses {dependency}: no I/O, no async")));
            }
        }
        if text.contains("[lints]") {
            continue;
        }
        problems
            .push(Problem(format!("crates/{name}/Cargo.toml: take the workspace's lints ([lints] workspace = true)")));
    }
    problems
}
