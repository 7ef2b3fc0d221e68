//! A group as the API shows it.

use muster_base::Id;
use muster_directory::group::progress::Progress;
use muster_directory::group::ruleset::Flag;
use muster_directory::group::{Attributes, Exemption, Group, Method};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::query::{ExemptionBody, QueryForm};
use crate::graph::GraphType;
use crate::id::{ObjectId, Time};

/// What is shown beside a group's own settings.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras {
    pub exemptions: Option<Vec<Exemption>>,
    pub members: i64,
    /// To add, to remove.
    pub suggestions: (i64, i64),
    pub progress: Option<Progress>,
    pub flags: Vec<Flag>,
    pub nested: Vec<Id>,
    /// The rule and the rule of who is kept out, as text.
    pub texts: (Option<String>, Option<String>),
    /// The directory that keeps it: id and name.
    pub keeper: Option<(Id, String)>,
}

/// The directory that keeps a group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GroupDirectoryProvider)]
pub(crate) struct Keeper {
    /// The directory provider.
    id: ObjectId,
    /// Its name.
    name: String,
}

/// How far a large group is whose rule changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberUpdate {
    /// How many were looked at.
    done: i64,
    /// How many there are.
    total: i64,
    /// Since when.
    started: Time,
}

/// Memberships that wait for a decision.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct SuggestionCounts {
    add: i64,
    remove: i64,
    total: i64,
}

/// A user group or device group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Group)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupOut {
    /// The id.
    pub id: ObjectId,
    /// `user_group` or `system_group`.
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
    /// The rule in words, as the language of rules has it; on lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_query_text: Option<String>,
    /// Who is kept out though the rule or a group that is held lets them in.
    #[schema(value_type = Option<QueryForm>)]
    pub exclude_query: Option<Value>,
    /// The same in words; on lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_query_text: Option<String>,
    /// The groups whose members are members.
    pub member_groups: Vec<ObjectId>,
    /// Whom the rule does not decide; on lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_query_exemptions: Option<Vec<ExemptionBody>>,
    /// Whether suggestions are mailed.
    pub member_suggestions_notify: bool,
    /// What is wrong with the rule: `INVALID_GROUP_REFERENCE` or `CYCLE`. While something is, the group holds its members.
    pub member_query_error_flags: Vec<&'static str>,
    /// How far the group is, while its members are being worked out in steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_update: Option<MemberUpdate>,
    /// Memberships that wait for a decision.
    pub suggestion_counts: SuggestionCounts,
    /// How many members it has.
    pub member_count: i64,
    /// The directory that keeps it: its name, its members and whether it is there are changed in that directory only.
    pub directory_provider: Option<Keeper>,
}

impl GroupOut {
    /// Shows a group. `v2` is whether the asker speaks the v2 form of rules.
    pub(super) fn new(group: &Group, extras: Extras, v2: bool) -> Self {
        let form = |q: &muster_rules::MemberQuery| if v2 { q.write_v2() } else { q.write() };
        let (add, remove) = extras.suggestions;
        let exemption = |list: &Vec<Exemption>| list.iter().map(|e| ExemptionBody::new(group.kind, e)).collect();
        let (member_query_text, exclude_query_text) = extras.texts;
        Self {
            id: group.id.into(),
            kind: GraphType::group(group.kind),
            name: group.name.clone(),
            description: group.doc.description.clone(),
            email: group.doc.email.clone(),
            organization_object_id: group.org.into(),
            attributes: group.doc.attributes.clone(),
            membership_method: group.method,
            member_query: group.member_query.as_ref().map(form),
            member_query_text,
            exclude_query: group.exclude_query.as_ref().map(form),
            exclude_query_text,
            member_groups: extras.nested.into_iter().map(Into::into).collect(),
            member_query_exemptions: extras.exemptions.as_ref().map(exemption),
            member_suggestions_notify: group.doc.suggestions_notify,
            member_query_error_flags: extras.flags.iter().map(|flag| flag.word()).collect(),
            member_update: extras.progress.map(|of| MemberUpdate {
                done: of.done,
                total: of.total,
                started: of.started_at.into(),
            }),
            suggestion_counts: SuggestionCounts { add, remove, total: add + remove },
            member_count: extras.members,
            directory_provider: extras.keeper.map(|(id, name)| Keeper { id: id.into(), name }),
        }
    }
}
