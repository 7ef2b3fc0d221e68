//! Looking at elements: a child that is there once, text that is whole. Never here: what a value means.

use super::Namespace;
use roxmltree::Node;

/// Why an element is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// A required element is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An element that may be there once is there again.
    #[error("{0} is there more than once")]
    Twice(&'static str),
    /// A required attribute is not there or empty.
    #[error("the attribute {0} is missing or empty")]
    Attribute(&'static str),
    /// Text with a comment, an instruction or an element in it. Two readers would not agree on what it says.
    #[error("the text of {0} is interrupted by markup")]
    Interrupted(String),
    /// A value that is not as its type demands.
    #[error("the value of {0} is not valid")]
    Value(&'static str),
}

/// Whether the element has this name.
#[must_use]
pub fn is(node: Node<'_, '_>, namespace: Namespace, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(namespace.uri)
}

/// The child of this name, at most one.
///
/// # Errors
/// If it is there twice.
pub fn child<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> Result<Option<Node<'a, 'i>>, ShapeError> {
    let mut found = parent.children().filter(|node| is(*node, namespace, name));
    let first = found.next();
    if found.next().is_some() {
        return Err(ShapeError::Twice(name));
    }
    Ok(first)
}

/// The one child of this name.
///
/// # Errors
/// If it is missing or there twice.
pub fn required<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> Result<Node<'a, 'i>, ShapeError> {
    child(parent, namespace, name)?.ok_or(ShapeError::Missing(name))
}

/// Every child of this name.
pub fn children<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    parent.children().filter(move |node| is(*node, namespace, name))
}

/// The whole text of an element, without the white space around it. An element that has anything but one run of text is
/// refused: a comment in a name must not cut it short (comment truncation).
///
/// # Errors
/// Text with markup in it.
pub fn text<'a>(node: Node<'a, '_>) -> Result<&'a str, ShapeError> {
    let mut children = node.children();
    let first = children.next();
    let interrupted = || ShapeError::Interrupted(node.tag_name().name().to_owned());
    if children.next().is_some() {
        return Err(interrupted());
    }
    match first {
        None => Ok(""),
        Some(only) if only.is_text() => Ok(only.text().unwrap_or_default().trim_matches(WHITE_SPACE)),
        Some(_) => Err(interrupted()),
    }
}

/// Text that may not be empty.
///
/// # Errors
/// Text with markup in it, or none.
pub fn required_text<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, ShapeError> {
    Some(text(node)?).filter(|text| !text.is_empty()).ok_or(ShapeError::Value(name))
}

/// An attribute that has no namespace. The tree's own look-up takes the first of that local name in any namespace, so
/// that `x:ID="signed" ID="evil"` would have two readings; this is the only look-up that is used.
#[must_use]
pub fn optional<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|found| found.namespace().is_none() && found.name() == name).map(|found| found.value())
}

/// An attribute without a namespace that may not be missing or empty.
///
/// # Errors
/// If it is.
pub fn attribute<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, ShapeError> {
    optional(node, name).filter(|value| !value.is_empty()).ok_or(ShapeError::Attribute(name))
}

/// An `xs:boolean`; absent is `None`.
///
/// # Errors
/// Another word than `true`, `false`, `1` or `0`.
pub fn boolean(node: Node<'_, '_>, name: &'static str) -> Result<Option<bool>, ShapeError> {
    match optional(node, name).map(|value| value.trim_matches(WHITE_SPACE)) {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(_) => Err(ShapeError::Value(name)),
    }
}

/// An `xs:unsignedShort`; absent is `None`.
///
/// # Errors
/// Anything but digits up to 65535.
pub fn index(node: Node<'_, '_>, name: &'static str) -> Result<Option<u16>, ShapeError> {
    let Some(value) = optional(node, name) else { return Ok(None) };
    value.trim_matches(WHITE_SPACE).parse().map(Some).map_err(|_| ShapeError::Value(name))
}

/// White space of XML; other spaces of Unicode are content.
pub const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];
