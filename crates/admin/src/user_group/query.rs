//! The forms in which a rule is written, for the document, and how a body's rule and exemptions are read. The forms
//! themselves are read by `muster_rules`.

use http::HeaderMap;
use muster_base::Id;
use muster_directory::group::{Exemption, ExemptionMode};
use muster_directory::{Error, FieldError};
use muster_http::ApiError;
use muster_rules::{MemberQuery, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::id::ObjectId;

/// A rule, in one of JumpCloud's forms.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberQuery)]
#[serde(untagged)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum QueryForm {
    /// With the header `x-query-dsl: v2`: conditions, joined by groups.
    V2 {
        /// All hold together.
        filters: Vec<FilterForm>,
    },
    /// `FilterQuery`: conditions that hold together.
    FilterQuery {
        #[serde(rename = "queryType")]
        #[schema(pattern = "^FilterQuery$")]
        query_type: String,
        /// All hold together.
        filters: Vec<OlderCondition>,
    },
    /// `Filter`: conditions as texts, `field:$eq:value`, that hold together.
    Filter {
        #[serde(rename = "queryType")]
        #[schema(pattern = "^Filter$")]
        query_type: String,
        /// All hold together.
        filters: Vec<String>,
    },
    /// `Search`: conditions as JSON in a text.
    Search {
        #[serde(rename = "queryType")]
        #[schema(pattern = "^Search$")]
        query_type: String,
        /// `{"filter": {"and": ["department:$eq:Sales"]}}`, as a text.
        #[serde(rename = "searchFilters")]
        search_filters: String,
    },
}

/// A condition of `FilterQuery`.
#[derive(Serialize, ToSchema)]
pub(crate) struct OlderCondition {
    /// The attribute.
    field: String,
    /// `eq`, `ne`, `in`, `gt`, `ge`, `lt` or `le`.
    operator: String,
    /// The value; for `in` several, separated by `|`.
    value: String,
}

/// A condition, or a group of them.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberQueryFilter)]
#[serde(untagged)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum FilterForm {
    /// A condition on one attribute.
    Condition {
        /// The attribute: `department`, `user.user_department`, or `attributes.NAME` for a custom one.
        field: String,
        /// The operator, as `GET /api/v2/usergroups/attributes` lists them.
        operation: String,
        /// The value, or several.
        value: Option<ConditionValue>,
    },
    /// Conditions joined by `and` or `or`.
    Group {
        /// `and` or `or`.
        #[schema(pattern = "^(and|or)$")]
        operation: String,
        /// What is joined.
        #[schema(no_recursion)]
        filters: Vec<FilterForm>,
    },
}

/// The value of a condition.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum ConditionValue {
    /// One.
    One(String),
    /// A list.
    List(Vec<String>),
}

/// The header that tells the form of a rule.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct QueryDsl {
    /// `v2` for rules in the v2 form.
    #[param(rename = "x-query-dsl", example = "v2")]
    x_query_dsl: Option<String>,
}

/// Whether the request speaks the v2 form.
pub(crate) fn is_v2(headers: &HeaderMap) -> bool {
    headers.get("x-query-dsl").is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"v2"))
}

/// Reads a rule; `null` is none.
///
/// # Errors
/// Each problem at its place.
pub(crate) fn read(value: &Value, v2: bool) -> Result<Option<MemberQuery>, Vec<Problem>> {
    if value.is_null() { Ok(None) } else { MemberQuery::read(value, v2).map(Some) }
}

/// Problems of a rule as wrong fields.
pub(crate) fn invalid(problems: Vec<Problem>) -> ApiError {
    Error::Invalid(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect()).into()
}

/// A person whom the rule does not decide.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberQueryExemption)]
pub(crate) struct ExemptionBody {
    /// The person.
    #[schema(value_type = ObjectId)]
    pub id: String,
    /// `USER`.
    #[serde(rename = "type")]
    #[schema(pattern = "^USER$")]
    pub kind: String,
    /// What it does; JumpCloud's exemption is `keep`.
    #[serde(default)]
    pub mode: ExemptionMode,
}

impl ExemptionBody {
    /// Shows an exemption.
    pub(crate) fn new(exemption: &Exemption) -> Self {
        Self { id: exemption.user.text(), kind: "USER".into(), mode: exemption.mode }
    }

    /// Reads exemptions.
    ///
    /// # Errors
    /// 400 on a type other than `USER`, 404 on what is not an id.
    pub(crate) fn read(list: &[Self]) -> Result<Vec<Exemption>, ApiError> {
        let mut out = Vec::new();
        for (i, entry) in list.iter().enumerate() {
            if entry.kind != "USER" {
                let field = format!("memberQueryExemptions[{i}].type");
                return Err(ApiError::field(field, "member query exemptions must be of type user: write \"USER\""));
            }
            let user: Id = entry.id.parse().map_err(|_| ApiError::not_found())?;
            out.push(Exemption { user, mode: entry.mode });
        }
        Ok(out)
    }
}
