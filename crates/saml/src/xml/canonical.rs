//! Canonical XML of one element: exclusive (with `InclusiveNamespaces`) and inclusive C14N 1.0, both without comments.
//! Never here: the variants with comments, node sets other than a subtree, C14N 1.1.

use super::{XML_URI, escape};
use roxmltree::{Node, NodeType};

/// More output than this is refused: a long namespace name that each of many elements renders again.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Which canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exclusive XML Canonicalization 1.0, with the prefixes (`#default` for none) that are treated inclusively.
    Exclusive(Vec<String>),
    /// Canonical XML 1.0.
    Inclusive,
}

impl Method {
    /// Exclusive, without a list.
    pub const EXCLUSIVE: Self = Self::Exclusive(Vec::new());
}

/// What to do with markup that is no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extras {
    /// As the specification says: comments are left out, processing instructions are kept.
    AsSpecified,
    /// Refuse both: in signed text they let two readers differ.
    Refuse,
}

/// Why there is no canonical form. There is never an empty one instead (void canonicalization).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A comment, with [`Extras::Refuse`].
    #[error("comments are not accepted in signed text")]
    Comment,
    /// A processing instruction, with [`Extras::Refuse`].
    #[error("processing instructions are not accepted in signed text")]
    Instruction,
    /// A namespace name that is relative (C14N 1.0 section 1.3: there is no canonical form then).
    #[error("the namespace name \"{0}\" is relative")]
    RelativeNamespace(String),
    /// More output than [`MAX_BYTES`].
    #[error("the canonical form has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// The node is no element.
    #[error("only an element has a canonical form here")]
    NotAnElement,
}

/// The canonical form of the element, without the element `without` inside it (the enveloped signature).
///
/// # Errors
/// If there is none.
pub fn canonicalize(
    apex: Node<'_, '_>,
    method: &Method,
    without: Option<Node<'_, '_>>,
    extras: Extras,
) -> Result<String, CanonicalError> {
    if !apex.is_element() {
        return Err(CanonicalError::NotAnElement);
    }
    let mut walk = Walk {
        method,
        without: without.map(|node| node.id()),
        extras,
        out: String::with_capacity(apex.range().len()),
        rendered: Vec::new(),
    };
    walk.element(apex, true)?;
    Ok(walk.out)
}

/// An attribute on its way to the output: namespace and local name to sort by, the name as written, the value.
type Attribute<'a> = (&'a str, &'a str, &'a str, &'a str);

struct Walk<'m, 'a> {
    method: &'m Method,
    without: Option<roxmltree::NodeId>,
    extras: Extras,
    out: String,
    /// Prefix and name of every declaration that was rendered at an open element, outermost first.
    rendered: Vec<(&'a str, &'a str)>,
}

impl<'a> Walk<'_, 'a> {
    /// The depth is bounded by the parser's limit.
    fn element(&mut self, node: Node<'a, '_>, is_apex: bool) -> Result<(), CanonicalError> {
        let before = self.rendered.len();
        let name = written_name(node);
        let attributes = self.attributes(node, is_apex);
        self.out.push('<');
        self.out.push_str(name);
        for prefix in candidates(self.method, node, name, &attributes) {
            self.declare(node, prefix)?;
        }
        for (_, _, written, value) in &attributes {
            self.out.push(' ');
            self.out.push_str(written);
            self.out.push_str("=\"");
            escape::attribute(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
        for child in node.children() {
            if Some(child.id()) != self.without {
                self.content(child)?;
            }
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.rendered.truncate(before);
        if self.out.len() > MAX_BYTES { Err(CanonicalError::TooLarge) } else { Ok(()) }
    }

    fn content(&mut self, node: Node<'a, '_>) -> Result<(), CanonicalError> {
        match node.node_type() {
            NodeType::Element => self.element(node, false),
            NodeType::Text => {
                escape::text(node.text().unwrap_or_default(), &mut self.out);
                Ok(())
            }
            NodeType::Comment if self.extras == Extras::Refuse => Err(CanonicalError::Comment),
            NodeType::PI if self.extras == Extras::Refuse => Err(CanonicalError::Instruction),
            NodeType::PI => {
                if let Some(instruction) = node.pi() {
                    self.out.push_str("<?");
                    self.out.push_str(instruction.target);
                    if let Some(value) = instruction.value.filter(|value| !value.is_empty()) {
                        self.out.push(' ');
                        escape::instruction(value, &mut self.out);
                    }
                    self.out.push_str("?>");
                }
                Ok(())
            }
            NodeType::Comment | NodeType::Root => Ok(()),
        }
    }

    /// Sorted by namespace, then local name. The inclusive form's apex takes `xml:` attributes from its ancestors.
    fn attributes(&self, node: Node<'a, '_>, is_apex: bool) -> Vec<Attribute<'a>> {
        let mut attributes: Vec<Attribute<'a>> = written_attributes(node).collect();
        if is_apex && *self.method == Method::Inclusive {
            for ancestor in node.ancestors().skip(1).filter(Node::is_element) {
                for inherited in written_attributes(ancestor).filter(|(uri, ..)| *uri == XML_URI) {
                    if !attributes.iter().any(|(uri, name, ..)| *uri == XML_URI && *name == inherited.1) {
                        attributes.push(inherited);
                    }
                }
            }
        }
        attributes.sort_unstable_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
        attributes
    }

    /// Renders the declaration of the prefix that is in scope, unless the output has it already.
    fn declare(&mut self, node: Node<'a, '_>, prefix: &str) -> Result<(), CanonicalError> {
        if prefix == "xml" {
            return Ok(());
        }
        let in_scope = node.namespaces().find(|namespace| namespace.name().unwrap_or_default() == prefix);
        let (prefix, uri) = match in_scope {
            Some(namespace) => (namespace.name().unwrap_or_default(), namespace.uri()),
            None if prefix.is_empty() => ("", ""),
            // A prefix of the list that is not in scope here.
            None => return Ok(()),
        };
        let current = self.rendered.iter().rev().find(|(rendered, _)| *rendered == prefix).map_or("", |(_, uri)| uri);
        if current == uri {
            return Ok(());
        }
        if !uri.is_empty() && !is_absolute(uri) {
            return Err(CanonicalError::RelativeNamespace(uri.to_owned()));
        }
        self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
        self.out.push_str(prefix);
        self.out.push_str("=\"");
        escape::attribute(uri, &mut self.out);
        self.out.push('"');
        self.rendered.push((prefix, uri));
        if self.out.len() > MAX_BYTES { Err(CanonicalError::TooLarge) } else { Ok(()) }
    }
}

/// The prefixes whose declaration may have to be rendered here, sorted (the default, "", first).
fn candidates<'c>(method: &'c Method, node: Node<'c, '_>, name: &'c str, attributes: &[Attribute<'c>]) -> Vec<&'c str> {
    let mut prefixes: Vec<&'c str> = match method {
        Method::Inclusive => {
            let in_scope = node.namespaces().map(|namespace| namespace.name().unwrap_or_default());
            in_scope.chain([""]).collect()
        }
        Method::Exclusive(listed) => {
            let listed = listed.iter().map(|prefix| if prefix == "#default" { "" } else { prefix.as_str() });
            let used = attributes.iter().map(|(_, _, written, _)| prefix_of(written));
            used.filter(|prefix| !prefix.is_empty()).chain([prefix_of(name)]).chain(listed).collect()
        }
    };
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}

/// The element's name as it stands in the text, with its prefix (the tree keeps only what the prefix stands for).
fn written_name<'a>(node: Node<'a, '_>) -> &'a str {
    name_at(node.document().input_text(), node.range().start + 1)
}

fn written_attributes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = Attribute<'a>> {
    let text = node.document().input_text();
    node.attributes().map(move |attribute| {
        let written = name_at(text, attribute.range().start);
        (attribute.namespace().unwrap_or_default(), attribute.name(), written, attribute.value())
    })
}

fn name_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    rest.split(['=', '>', '/', ' ', '\t', '\n']).next().unwrap_or_default()
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// Whether a namespace name begins with a scheme (RFC 3986 section 3.1).
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}
