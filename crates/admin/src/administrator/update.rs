//! Changes an administrator: v1's PUT merges.

use axum::extract::State;
use muster_base::Id;
use muster_directory::administrator::store;
use muster_directory::administrator::update::Update;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::check_role;
use super::model::AdministratorOut;
use super::of_organization;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

/// An administrator as written: what is left out stays. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdministratorWrite {
    /// Cannot change: it is what they sign in with.
    email: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    /// `Administrator`: there are no other roles yet.
    #[schema(pattern = "^Administrator$")]
    role_name: Option<String>,
    /// Kept out.
    suspended: Option<bool>,
}

#[utoipa::path(put, path = "/api/users/{id}", tag = "administrators", params(("id" = ObjectId, Path)),
    request_body = AdministratorWrite, responses((status = 200, body = AdministratorOut), Changing))]
/// Update an administrator
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<AdministratorWrite>,
) -> Result<Json<AdministratorOut>, ApiError> {
    let before = of_organization(&site, &who, id).await?;
    check_role(body.role_name.as_deref())?;
    if body.email.as_ref().is_some_and(|e| !e.trim().eq_ignore_ascii_case(&before.email)) {
        return Err(ApiError::field("email", "an administrator's e-mail does not change: make another one"));
    }
    reaches_all_of(&site, &who, id).await?;
    let verb = Update { id, firstname: body.firstname, lastname: body.lastname, suspended: body.suspended };
    let admin = site.directory().write(who.actor(), who.org(), verb).await?;
    Ok(Json(AdministratorOut::new(&admin, who.org())))
}

/// An administrator of several organizations is changed for all of them: only by one who reaches all of them, or by
/// themselves.
async fn reaches_all_of(site: &Site, who: &AdminOrg, id: Id) -> Result<(), ApiError> {
    let asker = who.person()?.admin.id;
    if asker == id {
        return Ok(());
    }
    let mut source = site.directory().read();
    let mine = store::organizations(&mut source, asker).await?;
    let theirs = store::organizations(&mut source, id).await?;
    if theirs.iter().all(|org| mine.contains(org)) {
        return Ok(());
    }
    let message = "this administrator has other organizations, which you do not reach: only remove them from yours";
    Err(muster_directory::Error::Denied(message.into()).into())
}
