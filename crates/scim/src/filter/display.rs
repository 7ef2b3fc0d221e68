//! Writing a filter, so that reading it yields the same tree.

use std::fmt;

use super::{Filter, Literal};

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.json())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test { path, operator, value } => write!(f, "{path} {} {value}", operator.word()),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Elements { path, filter } => write!(f, "{path}[{filter}]"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(parts) => join(f, parts, "and", |p| matches!(p, Self::And(_) | Self::Or(_))),
            Self::Or(parts) => join(f, parts, "or", |p| matches!(p, Self::Or(_))),
        }
    }
}

/// The parts with the word between them; brackets where the part would be read otherwise.
fn join(f: &mut fmt::Formatter<'_>, parts: &[Filter], word: &str, bracketed: fn(&Filter) -> bool) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            write!(f, " {word} ")?;
        }
        if bracketed(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}
