//! The roles that a service account may have.

use muster_directory::service_account::Role;
use muster_http::{AdminOrg, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountRoleInfo)]
pub(crate) struct RoleOut {
    name: Role,
    /// What it may do.
    description: &'static str,
}

/// The roles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceAccountRoleList)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Roles {
    results: Vec<RoleOut>,
    total_count: usize,
}

#[utoipa::path(get, path = "/api/v2/roles", tag = "service accounts", responses((status = 200, body = Roles), Reading))]
/// List the roles of service accounts
pub(crate) async fn list(_: AdminOrg) -> Json<Roles> {
    let about = |role| match role {
        Role::Administrator => "Everything in the organization but administrators and service accounts",
        Role::ReadOnly => "Reads what an administrator may read",
    };
    let results: Vec<RoleOut> = Role::ALL.into_iter().map(|name| RoleOut { name, description: about(name) }).collect();
    Json(Roles { total_count: results.len(), results })
}
