//! What a group can be written with.

use http::HeaderMap;
use muster_base::Id;
use muster_directory::group::{Attributes, GroupKind, Input, Method};
use muster_http::ApiError;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{self, ExemptionBody, QueryForm};
use crate::id::ObjectId;

/// A group as written. Members that cannot be written are passed over, so that an answer can be sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GroupWrite)]
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
    /// Who is kept out though the rule lets them in; stays when left out, is dropped by `null`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<QueryForm>)]
    pub exclude_query: Option<Value>,
    /// All groups whose members are members; they stay when left out.
    #[schema(value_type = Option<Vec<ObjectId>>)]
    pub member_groups: Option<Vec<String>>,
    /// Whether members whom the rule would put out stay in, by exemptions, when it begins to decide.
    pub keep_members: Option<bool>,
    /// Whether it is to be saved though more of the organization joins or leaves than its settings let through unasked.
    pub confirmed: Option<bool>,
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
    pub(crate) fn input(&self, kind: GroupKind, headers: &HeaderMap) -> Result<Input, ApiError> {
        let read = |value: &Option<Value>, path| match value {
            None => Ok(None),
            Some(value) => query::read_at(value, headers, path).map(Some).map_err(query::invalid),
        };
        let nested = self.member_groups.as_deref().map(read_groups).transpose()?;
        let automated = self.membership_automated.map(|a| if a { Method::DynamicAutomated } else { Method::Static });
        Ok(Input {
            name: Some(self.name.clone()),
            description: Some(self.description.clone().unwrap_or_default()),
            email: Some(self.email.clone().unwrap_or_default()),
            attributes: Some(self.attributes.clone().unwrap_or_default()),
            suggestions_notify: Some(self.member_suggestions_notify.unwrap_or(false)),
            method: self.membership_method.or(automated),
            member_query: read(&self.member_query, "memberQuery")?,
            exclude_query: read(&self.exclude_query, "excludeQuery")?,
            nested,
            keep_members: self.keep_members.unwrap_or(false),
            confirmed: self.confirmed.unwrap_or(false),
            exemptions: match &self.member_query_exemptions {
                Some(list) => Some(ExemptionBody::read(kind, list)?),
                None => None,
            },
        })
    }
}

/// Ids of groups.
///
/// # Errors
/// 400 on what is none.
pub(super) fn read_groups(list: &[String]) -> Result<Vec<Id>, ApiError> {
    let one = |(i, id): (usize, &String)| {
        id.parse()
            .map_err(|_| ApiError::field(format!("memberGroups[{i}]"), "the id of a group: 24 hexadecimal characters"))
    };
    list.iter().enumerate().map(one).collect()
}
