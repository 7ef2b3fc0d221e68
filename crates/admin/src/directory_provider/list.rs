//! Lists directory providers.

use axum::extract::State;
use axum::response::Response;
use muster_directory::directory_provider::store;
use muster_http::{AdminOrg, ApiError, Site};

use super::model::{self, ProviderOut};
use crate::failure::Reading;
use crate::listed::cut;
use crate::page::{ListQuery, Page};

#[utoipa::path(get, path = "/api/v2/directoryproviders", tag = "directory providers", params(ListQuery),
    responses((status = 200, body = Vec<ProviderOut>), Reading))]
/// List directory providers
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let mut rows = Vec::new();
    for provider in store::all(&mut site.directory().read(), who.org()).await? {
        rows.push((provider.id, model::of(&site, &provider).await?));
    }
    Ok(cut(&site, &page, rows, &["name"])?.bare())
}
