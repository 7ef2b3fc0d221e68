//! Events: sign-ins and other things that happened without changing the directory, each with its decision's trace.

pub mod store;

use muster_base::{Id, Micros};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::trace::Trace;

/// What an event tells besides its key.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Detail {
    /// Whether it succeeded.
    pub success: bool,
    /// One sentence for a person.
    pub summary: String,
    /// From where.
    pub client_ip: String,
    /// With what.
    pub user_agent: String,
    /// The application that waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Named>,
    /// The identity provider that took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_provider: Option<Named>,
    /// The steps of the decision.
    pub trace: Trace,
    /// The request's id in the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// An object by id and name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = NamedObject)]
#[serde(default)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// The organization; none for an administrator's sign-in.
    pub org: Option<Id>,
    /// The id.
    pub id: Id,
    /// When.
    pub at: Micros,
    /// JumpCloud's event type: `user_login_attempt`, `sso_auth`, `admin_login_attempt`, ...
    pub kind: String,
    /// The person or administrator, where known.
    pub user: Option<Id>,
    /// The rest.
    pub detail: Detail,
}
