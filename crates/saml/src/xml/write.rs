//! A writer whose output is in exclusive canonical form as it is written, so that it can be signed without being read
//! again: declarations where a prefix is first used, attributes in order, no empty-element tags, every value escaped.
//! Never here: what is written.

use super::{Namespace, escape};

/// A value that XML cannot carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value of {place} has the character U+{:04X}, which XML cannot carry", u32::from(*character))]
pub struct WriteError {
    /// The element or attribute.
    pub place: &'static str,
    /// The character.
    pub character: char,
}

/// Attributes of one element: name and value; `None` leaves one out. Names without a prefix, or `xml:lang`.
pub type Attributes<'a> = [(&'static str, Option<&'a str>)];

/// Writes one element with its content.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    open: Vec<Open>,
    /// The declarations in scope, outermost first.
    declared: Vec<Namespace>,
    error: Option<WriteError>,
}

#[derive(Debug)]
struct Open {
    namespace: Namespace,
    name: &'static str,
    declared_before: usize,
}

impl Writer {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self { out: String::with_capacity(4096), ..Self::default() }
    }

    /// Begins an element.
    pub fn open(&mut self, namespace: Namespace, name: &'static str, attributes: &Attributes<'_>) -> &mut Self {
        let declared_before = self.declared.len();
        self.out.push('<');
        self.push_name(namespace, name);
        if !self.declared.contains(&namespace) {
            self.declared.push(namespace);
            self.out.push_str(" xmlns:");
            self.out.push_str(namespace.prefix);
            self.out.push_str("=\"");
            escape::attribute(namespace.uri, &mut self.out);
            self.out.push('"');
        }
        let mut present: Vec<(&'static str, &str)> =
            attributes.iter().filter_map(|(name, value)| value.map(|value| (*name, value))).collect();
        // Attributes without a namespace come first, then those of the namespace of `xml:`.
        present.sort_unstable_by_key(|(name, _)| (name.contains(':'), *name));
        for (name, value) in present {
            self.check(name, value);
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape::attribute(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        self.open.push(Open { namespace, name, declared_before });
        self
    }

    /// Text inside the innermost open element.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.check(self.open.last().map_or("the document", |open| open.name), value);
        escape::text(value, &mut self.out);
        self
    }

    /// Ends the innermost open element.
    pub fn close(&mut self) -> &mut Self {
        if let Some(open) = self.open.pop() {
            self.declared.truncate(open.declared_before);
            self.out.push_str("</");
            self.push_name(open.namespace, open.name);
            self.out.push('>');
        }
        self
    }

    /// An element with nothing but text in it.
    pub fn leaf(
        &mut self,
        namespace: Namespace,
        name: &'static str,
        attributes: &Attributes<'_>,
        text: &str,
    ) -> &mut Self {
        self.open(namespace, name, attributes).text(text).close()
    }

    /// An element that was written by another writer. It declares what it uses, which is canonical as long as none of
    /// that is declared around it.
    pub(crate) fn element(&mut self, written: &str) -> &mut Self {
        self.out.push_str(written);
        self
    }

    /// How much is written: a place to put a signature later.
    #[must_use]
    pub(crate) fn position(&self) -> usize {
        self.out.len()
    }

    /// The text; open elements are closed.
    ///
    /// # Errors
    /// If a value had a character that XML cannot carry.
    pub fn finish(mut self) -> Result<String, WriteError> {
        while !self.open.is_empty() {
            self.close();
        }
        self.error.map_or(Ok(self.out), Err)
    }

    fn push_name(&mut self, namespace: Namespace, name: &str) {
        self.out.push_str(namespace.prefix);
        self.out.push(':');
        self.out.push_str(name);
    }

    /// Such a character is refused rather than replaced: two names must not become one.
    fn check(&mut self, place: &'static str, value: &str) {
        if self.error.is_none() {
            self.error = escape::unwritable(value).map(|character| WriteError { place, character });
        }
    }
}
