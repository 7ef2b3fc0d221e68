//! The forms in which a rule is written, for the document, and how a body's rule and exemptions are read. The forms
//! themselves are read by `muster_rules`.

use http::HeaderMap;
use muster_base::Micros;
use muster_directory::group::{Exempt, Exemption, ExemptionMode, GroupKind};
use muster_directory::{Error, FieldError};
use muster_http::ApiError;
use muster_rules::{MemberQuery, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::id::{ObjectId, Time};

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
    /// `Expression`: a rule in the language of rules.
    Expression {
        #[serde(rename = "queryType")]
        #[schema(pattern = "^Expression$")]
        query_type: String,
        /// `department equals "Sales" and not (jobTitle contains "intern")`
        expression: String,
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
    /// Conditions joined by `and`, `or` or `none`.
    Group {
        /// `and`, `or` or `none`.
        #[schema(pattern = "^(and|or|none)$")]
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

/// Reads a rule that stands under a name of its own; a text form needs no header.
///
/// # Errors
/// Each problem at its place below `path`.
pub(crate) fn read_at(value: &Value, headers: &HeaderMap, path: &str) -> Result<Option<MemberQuery>, Vec<Problem>> {
    // Whoever speaks v2 may still write a rule as text.
    let is_text = value.get("queryType").is_some_and(|kind| kind == "Expression");
    let problem =
        |p: Problem| Problem::new(p.path.replacen("memberQuery", path, 1), p.message.replacen("memberQuery", path, 1));
    read(value, is_v2(headers) && !is_text).map_err(|problems| problems.into_iter().map(problem).collect())
}

/// Problems of a rule as wrong fields.
pub(crate) fn invalid(problems: Vec<Problem>) -> ApiError {
    Error::Invalid(problems.into_iter().map(|p| FieldError::new(p.path, p.message)).collect()).into()
}

/// A person or device whom the rule does not decide.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberQueryExemption)]
pub(crate) struct ExemptionBody {
    /// The person or device.
    #[schema(value_type = ObjectId)]
    pub id: String,
    /// `USER` or `SYSTEM`.
    #[serde(rename = "type")]
    #[schema(pattern = "^(USER|SYSTEM)$")]
    pub kind: String,
    /// What it does; JumpCloud's exemption is `keep`.
    #[serde(default)]
    pub mode: ExemptionMode,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 1024)]
    pub reason: String,
    /// When it lifts by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Time>)]
    pub until: Option<String>,
    /// The administrator who set it. Not written.
    #[serde(default, rename = "setBy", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ObjectId>)]
    pub set_by: Option<String>,
    /// When it was set. Not written.
    #[serde(default, rename = "setAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Time>)]
    pub set_at: Option<String>,
}

impl ExemptionBody {
    /// Shows an exemption.
    pub(crate) fn new(kind: GroupKind, exemption: &Exemption) -> Self {
        Self {
            id: exemption.member.text(),
            kind: kind.member().to_uppercase(),
            mode: exemption.mode,
            reason: exemption.reason.clone(),
            until: exemption.until.map(Micros::rfc3339),
            set_by: exemption.set_by.map(|id| id.text()),
            set_at: Some(exemption.set_at.rfc3339()),
        }
    }

    /// Reads exemptions of a group of this kind.
    ///
    /// # Errors
    /// 400 on another type and on times that cannot be read, 404 on what is not an id.
    pub(crate) fn read(kind: GroupKind, list: &[Self]) -> Result<Vec<Exempt>, ApiError> {
        list.iter().enumerate().map(|(i, entry)| entry.read_one(kind, &format!("memberQueryExemptions[{i}]"))).collect()
    }

    fn read_one(&self, kind: GroupKind, path: &str) -> Result<Exempt, ApiError> {
        let word = kind.member();
        if self.kind != word.to_uppercase() {
            let message = format!("member query exemptions must be of type {word}: write \"{}\"", word.to_uppercase());
            return Err(ApiError::field(format!("{path}.type"), message));
        }
        let until = match self.until.as_deref().filter(|until| !until.is_empty()) {
            None => None,
            Some(text) => {
                let how = "write a time as 2027-01-31T09:00:00Z";
                Some(read_time(text).ok_or_else(|| ApiError::field(format!("{path}.until"), how))?)
            }
        };
        let member = self.id.parse().map_err(|_| ApiError::not_found())?;
        Ok(Exempt { member, mode: self.mode, reason: self.reason.trim().to_owned(), until })
    }
}

/// An RFC 3339 time, or a day as its beginning.
pub(crate) fn read_time(text: &str) -> Option<Micros> {
    Micros::parse_rfc3339(text).or_else(|| Micros::parse_rfc3339(&format!("{text}T00:00:00Z")))
}
