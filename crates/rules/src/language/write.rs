//! From tree to text: one text for one meaning, so that what is read and written again stays as it is.

use super::parse::EXACTLY;
use crate::limits::MAX_DEPTH;
use crate::member_query::GROUPS;
use crate::{Node, Operator, Rule, Test, ValueKind};

/// The text of a rule.
#[must_use]
pub fn write(rule: &Rule) -> String {
    node(&rule.node, Around::Nothing, MAX_DEPTH)
}

/// What a node stands in, which decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    All,
    Any,
    Not,
}

/// A rule is within the limits, so this ends at their depth.
fn node(of: &Node, around: Around, levels_left: usize) -> String {
    if levels_left == 0 && !matches!(of, Node::Test(_)) {
        return "nobody".to_owned();
    }
    let left = levels_left.saturating_sub(1);
    match of {
        Node::Test(found) => test(found),
        Node::All(children) if children.is_empty() => "everyone".to_owned(),
        Node::Any(children) if children.is_empty() => "nobody".to_owned(),
        Node::None(children) if children.is_empty() => "everyone".to_owned(),
        Node::All(children) | Node::Any(children) if children.len() == 1 => {
            children.first().map(|only| node(only, around, left)).unwrap_or_default()
        }
        Node::All(children) => {
            let text = joined(children, " and ", Around::All, left);
            if matches!(around, Around::Nothing | Around::Any) { text } else { format!("({text})") }
        }
        Node::Any(children) => {
            let text = joined(children, " or ", Around::Any, left);
            if around == Around::Nothing { text } else { format!("({text})") }
        }
        Node::None(children) => match children.as_slice() {
            [only] => format!("not {}", node(only, Around::Not, left)),
            several => format!("not ({})", joined(several, " or ", Around::Any, left)),
        },
    }
}

fn joined(children: &[Node], with: &str, around: Around, levels_left: usize) -> String {
    children.iter().map(|child| node(child, around, levels_left)).collect::<Vec<_>>().join(with)
}

fn test(of: &Test) -> String {
    let exactly = if of.case_sensitive { format!(" {EXACTLY}") } else { String::new() };
    let subject = match of.operator {
        // `member of "Sales"`, `owner member of "Sales"`
        Operator::MemberOf | Operator::NotMemberOf if of.attribute == GROUPS => String::new(),
        Operator::MemberOf | Operator::NotMemberOf => {
            let whose = of.attribute.strip_suffix(".groups").unwrap_or(&of.attribute);
            format!("{} ", name(whose))
        }
        _ => format!("{} ", name(&of.attribute)),
    };
    let head = format!("{subject}{}{exactly}", words(of.operator));
    let values: Vec<String> = of.values.iter().map(|value| quoted(value)).collect();
    match of.operator.value_kind() {
        ValueKind::None => head,
        ValueKind::One => format!("{head} {}", values.first().cloned().unwrap_or_else(|| quoted(""))),
        // `member of "Sales"` reads as it is said.
        ValueKind::List if matches!(of.operator, Operator::MemberOf | Operator::NotMemberOf) && values.len() == 1 => {
            format!("{head} {}", values.concat())
        }
        ValueKind::List => format!("{head} ({})", values.join(", ")),
    }
}

/// The words for an operator, which are its label.
pub(super) fn words(operator: Operator) -> &'static str {
    operator.label()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A name as it is, or quoted where it could be read as something else.
pub(super) fn name(attribute: &str) -> String {
    let plain = |text: &str| {
        text.starts_with(char::is_alphabetic)
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
            && !text.ends_with('.')
    };
    const WORDS: [&str; 6] = ["not", "everyone", "nobody", "and", "or", "member"];
    if plain(attribute) && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(attribute)) {
        return attribute.to_owned();
    }
    match attribute.split_once('.') {
        Some((prefix, rest)) if plain(prefix) => format!("{prefix}.{}", quoted(rest)),
        _ => quoted(attribute),
    }
}
