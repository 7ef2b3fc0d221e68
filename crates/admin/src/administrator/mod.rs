//! Administrators of an organization (v1's `/api/users`), and the one who asks with their API key.

mod api_key;
mod create;
mod delete;
mod get;
mod list;
mod model;
mod update;

pub(crate) use model::AdministratorSource;

use crate::routes::{Routes, routes};
use muster_base::Id;
use muster_directory::administrator::{Administrator, Role, store};
use muster_http::{AdminOrg, ApiError, Site};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(api_key::create, api_key::delete))
}

/// An administrator who was given the organization that is asked about, and what they may do there.
///
/// # Errors
/// 404 for all others.
async fn of_organization(site: &Site, who: &AdminOrg, id: Id) -> Result<(Administrator, Role), ApiError> {
    let all = store::with_roles(&mut site.directory().read(), who.org()).await?;
    all.into_iter().find(|(a, _)| a.id == id).ok_or_else(ApiError::not_found)
}
