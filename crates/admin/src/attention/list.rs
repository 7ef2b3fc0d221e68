//! Lists what needs an administrator, each with the page of the console where it is mended.

use axum::extract::State;
use muster_directory::attention::{self, Item, Kind, State as Matter};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::{ObjectId, Time};

/// Items that are told.
const ITEMS_MAX: usize = 200;

/// Something that needs an administrator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AttentionItem)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemOut {
    /// What it is about.
    kind: Kind,
    /// The application, directory provider, group or job; none for what is the organization's.
    id: Option<ObjectId>,
    /// Its name.
    name: String,
    /// What is the matter.
    state: Matter,
    /// How many of it, where that can be counted.
    count: Option<i64>,
    /// What is the matter in words.
    message: String,
    /// Since when; of a certificate when it ends.
    since: Option<Time>,
    /// The page of the console, as a path; none where there is no page.
    link: Option<String>,
}

/// What needs an administrator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Attention)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttentionOut {
    /// The most pressing first: the first two hundred.
    results: Vec<ItemOut>,
    /// How many there are.
    total_count: usize,
}

#[utoipa::path(get, path = "/api/v2/attention", tag = "attention", responses((status = 200, body = AttentionOut), Reading))]
/// List what needs an administrator
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg) -> Result<Json<AttentionOut>, ApiError> {
    let directory = site.directory();
    let items = attention::find(&mut directory.read(), who.org(), directory.env().clock.now()).await?;
    let show = |item: &Item| ItemOut {
        kind: item.kind,
        id: item.id.map(ObjectId),
        name: item.name.clone(),
        state: item.state,
        count: item.count,
        message: item.message.clone(),
        since: item.since.map(Time),
        link: page(item).map(|page| format!("/console/{}/{page}", who.organization.slug)),
    };
    let results = items.iter().take(ITEMS_MAX).map(show).collect();
    Ok(Json(AttentionOut { results, total_count: items.len() }))
}

/// The page where it is mended, below the organization's.
fn page(item: &Item) -> Option<String> {
    let Some(id) = item.id else {
        return (item.kind == Kind::SamlCertificate).then(|| "settings/keys".to_owned());
    };
    Some(match item.kind {
        Kind::Provisioning | Kind::ApplicationImport => format!("sso-applications/{id}?tab=identity"),
        Kind::SamlCertificate | Kind::SamlMetadata => format!("sso-applications/{id}?tab=sso"),
        Kind::DirectoryProvider => format!("scim-provisioning/{id}"),
        Kind::IdentityProviderCertificate => format!("identity-providers/{id}"),
        Kind::Migration => "imports?tab=jumpcloud".to_owned(),
        Kind::UserGroup if item.state == Matter::Review => format!("user-groups/{id}?tab=suggestions"),
        Kind::SystemGroup if item.state == Matter::Review => format!("device-groups/{id}?tab=suggestions"),
        Kind::UserGroup => format!("user-groups/{id}"),
        Kind::SystemGroup => format!("device-groups/{id}"),
        Kind::BulkJob => return None,
    })
}
