//! Changes an application: v1's PUT replaces. The sign-on settings of v2 stay, those of SAML as far as `config` does not
//! name them.

use axum::extract::State;
use muster_directory::application::Application;
use muster_directory::application::store;
use muster_directory::application::update::{SetSaml, Update};
use muster_directory::{Result, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site};

use super::model::ApplicationOut;
use super::with_key::WithKey;
use super::write::ApplicationWrite;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId};

#[utoipa::path(put, path = "/api/applications/{id}", tag = "applications", params(("id" = ObjectId, Path)),
    request_body = ApplicationWrite, responses((status = 200, body = ApplicationOut), Changing))]
/// Replace an application
pub(crate) async fn update(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<ApplicationWrite>,
) -> Result<Json<ApplicationOut>, ApiError> {
    let directory = site.directory();
    let before = store::get(&mut directory.read(), who.org(), id).await?;
    body.check()?;
    if body.name != before.name {
        return Err(ApiError::field("name", "the kind of an application does not change: make another one"));
    }
    let read = body.saml(&before.saml().unwrap_or_default())?;
    let update = Update {
        id,
        hidden: body.hidden(),
        display_label: body.display_label.unwrap_or_default().trim().to_owned(),
        display_name: body.display_name.unwrap_or_else(|| before.doc.display_name.clone()),
        description: body.description.unwrap_or_default(),
        active: body.active.unwrap_or(false),
    };
    let verb = Replace { update, saml: read.saml.map(|saml| SetSaml { id, saml }) };
    let app = directory.write(who.actor(), who.org(), WithKey { verb, pair: read.pair }).await?;
    Ok(Json(ApplicationOut::new(&app, &site.issuer(&who.organization.slug))))
}

/// Both parts in one transaction.
struct Replace {
    update: Update,
    saml: Option<SetSaml>,
}

impl Verb for Replace {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let app = self.update.run(w).await?;
        match &self.saml {
            Some(saml) => saml.run(w).await,
            None => Ok(app),
        }
    }
}
