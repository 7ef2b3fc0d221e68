//! What a group can be written with.

use http::HeaderMap;
use muster_directory::group::{Attributes, Input, Method};
use muster_http::ApiError;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{self, ExemptionBody, QueryForm};

/// A group as written. Members that cannot be written are passed over, so that an answer can be sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = UserGroupWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupWrite {
    /// The name.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// For people; empty when left out.
    pub description: Option<String>,
    /// The group's own address; empty when left out.
    pub email: Option<String>,
    /// What it gives its members besides access; nothing when left out.
    pub attributes: Option<Attributes>,
    /// How members come; stays when left out.
    pub membership_method: Option<Method>,
    /// The older form of `membershipMethod`.
    pub membership_automated: Option<bool>,
    /// The rule; stays when left out, is dropped by `null`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<QueryForm>)]
    pub member_query: Option<Value>,
    /// All exemptions; they stay when left out.
    pub member_query_exemptions: Option<Vec<ExemptionBody>>,
    /// Whether suggestions are mailed.
    pub member_suggestions_notify: Option<bool>,
}

/// Tells `null` from absent.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl GroupWrite {
    /// The verb's input: v2 replaces, but for the method, the rule and the exemptions.
    ///
    /// # Errors
    /// Each wrong field.
    pub(crate) fn input(&self, headers: &HeaderMap) -> Result<Input, ApiError> {
        let member_query = match &self.member_query {
            None => None,
            Some(value) => Some(query::read(value, query::is_v2(headers)).map_err(query::invalid)?),
        };
        let automated = self.membership_automated.map(|a| if a { Method::DynamicAutomated } else { Method::Static });
        Ok(Input {
            name: Some(self.name.clone()),
            description: Some(self.description.clone().unwrap_or_default()),
            email: Some(self.email.clone().unwrap_or_default()),
            attributes: Some(self.attributes.clone().unwrap_or_default()),
            suggestions_notify: Some(self.member_suggestions_notify.unwrap_or(false)),
            method: self.membership_method.or(automated),
            member_query,
            exemptions: self.member_query_exemptions.as_deref().map(ExemptionBody::read).transpose()?,
        })
    }
}
