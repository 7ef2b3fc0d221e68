//! `targets`: which kinds of objects at the other end are asked for.

use muster_http::ApiError;
use utoipa::IntoParams;

use crate::id::ObjectId;
use crate::page::Page;

/// What an organization's people and groups may be bound to in JumpCloud; those that are not built yet bind nothing.
const OF_PEOPLE: &[&str] = &[
    "active_directory",
    "application",
    "g_suite",
    "idp_routing_policy",
    "ldap_server",
    "office_365",
    "password_manager_item",
    "policy",
    "policy_group",
    "radius_server",
    "system",
    "system_group",
];

/// What applications and routing policies may be bound to.
const OF_OTHERS: &[&str] = &["user", "user_group"];

/// What devices may be bound to in JumpCloud; what is not built yet binds nothing.
const OF_DEVICES: &[&str] = &["command", "policy", "policy_group", "user", "user_group"];

/// The query of the associations of a person or group, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct TargetsQuery {
    /// Kinds of objects, separated by commas.
    #[param(
        required = true,
        example = "application",
        pattern = "^(active_directory|application|g_suite|idp_routing_policy|ldap_server|office_365|password_manager_item|policy|policy_group|radius_server|system|system_group)(,(active_directory|application|g_suite|idp_routing_policy|ldap_server|office_365|password_manager_item|policy|policy_group|radius_server|system|system_group))*$"
    )]
    targets: String,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// The last id of the page before: the list goes on after it.
    #[param(value_type = Option<ObjectId>)]
    cursor: Option<ObjectId>,
}

/// The query of the associations of a device, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct DeviceTargetsQuery {
    /// Kinds of objects, separated by commas.
    #[param(
        required = true,
        example = "user",
        pattern = "^(command|policy|policy_group|user|user_group)(,(command|policy|policy_group|user|user_group))*$"
    )]
    targets: String,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// The last id of the page before: the list goes on after it.
    #[param(value_type = Option<ObjectId>)]
    cursor: Option<ObjectId>,
}

/// The query of the associations of an application or policy, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct SubjectsQuery {
    /// Kinds of objects, separated by commas.
    #[param(required = true, example = "user_group", pattern = "^(user|user_group)(,(user|user_group))*$")]
    targets: String,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
    /// The last id of the page before: the list goes on after it.
    #[param(value_type = Option<ObjectId>)]
    cursor: Option<ObjectId>,
}

/// Whose associations are asked for.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// A person or group.
    People,
    /// A device.
    Devices,
    /// An application or routing policy.
    Others,
}

/// The kinds asked for: at least one, and each possible here.
///
/// # Errors
/// 400 on `targets`.
pub(crate) fn check(page: &Page, of: Of) -> Result<(), ApiError> {
    let allowed = match of {
        Of::People => OF_PEOPLE,
        Of::Devices => OF_DEVICES,
        Of::Others => OF_OTHERS,
    };
    if page.targets.is_empty() {
        return Err(ApiError::field("targets", format!("is required: one or more of {}", allowed.join(", "))));
    }
    match page.targets.iter().find(|t| !allowed.contains(&t.as_str())) {
        Some(other) => {
            Err(ApiError::field("targets", format!("\"{other}\" is not possible here: use {}", allowed.join(", "))))
        }
        None => Ok(()),
    }
}
