//! Reading a filter: by recursive descent, bounded in bytes before it starts, in depth and in terms while it goes.

use std::str::FromStr;

use serde_json::Number;

use super::{Filter, Literal, Operator};
use crate::error::{Error, ScimType};
use crate::limits::{FILTER_BYTES_MAX, FILTER_DEPTH_MAX, FILTER_TERMS_MAX};
use crate::path::{self, AttributePath};

/// What is wrong with a filter or path, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct Problem {
    /// The character, counted from 1.
    pub position: usize,
    /// What was expected there.
    pub message: String,
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::new(ScimType::InvalidFilter, format!("filter: {problem}"))
    }
}

impl FromStr for Filter {
    type Err = Problem;

    /// # Errors
    /// The first fault, with its place.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut reader = Reader::new(text, FILTER_BYTES_MAX)?;
        let filter = reader.any_of(Inside::Resource)?;
        reader.space();
        match reader.rest() {
            "" => Ok(filter),
            rest if rest.starts_with(')') || rest.starts_with(']') => reader.refuse("this bracket closes nothing"),
            _ => reader.refuse("expected \"and\", \"or\" or the end"),
        }
    }
}

/// What the paths of a filter name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// Attributes of a resource.
    Resource,
    /// Sub-attributes of one value.
    Element,
}

/// A place in the text.
pub(crate) struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    terms: usize,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str, bytes_max: usize) -> Result<Self, Problem> {
        if text.len() > bytes_max {
            return Err(Problem { position: 1, message: format!("at most {bytes_max} bytes are read") });
        }
        Ok(Self { text, at: 0, depth: 0, terms: 0 })
    }

    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    pub fn refuse<T>(&self, message: impl Into<String>) -> Result<T, Problem> {
        let position = self.text.get(..self.at).map_or(0, |before| before.chars().count()) + 1;
        Err(Problem { position, message: message.into() })
    }

    /// Takes this character if it is next.
    pub fn take(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    /// Takes this word if it is next and ends there.
    fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let found = path::run(rest) == word.len()
            && rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if found {
            self.at += word.len();
        }
        found
    }

    fn deeper(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > FILTER_DEPTH_MAX {
            return self.refuse(format!("at most {FILTER_DEPTH_MAX} levels of brackets are read"));
        }
        Ok(())
    }

    /// `… or …`
    pub fn any_of(&mut self, inside: Inside) -> Result<Filter, Problem> {
        let mut parts = vec![self.all_of(inside)?];
        while self.joined_by("or") {
            parts.push(self.all_of(inside)?);
        }
        Ok(single(&mut parts).unwrap_or(Filter::Or(parts)))
    }

    /// `… and …`
    fn all_of(&mut self, inside: Inside) -> Result<Filter, Problem> {
        let mut parts = vec![self.term(inside)?];
        while self.joined_by("and") {
            parts.push(self.term(inside)?);
        }
        Ok(single(&mut parts).unwrap_or(Filter::And(parts)))
    }

    fn joined_by(&mut self, word: &str) -> bool {
        self.space();
        self.take_word(word)
    }

    fn term(&mut self, inside: Inside) -> Result<Filter, Problem> {
        self.space();
        let start = self.at;
        let negated = self.take_word("not") && {
            self.space();
            self.rest().starts_with('(')
        };
        if !negated {
            self.at = start;
        }
        if self.take('(') {
            self.deeper()?;
            let filter = self.any_of(inside)?;
            self.space();
            if !self.take(')') {
                return self.refuse("expected \")\"");
            }
            self.depth -= 1;
            return Ok(if negated { Filter::Not(Box::new(filter)) } else { filter });
        }
        self.comparison(inside)
    }

    /// A path at this place.
    pub fn path(&mut self) -> Result<AttributePath, Problem> {
        self.space();
        let rest = self.rest();
        let run = path::run(rest);
        if run == 0 {
            return self.refuse("expected an attribute");
        }
        match AttributePath::split(rest.get(..run).unwrap_or_default()) {
            Ok(path) => {
                self.at += run;
                Ok(path)
            }
            Err(message) => self.refuse(message),
        }
    }

    /// The inside of `[…]`, the opening one taken.
    pub fn element_filter(&mut self) -> Result<Filter, Problem> {
        self.deeper()?;
        let filter = self.any_of(Inside::Element)?;
        self.space();
        if !self.take(']') {
            return self.refuse("expected \"]\"");
        }
        self.depth -= 1;
        Ok(filter)
    }

    /// `.name` after `[…]`.
    pub fn sub_attribute(&mut self) -> Result<Option<String>, Problem> {
        if !self.take('.') {
            return Ok(None);
        }
        let path = self.path()?;
        if path.schema.is_some() || path.sub.is_some() {
            return self.refuse("expected one sub-attribute after \"].\"");
        }
        Ok(Some(path.attribute))
    }

    fn comparison(&mut self, inside: Inside) -> Result<Filter, Problem> {
        self.terms += 1;
        if self.terms > FILTER_TERMS_MAX {
            return self.refuse(format!("at most {FILTER_TERMS_MAX} comparisons are read"));
        }
        let path = self.path()?;
        if inside == Inside::Element && self.rest().starts_with('[') {
            return self.refuse("a value path inside a value path is not allowed");
        }
        if self.take('[') {
            return self.elements(path);
        }
        self.test(path)
    }

    /// After `path[`. A comparison may follow, as Entra ID writes it: `emails[type eq "work"].value eq "x"` says that
    /// one value fits both.
    fn elements(&mut self, path: AttributePath) -> Result<Filter, Problem> {
        let inner = self.element_filter()?;
        let filter = match self.sub_attribute()? {
            None => inner,
            Some(sub) => Filter::And(vec![inner, self.test(AttributePath::new(sub))?]),
        };
        Ok(Filter::Elements { path, filter: Box::new(filter) })
    }

    /// After a path: `pr`, or an operator and a value.
    fn test(&mut self, path: AttributePath) -> Result<Filter, Problem> {
        self.space();
        if self.take_word("pr") {
            return Ok(Filter::Present(path));
        }
        let rest = self.rest();
        let word = rest.get(..path::run(rest)).unwrap_or_default();
        let Some(operator) = Operator::from_word(word) else {
            return self.refuse("expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr");
        };
        self.at += word.len();
        self.space();
        Ok(Filter::Test { path, operator, value: self.literal()? })
    }

    fn literal(&mut self) -> Result<Literal, Problem> {
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.text();
        }
        for (word, literal) in [("true", Literal::Bool(true)), ("false", Literal::Bool(false)), ("null", Literal::Null)]
        {
            if self.take_word(word) {
                return Ok(literal);
            }
        }
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        match number(rest.get(..end).unwrap_or_default()) {
            Some(number) => {
                self.at += end;
                Ok(Literal::Number(number))
            }
            None => self.refuse("expected a text in double quotes, a number, true, false or null"),
        }
    }

    fn text(&mut self) -> Result<Literal, Problem> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find_map(|(i, byte)| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes.then_some(i + 1)
        });
        let Some(end) = end else {
            return self.refuse("this text has no closing quote");
        };
        match serde_json::from_str(rest.get(..end).unwrap_or_default()) {
            Ok(text) => {
                self.at += end;
                Ok(Literal::Text(text))
            }
            Err(_) => self.refuse("this is no JSON text: check its escapes"),
        }
    }
}

/// The only part, if it is one.
fn single(parts: &mut Vec<Filter>) -> Option<Filter> {
    if parts.len() == 1 { parts.pop() } else { None }
}

/// A JSON number, to its last digit: the JSON reader rounds.
fn number(text: &str) -> Option<Number> {
    let read: Number = serde_json::from_str(text).ok()?;
    if read.is_f64() { Number::from_f64(text.parse().ok()?) } else { Some(read) }
}
