//! A user group as the API shows it.

use muster_directory::group::{Attributes, Exemption, Group, Method};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{ExemptionBody, QueryForm};
use crate::graph::GraphType;
use crate::id::ObjectId;

/// Memberships that wait for a decision; there are none while rules decide at once.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct SuggestionCounts {
    add: i64,
    remove: i64,
    total: i64,
}

/// A user group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UserGroup)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupOut {
    /// The id.
    pub id: ObjectId,
    /// `user_group`.
    #[serde(rename = "type")]
    pub kind: GraphType,
    /// The name.
    pub name: String,
    /// For people.
    pub description: String,
    /// The group's own address.
    pub email: String,
    /// The organization's id.
    pub organization_object_id: ObjectId,
    /// What it gives its members besides access.
    pub attributes: Attributes,
    /// How members come.
    pub membership_method: Method,
    /// The rule; kept while the group is static.
    #[schema(value_type = Option<QueryForm>)]
    pub member_query: Option<Value>,
    /// Whom the rule does not decide; on lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_query_exemptions: Option<Vec<ExemptionBody>>,
    /// Whether suggestions are mailed.
    pub member_suggestions_notify: bool,
    /// What is wrong with the rule; nothing is, since it is checked when it is saved.
    pub member_query_error_flags: Vec<String>,
    /// Memberships that wait for a decision.
    pub suggestion_counts: SuggestionCounts,
    /// How many members it has.
    pub member_count: i64,
}

impl GroupOut {
    /// Shows a group. `v2` is whether the asker speaks the v2 form of rules.
    pub(crate) fn new(group: &Group, exemptions: Option<&[Exemption]>, member_count: i64, v2: bool) -> Self {
        let query = group.member_query.as_ref();
        Self {
            id: group.id.into(),
            kind: GraphType::UserGroup,
            name: group.name.clone(),
            description: group.doc.description.clone(),
            email: group.doc.email.clone(),
            organization_object_id: group.org.into(),
            attributes: group.doc.attributes.clone(),
            membership_method: group.method,
            member_query: query.map(|q| if v2 { q.write_v2() } else { q.write() }),
            member_query_exemptions: exemptions.map(|list| list.iter().map(ExemptionBody::new).collect()),
            member_suggestions_notify: group.doc.suggestions_notify,
            member_query_error_flags: Vec::new(),
            suggestion_counts: SuggestionCounts::default(),
            member_count,
        }
    }
}
