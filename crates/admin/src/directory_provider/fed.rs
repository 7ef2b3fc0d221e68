//! What came from a directory: the people it feeds and the groups it keeps here, by name.

use axum::extract::State;
use axum::response::Response;
use muster_directory::user::State as UserState;
use muster_directory::{directory_provider, fed_group, fed_user, group};
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, Time};
use crate::listed::Listed;
use crate::page::Page;

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct FedQuery {
    /// Occurs in the names or the e-mail.
    search: Option<String>,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
}

/// A person whom a directory feeds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderUser)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FedUserOut {
    /// The person's id.
    id: ObjectId,
    /// The directory's own name for the person.
    external_id: Option<String>,
    user_name: String,
    display_name: String,
    email: String,
    /// Whether the person may come in.
    active: bool,
    /// Since when the directory feeds the person.
    created_at: Time,
    /// When it changed something last.
    updated_at: Time,
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/users", tag = "directory providers",
    params(("id" = ObjectId, Path), FedQuery), responses((status = 200, body = Vec<FedUserOut>), Reading))]
/// List the people whom a directory feeds
pub(crate) async fn users(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let (mut read, org) = (site.directory().read(), who.org());
    directory_provider::store::get(&mut read, org, id).await?;
    let term = page.search.as_deref().unwrap_or_default();
    let (rows, total) = fed_user::store::named(&mut read, org, id, term, (page.limit, page.skip)).await?;
    let one = |fed: fed_user::Fed| FedUserOut {
        id: fed.user.id.into(),
        external_id: fed.external_id,
        display_name: fed.user.display(),
        active: fed.user.state == UserState::Activated,
        user_name: fed.user.username,
        email: fed.user.email,
        created_at: fed.created_at.into(),
        updated_at: fed.updated_at.into(),
    };
    Ok(Listed { rows: rows.into_iter().map(one).collect(), total, link: None }.bare())
}

/// A group that a directory keeps here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryProviderGroup)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FedGroupOut {
    /// The user group's id.
    id: ObjectId,
    /// The directory's own name for it.
    external_id: Option<String>,
    display_name: String,
    member_count: i64,
    /// Since when the directory keeps it.
    created_at: Time,
    /// When it changed something last.
    updated_at: Time,
}

#[utoipa::path(get, path = "/api/v2/directoryproviders/{id}/groups", tag = "directory providers",
    params(("id" = ObjectId, Path), FedQuery), responses((status = 200, body = Vec<FedGroupOut>), Reading))]
/// List the groups that a directory keeps here
pub(crate) async fn groups(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    page: Page,
) -> Result<Response, ApiError> {
    let (mut read, org) = (site.directory().read(), who.org());
    directory_provider::store::get(&mut read, org, id).await?;
    let term = page.search.as_deref().unwrap_or_default();
    let (found, total) = fed_group::store::named(&mut read, org, id, term, (page.limit, page.skip)).await?;
    let mut rows = Vec::with_capacity(found.len());
    for of in found {
        rows.push(FedGroupOut {
            id: of.id.into(),
            external_id: of.external_id,
            display_name: of.name,
            member_count: group::store::member_count(&mut read, org, of.id).await?,
            created_at: of.created_at.into(),
            updated_at: of.updated_at.into(),
        });
    }
    Ok(Listed { rows, total, link: None }.bare())
}
