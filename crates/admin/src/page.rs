//! The query of a list, in the spellings of JumpCloud's v1 (`sort` and `fields` by spaces, `filter[0]`,
//! `filter[or][0]`) and v2 (by commas).

use axum::extract::{FromRequestParts, OriginalUri};
use http::request::Parts;
use muster_base::Id;
use muster_base::limits::PAGE_MAX;
use muster_http::ApiError;
use utoipa::{IntoParams, ToSchema};

use crate::id::ObjectId;

/// Rows of a page when nothing is said.
const LIMIT: i64 = 10;
/// The longest query, in parts.
const PARTS_MAX: usize = 100;

/// A list request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// Rows at most.
    pub limit: i64,
    /// Whether the number was asked for.
    pub limit_given: bool,
    /// Rows passed over.
    pub skip: i64,
    /// Only after this id.
    pub cursor: Option<Id>,
    /// Attributes; a leading `-` turns the order round.
    pub sort: Vec<String>,
    /// Occurs somewhere in the names.
    pub search: Option<String>,
    /// A rule that those who are listed meet, where a list takes one.
    pub expression: Option<String>,
    /// All must hold.
    pub filters: Vec<String>,
    /// One of them must hold.
    pub any: Vec<String>,
    /// Only these members of each object.
    pub fields: Vec<String>,
    /// Kinds of graph objects.
    pub targets: Vec<String>,
    /// Path and query as asked, for the link to the next page.
    asked: (String, Vec<(String, String)>),
}

/// A filter of a list.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = r"^[^:,\u0000]+:\$?(eq|ne|gt|ge|gte|lt|le|lte|search|in|between):[^,\u0000]*$", examples("department:$eq:Sales"))]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct FilterText(String);

/// The query of a list, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct ListQuery {
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// The last id of the page before: the list goes on after it. `Link` holds the address of the next page.
    #[param(value_type = Option<ObjectId>)]
    cursor: Option<ObjectId>,
    /// Attributes, separated by spaces or commas; a leading `-` turns the order round.
    sort: Option<String>,
    /// `field:$eq:value` (v1) or `field:eq:value` (v2); several hold together.
    #[param(value_type = Option<Vec<FilterText>>)]
    filter: Option<Vec<String>>,
    /// Occurs in the names.
    search: Option<String>,
    /// Only these members, separated by spaces or commas.
    fields: Option<String>,
}

/// The part of the query of a list that takes a rule, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct ExpressionQuery {
    /// A rule as text that those who are listed meet: `department equals "Sales" and created within the last "30 days"`.
    #[param(max_length = 2048)]
    expression: Option<String>,
}

/// The query of a list without filters, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct PageQuery {
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// The last id of the page before: the list goes on after it. `Link` holds the address of the next page.
    #[param(value_type = Option<ObjectId>)]
    cursor: Option<ObjectId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await.unwrap_or_else(|e| match e {});
        Self::read(uri.path(), uri.query().unwrap_or_default())
    }
}

impl Page {
    fn read(path: &str, query: &str) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if pairs.len() > PARTS_MAX {
            return Err(ApiError::field("query", format!("at most {PARTS_MAX} parameters")));
        }
        let mut page = Self { limit: LIMIT, ..Self::default() };
        for (name, value) in &pairs {
            if value.contains('\0') {
                return Err(ApiError::field(name.as_str(), "the character U+0000 cannot occur: remove it"));
            }
            match name.as_str() {
                "limit" => (page.limit, page.limit_given) = (number("limit", value, 1, PAGE_MAX)?, true),
                "skip" => page.skip = number("skip", value, 0, i64::MAX)?,
                "cursor" => page.cursor = Some(value.parse().map_err(|_| wrong_cursor())?),
                "search" => page.search = Some(value.clone()).filter(|t| !t.is_empty()),
                "expression" => page.expression = Some(value.clone()).filter(|t| !t.trim().is_empty()),
                "sort" | "sortIgnoreCase" => page.sort = words(value),
                "fields" => page.fields = words(value),
                "targets" | "targets[]" => page.targets.extend(words(value)),
                "filter" | "filter[]" => page.filters.extend(filters(value)),
                other if other.starts_with("filter[or]") => page.any.push(value.clone()),
                other if other.starts_with("filter[") => page.filters.push(value.clone()),
                _ => {}
            }
        }
        page.asked = (path.to_owned(), pairs);
        Ok(page)
    }

    /// A question that stands in a body.
    ///
    /// # Errors
    /// 400 on `limit` and `skip`.
    pub(crate) fn of_body(limit: Option<i64>, skip: Option<i64>, sort: Vec<String>) -> Result<Self, ApiError> {
        let asked = |field, value: Option<i64>, least, most| match value {
            Some(n) => number(field, &n.to_string(), least, most),
            None => Ok(if field == "limit" { LIMIT } else { 0 }),
        };
        let (limit, skip) = (asked("limit", limit, 1, PAGE_MAX)?, asked("skip", skip, 0, i64::MAX)?);
        Ok(Self { limit, skip, sort, ..Self::default() })
    }

    /// Whether rows come in the order of their ids, so that a cursor can go on behind the last one.
    pub(crate) fn is_by_id(&self) -> bool {
        matches!(self.sort.as_slice(), [] | [_]) && self.sort.iter().all(|s| s == "_id" || s == "id")
    }

    /// The address of the page that follows `last`, below `base`.
    pub(crate) fn next(&self, base: &str, last: Id) -> String {
        let (path, pairs) = &self.asked;
        let kept = pairs.iter().filter(|(name, _)| name != "cursor" && name != "skip");
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("cursor", &last.text())
            .finish();
        format!("<{base}{path}?{query}>; rel=\"next\"")
    }
}

fn wrong_cursor() -> ApiError {
    ApiError::field("cursor", "the last id of the page before: 24 hexadecimal characters")
}

fn number(field: &str, text: &str, least: i64, most: i64) -> Result<i64, ApiError> {
    let read = text.parse().ok().filter(|n| (least..=most).contains(n));
    read.ok_or_else(|| {
        let range = if most == i64::MAX { format!("from {least}") } else { format!("from {least} to {most}") };
        ApiError::field(field, format!("a whole number {range}"))
    })
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// v2 separates filters by commas. What does not begin like a filter belongs to the value before it, so that a name with
/// a comma can be looked for.
fn filters(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in text.split(',') {
        let begins = piece.split(':').count() >= 3;
        match out.last_mut() {
            Some(last) if !begins => {
                last.push(',');
                last.push_str(piece);
            }
            _ => out.push(piece.to_owned()),
        }
    }
    out.retain(|f| !f.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings() {
        let page = Page::read("/api/systemusers", "limit=5&filter[0]=a:$eq:b&filter[or][0]=c:$eq:d&sort=-x y").unwrap();
        assert_eq!((page.limit, page.filters.len(), page.any.len()), (5, 1, 1));
        assert_eq!(page.sort, ["-x", "y"]);
        let page = Page::read("/api/v2/usergroups", "filter=name:eq:a,b,type:eq:c&sort=name,-id").unwrap();
        assert_eq!(page.filters, ["name:eq:a,b", "type:eq:c"]);
        assert_eq!(page.sort, ["name", "-id"]);
        assert_eq!(page.limit, 10);
    }

    #[test]
    fn numbers_and_cursors_are_bounded() {
        for query in ["limit=0", "limit=1001", "limit=x", "skip=-1", "cursor=1", "search=%00"] {
            assert!(Page::read("/", query).is_err(), "{query}");
        }
    }

    #[test]
    fn the_next_page_keeps_the_question() {
        let page = Page::read("/api/systemusers", "search=a+b&skip=4&limit=2").unwrap();
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        let next = page.next("https://m.example", id);
        let expected =
            "<https://m.example/api/systemusers?search=a+b&limit=2&cursor=0123456789abcdef01234567>; rel=\"next\"";
        assert_eq!(next, expected);
    }
}
