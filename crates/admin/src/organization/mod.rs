//! Organizations: v1's object with its settings, the logo, and a service provider's list.

mod get;
mod list;
mod logo;
mod model;
mod providers;
mod update;

use crate::routes::{Routes, routes};
use muster_base::Id;
use muster_directory::organization::{Organization, store};
use muster_http::{Admin, ApiError, Site};

pub(crate) use model::OrganizationRef;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list))
        .merge(routes!(get::get, update::update))
        .merge(routes!(logo::set, logo::remove))
        .merge(routes!(providers::get))
        .merge(routes!(providers::organizations, providers::create))
}

/// The organization of the path, if the administrator reaches it. The header may repeat it, not contradict it.
///
/// # Errors
/// 404 for unknown and foreign ones, 403 where their role does not allow it, 400 when `x-org-id` names another.
pub(crate) async fn reached(
    site: &Site,
    who: &Admin,
    headers: &http::HeaderMap,
    id: Id,
) -> Result<Organization, ApiError> {
    who.role_in(site, id).await?;
    if let Some(named) = headers.get("x-org-id")
        && named.to_str().ok().and_then(|t| t.parse::<Id>().ok()) != Some(id)
    {
        return Err(ApiError::field("x-org-id", "names another organization than the path: send the same, or none"));
    }
    Ok(store::get(&mut site.directory().read(), id).await?)
}
