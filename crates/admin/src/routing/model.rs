//! A routing policy as the API shows it.

use muster_directory::routing::{Policy, Target};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::ObjectId;

/// A routing policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoutingPolicy)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyOut {
    pub id: ObjectId,
    pub name: String,
    /// For people.
    pub description: String,
    /// A disabled policy routes nobody.
    pub enabled: bool,
    /// Lower ones are asked first; the first that applies wins.
    pub order: i64,
    /// Where it sends.
    pub identity_provider_id: ObjectId,
    /// The groups that it sends.
    pub user_groups: Vec<ObjectId>,
    /// The people that it sends besides.
    pub users: Vec<ObjectId>,
}

impl PolicyOut {
    /// Shows a policy.
    pub(crate) fn new(policy: &Policy) -> Self {
        let group = |t: &Target| if let Target::Group(id) = t { Some(ObjectId(*id)) } else { None };
        let user = |t: &Target| if let Target::User(id) = t { Some(ObjectId(*id)) } else { None };
        Self {
            id: policy.id.into(),
            name: policy.name.clone(),
            description: policy.description.clone(),
            enabled: policy.enabled,
            order: policy.position,
            identity_provider_id: policy.idp.into(),
            user_groups: policy.targets.iter().filter_map(group).collect(),
            users: policy.targets.iter().filter_map(user).collect(),
        }
    }
}
