//! Makes an administrator and gives them the organization.

use axum::extract::State;
use muster_directory::administrator::Role;
use muster_directory::administrator::create::{self, Create};
use muster_directory::administrator::grant::Grant;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::AdministratorOut;
use crate::failure::Changing;

/// A new administrator. They choose their password by a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdministratorCreate {
    #[schema(format = Email, min_length = 3)]
    email: String,
    firstname: Option<String>,
    lastname: Option<String>,
    /// What they may do; without it everything.
    role_name: Option<Role>,
}

#[utoipa::path(post, path = "/api/users", tag = "administrators", request_body = AdministratorCreate,
    responses((status = 200, body = AdministratorOut), Changing))]
/// Create an administrator
pub(crate) async fn create(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<AdministratorCreate>,
) -> Result<Json<AdministratorOut>, ApiError> {
    who.person()?;
    let role = body.role_name.unwrap_or(Role::Administrator);
    let directory = site.directory();
    let input = Create {
        email: body.email,
        firstname: body.firstname.unwrap_or_default(),
        lastname: body.lastname.unwrap_or_default(),
        ..Create::default()
    };
    let (admin, token) = create::create(directory, input).await?;
    directory.write(who.actor(), who.org(), Grant { admin: admin.id, role }).await?;
    let mut out = AdministratorOut::new(&admin, role, who.org());
    // Administrators' links are handed on by the one who made them, mail or not.
    out.activation_link = token.map(|t| format!("{}/activate/admin?token={}", site.config().base(), t.expose()));
    Ok(Json(out))
}
