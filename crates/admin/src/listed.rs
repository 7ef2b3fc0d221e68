//! The answer of a list: v1 wraps it, v2 is a bare array with `x-total-count`. Lists that are short enough to be read
//! whole are filtered, sorted and cut here, by the members of the objects as the API shows them.

use std::borrow::Cow;
use std::cmp::Ordering;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LINK};
use http::{HeaderName, HeaderValue};
use muster_base::Id;
use muster_http::{ApiError, Site};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::page::Page;

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: i64,
    /// The `Link` header.
    pub link: Option<String>,
}

impl<T> Listed<T> {
    /// The same page with each row made into something else.
    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(change).collect(), total: self.total, link: self.link }
    }
}

impl<T: Serialize> Listed<T> {
    /// v2: a bare array.
    pub(crate) fn bare(self) -> Response {
        let body = axum::Json(&self.rows).into_response();
        with_headers(body, self.total, self.link.as_deref())
    }

    /// v1 and some of v2: wrapped under a name, with `totalCount`.
    pub(crate) fn wrapped(self, name: &'static str) -> Response {
        let mut members = Map::new();
        members.insert(name.into(), serde_json::to_value(&self.rows).unwrap_or_default());
        members.insert("totalCount".into(), self.total.into());
        let body = axum::Json(Value::Object(members)).into_response();
        with_headers(body, self.total, self.link.as_deref())
    }
}

fn with_headers(mut response: Response, total: i64, link: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-total-count"), total.into());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(link) = link.and_then(|l| HeaderValue::from_str(l).ok()) {
        headers.insert(LINK, link);
    }
    response
}

/// Filters, searches, sorts and cuts rows that were read whole. `searched` are the members that `search` looks into.
///
/// # Errors
/// 400 on `filter`.
pub(crate) fn cut<T: Serialize>(
    site: &Site,
    page: &Page,
    rows: Vec<(Id, T)>,
    searched: &[&str],
) -> Result<Listed<T>, ApiError> {
    let all = page.filters.iter().map(|f| Filter::read(f)).collect::<Result<Vec<_>, _>>()?;
    let any = page.any.iter().map(|f| Filter::read(f)).collect::<Result<Vec<_>, _>>()?;
    let term = page.search.as_deref().map(str::to_lowercase);
    let rows = rows
        .into_iter()
        .map(|(id, row)| (id, serde_json::to_value(&row).unwrap_or_default(), row))
        .filter(|(_, value, _)| all.iter().all(|f| f.holds(value)))
        .filter(|(_, value, _)| any.is_empty() || any.iter().any(|f| f.holds(value)))
        .filter(|(_, value, _)| {
            term.as_ref().is_none_or(|t| searched.iter().any(|s| text(value, s).to_lowercase().contains(t)))
        })
        .collect();
    Ok(arrange(site, page, rows).map(|(_, row)| row))
}

/// Sorts and cuts rows: each with its id, and as the API shows it.
pub(crate) fn arrange<T>(site: &Site, page: &Page, mut rows: Vec<(Id, Value, T)>) -> Listed<(Value, T)> {
    if page.is_by_id() {
        rows.sort_by_key(|(id, _, _)| *id);
    } else {
        for key in page.sort.iter().rev() {
            let (name, descending) = key.strip_prefix('-').map_or((key.as_str(), false), |n| (n, true));
            rows.sort_by(|(_, a, _), (_, b, _)| {
                let order = compare(&text(a, name).to_lowercase(), &text(b, name).to_lowercase());
                if descending { order.reverse() } else { order }
            });
        }
    }
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if let Some(cursor) = page.cursor.filter(|_| page.is_by_id()) {
        rows.retain(|(id, _, _)| *id > cursor);
    }
    let skip = usize::try_from(page.skip).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let more = rows.len() > skip.saturating_add(limit);
    let rows: Vec<(Id, Value, T)> = rows.into_iter().skip(skip).take(limit).collect();
    let link = rows.last().filter(|_| more && page.is_by_id()).map(|(id, _, _)| page.next(site.config().base(), *id));
    Listed { rows: rows.into_iter().map(|(_, value, row)| (value, row)).collect(), total, link }
}

/// A row of a list in the document: `fields` may leave out every member but the id.
pub(crate) struct Row<T>(std::marker::PhantomData<T>);

impl<T: ToSchema> PartialSchema for Row<T> {
    fn schema() -> RefOr<Schema> {
        match T::schema() {
            RefOr::T(mut schema) => {
                loosen(&mut schema);
                RefOr::T(schema)
            }
            other @ RefOr::Ref(_) => other,
        }
    }
}

fn loosen(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => object.required.retain(|name| name == "_id" || name == "id"),
        Schema::AllOf(parts) => {
            for part in &mut parts.items {
                if let RefOr::T(part) = part {
                    loosen(part);
                }
            }
        }
        _ => {}
    }
}

impl<T: ToSchema> ToSchema for Row<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Row", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// Only the members that were asked for, and the id.
pub(crate) fn select<T: Serialize>(row: &T, fields: &[String]) -> Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    if let (false, Value::Object(members)) = (fields.is_empty(), &mut value) {
        members.retain(|name, _| name == "_id" || name == "id" || fields.contains(name));
    }
    value
}

/// A filter, `field:op:value`; the `$` of v1 may be there or not.
pub(crate) struct Filter<'f> {
    pub field: &'f str,
    operator: Operator,
    value: &'f str,
}

#[derive(Clone, Copy)]
enum Operator {
    Equal,
    Unequal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Search,
    In,
    Between,
}

impl<'f> Filter<'f> {
    pub(crate) fn read(filter: &'f str) -> Result<Self, ApiError> {
        let wrong = || ApiError::field("filter", format!("\"{filter}\" is not of the form field:eq:value"));
        let mut parts = filter.splitn(3, ':');
        let (Some(field), Some(operator), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let operator = match operator.trim_start_matches('$') {
            "eq" => Operator::Equal,
            "ne" => Operator::Unequal,
            "gt" => Operator::Greater,
            "ge" | "gte" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" | "lte" => Operator::LessOrEqual,
            "search" | "co" => Operator::Search,
            "in" => Operator::In,
            "between" => Operator::Between,
            other => {
                let message =
                    format!("unknown operator \"{other}\": use eq, ne, gt, ge, lt, le, between, search or in");
                return Err(ApiError::field("filter", message));
            }
        };
        if field.is_empty() {
            return Err(wrong());
        }
        Ok(Self { field, operator, value })
    }

    /// Whether the member of an object compares as the filter says.
    pub(crate) fn holds(&self, object: &Value) -> bool {
        let found = text(object, self.field);
        let order = compare(&found, self.value);
        match self.operator {
            Operator::Equal => found == self.value,
            Operator::Unequal => found != self.value,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Search => found.to_lowercase().contains(&self.value.to_lowercase()),
            Operator::In => self.value.split('|').any(|v| v == found),
            Operator::Between => self
                .value
                .split_once('|')
                .is_some_and(|(from, to)| compare(&found, from).is_ge() && compare(&found, to).is_le()),
        }
    }
}

/// Numbers as numbers, everything else as text.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

/// The first of [`values`]; empty where there is none.
fn text(object: &Value, path: &str) -> String {
    values(object, path).into_iter().next().unwrap_or_default()
}

/// The texts that stand at a path: of a list those of each entry, and of the custom attributes (`attributes.NAME`) the
/// one of that name.
pub(crate) fn values(object: &Value, path: &str) -> Vec<String> {
    let mut at = vec![object];
    for name in path.split('.') {
        at = at.into_iter().flat_map(|value| step(value, name)).collect();
    }
    let flat = at.into_iter().flat_map(|value| match value {
        Value::Array(entries) => entries.iter().collect(),
        other => vec![other],
    });
    flat.filter_map(word).collect()
}

fn step<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(entries) => {
            let named = entries.iter().find(|e| e.get("name").and_then(Value::as_str) == Some(name));
            match named.and_then(|e| e.get("value")) {
                Some(found) => vec![found],
                None => entries.iter().filter_map(|e| e.get(name)).collect(),
            }
        }
        other => other.get(name).into_iter().collect(),
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn filters_read_members_by_path() {
        let object = json!({"name": "Sales", "memberCount": 12, "sso": {"hidden": true}, "attributes": [{"name": "a", "value": "b"}]});
        let holds = |filter| Filter::read(filter).unwrap().holds(&object);
        for filter in [
            "name:$eq:Sales",
            "memberCount:gt:9",
            "sso.hidden:eq:true",
            "attributes.a:eq:b",
            "name:search:ale",
            "name:in:x|Sales",
        ] {
            assert!(holds(filter), "{filter}");
        }
        for filter in ["name:eq:sales", "memberCount:lt:9", "nothing:eq:x", "memberCount:between:1|5"] {
            assert!(!holds(filter), "{filter}");
        }
        for filter in ["name", "name:eq", "name:like:x", ":eq:x"] {
            assert!(Filter::read(filter).is_err(), "{filter}");
        }
    }
}
