//! Changes a directory provider: what is absent stays.

use axum::extract::State;
use muster_directory::directory_provider::Matching;
use muster_directory::directory_provider::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{ProviderOut, RoleMappingBody, mappings, of};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// A change of a directory provider.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DirectoryProviderUpdate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderUpdate {
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What is done about people who are here already.
    matching: Option<Matching>,
    /// Among directories that feed the same person: the lower one decides.
    #[schema(minimum = 0, maximum = 1000)]
    precedence: Option<i64>,
    /// Whether it may feed.
    active: Option<bool>,
    /// All that its groups give. A role is given by an administrator of the role "Administrator" only, whom not this
    /// directory made one.
    role_mappings: Option<Vec<RoleMappingBody>>,
    /// Whether it was seen who becomes an administrator by it, or stops being one; without it the answer tells, and nothing
    /// is changed.
    #[serde(default)]
    confirmed: bool,
    /// Whether the passwords that it pushes are taken: its people sign in with them. Not of a directory that is read.
    passwords: Option<bool>,
}

#[utoipa::path(put, path = "/api/v2/directoryproviders/{id}", tag = "directory providers",
    params(("id" = ObjectId, Path)), request_body = ProviderUpdate,
    responses((status = 200, body = ProviderOut), Changing))]
/// Update a directory provider
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<ProviderUpdate>,
) -> Result<Json<ProviderOut>, ApiError> {
    // What gives rights is for people.
    who.person()?;
    let role_mappings = body.role_mappings.map(mappings);
    let update = Update {
        id: Some(id),
        name: body.name,
        matching: body.matching,
        precedence: body.precedence,
        active: body.active,
        role_mappings,
        confirmed: body.confirmed,
        passwords: body.passwords,
    };
    let provider = site.directory().write(who.actor(), who.org(), update).await?;
    Ok(Json(of(&site, &provider).await?))
}
