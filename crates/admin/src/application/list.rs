//! Lists applications.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use muster_base::Id;
use muster_directory::application::{Application, store};
use muster_directory::provision::{Overview, overview};
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::{ApplicationOut, IdentityManagement};
use crate::failure::Reading;
use crate::listed::{Listed, Row, cut, select};
use crate::page::{ListQuery, Page};

type ApplicationRow = Row<ApplicationOut>;

/// A page of applications.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Applications {
    /// The applications.
    #[schema(value_type = Vec<ApplicationRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    total_count: i64,
}

#[utoipa::path(get, path = "/api/applications", tag = "applications", params(ListQuery),
    responses((status = 200, body = Applications), Reading))]
/// List applications
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let mut source = site.directory().read();
    let apps = store::all(&mut source, who.org()).await?;
    let targets = overview::all(&mut source, who.org()).await?;
    let targets: HashMap<Id, Overview> = targets.into_iter().map(|of| (of.app, of)).collect();
    let bound: HashMap<Id, i64> = store::bound_groups(&mut source, who.org()).await?.into_iter().collect();
    let issuer = site.issuer(&who.organization.slug);
    let show = |app: &Application| {
        let doing = |of: &Overview| IdentityManagement { state: of.doing, held: of.held, failing: of.failing };
        ApplicationOut {
            identity_management: targets.get(&app.id).map(doing),
            bound_user_groups: Some(bound.get(&app.id).copied().unwrap_or(0)),
            ..ApplicationOut::new(app, &issuer)
        }
    };
    let rows = apps.iter().map(|app| (app.id, show(app))).collect();
    let Listed { rows, total, link } = cut(&site, &page, rows, &["displayLabel", "displayName", "description"])?;
    let rows = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.wrapped("results"))
}
