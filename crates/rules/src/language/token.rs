//! A text cut into words, texts and signs. Never here: what they mean together.

use std::ops::Range;

use super::Fault;

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, digits, `_`, `.`, `-`, `:`, `+`, `@` without quotes: a name, a word of the language, a number, a date.
    Word(String),
    /// What was between quotes.
    Text(String),
    /// `(`, `)`, `,` or a comparison.
    Sign(&'static str),
}

/// A piece and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub token: Token,
    pub at: Range<usize>,
}

/// The longer first: `>=` is not `>` and `=`.
const SIGNS: [&str; 9] = ["!=", ">=", "<=", "=", ">", "<", "(", ")", ","];

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+' | '@')
}

/// The pieces of a text.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(pieces) };
        let (token, length) = if first == '"' {
            quoted(rest, start)?
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or(rest);
            // attributes."T-shirt size": a name of which a part has to be quoted.
            match rest.get(length..).filter(|after| word.ends_with('.') && after.starts_with('"')) {
                Some(after) => {
                    let (token, more) = quoted(after, start + length)?;
                    let Token::Text(inside) = token else { return Err(stray(first, start)) };
                    (Token::Word(format!("{word}{inside}")), length + more)
                }
                None => (Token::Word(word.to_owned()), length),
            }
        } else {
            return Err(stray(first, start));
        };
        pieces.push(Piece { token, at: start..start + length });
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn stray(found: char, start: usize) -> Fault {
    let message = format!("{found:?} means nothing here: write values between double quotes");
    Fault { at: start..start + found.len_utf8(), message }
}

/// A text between quotes and how long it is as written.
fn quoted(rest: &str, start: usize) -> Result<(Token, usize), Fault> {
    let mut inside = String::new();
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match (escaped, c) {
            (false, '"') => return Ok((Token::Text(inside), i + 1)),
            (false, '\\') => escaped = true,
            (true, '"' | '\\') | (false, _) => {
                inside.push(c);
                escaped = false;
            }
            (true, _) => {
                let at = start + i - 1..start + i + c.len_utf8();
                return Err(Fault { at, message: "after a backslash only a quote or a backslash may stand".into() });
            }
        }
    }
    Err(Fault { at: start..start + rest.len(), message: "the closing quote is missing".into() })
}
