//! Lists initial access tokens.

use axum::extract::State;
use muster_directory::registration::store;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::RegistrationTokenOut;
use crate::failure::Reading;

#[utoipa::path(get, path = "/api/v2/registration-tokens", tag = "registration",
    responses((status = 200, body = Vec<RegistrationTokenOut>), Reading))]
/// List the tokens with which clients may register themselves
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<Vec<RegistrationTokenOut>>, ApiError> {
    let all = store::all(&mut site.directory().read(), who.org()).await?;
    Ok(Json(all.iter().map(|kept| RegistrationTokenOut::new(kept, None)).collect()))
}
