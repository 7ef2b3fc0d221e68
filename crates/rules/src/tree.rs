//! The tree every wire form becomes, and what is kept in the database. Building one here bounds its size; whether its
//! attributes and values make sense is `check`'s to say.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::limits::{MAX_DEPTH, MAX_TESTS, MAX_TEXT_BYTES};
use crate::{Operator, Problem};

/// A rule: who matches it. Read from JSON only within the limits. `All` of nothing matches everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Node", try_from = "Node")]
pub struct Rule {
    pub node: Node,
}

/// `{"all":[..]}`, `{"any":[..]}`, `{"none":[..]}` or `{"test":{..}}` as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Every child is true; true of no children.
    All(Vec<Node>),
    /// Some child is true; false of no children.
    Any(Vec<Node>),
    /// No child is true; true of no children.
    None(Vec<Node>),
    Test(Test),
}

/// One condition on one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Canonical name: `email`, `department`, or `attributes.NAME` for a custom attribute.
    pub attribute: String,
    pub operator: Operator,
    /// None for `is empty`, one for most, up to a hundred for `in`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// False unless asked for: `SALES` equals `sales`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub case_sensitive: bool,
}

impl Test {
    /// A test that ignores case.
    pub fn new<V: Into<String>>(
        attribute: impl Into<String>,
        operator: Operator,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { attribute: attribute.into(), operator, values, case_sensitive: false }
    }
}

impl Rule {
    /// A rule within the limits; a lone test becomes a group of one, as it is on the wire.
    pub fn new(node: Node) -> Result<Self, Problem> {
        within_limits(&node)?;
        let node = if matches!(node, Node::Test(_)) { Node::All(vec![node]) } else { node };
        Ok(Self { node })
    }

    /// The rule that everybody matches: that of the default group "All Users".
    pub fn everyone() -> Self {
        Self { node: Node::All(Vec::new()) }
    }

    /// Whether the rule has no test and so matches everybody.
    pub fn is_everyone(&self) -> bool {
        matches!(&self.node, Node::All(children) if children.is_empty())
    }

    /// The tests in the order in which they are written.
    pub fn tests(&self) -> Vec<&Test> {
        let mut tests = Vec::new();
        let mut open = vec![&self.node];
        while let Some(node) = open.pop() {
            match node {
                Node::Test(test) => tests.push(test),
                Node::All(children) | Node::Any(children) | Node::None(children) => {
                    open.extend(children.iter().rev());
                }
            }
        }
        tests
    }

    /// The same rule with each value of its tests put through `of`: names made ids, or ids names.
    #[must_use]
    pub fn map_values(&self, of: &mut dyn FnMut(&Test, &str) -> String) -> Self {
        Self { node: mapped(&self.node, of, MAX_DEPTH + 1) }
    }

    /// The attributes the rule depends on: a change of any other cannot change who matches.
    pub fn attributes(&self) -> BTreeSet<&str> {
        self.tests().into_iter().map(|test| test.attribute.as_str()).collect()
    }
}

/// A rule is within the limits, so this ends at their depth.
fn mapped(node: &Node, of: &mut dyn FnMut(&Test, &str) -> String, levels_left: usize) -> Node {
    let mut each = |children: &[Node]| {
        let levels = if levels_left == 0 { &[] } else { children };
        levels.iter().map(|child| mapped(child, of, levels_left - 1)).collect()
    };
    match node {
        Node::All(children) => Node::All(each(children)),
        Node::Any(children) => Node::Any(each(children)),
        Node::None(children) => Node::None(each(children)),
        Node::Test(test) => {
            let values = test.values.iter().map(|value| of(test, value)).collect();
            Node::Test(Test { values, ..test.clone() })
        }
    }
}

impl From<Rule> for Node {
    fn from(rule: Rule) -> Self {
        rule.node
    }
}

impl TryFrom<Node> for Rule {
    type Error = Problem;

    fn try_from(node: Node) -> Result<Self, Problem> {
        Rule::new(node)
    }
}

/// Measures depth, tests and text without recursion.
pub(crate) fn within_limits(root: &Node) -> Result<(), Problem> {
    let (mut tests, mut text) = (0usize, 0usize);
    let mut open = vec![(root, 1usize)];
    while let Some((node, level)) = open.pop() {
        match node {
            Node::Test(test) => {
                tests += 1;
                text += test.attribute.len() + test.values.iter().map(String::len).sum::<usize>();
            }
            Node::All(_) | Node::Any(_) | Node::None(_) if level > MAX_DEPTH => return Err(too_deep("memberQuery")),
            Node::All(children) | Node::Any(children) | Node::None(children) => {
                open.extend(children.iter().map(|child| (child, level + 1)));
            }
        }
        if tests > MAX_TESTS {
            return Err(too_many("memberQuery"));
        }
        if text > MAX_TEXT_BYTES {
            return Err(too_long("memberQuery"));
        }
    }
    Ok(())
}

pub(crate) fn too_deep(path: &str) -> Problem {
    Problem::new(path, format!("groups are nested more than {MAX_DEPTH} deep; write the rule flatter"))
}

pub(crate) fn too_many(path: &str) -> Problem {
    Problem::new(path, format!("the rule has more than {MAX_TESTS} conditions; use \"in\" with a list of values"))
}

pub(crate) fn too_long(path: &str) -> Problem {
    Problem::new(path, format!("the rule's names and values are longer than {MAX_TEXT_BYTES} bytes together"))
}
