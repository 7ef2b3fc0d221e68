//! One step of the schema.

use std::borrow::Cow;

use muster_base::digest;

use crate::config::Engine;

/// A numbered step of the schema, applied once and never changed after. Type tokens:
///
/// | token | SQLite | PostgreSQL |
/// |---|---|---|
/// | `{text}` | `TEXT` | `TEXT COLLATE "C"` |
/// | `{int}` | `INTEGER` | `BIGINT` |
/// | `{bytes}` | `BLOB` | `BYTEA` |
/// | `{strict}` (after the closing bracket of a table) | `STRICT` | |
///
/// Constraints that are checked at the commit (`DEFERRABLE`) are refused: on SQLite many works share one commit.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    number: u32,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Migration {
    /// A step with one text for both engines. `number` is its place (from 1; 0 is this crate's own), unique among all.
    #[must_use]
    pub const fn new(number: u32, name: &'static str, text: &'static str) -> Self {
        Self { number, name, sqlite: text, postgres: text }
    }

    /// A step whose text differs, where it must.
    #[must_use]
    pub const fn per_engine(number: u32, name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { number, name, sqlite, postgres }
    }

    /// Its place in the order.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// What it is for.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    const fn source(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    /// The text as `engine` gets it.
    #[must_use]
    pub fn text(&self, engine: Engine) -> Cow<'static, str> {
        let tokens = match engine {
            Engine::Sqlite => [("{text}", "TEXT"), ("{int}", "INTEGER"), ("{bytes}", "BLOB"), ("{strict}", "STRICT")],
            Engine::Postgres => {
                [("{text}", "TEXT COLLATE \"C\""), ("{int}", "BIGINT"), ("{bytes}", "BYTEA"), ("{strict}", "")]
            }
        };
        let mut text = Cow::Borrowed(self.source(engine));
        for (token, with) in tokens {
            if text.contains(token) {
                text = Cow::Owned(text.replace(token, with));
            }
        }
        text
    }

    /// SHA-256 of the text before the tokens are replaced, as 64 hexadecimal characters.
    pub(crate) fn checksum(&self, engine: Engine) -> String {
        use std::fmt::Write;
        digest(self.source(engine).trim().as_bytes()).iter().fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
    }

    pub(crate) fn defers(&self, engine: Engine) -> bool {
        self.source(engine).to_ascii_uppercase().contains("DEFERRABLE")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_type_tokens() {
        let step = Migration::new(1, "t", "CREATE TABLE t (a {text}, b {int}, c {bytes}) {strict};");
        assert_eq!(step.text(Engine::Sqlite), "CREATE TABLE t (a TEXT, b INTEGER, c BLOB) STRICT;");
        assert_eq!(step.text(Engine::Postgres), "CREATE TABLE t (a TEXT COLLATE \"C\", b BIGINT, c BYTEA) ;");
        assert_eq!(step.checksum(Engine::Sqlite), step.checksum(Engine::Postgres));
        assert_eq!(step.checksum(Engine::Sqlite).len(), 64);
    }
}
