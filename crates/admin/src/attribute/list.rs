//! Lists custom attributes: those that are declared, and those that somebody has.

use std::collections::BTreeMap;

use axum::extract::State;
use muster_directory::attribute::{Type, store};
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::AttributeOut;
use crate::failure::Reading;

#[utoipa::path(get, path = "/api/v2/attributes", tag = "attributes",
    responses((status = 200, body = Vec<AttributeOut>), Reading))]
/// List custom attributes with their types
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<Vec<AttributeOut>>, ApiError> {
    let mut read = site.directory().read();
    let used = user::store::attribute_names(&mut read, who.org()).await?;
    let text = |name: String| {
        let out = AttributeOut { name: name.clone(), kind: Type::String, description: String::new(), declared: false };
        (name, out)
    };
    let mut all: BTreeMap<String, AttributeOut> = used.into_iter().map(text).collect();
    let declared = store::all(&mut read, who.org()).await?;
    all.extend(declared.into_iter().map(|of| (of.name.clone(), of.into())));
    Ok(Json(all.into_values().collect()))
}
