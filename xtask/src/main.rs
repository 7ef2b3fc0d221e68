//! `cargo xtask check`: the repository's own rules, so that they cannot rot. Each failure says what to do.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through them")]

mod architecture;
mod files;
mod layers;
mod migrations;
mod references;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// A broken rule: where, and the fix.
pub struct Problem(pub String);

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some("check") {
        eprintln!("usage: cargo run -p xtask -- check");
        return ExitCode::FAILURE;
    }
    let root = root();
    let files = tracked(&root);
    let mut problems = layers::check(&root);
    problems.extend(files::check(&root, &files));
    problems.extend(architecture::check(&root, &files));
    problems.extend(references::check(&root, &files));
    problems.extend(migrations::check(&root, &files));
    for Problem(text) in &problems {
        eprintln!("{text}");
    }
    println!("xtask check: {} files, {} problems", files.len(), problems.len());
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The repository that cargo runs this for. Asked at run time: clones may share a build folder, and with it this program.
fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    here.parent().unwrap_or(&here).to_owned()
}

/// The files that git tracks, relative to the root.
fn tracked(root: &Path) -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let bytes = output.map(|o| o.stdout).unwrap_or_default();
    let names = bytes.split(|b| *b == 0).filter(|n| !n.is_empty());
    names.map(|n| String::from_utf8_lossy(n).into_owned()).filter(|n| root.join(n).is_file()).collect()
}
