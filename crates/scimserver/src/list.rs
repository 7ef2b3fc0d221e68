//! Pages of resources: what a filter leaves to look through, which part was asked for, and how far.

use muster_base::Micros;
use muster_scim::filter::{Condition, Literal, Operator, StoreField, narrow};
use muster_scim::message::ListResponse;
use muster_scim::server::{Paging, Query, read_cursor, sort, write_cursor};
use muster_scim::{Definition, Error, Filter, Resource, ScimType};

/// Resources that are put in order at most.
const SORTED_MAX: usize = 10_000;
/// Look-ups for one filter at most.
const LOOKUPS_MAX: usize = 200;

/// Where matches of a filter can be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// Among those that these values find.
    Found(Vec<(StoreField, String)>),
    /// Among those changed at this time or later.
    Since(Micros),
    /// Anywhere.
    Anywhere,
}

impl Place {
    /// Reads it from a filter, by the fields that the store finds.
    pub(crate) fn of(filter: Option<&Filter>, fields: &[StoreField]) -> Self {
        let Some(filter) = filter else { return Self::Anywhere };
        let has = |field| fields.contains(&field) || field == StoreField::LastModified;
        let condition = narrow(filter, &has).condition;
        match lookups(&condition) {
            Some(found) if found.len() <= LOOKUPS_MAX => Self::Found(found),
            _ => since(&condition).map_or(Self::Anywhere, Self::Since),
        }
    }
}

fn lookups(condition: &Condition) -> Option<Vec<(StoreField, String)>> {
    match condition {
        Condition::Test { field: StoreField::LastModified, .. } => None,
        Condition::Test { field, operator: Operator::Eq, value: Literal::Text(text) } => {
            Some(vec![(*field, text.clone())])
        }
        Condition::And(parts) => parts.iter().filter_map(lookups).min_by_key(Vec::len),
        Condition::Or(parts) => {
            let found: Option<Vec<_>> = parts.iter().map(lookups).collect();
            Some(found?.concat())
        }
        _ => None,
    }
}

fn since(condition: &Condition) -> Option<Micros> {
    match condition {
        Condition::Test {
            field: StoreField::LastModified,
            operator: Operator::Gt | Operator::Ge | Operator::Eq,
            value: Literal::Text(text),
        } => {
            // Times are told in milliseconds.
            Micros::parse_rfc3339(text).map(|at| Micros(at.0.div_euclid(1000).saturating_mul(1000)))
        }
        Condition::And(parts) => parts.iter().filter_map(since).max(),
        _ => None,
    }
}

/// Gathers matches until the page is full.
pub(crate) struct Gather<'q> {
    query: &'q Query,
    definition: &'q Definition,
    paging: Part,
    seen: u64,
    kept: Vec<Resource>,
    is_full: bool,
}

/// The part that was asked for.
#[derive(Clone, Debug)]
enum Part {
    Index {
        start: u64,
        count: usize,
    },
    /// In the order of ids, after one.
    After {
        id: String,
        count: usize,
    },
    /// In another order, so many in.
    Skip {
        skip: u64,
        count: usize,
    },
}

impl<'q> Gather<'q> {
    /// # Errors
    /// `invalidCursor`.
    pub(crate) fn new(query: &'q Query, definition: &'q Definition) -> Result<Self, Error> {
        let paging = match &query.paging {
            Paging::Index { start, count } => Part::Index { start: *start, count: *count },
            Paging::Cursor { cursor, count } => {
                let kind = if query.sort_by.is_some() { "n" } else { "id" };
                let place = match cursor {
                    None => String::new(),
                    Some(cursor) => match read_cursor(cursor, 2)?.as_slice() {
                        [of, place] if of == kind && place.len() <= 24 => place.clone(),
                        _ => {
                            let words = "this cursor is of another question: begin again without it";
                            return Err(Error::new(ScimType::InvalidCursor, words));
                        }
                    },
                };
                match kind {
                    "n" => Part::Skip { skip: place.parse().unwrap_or(0), count: *count },
                    _ => Part::After { id: place, count: *count },
                }
            }
        };
        Ok(Self { query, definition, paging, seen: 0, kept: Vec::new(), is_full: false })
    }

    /// The id after which the search begins.
    pub(crate) fn after(&self) -> String {
        match &self.paging {
            Part::After { id, .. } => id.clone(),
            _ => String::new(),
        }
    }

    /// Whether nothing more needs to be looked at.
    pub(crate) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// How many are kept so far.
    pub(crate) const fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Looks at a resource, in the order of ids.
    ///
    /// # Errors
    /// `tooMany`, when more would have to be put in order than is done.
    pub(crate) fn look(&mut self, resource: Resource) -> Result<(), Error> {
        if self.query.filter.as_ref().is_some_and(|f| !f.matches(&resource.0, self.definition)) {
            return Ok(());
        }
        self.seen += 1;
        if self.query.sort_by.is_some() {
            if self.kept.len() >= SORTED_MAX {
                let words = format!("more than {SORTED_MAX} would have to be sorted: narrow the filter");
                return Err(Error::new(ScimType::TooMany, words));
            }
            self.kept.push(resource);
            return Ok(());
        }
        match &self.paging {
            Part::Index { start, count } => {
                if self.seen >= *start && self.kept.len() < *count {
                    self.kept.push(resource);
                }
            }
            Part::After { id, count } => {
                if resource.id().is_some_and(|of| of > id.as_str()) {
                    // One more than the page, to know whether there is another.
                    self.kept.push(resource);
                    self.is_full = self.kept.len() > *count;
                }
            }
            Part::Skip { .. } => {}
        }
        Ok(())
    }

    /// The page: its resources, and the message around them.
    pub(crate) fn finish(mut self) -> (Vec<Resource>, ListResponse) {
        if let Some(by) = &self.query.sort_by {
            sort(&mut self.kept, by, self.query.descending, self.definition);
        }
        let total = self.seen;
        let mut list = ListResponse::default();
        let page: Vec<Resource> = match self.paging {
            Part::Index { start, count } => {
                list.start_index = Some(start);
                list.total = Some(total);
                if self.query.sort_by.is_some() {
                    let skip = usize::try_from(start - 1).unwrap_or(usize::MAX);
                    self.kept.into_iter().skip(skip).take(count).collect()
                } else {
                    self.kept
                }
            }
            Part::Skip { skip, count } => {
                list.total = Some(total);
                let next = skip.saturating_add(count as u64);
                if next < total {
                    list.next_cursor = Some(write_cursor(&["n".into(), next.to_string()]));
                }
                self.kept.into_iter().skip(usize::try_from(skip).unwrap_or(usize::MAX)).take(count).collect()
            }
            Part::After { count, .. } => {
                let more = self.kept.len() > count;
                self.kept.truncate(count);
                let last = self.kept.last().and_then(Resource::id).filter(|_| more);
                list.next_cursor = last.map(|id| write_cursor(&["id".into(), id.to_owned()]));
                self.kept
            }
        };
        list.items_per_page = Some(page.len() as u64);
        (page, list)
    }
}

/// The part of a list that an index gives without looking through: how many at most, and after how many.
pub(crate) fn plain(query: &Query) -> Option<(i64, i64)> {
    match (&query.filter, &query.sort_by, &query.paging) {
        (None, None, Paging::Index { start, count }) => {
            let skip = i64::try_from(start - 1).unwrap_or(i64::MAX);
            Some((i64::try_from(*count).unwrap_or(0), skip))
        }
        _ => None,
    }
}

/// The parameters as a query.
///
/// # Errors
/// As [`Query::read`].
pub(crate) fn read(parameters: &[(String, String)], definition: &Definition) -> Result<Query, Error> {
    Query::read(parameters.iter().map(|(n, v)| (n.as_str(), v.as_str())), definition)
}
