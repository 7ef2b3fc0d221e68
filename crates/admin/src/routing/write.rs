//! What a routing policy can be written with.

use muster_directory::routing::{Input, Target};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::id::ObjectId;

/// A routing policy as written; PUT replaces. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoutingPolicyWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyWrite {
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// On when left out.
    pub enabled: Option<bool>,
    /// Lower ones are asked first. Left out: a new one comes last, a present one stays where it is.
    pub order: Option<i64>,
    /// Where it sends.
    pub identity_provider_id: ObjectId,
    /// The groups that it sends.
    pub user_groups: Option<Vec<ObjectId>>,
    /// The people that it sends besides.
    pub users: Option<Vec<ObjectId>>,
}

impl PolicyWrite {
    /// The verb's input.
    pub(super) fn input(self) -> Input {
        let groups = self.user_groups.unwrap_or_default().into_iter().map(|id| Target::Group(id.0));
        let users = self.users.unwrap_or_default().into_iter().map(|id| Target::User(id.0));
        let mut targets: Vec<Target> = groups.chain(users).collect();
        targets.sort_unstable();
        targets.dedup();
        Input {
            name: Some(self.name),
            description: Some(self.description.unwrap_or_default()),
            enabled: Some(self.enabled.unwrap_or(true)),
            position: self.order,
            idp: Some(self.identity_provider_id.0),
            targets: Some(targets),
        }
    }
}
