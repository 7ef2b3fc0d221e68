//! From bytes to a tree, within limits: UTF-8 only, line ends normalised first (XML 1.0 section 2.11), no document type,
//! so no entities and nothing external. Never here: namespaces of SAML, signatures.

use super::escape;
use super::measure::{self, Limits};
use roxmltree::{Document, Node, ParsingOptions};

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// More bytes than [`Limits::bytes`].
    #[error("the XML has {0} bytes; at most {1} are read")]
    TooLarge(usize, usize),
    /// Not UTF-8, or declared as another encoding.
    #[error("the XML must be encoded and declared as UTF-8")]
    Encoding,
    /// A document of another version than 1.0.
    #[error("the XML declaration must say version 1.0")]
    Version,
    /// `<!DOCTYPE`: the way to entities and external files.
    #[error("a document type (<!DOCTYPE ...>) is not accepted: remove it")]
    Doctype,
    /// More elements inside each other than [`Limits::depth`].
    #[error("elements are nested deeper than {0}")]
    TooDeep(usize),
    /// More nodes than [`Limits::nodes`].
    #[error("the XML has more than {0} nodes")]
    TooManyNodes(u32),
    /// More attributes at one element than [`Limits::attributes`].
    #[error("an element has more than {0} attributes")]
    TooManyAttributes(usize),
    /// More declarations in scope than [`Limits::namespaces`].
    #[error("more than {0} namespace declarations are in scope at an element")]
    TooManyNamespaces(usize),
    /// A default namespace declared twice, or a prefix declared as nothing (Namespaces in XML 1.0 section 2).
    #[error("an element declares its default namespace twice, or a prefix as empty")]
    Namespace,
    /// The parser's own words.
    #[error("the XML is not well-formed: {0}")]
    NotWellFormed(String),
}

/// A text that is ready to be parsed: UTF-8, within its size, with line ends normalised.
///
/// The tree borrows from it, so a reader keeps the text while it looks at the tree.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    limits: Limits,
}

impl Text {
    /// A protocol message.
    ///
    /// # Errors
    /// A text that is too large or not UTF-8.
    pub fn message(bytes: &[u8]) -> Result<Self, ParseError> {
        Self::new(bytes, Limits::MESSAGE)
    }

    /// A metadata document.
    ///
    /// # Errors
    /// A text that is too large or not UTF-8.
    pub fn metadata(bytes: &[u8]) -> Result<Self, ParseError> {
        Self::new(bytes, Limits::METADATA)
    }

    /// A text with limits of its own.
    ///
    /// # Errors
    /// A text that is too large or not UTF-8.
    pub fn new(bytes: &[u8], limits: Limits) -> Result<Self, ParseError> {
        if bytes.len() > limits.bytes {
            return Err(ParseError::TooLarge(bytes.len(), limits.bytes));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ParseError::Encoding)?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        // No character of XML (section 2.2), and one that PostgreSQL cannot keep while a message waits.
        if text.contains('\0') {
            return Err(ParseError::NotWellFormed("it holds the character U+0000".to_owned()));
        }
        check_declaration(text)?;
        // The parser keeps a lone carriage return at the end of a text; the specification has it gone before parsing.
        let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
        Ok(Self { text, limits })
    }

    /// A piece of a document, such as what was decrypted, as the content of a root element that declares the prefixes
    /// that are in scope at `context`.
    ///
    /// # Errors
    /// A piece that is too large or not UTF-8.
    pub(crate) fn fragment(bytes: &[u8], context: Node<'_, '_>) -> Result<Self, ParseError> {
        let piece = std::str::from_utf8(bytes).map_err(|_| ParseError::Encoding)?;
        let mut text = String::from("<decrypted");
        for namespace in context.namespaces().filter(|namespace| namespace.name() != Some("xml")) {
            text.push_str(" xmlns");
            if let Some(prefix) = namespace.name() {
                text.push(':');
                text.push_str(prefix);
            }
            text.push_str("=\"");
            escape::attribute(namespace.uri(), &mut text);
            text.push('"');
        }
        text.push('>');
        text.push_str(piece);
        text.push_str("</decrypted>");
        Self::new(text.as_bytes(), Limits::MESSAGE)
    }

    /// The tree.
    ///
    /// # Errors
    /// A text beyond its limits, with a document type, or not well-formed.
    pub fn parse(&self) -> Result<Document<'_>, ParseError> {
        measure::check(&self.text, &self.limits)?;
        let options = ParsingOptions { allow_dtd: false, nodes_limit: self.limits.nodes, ..ParsingOptions::default() };
        Document::parse_with_options(&self.text, options).map_err(|error| match error {
            roxmltree::Error::NodesLimitReached => ParseError::TooManyNodes(self.limits.nodes),
            roxmltree::Error::DtdDetected => ParseError::Doctype,
            other => ParseError::NotWellFormed(other.to_string()),
        })
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The declaration decides how other parsers read the bytes; one that disagrees with us is refused.
fn check_declaration(text: &str) -> Result<(), ParseError> {
    let Some(declaration) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with([' ', '\t', '\n', '\r'])) else {
        return Ok(());
    };
    let declaration = declaration.split("?>").next().unwrap_or_default();
    if quoted(declaration, "version") != Some("1.0") {
        return Err(ParseError::Version);
    }
    match quoted(declaration, "encoding") {
        Some(name) if !name.eq_ignore_ascii_case("utf-8") => Err(ParseError::Encoding),
        None if declaration.contains("encoding") => Err(ParseError::Encoding),
        _ => Ok(()),
    }
}

/// The quoted value behind `name=`.
fn quoted<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}
