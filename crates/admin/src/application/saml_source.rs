//! Where a service provider's metadata is read again, and what an administrator does with a change of it.

use axum::extract::State;
use muster_directory::Result;
use muster_directory::application::{Application, store};
use muster_directory::saml_source::{self, Decide, Difference, Forget, Source};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::saml::SamlOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId, Time};

/// A change of the metadata that waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlMetadataChange)]
#[serde(rename_all = "camelCase")]
struct HeldOut {
    /// Stands for exactly this change.
    digest: String,
    /// When it was first seen.
    seen_at: Time,
    /// What it says otherwise.
    differences: Vec<Difference>,
}

/// Where metadata is read again.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlMetadataSource)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceOut {
    /// The address.
    url: String,
    /// When it was last read.
    read_at: Time,
    /// When it is read again.
    next_at: Time,
    /// When reading failed last; none after it worked.
    failed_at: Option<Time>,
    /// Why.
    failure: Option<String>,
    /// A change that waits for an administrator. Nothing of it counts yet.
    held: Option<HeldOut>,
}

impl SourceOut {
    /// Shows an application's.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn of(site: &Site, app: &Application) -> Result<Option<Self>> {
        let source = saml_source::find(&mut site.directory().read(), app.org, app.id).await?;
        Ok(source.map(Self::new))
    }

    fn new(source: Source) -> Self {
        let held = source.held.as_ref().map(|held| HeldOut {
            digest: hex(&held.offer.digest()),
            seen_at: held.seen_at.into(),
            differences: source.taken.differences(&held.offer),
        });
        let (failed_at, failure) = source.failed.unzip();
        Self {
            url: source.url,
            read_at: source.read_at.into(),
            next_at: source.next_at.into(),
            failed_at: failed_at.map(Into::into),
            failure,
            held,
        }
    }
}

/// What is done with a change that waits.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlMetadataDecision)]
pub(crate) struct DecisionIn {
    /// The change that was looked at.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    digest: String,
    /// Whether it is taken over.
    approve: bool,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(|n| digit(n * 2)).collect();
    bytes?.try_into().ok().filter(|_| text.len() == 64)
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/saml/metadata/read", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = SamlOut), Changing))]
/// Read the metadata of a SAML application again now
pub(crate) async fn read(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SamlOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    muster_http::saml_source::refresh(&site, who.org(), app.id).await?;
    SamlOut::of(&site, &who, &app).await
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/saml/metadata/decision", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = DecisionIn, responses((status = 200, body = SamlOut), Changing))]
/// Approve or reject a change of the metadata of a SAML application
pub(crate) async fn decide(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<DecisionIn>,
) -> Result<Json<SamlOut>, ApiError> {
    let digest = unhex(&body.digest).ok_or_else(|| ApiError::field("digest", "64 hexadecimal characters"))?;
    let decide = Decide { app: id, digest, approve: body.approve };
    let app = site.directory().write(who.actor(), who.org(), decide).await?;
    SamlOut::of(&site, &who, &app).await
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/saml/metadata", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = SamlOut), Changing))]
/// Stop reading the metadata of a SAML application again
pub(crate) async fn forget(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<SamlOut>, ApiError> {
    let app = site.directory().write(who.actor(), who.org(), Forget { app: id }).await?;
    SamlOut::of(&site, &who, &app).await
}
