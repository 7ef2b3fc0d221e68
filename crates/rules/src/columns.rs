//! Many subjects at once: one column per attribute, each distinct value kept once. A test is asked once per distinct value
//! instead of once per subject, and its answers are spread over a bitmap; rules join bitmaps. Answers what
//! [`crate::evaluate`] answers.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::evaluate::Moment;
use crate::limits::MAX_DEPTH;
use crate::program::Ready;
use crate::schema::has_several;
use crate::{Node, Rule, Subject};

/// Which of the subjects match: one bit each, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

impl Bitmap {
    /// None, or all, of `len` subjects.
    #[must_use]
    pub fn new(len: usize, all: bool) -> Self {
        let mut bitmap = Self { words: vec![if all { u64::MAX } else { 0 }; len.div_ceil(64)], len };
        bitmap.trim();
        bitmap
    }

    /// Whether the `n`-th subject matches.
    #[must_use]
    pub fn has(&self, n: usize) -> bool {
        self.words.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// How many match.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Those that match, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                (bit < 64).then(|| {
                    left &= left - 1;
                    at * 64 + bit as usize
                })
            })
        })
    }

    fn join(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = with(*word, *other);
        }
    }

    fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
    }

    /// Bits beyond the last subject are never set.
    fn trim(&mut self) {
        let used = self.len % 64;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }
}

/// A column: per subject the number of its value, or of its set of values, in the dictionary.
#[derive(Debug, Default)]
struct Column {
    of: HashMap<Vec<String>, u32>,
    dictionary: Vec<Vec<String>>,
    codes: Vec<u32>,
}

impl Column {
    fn push(&mut self, values: Vec<Cow<'_, str>>) {
        let values: Vec<String> = values.into_iter().map(Cow::into_owned).collect();
        let next = u32::try_from(self.dictionary.len()).unwrap_or(u32::MAX);
        let code = *self.of.entry(values).or_insert_with_key(|values| {
            self.dictionary.push(values.clone());
            next
        });
        self.codes.push(code);
    }
}

/// The values of many subjects, by attribute.
#[derive(Debug)]
pub struct Columns {
    columns: HashMap<String, Column>,
    len: usize,
}

impl Columns {
    /// Columns for these attributes, which must be all that the rules to be asked speak of.
    pub fn new<'a>(attributes: impl IntoIterator<Item = &'a str>) -> Self {
        Self { columns: attributes.into_iter().map(|name| (name.to_owned(), Column::default())).collect(), len: 0 }
    }

    /// Adds a subject.
    pub fn push(&mut self, subject: &dyn Subject) {
        self.len += 1;
        for (name, column) in &mut self.columns {
            let values =
                if has_several(name) { subject.values(name) } else { subject.value(name).into_iter().collect() };
            column.push(values);
        }
    }

    /// How many subjects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Which of the subjects match now.
    #[must_use]
    pub fn matches(&self, rule: &Rule, now: Moment) -> Bitmap {
        self.node(&rule.node, now, MAX_DEPTH)
    }

    fn node(&self, node: &Node, now: Moment, levels_left: usize) -> Bitmap {
        let (children, all, negated) = match node {
            Node::Test(test) => return self.test(&Ready::new(test), now),
            Node::All(_) | Node::Any(_) | Node::None(_) if levels_left == 0 => return Bitmap::new(self.len, false),
            Node::All(children) => (children, true, false),
            Node::Any(children) => (children, false, false),
            Node::None(children) => (children, false, true),
        };
        let mut out = Bitmap::new(self.len, all);
        for child in children {
            let child = self.node(child, now, levels_left - 1);
            out.join(&child, if all { |a, b| a & b } else { |a, b| a | b });
        }
        if negated {
            out.invert();
        }
        out
    }

    fn test(&self, test: &Ready, now: Moment) -> Bitmap {
        let Some(column) = self.columns.get(&test.attribute) else {
            return Bitmap::new(self.len, test.of(None, now));
        };
        let answer = |values: &Vec<String>| {
            if let [] | [_] = values.as_slice() {
                return test.of(values.first().map(String::as_str), now);
            }
            let values: Vec<Cow<'_, str>> = values.iter().map(|value| Cow::Borrowed(value.as_str())).collect();
            test.of_several(&values, now)
        };
        let answers: Vec<bool> = column.dictionary.iter().map(answer).collect();
        let mut out = Bitmap::new(self.len, false);
        for (word, codes) in out.words.iter_mut().zip(column.codes.chunks(64)) {
            for (bit, code) in codes.iter().enumerate() {
                *word |= u64::from(answers.get(*code as usize).copied().unwrap_or_default()) << bit;
            }
        }
        out
    }
}
