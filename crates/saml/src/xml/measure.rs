//! What a text would cost the parser, measured in one pass over its bytes before the parser sees it: the parser compares
//! every attribute of an element with every other and copies the namespaces in scope. Here too are the few texts that
//! the parser takes although XML 1.0 or Namespaces 1.0 forbid them. Never here: anything that is decided by content.
//!
//! The pass agrees with the parser on well-formed text (a property test holds it); behind the first malformed place
//! it counts nonsense, but there the parser has stopped.

use super::ParseError;

/// How large a document may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Nodes: elements, texts, comments, instructions.
    pub nodes: u32,
    /// Elements inside each other.
    pub depth: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes: usize,
    /// Namespace declarations in scope at one element.
    pub namespaces: usize,
}

impl Limits {
    /// For requests and responses.
    pub const MESSAGE: Self = Self { bytes: 256 * 1024, nodes: 5_000, depth: 64, attributes: 64, namespaces: 64 };
    /// For metadata documents.
    pub const METADATA: Self =
        Self { bytes: 2 * 1024 * 1024, nodes: 50_000, depth: 64, attributes: 64, namespaces: 64 };
}

/// Refuses a text that is too deep or too wide for its limits, has a document type, or declares a namespace wrongly.
///
/// # Errors
/// The limit or rule that is broken.
pub fn check(text: &str, limits: &Limits) -> Result<(), ParseError> {
    let bytes = text.as_bytes();
    // Declarations in scope, by depth; the last is the innermost open element's.
    let mut scopes: Vec<usize> = vec![0];
    let mut at = 0;
    let mut tags = 0_u32;
    while let Some(found) = find(bytes, at, b"<") {
        let rest = bytes.get(found..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            at = after(bytes, found + 4, b"-->");
        } else if rest.starts_with(b"<![CDATA[") {
            at = after(bytes, found + 9, b"]]>");
        } else if rest.starts_with(b"<?") {
            at = after(bytes, found + 2, b"?>");
        } else if rest.starts_with(b"<!") {
            return Err(ParseError::Doctype);
        } else if rest.starts_with(b"</") {
            scopes.truncate(scopes.len().saturating_sub(1).max(1));
            at = after(bytes, found + 2, b">");
        } else {
            tags += 1;
            if tags > limits.nodes {
                return Err(ParseError::TooManyNodes(limits.nodes));
            }
            let tag = Tag::read(bytes, found + 1);
            at = tag.end;
            let in_scope = tag.check(scopes.last().copied().unwrap_or_default(), limits)?;
            if scopes.len() > limits.depth {
                return Err(ParseError::TooDeep(limits.depth));
            }
            if !tag.is_empty {
                scopes.push(in_scope);
            }
        }
    }
    Ok(())
}

/// What is counted of a start tag.
#[derive(Default)]
struct Tag {
    end: usize,
    is_empty: bool,
    attributes: usize,
    prefixes: usize,
    defaults: usize,
    undeclared_prefix: bool,
}

impl Tag {
    /// Reads from behind the `<` to behind the `>`.
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut tag = Self::default();
        let mut at = start;
        loop {
            at = skip(bytes, at, is_space);
            match bytes.get(at) {
                None => break,
                Some(b'>') => {
                    at += 1;
                    break;
                }
                Some(b'/') => {
                    tag.is_empty = bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                }
                Some(_) => at = tag.item(bytes, at),
            }
        }
        tag.end = at;
        tag
    }

    /// The element's name, or an attribute with its value; gives the place behind it.
    fn item(&mut self, bytes: &[u8], start: usize) -> usize {
        let end = skip(bytes, start, |byte| !is_space(byte) && !matches!(byte, b'=' | b'>' | b'/' | b'"' | b'\''));
        let equals = skip(bytes, end, is_space);
        if bytes.get(equals) != Some(&b'=') {
            // At least one byte further, also where the text is malformed.
            return end.max(start + 1);
        }
        let quote = skip(bytes, equals + 1, is_space);
        let behind = match bytes.get(quote) {
            Some(mark @ (b'"' | b'\'')) => {
                find(bytes, quote + 1, std::slice::from_ref(mark)).unwrap_or(bytes.len()) + 1
            }
            _ => quote,
        };
        self.attributes += 1;
        let name = bytes.get(start..end).unwrap_or_default();
        if name == b"xmlns" {
            self.defaults += 1;
        } else if name.starts_with(b"xmlns:") {
            self.prefixes += 1;
            self.undeclared_prefix |= behind == quote + 2;
        }
        behind
    }

    /// How many declarations are in scope inside, given how many are outside.
    fn check(&self, outside: usize, limits: &Limits) -> Result<usize, ParseError> {
        if self.attributes > limits.attributes {
            return Err(ParseError::TooManyAttributes(limits.attributes));
        }
        if self.defaults > 1 || self.undeclared_prefix {
            return Err(ParseError::Namespace);
        }
        let inside = outside + self.defaults + self.prefixes;
        if inside > limits.namespaces {
            return Err(ParseError::TooManyNamespaces(limits.namespaces));
        }
        Ok(inside)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The first place from here whose byte is another.
fn skip(bytes: &[u8], from: usize, of: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !of(*byte)).unwrap_or(rest.len())
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = what.first()?;
    let mut at = 0;
    while let Some(next) = rest.get(at..)?.iter().position(|byte| byte == first) {
        at += next;
        if rest.get(at..).is_some_and(|tail| tail.starts_with(what)) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}

fn after(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    find(bytes, from, what).map_or(bytes.len(), |at| at + what.len())
}
