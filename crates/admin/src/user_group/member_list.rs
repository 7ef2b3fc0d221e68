//! A group's members by name, with how and since when they are in: the console's table.

use axum::extract::State;
use axum::response::Response;
use muster_directory::group::store;
use muster_directory::user;
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, Time};
use crate::listed::cut;
use crate::page::Page;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserGroupMember)]
pub(crate) struct Member {
    id: ObjectId,
    username: String,
    email: String,
    displayname: String,
    /// `direct`, `rule` or `exemption`.
    #[schema(pattern = "^(direct|rule|exemption)$")]
    via: &'static str,
    since: Time,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
#[schema(as = UserGroupMembers)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Members {
    /// The members, by user name.
    results: Vec<Member>,
    /// How many there are in all.
    total_count: i64,
}

/// The query, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) struct MembersQuery {
    /// Occurs in the names or the e-mail.
    search: Option<String>,
    /// Rows at most: 10 when nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Rows passed over.
    #[param(minimum = 0)]
    skip: Option<i64>,
}

#[utoipa::path(get, path = "/api/v2/usergroups/{id}/memberlist", tag = "user groups",
    params(("id" = ObjectId, Path), MembersQuery), responses((status = 200, body = Members), Reading))]
/// List the members of a user group by name
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    mut page: Page,
) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    store::get(&mut source, who.org(), id).await?;
    let members = store::members(&mut source, who.org(), id).await?;
    let ids: Vec<_> = members.keys().copied().collect();
    let users = user::store::by_ids(&mut source, who.org(), &ids).await?;
    let rows = users.iter().filter_map(|u| {
        let membership = members.get(&u.id)?;
        let row = Member {
            id: u.id.into(),
            username: u.username.clone(),
            email: u.email.clone(),
            displayname: u.display(),
            via: membership.via.word(),
            since: membership.since.into(),
        };
        Some((u.id, row))
    });
    if page.sort.is_empty() {
        page.sort = vec!["username".into()];
    }
    Ok(cut(&site, &page, rows.collect(), &["username", "email", "displayname"])?.wrapped("results"))
}
