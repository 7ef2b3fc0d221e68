//! A service provider (MSP) and its organizations; for its own administrators.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use muster_base::Id;
use muster_directory::organization::provider::{self, Provider};
use muster_directory::organization::{Organization, create, store};
use muster_http::{Admin, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::logo_url;
use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId};
use crate::listed::cut;
use crate::page::{ListQuery, Page};

/// A service provider.
#[derive(Serialize, ToSchema)]
#[schema(as = Provider)]
pub(crate) struct ProviderOut {
    id: ObjectId,
    name: String,
}

/// An organization of a service provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderOrganization {
    id: ObjectId,
    name: String,
    display_name: String,
    /// Its name in addresses.
    slug: String,
    logo_url: Option<String>,
}

impl ProviderOrganization {
    fn new(organization: &Organization) -> Self {
        Self {
            id: organization.id.into(),
            name: organization.display_name.clone(),
            display_name: organization.display_name.clone(),
            slug: organization.slug.clone(),
            logo_url: logo_url(organization),
        }
    }
}

/// A page of a service provider's organizations.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProviderOrganizations {
    /// The organizations.
    results: Vec<ProviderOrganization>,
    /// How many there are in all.
    total_count: i64,
}

/// A new organization.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ProviderOrganizationWrite {
    /// Its name for people.
    name: String,
    /// Its name in addresses; made from the name when left out. It never changes.
    slug: Option<String>,
}

#[utoipa::path(get, path = "/api/v2/providers/{id}", tag = "organizations", params(("id" = ObjectId, Path)),
    responses((status = 200, body = ProviderOut), Reading))]
/// Get a service provider
pub(crate) async fn get(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
) -> Result<Json<ProviderOut>, ApiError> {
    let Provider { id, name, .. } = own(&site, &who, id).await?;
    Ok(Json(ProviderOut { id: id.into(), name }))
}

#[utoipa::path(get, path = "/api/v2/providers/{id}/organizations", tag = "organizations",
    params(("id" = ObjectId, Path), ListQuery), responses((status = 200, body = ProviderOrganizations), Reading))]
/// List a service provider's organizations
pub(crate) async fn organizations(
    State(site): State<Site>,
    who: Admin,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    own(&site, &who, id).await?;
    let organizations = store::of_provider(&mut site.directory().read(), id).await?;
    let rows = organizations.iter().map(|o| (o.id, ProviderOrganization::new(o))).collect();
    Ok(cut(&site, &page, rows, &["name", "slug"])?.wrapped("results"))
}

#[utoipa::path(post, path = "/api/v2/providers/{id}/organizations", tag = "organizations",
    params(("id" = ObjectId, Path)), request_body = ProviderOrganizationWrite,
    responses((status = 201, body = ProviderOrganization), Changing))]
/// Create an organization of a service provider
pub(crate) async fn create(
    State(site): State<Site>,
    who: Admin,
    PathId(provider): PathId,
    Json(body): Json<ProviderOrganizationWrite>,
) -> Result<Response, ApiError> {
    own(&site, &who, provider).await?;
    let directory = site.directory();
    let input =
        create::Create { id: directory.env().id(), name: body.name, slug: body.slug, provider_id: Some(provider) };
    let organization = create::create(directory, who.actor(), input, None).await?;
    Ok((StatusCode::CREATED, Json(ProviderOrganization::new(&organization))).into_response())
}

/// The provider, for its own administrators; for others it does not exist.
async fn own(site: &Site, who: &Admin, id: Id) -> Result<Provider, ApiError> {
    if who.admin.provider_id != Some(id) {
        return Err(ApiError::not_found());
    }
    Ok(provider::get(&mut site.directory().read(), id).await?)
}
