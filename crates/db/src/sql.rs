//! Statements: one text for both engines, named, registered, rewritten once.
//!
//! Tokens: `$1` is a parameter; the rest is for what the engines spell differently.
//!
//! | token | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{each $2}` (a JSON array of texts, [`crate::V::list`]) | `(SELECT value FROM json_each(?2))` | `(SELECT jsonb_array_elements_text($2::text::jsonb) AS value)` |
//! | `{json doc}` (then `->> 'name'`) | `(doc)` | `(doc)::text::jsonb` |
//! | `{skip_locked}` | | `FOR UPDATE SKIP LOCKED` |
//! | `{for_update}` | | `FOR UPDATE` |
//! | `{for_no_key_update}` | | `FOR NO KEY UPDATE` |
//!
//! PostgreSQL infers a parameter's type from where it stands: write `CAST($2 AS BIGINT)` where arithmetic would make it
//! an INTEGER or where nothing tells (`$2 IS NULL`); both engines understand it.

use std::sync::OnceLock;

use crate::config::Engine;

/// One statement. Made by [`crate::sql!`].
pub struct Sql {
    name: &'static str,
    module: &'static str,
    text: &'static str,
    global: bool,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Sql {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, module: &'static str, text: &'static str, global: bool) -> Self {
        Self { name, module, text, global, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The constant's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The module that holds it.
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// Whether it is on the closed list of statements that are not bound to one organization.
    #[must_use]
    pub const fn global(&self) -> bool {
        self.global
    }

    /// Whether it only reads. Of what does not begin with SELECT it is not known.
    pub(crate) fn is_select(&self) -> bool {
        self.text.starts_with("SELECT")
    }

    /// The text as `engine` gets it.
    pub fn text(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => self.sqlite.get_or_init(|| rewrite(self.text, Engine::Sqlite)),
            Engine::Postgres => self.postgres.get_or_init(|| rewrite(self.text, Engine::Postgres)),
        }
    }
}

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.module, self.name)
    }
}

/// Puts a statement on the list of [`statements`].
#[doc(hidden)]
pub struct Registered(pub &'static Sql);

inventory::collect!(Registered);

/// Every statement that is linked into this program, in no order.
pub fn statements() -> impl Iterator<Item = &'static Sql> {
    inventory::iter::<Registered>.into_iter().map(|registered| registered.0)
}

/// Declares statements: each becomes a `static` of type [`Sql`](crate::Sql) and is registered, so that a test can
/// prepare all of them on both engines. `global` marks one that is not bound to an organization.
///
/// ```
/// muster_db::sql! {
///     /// One user.
///     pub USER_BY_ID = "SELECT id, doc FROM users WHERE org_id = $1 AND id = $2";
///     /// Whose key it is.
///     global API_KEY = "SELECT org_id, admin_id FROM api_keys WHERE digest = $1";
/// }
/// assert!(API_KEY.global() && !USER_BY_ID.global());
/// ```
#[macro_export]
macro_rules! sql {
    (@one [$(#[$meta:meta])*] [$vis:vis] global $name:ident = $text:expr) => {
        $crate::sql!(@static [$(#[$meta])*] [$vis] $name = $text, true);
    };
    (@one [$(#[$meta:meta])*] [$vis:vis] $name:ident = $text:expr) => {
        $crate::sql!(@static [$(#[$meta])*] [$vis] $name = $text, false);
    };
    (@static [$(#[$meta:meta])*] [$vis:vis] $name:ident = $text:expr, $global:expr) => {
        $(#[$meta])*
        $vis static $name: $crate::Sql = $crate::Sql::new(stringify!($name), module_path!(), $text, $global);
        $crate::macros::inventory::submit! { $crate::macros::Registered(&$name) }
    };
    ($($(#[$meta:meta])* $vis:vis $($word:ident)+ = $text:expr;)*) => {
        $($crate::sql!(@one [$(#[$meta])*] [$vis] $($word)+ = $text);)*
    };
}

/// Replaces the tokens. One that it does not know stays, and the engine refuses it when the statement is prepared.
fn rewrite(text: &str, engine: Engine) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '$']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push(if engine == Engine::Sqlite && after.starts_with(|c: char| c.is_ascii_digit()) {
                '?'
            } else {
                '$'
            });
            rest = after;
        } else if let Some((token, after)) = rest[1..].split_once('}')
            && let Some(with) = token_text(token, engine)
        {
            out.push_str(&with);
            rest = after;
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn token_text(token: &str, engine: Engine) -> Option<String> {
    let (word, argument) = token.split_once(' ').unwrap_or((token, ""));
    let argument = rewrite(argument, engine);
    match (word, argument.is_empty(), engine) {
        ("each", false, Engine::Sqlite) => Some(format!("(SELECT value FROM json_each({argument}))")),
        ("each", false, Engine::Postgres) => {
            Some(format!("(SELECT jsonb_array_elements_text({argument}::text::jsonb) AS value)"))
        }
        ("json", false, Engine::Sqlite) => Some(format!("({argument})")),
        ("json", false, Engine::Postgres) => Some(format!("({argument})::text::jsonb")),
        ("skip_locked" | "for_update" | "for_no_key_update", true, Engine::Sqlite) => Some(String::new()),
        ("skip_locked", true, Engine::Postgres) => Some("FOR UPDATE SKIP LOCKED".to_owned()),
        ("for_update", true, Engine::Postgres) => Some("FOR UPDATE".to_owned()),
        ("for_no_key_update", true, Engine::Postgres) => Some("FOR NO KEY UPDATE".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_the_tokens_of_each_engine() {
        let text = "SELECT {json doc} ->> 'a' FROM t WHERE org_id = $1 AND id IN {each $12} LIMIT $3 {skip_locked}";
        assert_eq!(
            rewrite(text, Engine::Sqlite),
            "SELECT (doc) ->> 'a' FROM t WHERE org_id = ?1 AND id IN (SELECT value FROM json_each(?12)) LIMIT ?3 "
        );
        assert_eq!(
            rewrite(text, Engine::Postgres),
            "SELECT (doc)::text::jsonb ->> 'a' FROM t WHERE org_id = $1 AND id IN \
             (SELECT jsonb_array_elements_text($12::text::jsonb) AS value) LIMIT $3 FOR UPDATE SKIP LOCKED"
        );
    }

    #[test]
    fn leaves_what_it_does_not_know() {
        for text in ["DEFAULT '{}'", "{nothing}", "a { b", "{each}", "'{\"a\":1}'", "$", "ü{ä}"] {
            assert_eq!(rewrite(text, Engine::Sqlite), text);
            assert_eq!(rewrite(text, Engine::Postgres), text);
        }
    }
}
