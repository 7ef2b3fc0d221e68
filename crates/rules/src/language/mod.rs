//! Rules as text, for people who would rather write than click: the same tree as the builder shows, both ways.
//!
//! ```text
//! rule      = any
//! any       = all { "or" all }
//! all       = one { "and" one }
//! one       = "not" one | "(" any ")" | "everyone" | "nobody" | test
//! test      = attribute operator [ "exactly" ] [ values ] | [ attribute ] membership values
//! attribute = name | text
//! operator  = "equals" | "not equals" | "in" | "not in" | "contains" | "does not contain" | "starts with"
//!           | "does not start with" | "ends with" | "does not end with" | "is empty" | "is not empty"
//!           | "greater than" | "greater than or equals" | "less than" | "less than or equals"
//!           | "matches pattern" | "does not match pattern"
//!           | "within the last" | "longer ago than" | "within the next"
//!           | "=" | "!=" | ">" | ">=" | "<" | "<="
//! membership = "member of" | "not member of"
//! values    = value | "(" value { "," value } ")"
//! value     = text | word
//! text      = '"' { character | '\"' | '\\' } '"'
//! name      = letter { letter | digit | "_" | "." | "-" }
//! ```
//!
//! Words of the language are read in any case. `and` binds before `or`; `exactly` asks for the very letters. There are no
//! calls and no variables: reading costs what the text is long, evaluating what the tree is large. Durations are texts such
//! as "30 days"; groups are named by name or id, and whose they are (`owner member of "Sales"`) comes first. Never here: whether an
//! attribute exists and a value fits it (`check`).

mod complete;
mod parse;
mod token;
mod write;

pub use complete::{Completion, complete};
pub use parse::parse;
pub use write::write;

use std::ops::Range;

/// What cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The bytes of the text that are at fault; empty at its end.
    pub at: Range<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The longest text, in bytes.
pub const MAX_BYTES: usize = crate::limits::MAX_TEXT_BYTES;
/// How deep parentheses and `not` may be nested in a text: more than a tree may be, so that the tree's own bound speaks.
pub(crate) const MAX_NESTING: usize = 64;
