//! Patterns: regular expressions that take time linear in the text, with bounds on what compiling and keeping them takes.

use regex::{Regex, RegexBuilder};

/// The longest pattern, in characters.
pub(crate) const MAX_CHARS: usize = 200;
/// Bytes that a compiled pattern may take: `(a{1000}){1000}` is refused rather than built.
const MAX_COMPILED_BYTES: usize = 128 * 1024;
/// Bytes of the tables that are made while searching; when they are full they begin anew.
const MAX_TABLE_BYTES: usize = 256 * 1024;

/// A pattern that may be searched for, or what is wrong with it.
pub(crate) fn compile(pattern: &str, case_sensitive: bool) -> Result<Regex, String> {
    if pattern.chars().count() > MAX_CHARS {
        return Err(format!("the pattern is longer than {MAX_CHARS} characters"));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(MAX_COMPILED_BYTES)
        .dfa_size_limit(MAX_TABLE_BYTES)
        .nest_limit(32)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too costly: use fewer or smaller repetitions".to_owned(),
            error => format!("this is no pattern: {}", last_line(&error.to_string())),
        })
}

/// The library draws the pattern with a marker below it; its last line says what is wrong.
fn last_line(message: &str) -> String {
    let last = message.lines().last().unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}
