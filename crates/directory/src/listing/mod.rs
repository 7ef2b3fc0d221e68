//! How lists are asked for, as JumpCloud's v1 does: search, filter, sort, limit and skip, over anything that answers for
//! its attributes. Pure, but for [`read`].

mod read;

use std::cmp::Ordering;

use muster_base::Id;
use muster_rules::Subject;

use crate::{Error, Result};

pub use read::{Listed, Statements, by_name, count, everyone, list, page, search};

/// The attributes that are compared as numbers.
const NUMBERS: &[&str] = &[
    "unix_uid",
    "unix_guid",
    "systemTimezone",
    "osVersionDetail.majorNumber",
    "osVersionDetail.minorNumber",
    "osVersionDetail.patchNumber",
];

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "JumpCloud's operators: $eq, $ne, $gt, ...")]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

/// One filter, `field:$op:value`; several hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The attribute.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// The value, compared with case.
    pub value: String,
}

impl Filter {
    /// Reads `field:$eq:value`; the `$` may be missing.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `filter`.
    pub fn read(text: &str) -> Result<Self> {
        let wrong = || Error::field("filter", format!("\"{text}\" is not of the form field:$eq:value"));
        let mut parts = text.splitn(3, ':');
        let (field, operator, value) = (parts.next(), parts.next(), parts.next());
        let operator = match operator.ok_or_else(wrong)?.trim_start_matches('$') {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "gt" => Operator::Gt,
            "gte" | "ge" => Operator::Gte,
            "lt" => Operator::Lt,
            "lte" | "le" => Operator::Lte,
            other => {
                let message = format!("unknown operator \"{other}\": use $eq, $ne, $gt, $gte, $lt or $lte");
                return Err(Error::field("filter", message));
            }
        };
        let field = field.filter(|f| !f.is_empty() && f.len() <= 200).ok_or_else(wrong)?;
        Ok(Self { field: field.to_owned(), operator, value: value.ok_or_else(wrong)?.to_owned() })
    }

    fn holds(&self, subject: &impl Subject) -> bool {
        let value = subject.value(&self.field).unwrap_or_default();
        let order = match (NUMBERS.contains(&self.field.as_str()), value.parse::<i64>(), self.value.parse::<i64>()) {
            (true, Ok(a), Ok(b)) => a.cmp(&b),
            _ => value.as_ref().cmp(self.value.as_str()),
        };
        match self.operator {
            Operator::Eq => order == Ordering::Equal,
            Operator::Ne => order != Ordering::Equal,
            Operator::Gt => order == Ordering::Greater,
            Operator::Gte => order != Ordering::Less,
            Operator::Lt => order == Ordering::Less,
            Operator::Lte => order != Ordering::Greater,
        }
    }
}

/// A list request.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Occurs in what a search of this kind looks into.
    pub search: Option<String>,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Only those of these ids, which are in order.
    pub within: Option<Vec<Id>>,
    /// Attributes; a leading `-` turns the order round.
    pub sort: Vec<String>,
    /// Only after this id (a cursor); for the order of ids.
    pub after: Option<String>,
    /// Rows at most.
    pub limit: i64,
    /// Rows passed over.
    pub skip: i64,
}

impl Query {
    /// What is searched for, where something is.
    fn term(&self) -> Option<&str> {
        self.search.as_deref().filter(|t| !t.is_empty())
    }

    /// The cursor's text; empty before the first row.
    fn cursor(&self) -> &str {
        self.after.as_deref().unwrap_or("")
    }

    /// Whether the rows come as an index gives them: no more need be read than is shown.
    fn is_of_index(&self) -> bool {
        self.filters.is_empty() && (self.sort.is_empty() || self.sort == ["_id"]) && self.skip == 0
    }

    /// Filters, sorts and cuts rows that were read whole; the number is that before the cut.
    fn arrange<T: Subject>(&self, mut rows: Vec<T>) -> (Vec<T>, i64) {
        rows.retain(|row| self.filters.iter().all(|f| f.holds(row)));
        for key in self.sort.iter().rev() {
            let (name, descending) = key.strip_prefix('-').map_or((key.as_str(), false), |n| (n, true));
            rows.sort_by(|a, b| {
                let order = sort_key(a, name).cmp(&sort_key(b, name));
                if descending { order.reverse() } else { order }
            });
        }
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let skip = usize::try_from(self.skip).unwrap_or(0);
        let limit = usize::try_from(self.limit).unwrap_or(0);
        (rows.into_iter().skip(skip).take(limit).collect(), total)
    }
}

/// Without regard to case; who has no value comes first.
fn sort_key(subject: &impl Subject, name: &str) -> (Option<i64>, String) {
    let text = subject.value(name).unwrap_or_default().to_lowercase();
    let number = if NUMBERS.contains(&name) { text.parse().ok() } else { None };
    (number, text)
}
