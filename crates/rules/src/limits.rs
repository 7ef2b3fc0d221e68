//! The bounds of a rule. Every reader and every check refuses what is beyond them, naming the place.

/// Levels of `and`/`or` groups, the outermost included.
pub const MAX_DEPTH: usize = 8;
/// Tests in one rule.
pub const MAX_TESTS: usize = 200;
/// Values of one test (`in`, `not in`).
pub const MAX_VALUES: usize = 100;
/// Characters of one value and of one attribute name.
pub const MAX_VALUE_CHARS: usize = 1024;
/// Bytes of all names and values of one rule together: the four bounds above would still allow 20 MiB.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;
