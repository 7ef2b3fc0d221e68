//! The query parameters of a list or a read (RFC 7644 sections 3.4.2 and 3.9, RFC 9865 section 2).

use super::Projection;
use crate::error::{Error, ScimType};
use crate::filter::Filter;
use crate::limits::{PAGE_DEFAULT, PAGE_MAX};
use crate::path::AttributePath;
use crate::schema::Definition;

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paging {
    /// By index.
    Index {
        /// Of the first resource, from 1.
        start: u64,
        /// How many at most; 0: the number of all alone.
        count: usize,
    },
    /// By cursor.
    Cursor {
        /// Where the page before ended; `None`: the first page.
        cursor: Option<String>,
        /// How many at most.
        count: usize,
    },
}

/// What a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which resources.
    pub filter: Option<Filter>,
    /// Which attributes of them.
    pub projection: Projection,
    /// In which order.
    pub sort_by: Option<AttributePath>,
    /// The other way round.
    pub descending: bool,
    /// Which part.
    pub paging: Paging,
}

impl Query {
    /// Reads decoded parameters. Names are taken in any letters' case; unknown ones are passed over. Of a number out of
    /// range the nearest is taken, as the RFC has it.
    ///
    /// # Errors
    /// `invalidFilter` for the filter, `invalidCount` for the count of a page by cursor (RFC 9865 section 2.1), `invalidValue`
    /// otherwise, naming the parameter.
    pub fn read<'q>(
        parameters: impl IntoIterator<Item = (&'q str, &'q str)>,
        definition: &Definition,
    ) -> Result<Self, Error> {
        let (mut filter, mut sort_by, mut descending) = (None, None, false);
        let (mut attributes, mut excluded, mut start, mut count, mut cursor) = (None, None, None, None, None);
        for (name, value) in parameters {
            match name.to_ascii_lowercase().as_str() {
                "filter" if !value.trim().is_empty() => filter = Some(value),
                "attributes" => attributes = Some(value),
                "excludedattributes" => excluded = Some(value),
                "sortby" if !value.trim().is_empty() => sort_by = Some(value),
                "sortorder" => descending = order(value)?,
                "startindex" => start = Some(number("startIndex", value)?),
                "count" => count = Some(number("count", value)),
                "cursor" => cursor = Some(value),
                _ => {}
            }
        }
        let of_cursor =
            |e: Error| if cursor.is_some() { Error { scim_type: Some(ScimType::InvalidCount), ..e } } else { e };
        let count = count.transpose().map_err(of_cursor)?;
        let filter = filter.map(|text| read_filter(text, definition)).transpose()?;
        let sort_by = sort_by.map(|text| read_path("sortBy", text, definition)).transpose()?;
        Ok(Self {
            filter,
            projection: Projection::read(attributes, excluded)?,
            sort_by,
            descending,
            paging: paging(start, count, cursor)?,
        })
    }
}

fn read_filter(text: &str, definition: &Definition) -> Result<Filter, Error> {
    let filter: Filter = text.parse().map_err(Error::from)?;
    filter.check(definition)?;
    Ok(filter)
}

/// An attribute that resources can be ordered by.
fn read_path(parameter: &str, text: &str, definition: &Definition) -> Result<AttributePath, Error> {
    let path: AttributePath = text.parse().map_err(|e| Error::invalid_value(format!("{parameter}: {e}")))?;
    match definition.locate(&path) {
        Some(located) if located.leaf().returned == crate::schema::Returned::Never => {
            Err(Error::invalid_value(format!("{parameter}: {path} is never told")))
        }
        Some(located) => Ok(located.path()),
        None => Err(Error::invalid_value(format!("{parameter}: {path} is not an attribute of a {}", definition.name))),
    }
}

fn order(value: &str) -> Result<bool, Error> {
    match value.trim().to_ascii_lowercase().as_str() {
        "" | "ascending" => Ok(false),
        "descending" => Ok(true),
        _ => Err(Error::invalid_value("sortOrder must be ascending or descending")),
    }
}

fn number(parameter: &str, value: &str) -> Result<i64, Error> {
    value.trim().parse().map_err(|_| Error::invalid_value(format!("{parameter} must be a whole number")))
}

fn paging(start: Option<i64>, count: Option<i64>, cursor: Option<&str>) -> Result<Paging, Error> {
    let wanted = count.map_or(PAGE_DEFAULT, |n| usize::try_from(n.max(0)).unwrap_or(PAGE_MAX)).min(PAGE_MAX);
    match cursor {
        Some(_) if start.is_some() => {
            Err(Error::new(ScimType::InvalidCursor, "cursor and startIndex exclude each other: give one of them"))
        }
        Some(_) if wanted == 0 => Err(Error::new(ScimType::InvalidCount, "count must be at least 1 with a cursor")),
        Some(cursor) => Ok(Paging::Cursor { cursor: Some(cursor.to_owned()).filter(|c| !c.is_empty()), count: wanted }),
        None => Ok(Paging::Index { start: u64::try_from(start.unwrap_or(1)).unwrap_or(1).max(1), count: wanted }),
    }
}
