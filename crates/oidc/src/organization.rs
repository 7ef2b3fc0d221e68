//! The first step of every request: the organization in the path.

use std::sync::Arc;

use muster_directory::application::registry;
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_http::error::ApiError;
use muster_http::page::PageError;

use crate::error::Refusal;

/// The longest slug that is looked up.
const SLUG_MAX: usize = 63;

async fn find(site: &Site, slug: &str) -> muster_directory::Result<Option<Arc<Organization>>> {
    if slug.len() > SLUG_MAX || slug.contains('\0') {
        return Ok(None);
    }
    registry::organization(site.directory(), slug).await
}

/// For an endpoint that programs call.
pub async fn for_program(site: &Site, slug: &str) -> Result<Arc<Organization>, Refusal> {
    find(site, slug).await?.ok_or(Refusal::NoOrganization)
}

/// For an address that people open.
pub async fn for_person(site: &Site, slug: &str) -> Result<Arc<Organization>, PageError> {
    Ok(find(site, slug).await?.ok_or_else(ApiError::not_found)?)
}
