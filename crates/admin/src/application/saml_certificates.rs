//! The certificates of a SAML application: those that its metadata names, and adding and removing its own.

use axum::extract::State;
use muster_base::Micros;
use muster_directory::application::saml::Saml;
use muster_directory::application::{Application, store};
use muster_directory::saml_key::usage::{Known, Usage};
use muster_directory::saml_key::{self, Add, Pair, Remove, State as KeyState};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::saml::SamlOut;
use crate::failure::Changing;
use crate::id::{ObjectId, PathId, PathIds, Time};

/// How much longer a certificate stays in the metadata after the next one signs, in seconds.
pub(super) const OVERLAP_S: i64 = 30 * 86_400;
/// How much later a certificate may sign at most, in days.
const LEAD_MAX_DAYS: i64 = 365;

/// What a certificate's key is doing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SamlCertificateState)]
#[serde(rename_all = "snake_case")]
enum CertificateState {
    /// Signs.
    Active,
    /// In the metadata, signs later.
    Next,
    /// Signs no more, still in the metadata.
    Retiring,
}

/// A certificate that answers are checked with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlCertificate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateOut {
    id: ObjectId,
    /// What its key is doing.
    state: CertificateState,
    /// The application's own; else the organization's.
    own: bool,
    /// PEM.
    certificate: String,
    /// SHA-256 of the DER form: hexadecimal, a colon between bytes.
    fingerprint: String,
    /// Whom it names.
    subject: String,
    /// Until when it is valid.
    not_after: Time,
    /// From when on it signs.
    signs_from: Time,
    /// When it leaves the metadata.
    drop_at: Option<Time>,
    /// Whether the service provider has it, as far as it can be known, in words.
    known: &'static str,
    /// When what is known happened.
    known_at: Option<Time>,
}

/// A certificate that is added: with its private key, or neither to have one made.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = SamlCertificateWrite)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CertificateWrite {
    /// PEM, or base64 of the DER form.
    certificate: Option<String>,
    /// PEM, without a passphrase; never shown again.
    private_key: Option<String>,
    /// After how many days it signs; until then it stands in the metadata beside the present one.
    #[schema(minimum = 0, maximum = 365)]
    signs_after_days: i64,
}

/// The certificates of an application, as its metadata has them.
///
/// # Errors
/// The database's.
pub(super) async fn certificates(site: &Site, app: &Application, saml: &Saml) -> Result<Vec<CertificateOut>, ApiError> {
    let keys = saml_key::published(site.directory(), app.org, app.id, saml.signature_algorithm.kind()).await?;
    let usage = Usage::load(&mut site.directory().read(), app.org, app.id).await?;
    let show = |key: saml_key::Published| {
        let known = usage.of(&key.row);
        let certificate = &key.pair.certificate;
        let bytes: Vec<String> = certificate.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
        CertificateOut {
            id: key.row.id.into(),
            state: match key.state {
                KeyState::Active => CertificateState::Active,
                KeyState::Next => CertificateState::Next,
                KeyState::Retiring => CertificateState::Retiring,
            },
            own: key.row.app.is_some(),
            certificate: certificate.to_pem(),
            fingerprint: bytes.join(":"),
            subject: certificate.subject().to_owned(),
            not_after: Micros(0).plus_s(certificate.not_after_s()).into(),
            signs_from: key.row.signs_from.into(),
            drop_at: key.row.drop_at.map(Into::into),
            known: known.words(key.state),
            known_at: match known {
                Known::Accepted(at) | Known::Read(at) => Some(at.into()),
                Known::Nothing => None,
            },
        }
    };
    Ok(keys.into_iter().map(show).collect())
}

#[utoipa::path(post, path = "/api/v2/applications/{id}/saml/certificates", tag = "applications",
    params(("id" = ObjectId, Path)), request_body = CertificateWrite,
    responses((status = 200, body = SamlOut), Changing))]
/// Add a certificate of its own to an application
pub(crate) async fn add(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<CertificateWrite>,
) -> Result<Json<SamlOut>, ApiError> {
    let directory = site.directory();
    let app = store::get(&mut directory.read(), who.org(), id).await?;
    let saml = app.saml().ok_or_else(|| ApiError::field("id", "this application does not sign in by SAML"))?;
    if !(0..=LEAD_MAX_DAYS).contains(&body.signs_after_days) {
        return Err(ApiError::field("signsAfterDays", format!("0 to {LEAD_MAX_DAYS} days")));
    }
    let kind = saml.signature_algorithm.kind();
    let pair = match (&body.certificate, &body.private_key) {
        (None, None) => saml_key::generate(directory, who.org(), kind).await?,
        (Some(certificate), Some(key)) => Pair::from_text(certificate, key)?,
        (Some(_), None) => return Err(ApiError::field("privateKey", "is required beside a certificate")),
        (None, Some(_)) => return Err(ApiError::field("certificate", "is required beside a private key")),
    };
    if pair.key.kind() != kind {
        let message = "the key cannot sign with the application's Signature Algorithm: choose another one first";
        return Err(ApiError::field("certificate", message));
    }
    let add = Add { app: id, pair, lead_s: body.signs_after_days * 86_400, overlap_s: OVERLAP_S };
    directory.write(who.actor(), who.org(), add).await?;
    SamlOut::of(&site, &who, &app).await
}

#[utoipa::path(delete, path = "/api/v2/applications/{id}/saml/certificates/{certificate}", tag = "applications",
    params(("id" = ObjectId, Path), ("certificate" = ObjectId, Path)), responses((status = 200, body = SamlOut), Changing))]
/// Remove a certificate of an application's own
pub(crate) async fn remove(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, key): PathIds,
) -> Result<Json<SamlOut>, ApiError> {
    let directory = site.directory();
    let app = store::get(&mut directory.read(), who.org(), id).await?;
    directory.write(who.actor(), who.org(), Remove { app: id, key }).await?;
    SamlOut::of(&site, &who, &app).await
}
