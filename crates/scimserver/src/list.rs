//! Pages of resources: what a filter leaves to look through, which part was asked for, and how far.

use muster_base::{Id, Micros};
use muster_scim::filter::{Condition, Literal, Operator, StoreField, narrow};
use muster_scim::message::ListResponse;
use muster_scim::server::{Paging, Position, Query, SortKey, read_cursor, write_cursor};
use muster_scim::{Definition, Error, Filter, Resource, ScimType};

/// Keys that are held beyond those of the page before what cannot be on it is let go.
const SORTED_MORE: usize = 2_000;
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
    /// Where an order was asked for: the first keys so far, as many as the page needs.
    keys: Vec<SortKey>,
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
                let position = cursor.as_ref().map(|cursor| read_cursor(cursor, query, definition)).transpose()?;
                match (position, &query.sort_by) {
                    (None, None) => Part::After { id: String::new(), count: *count },
                    (None, Some(_)) => Part::Skip { skip: 0, count: *count },
                    (Some(Position::After(id)), None) if id.parse::<Id>().is_ok() => Part::After { id, count: *count },
                    (Some(Position::Offset(skip)), Some(_)) => Part::Skip { skip, count: *count },
                    // Made up: ours of this query lead on in its order.
                    _ => {
                        let words = "cursor: this leads nowhere in this list: begin again without it";
                        return Err(Error::new(ScimType::InvalidCursor, words));
                    }
                }
            }
        };
        Ok(Self { query, definition, paging, seen: 0, kept: Vec::new(), keys: Vec::new(), is_full: false })
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
    pub(crate) fn look(&mut self, resource: Resource) {
        if self.query.filter.as_ref().is_some_and(|f| !f.matches(&resource.0, self.definition)) {
            return;
        }
        self.seen += 1;
        if let Some(by) = &self.query.sort_by {
            self.keys.push(SortKey::of(&resource, by, self.query.descending, self.definition));
            let needed = self.sorted_end();
            if self.keys.len() >= needed.saturating_add(needed.max(SORTED_MORE)) {
                self.keys.sort_unstable();
                self.keys.truncate(needed);
            }
            return;
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
    }

    /// Where the page begins in an order, and how long it is.
    fn sorted_part(&self) -> (usize, usize) {
        match &self.paging {
            Part::Index { start, count } => (usize::try_from(start.saturating_sub(1)).unwrap_or(usize::MAX), *count),
            Part::Skip { skip, count } => (usize::try_from(*skip).unwrap_or(usize::MAX), *count),
            Part::After { count, .. } => (0, *count),
        }
    }

    fn sorted_end(&self) -> usize {
        let (skip, count) = self.sorted_part();
        skip.saturating_add(count)
    }

    /// The ids of the page, where an order was asked for: its resources are read by them.
    pub(crate) fn sorted(&mut self) -> Option<Vec<Id>> {
        self.query.sort_by.as_ref()?;
        self.keys.sort_unstable();
        let (skip, count) = self.sorted_part();
        Some(self.keys.iter().skip(skip).take(count).filter_map(|key| key.id().parse().ok()).collect())
    }

    /// The page: its resources, and the message around them. Where an order was asked for they are `sorted`.
    pub(crate) fn finish(mut self, sorted: Option<Vec<Resource>>) -> (Vec<Resource>, ListResponse) {
        let total = self.seen;
        let mut list = ListResponse::default();
        let page: Vec<Resource> = match self.paging {
            Part::Index { start, .. } => {
                list.start_index = Some(start);
                list.total = Some(total);
                sorted.unwrap_or(self.kept)
            }
            Part::Skip { skip, count } => {
                list.total = Some(total);
                let next = skip.saturating_add(count as u64);
                if next < total {
                    list.next_cursor = Some(write_cursor(self.query, self.definition, &Position::Offset(next)));
                }
                sorted.unwrap_or_default()
            }
            Part::After { count, .. } => {
                let more = self.kept.len() > count;
                self.kept.truncate(count);
                let last = self.kept.last().and_then(Resource::id).filter(|_| more);
                let after = |id: &str| write_cursor(self.query, self.definition, &Position::After(id.to_owned()));
                list.next_cursor = last.map(after);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use serde_json::json;

    #[test]
    fn an_order_of_any_number_holds_little_more_than_its_page() {
        const ALL: u64 = 30_011;
        let definition = schema::user([]);
        let id = |n: u64| format!("{n:024x}");
        // In an order of their own, each name twice.
        let name = |n: u64| format!("u{:08}", n.wrapping_mul(7_919) % (ALL / 2));
        let mut expected: Vec<(std::cmp::Reverse<String>, String)> =
            (0..ALL).map(|n| (std::cmp::Reverse(name(n)), id(n))).collect();
        expected.sort();
        for start in [1_usize, 14_000, 30_000, 40_000] {
            let (first, count) = (start.to_string(), "50");
            let asked = [("sortBy", "userName"), ("sortOrder", "descending"), ("startIndex", &first), ("count", count)];
            let query = Query::read(asked, &definition).unwrap();
            let mut gather = Gather::new(&query, &definition).unwrap();
            let mut most = 0;
            for n in 0..ALL {
                let resource = json!({"id": id(n), "userName": name(n)});
                gather.look(Resource(resource.as_object().unwrap().clone()));
                most = most.max(gather.keys.len());
            }
            assert!(most <= start.max(2_000) * 2 + 2_100, "{most} keys for {start}");
            let page: Vec<String> = gather.sorted().unwrap().iter().map(Id::text).collect();
            let should: Vec<&String> = expected.iter().skip(start - 1).take(50).map(|(_, id)| id).collect();
            assert_eq!(page.iter().collect::<Vec<_>>(), should, "{start}");
            assert_eq!(gather.finish(Some(Vec::new())).1.total, Some(ALL));
        }
    }
}
