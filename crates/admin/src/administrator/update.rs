//! Changes an administrator: v1's PUT merges.

use axum::extract::State;
use muster_base::Id;
use muster_directory::administrator::set_role::SetRole;
use muster_directory::administrator::update::Update;
use muster_directory::administrator::{Role, store};
use muster_directory::{Result as DirectoryResult, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Deserialize;
use utoipa::ToSchema;

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
    /// What they may do in this organization; nobody changes their own.
    role_name: Option<Role>,
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
    let (before, _) = of_organization(&site, &who, id).await?;
    if body.email.as_ref().is_some_and(|e| !e.trim().eq_ignore_ascii_case(&before.email)) {
        return Err(ApiError::field("email", "an administrator's e-mail does not change: make another one"));
    }
    reaches_all_of(&site, &who, id).await?;
    let update = Update { id, firstname: body.firstname, lastname: body.lastname, suspended: body.suspended };
    site.directory().write(who.actor(), who.org(), Merge { update, role: body.role_name }).await?;
    let (admin, role) = of_organization(&site, &who, id).await?;
    Ok(Json(AdministratorOut::new(&admin, role, who.org())))
}

/// Both in one transaction.
struct Merge {
    update: Update,
    role: Option<Role>,
}

impl Verb for Merge {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> DirectoryResult<()> {
        if let Some(role) = self.role {
            SetRole { id: self.update.id, role }.run(w).await?;
        }
        self.update.run(w).await.map(drop)
    }
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
