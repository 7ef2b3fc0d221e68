//! From text to tree.

use std::ops::Range;

use super::token::{Piece, Token, pieces};
use super::{Fault, MAX_BYTES, MAX_NESTING};
use crate::member_query::{GROUPS, groups_of};
use crate::{Node, Operator, Rule, Test, ValueKind};

/// Every way to write an operator, the longer first: `is not empty` does not begin with `is`.
pub(super) const WRITTEN: [(&[&str], Operator); 32] = [
    (&["does", "not", "match", "pattern"], Operator::NotMatches),
    (&["matches", "pattern"], Operator::Matches),
    (&["within", "the", "last"], Operator::WithinLast),
    (&["within", "the", "next"], Operator::WithinNext),
    (&["longer", "ago", "than"], Operator::LongerAgo),
    (&["not", "member", "of"], Operator::NotMemberOf),
    (&["member", "of"], Operator::MemberOf),
    (&["within", "last"], Operator::WithinLast),
    (&["within", "next"], Operator::WithinNext),
    (&["greater", "than", "or", "equals"], Operator::GreaterOrEqual),
    (&["less", "than", "or", "equals"], Operator::LessOrEqual),
    (&["does", "not", "start", "with"], Operator::NotStartsWith),
    (&["does", "not", "end", "with"], Operator::NotEndsWith),
    (&["does", "not", "contain"], Operator::NotContains),
    (&["is", "not", "empty"], Operator::IsNotEmpty),
    (&["greater", "than"], Operator::GreaterThan),
    (&["less", "than"], Operator::LessThan),
    (&["starts", "with"], Operator::StartsWith),
    (&["ends", "with"], Operator::EndsWith),
    (&["is", "empty"], Operator::IsEmpty),
    (&["is", "set"], Operator::IsNotEmpty),
    (&["not", "equals"], Operator::NotEquals),
    (&["not", "in"], Operator::NotIn),
    (&["equals"], Operator::Equals),
    (&["in"], Operator::In),
    (&["contains"], Operator::Contains),
    (&["="], Operator::Equals),
    (&["!="], Operator::NotEquals),
    (&[">"], Operator::GreaterThan),
    (&[">="], Operator::GreaterOrEqual),
    (&["<"], Operator::LessThan),
    (&["<="], Operator::LessOrEqual),
];
/// What asks for the very letters.
pub(super) const EXACTLY: &str = "exactly";

/// What may stand where the text ends or is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    /// An attribute, `not` or `(`.
    Condition,
    /// What is done with this attribute.
    Operator(String),
    /// What this attribute is compared with, by this operator.
    Value(String, Operator),
    /// `and`, `or`, or `)`.
    Join,
}

/// The rule that a text says. An empty text is everyone.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(text: &str) -> Result<Rule, Fault> {
    read(text).map_err(|(fault, _)| fault)
}

/// The rule, or the fault and what would have been right there.
pub(super) fn read(text: &str) -> Result<Rule, (Fault, Expected)> {
    if text.len() > MAX_BYTES {
        let fault = Fault { at: 0..text.len(), message: format!("a rule has at most {MAX_BYTES} bytes") };
        return Err((fault, Expected::Condition));
    }
    let pieces = pieces(text).map_err(|fault| (fault, Expected::Condition))?;
    if pieces.is_empty() {
        return Ok(Rule::everyone());
    }
    let mut reader = Reader { pieces: &pieces, next: 0, end: text.len(), nesting: 0 };
    let node = reader.any()?;
    if let Some(piece) = reader.peek() {
        return Err(reader.fault(piece.at.clone(), "\"and\" or \"or\" is expected here", Expected::Join));
    }
    Rule::new(node).map_err(|problem| (Fault { at: 0..text.len(), message: problem.message }, Expected::Join))
}

struct Reader<'t> {
    pieces: &'t [Piece],
    next: usize,
    end: usize,
    nesting: usize,
}

type Read<T> = Result<T, (Fault, Expected)>;

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t Piece> {
        self.pieces.get(self.next)
    }

    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |piece| piece.at.clone())
    }

    fn fault(&self, at: Range<usize>, message: impl Into<String>, expected: Expected) -> (Fault, Expected) {
        (Fault { at, message: message.into() }, expected)
    }

    /// Whether the piece that is `ahead` of the next one is this word of the language.
    fn is(&self, ahead: usize, word: &str) -> bool {
        match self.pieces.get(self.next + ahead).map(|piece| &piece.token) {
            Some(Token::Word(found)) => found.eq_ignore_ascii_case(word),
            Some(Token::Sign(found)) => *found == word,
            _ => false,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is(0, word);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Read<Node> {
        let mut nodes = vec![self.all()?];
        while self.take("or") {
            nodes.push(self.all()?);
        }
        Ok(group(nodes, Node::Any))
    }

    fn all(&mut self) -> Read<Node> {
        let mut nodes = vec![self.one()?];
        while self.take("and") {
            nodes.push(self.one()?);
        }
        Ok(group(nodes, Node::All))
    }

    fn one(&mut self) -> Read<Node> {
        let at = self.here();
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            let message = format!("conditions are nested more than {MAX_NESTING} deep; write the rule flatter");
            return Err(self.fault(at, message, Expected::Condition));
        }
        let is_negated_test = self.is(0, "not") && self.is(1, "member") && self.is(2, "of");
        let node = if !is_negated_test && self.take("not") {
            match self.one()? {
                Node::Any(children) => Node::None(children),
                node => Node::None(vec![node]),
            }
        } else if self.take("(") {
            let node = self.any()?;
            if !self.take(")") {
                return Err(self.fault(self.here(), "the closing parenthesis is missing", Expected::Join));
            }
            node
        } else if self.take("everyone") {
            Node::All(Vec::new())
        } else if self.take("nobody") {
            Node::Any(Vec::new())
        } else {
            Node::Test(self.test()?)
        };
        self.nesting -= 1;
        Ok(node)
    }

    fn test(&mut self) -> Read<Test> {
        let Some(piece) = self.peek() else {
            let message = "a condition is missing, such as department equals \"Sales\"";
            return Err(self.fault(self.here(), message, Expected::Condition));
        };
        if self.is(0, "member") && self.is(1, "of") || self.is(0, "not") && self.is(1, "member") && self.is(2, "of") {
            return self.rest_of_test(GROUPS.to_owned());
        }
        let attribute = match &piece.token {
            Token::Word(name) | Token::Text(name) => name.clone(),
            Token::Sign(_) => {
                return Err(self.fault(
                    piece.at.clone(),
                    "the name of an attribute is expected here",
                    Expected::Condition,
                ));
            }
        };
        self.next += 1;
        self.rest_of_test(attribute)
    }

    fn rest_of_test(&mut self, attribute: String) -> Read<Test> {
        let operator = self.operator(&attribute)?;
        let attribute = match operator {
            Operator::MemberOf | Operator::NotMemberOf => groups_of(&attribute),
            _ => attribute,
        };
        let takes_values = operator.value_kind() != ValueKind::None;
        let case_sensitive = operator.has_case() && self.take(EXACTLY);
        let values = if takes_values { self.values(&attribute, operator)? } else { Vec::new() };
        Ok(Test { attribute, operator, values, case_sensitive })
    }

    fn operator(&mut self, attribute: &str) -> Read<Operator> {
        let found = WRITTEN.iter().find(|(words, _)| words.iter().enumerate().all(|(i, word)| self.is(i, word)));
        let Some((words, operator)) = found else {
            let message = format!("after {attribute} an operator is expected, such as equals, contains or is empty");
            return Err(self.fault(self.here(), message, Expected::Operator(attribute.to_owned())));
        };
        self.next += words.len();
        Ok(*operator)
    }

    fn values(&mut self, attribute: &str, operator: Operator) -> Read<Vec<String>> {
        let is_list = operator.value_kind() == ValueKind::List;
        if !is_list || !self.take("(") {
            return Ok(vec![self.value(attribute, operator)?]);
        }
        let mut values = vec![self.value(attribute, operator)?];
        while self.take(",") {
            values.push(self.value(attribute, operator)?);
        }
        if !self.take(")") {
            let message = "\",\" and a further value, or \")\" is expected here";
            return Err(self.fault(self.here(), message, Expected::Value(attribute.to_owned(), operator)));
        }
        Ok(values)
    }

    fn value(&mut self, attribute: &str, operator: Operator) -> Read<String> {
        match self.peek().map(|piece| &piece.token) {
            Some(Token::Word(value) | Token::Text(value)) => {
                self.next += 1;
                Ok(value.clone())
            }
            _ => {
                let message = format!("a value is expected after \"{}\", between double quotes", operator.label());
                Err(self.fault(self.here(), message, Expected::Value(attribute.to_owned(), operator)))
            }
        }
    }
}

/// A group of one is what is in it.
fn group(mut nodes: Vec<Node>, of: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(only) if nodes.is_empty() => only,
        Some(last) => {
            nodes.push(last);
            of(nodes)
        }
        None => of(nodes),
    }
}
