//! The first step of every request: the organization in the path.

use muster_directory::organization::{Organization, store};
use muster_http::Site;
use muster_http::error::ApiError;
use muster_http::page::PageError;

use crate::error::Refusal;

/// The longest slug that is looked up.
const SLUG_MAX: usize = 63;

async fn find(site: &Site, slug: &str) -> muster_directory::Result<Option<Organization>> {
    if slug.len() > SLUG_MAX || slug.contains('\0') {
        return Ok(None);
    }
    store::by_slug(&mut site.directory().read(), slug).await
}

/// For an endpoint that programs call.
pub async fn for_program(site: &Site, slug: &str) -> Result<Organization, Refusal> {
    find(site, slug).await?.ok_or(Refusal::NoOrganization)
}

/// For an address that people open.
pub async fn for_person(site: &Site, slug: &str) -> Result<Organization, PageError> {
    Ok(find(site, slug).await?.ok_or_else(ApiError::not_found)?)
}
