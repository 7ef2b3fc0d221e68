//! Declares the type of a custom attribute, or changes it.

use axum::extract::State;
use muster_directory::attribute::{Type, declare};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::AttributeOut;
use crate::failure::Changing;

/// What values of a custom attribute are.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CustomAttributeDeclare)]
pub(crate) struct Declare {
    /// The name, compared with case.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// The type. Values and rules that are there have to fit it.
    #[serde(rename = "type")]
    kind: Type,
    /// For people.
    #[serde(default)]
    #[schema(max_length = 1024)]
    description: String,
}

#[utoipa::path(put, path = "/api/v2/attributes", tag = "attributes", request_body = Declare,
    responses((status = 200, body = AttributeOut), Changing))]
/// Declare the type of a custom attribute
pub(crate) async fn declare(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<Declare>,
) -> Result<Json<AttributeOut>, ApiError> {
    let verb = declare::Declare { name: body.name, kind: body.kind, description: body.description };
    Ok(Json(site.directory().write(who.actor(), who.org(), verb).await?.into()))
}
