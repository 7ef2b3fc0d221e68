//! Lists people as JumpCloud's v1 does: search, filter, sort, limit and skip.

use std::cmp::Ordering;

use muster_base::Id;

use super::{User, store};
use crate::{Error, Result, Source};

/// The attributes that are compared as numbers.
const NUMBERS: &[&str] = &["unix_uid", "unix_guid"];

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

    fn holds(&self, user: &User) -> bool {
        let value = user.attribute(&self.field).unwrap_or_default();
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
    /// Occurs in the names, e-mail or title.
    pub search: Option<String>,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Attributes; a leading `-` turns the order round.
    pub sort: Vec<String>,
    /// Only after this id (a cursor); for the order of ids.
    pub after: Option<String>,
    /// Rows at most.
    pub limit: i64,
    /// Rows passed over.
    pub skip: i64,
}

/// A page and the number of rows in all.
///
/// # Errors
/// The database's.
pub async fn list(s: &mut impl Source, org: Id, query: &Query) -> Result<(Vec<User>, i64)> {
    let by_id = query.sort.is_empty() || query.sort == ["_id"];
    let after = query.after.as_deref().unwrap_or("");
    if query.filters.is_empty() && by_id && query.skip == 0 {
        // The order of the index: no more is read than is shown.
        return match query.search.as_deref().filter(|t| !t.is_empty()) {
            Some(term) => store::search(s, org, term, after, query.limit).await,
            None => Ok((store::page(s, org, after, query.limit).await?, store::count(s, org).await?)),
        };
    }
    let mut rows = match query.search.as_deref().filter(|t| !t.is_empty()) {
        Some(term) => store::search(s, org, term, "", i64::MAX).await?.0,
        None => store::everyone(s, org).await?,
    };
    rows.retain(|user| query.filters.iter().all(|f| f.holds(user)));
    for key in query.sort.iter().rev() {
        let (name, descending) = key.strip_prefix('-').map_or((key.as_str(), false), |n| (n, true));
        rows.sort_by(|a, b| {
            let order = sort_key(a, name).cmp(&sort_key(b, name));
            if descending { order.reverse() } else { order }
        });
    }
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(query.skip).unwrap_or(0);
    let limit = usize::try_from(query.limit).unwrap_or(0);
    Ok((rows.into_iter().skip(skip).take(limit).collect(), total))
}

/// Without regard to case; who has no value comes first.
fn sort_key(user: &User, name: &str) -> (Option<i64>, String) {
    let text = user.attribute(name).unwrap_or_default().to_lowercase();
    let number = if NUMBERS.contains(&name) { text.parse().ok() } else { None };
    (number, text)
}
