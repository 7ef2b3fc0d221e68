//! Removes a person.

use axum::extract::State;
use muster_base::Id;
use muster_directory::user::{delete::Delete, store};
use muster_http::{AdminOrg, ApiError, Json, Query, Site};
use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{UserOut, show};
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// What becomes of those whose manager this is.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Cascade {
    /// The id of the person who takes over as manager, or `null` for none. Without it a manager is not removed (409).
    #[param(value_type = Option<String>, pattern = "^(null|[0-9a-fA-F]{24})$")]
    cascade_manager: Option<String>,
}

#[utoipa::path(delete, path = "/api/systemusers/{id}", tag = "users", params(("id" = ObjectId, Path), Cascade),
    responses((status = 200, body = UserOut), Changing))]
/// Delete a person
pub(crate) async fn delete(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Query(cascade): Query<Cascade>,
) -> Result<Json<UserOut>, ApiError> {
    let directory = site.directory();
    let cascade_manager = match cascade.cascade_manager.as_deref() {
        None | Some("") => None,
        Some("null") => Some(None),
        Some(text) => Some(Some(successor(text, id)?)),
    };
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    let mut out = show(directory, &who.organization.settings, &before).await?;
    out.warnings = None;
    directory.write(who.actor(), who.org(), Delete { id, cascade_manager }).await?;
    Ok(Json(out))
}

fn successor(text: &str, leaving: Id) -> Result<Id, ApiError> {
    match text.parse() {
        Ok(id) if id != leaving => Ok(id),
        Ok(_) => Err(ApiError::field("cascade_manager", "name someone else than the person who is removed")),
        Err(_) => Err(ApiError::field("cascade_manager", "the id of another person, or null")),
    }
}
