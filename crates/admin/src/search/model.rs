//! The body of a search, and its answer over objects of any kind.

use muster_base::Id;
use muster_http::{ApiError, Site};
use muster_rules::Moment;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::condition::Condition;
use crate::listed::{Listed, arrange, select, values};
use crate::page::{Page, words};

/// How many terms and fields a `searchFilter` may have.
const TERMS_MAX: usize = 100;

/// A search.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = Search)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchBody {
    /// `{"and"|"or": [...]}` or a list; a condition is `{field: value}`, `{field: {"$ne"|"$gt"|"$in"|"$regex"|...: value}}` or
    /// `"field:$eq:value"`. Regards case.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Texts that occur in some fields, without regard to case.
    search_filter: Option<SearchFilter>,
    /// Only these members, separated by spaces.
    fields: Option<Words>,
    /// Attributes, separated by spaces; a leading `-` turns the order round.
    sort: Option<Words>,
    /// Rows at most: 10 when nothing is said.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[schema(minimum = 0)]
    skip: Option<i64>,
}

/// Texts that occur in some fields.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchFilter {
    /// One text, or several of which one is enough.
    search_term: Option<Words>,
    /// Where to look; in the names when nothing is said.
    fields: Option<Vec<String>>,
}

/// One text, or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Words {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Words {
    /// Each text as it stands.
    fn texts(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(list) => list,
        }
    }

    /// Names that are separated by spaces or commas.
    fn names(self) -> Vec<String> {
        self.texts().iter().flat_map(|text| words(text)).collect()
    }
}

/// A search, read.
pub(super) struct Search {
    condition: Condition,
    terms: Vec<String>,
    places: Vec<String>,
    fields: Vec<String>,
    page: Page,
}

impl Search {
    /// Reads a body; `places` are where a term is looked for when it does not say.
    ///
    /// # Errors
    /// 400 naming the place.
    pub(super) fn read(body: SearchBody, places: &[&str]) -> Result<Self, ApiError> {
        let filter = body.search_filter.unwrap_or_default();
        let terms = filter.search_term.map(Words::texts).unwrap_or_default();
        let fields = filter.fields.unwrap_or_default();
        for (name, list) in [("searchFilter.searchTerm", &terms), ("searchFilter.fields", &fields)] {
            if list.len() > TERMS_MAX {
                return Err(ApiError::field(name, format!("at most {TERMS_MAX}")));
            }
        }
        let places = if fields.is_empty() { places.iter().map(|p| (*p).to_owned()).collect() } else { fields };
        Ok(Self {
            condition: Condition::read(body.filter.as_ref())?,
            terms: terms.iter().map(|t| t.to_lowercase()).filter(|t| !t.is_empty()).collect(),
            places,
            fields: body.fields.map(Words::names).unwrap_or_default(),
            page: Page::of_body(body.limit, body.skip, body.sort.map(Words::names).unwrap_or_default())?,
        })
    }

    /// What is found among objects as the API shows them.
    pub(super) fn found(&self, site: &Site, objects: impl Iterator<Item = (Id, Value)>) -> Listed<Value> {
        let now = Moment(site.directory().env().clock.now().0);
        let rows =
            objects.filter(|(_, object)| self.matches(object, now)).map(|(id, object)| (id, object, ())).collect();
        let listed = arrange(site, &self.page, rows);
        listed.map(|(object, ())| select(&object, &self.fields))
    }

    fn matches(&self, object: &Value, now: Moment) -> bool {
        self.condition.holds(object, now) && (self.terms.is_empty() || self.has_term(object))
    }

    fn has_term(&self, object: &Value) -> bool {
        self.places.iter().flat_map(|place| values(object, place)).any(|value| {
            let value = value.to_lowercase();
            self.terms.iter().any(|term| value.contains(term))
        })
    }
}
