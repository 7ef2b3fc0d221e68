//! The choices of *Muster Attribute Name* in a mapping.

use axum::extract::State;
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;

/// An attribute that a claim may be fed from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingAttribute {
    /// The name; `attributes.NAME` for a custom one.
    name: String,
    /// The name for people.
    label: String,
    /// Whether an administrator made it.
    custom: bool,
}

/// What claims may be fed from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingAttributes {
    attributes: Vec<MappingAttribute>,
}

#[utoipa::path(get, path = "/api/v2/applications/attributes", tag = "applications",
    responses((status = 200, body = MappingAttributes), Reading))]
/// List the attributes that a claim may be fed from
pub(crate) async fn attributes(State(site): State<Site>, who: AdminOrg) -> Result<Json<MappingAttributes>, ApiError> {
    let custom = user::store::attribute_names(&mut site.directory().read(), who.org()).await?;
    let fixed = user::model::ATTRIBUTES.iter().map(|(name, label)| MappingAttribute {
        name: (*name).to_owned(),
        label: (*label).to_owned(),
        custom: false,
    });
    let custom =
        custom.into_iter().map(|label| MappingAttribute { name: format!("attributes.{label}"), label, custom: true });
    Ok(Json(MappingAttributes { attributes: fixed.chain(custom).collect() }))
}
