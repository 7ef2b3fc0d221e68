//! What a provider says of itself, and the redirect URI to register there, before it is made here.

use axum::extract::State;
use muster_directory::Error;
use muster_directory::identity_provider::model::callback_path;
use muster_directory::identity_provider::store;
use muster_directory::identity_provider::{Kind, Saml};
use muster_http::probe::Discovery;
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ServiceProviderOut;
use super::write::check_url;
use crate::failure::Changing;
use crate::id::ObjectId;

/// Where to ask.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct DiscoverRequest {
    /// The issuer's address; for the type SAML that of its metadata document.
    #[serde(default)]
    #[schema(pattern = "^(https?://.*)?$", max_length = 2048)]
    url: String,
    /// For the type SAML: the metadata document itself, in place of an address.
    #[schema(max_length = 262_144)]
    metadata: Option<String>,
    /// Whose habits to expect.
    #[serde(rename = "type")]
    kind: Kind,
    /// The id that an earlier call answered, or that of a provider.
    #[schema(value_type = Option<ObjectId>)]
    id: Option<String>,
}

/// What a provider says of itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Discovery)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Discovered {
    /// The id that the provider will have when it is made with it.
    id: ObjectId,
    /// The issuer exactly as its tokens name it.
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    /// The redirect URI to register there.
    redirect_uri: String,
    /// Whether its answers name the issuer (RFC 9207).
    iss_parameter: bool,
    /// What its metadata says, for the type SAML.
    saml: Option<Saml>,
    /// What to register there, for the type SAML.
    service_provider: Option<ServiceProviderOut>,
    /// What stands in the way, in words; empty when it can be used.
    problems: Vec<String>,
}

#[utoipa::path(post, path = "/api/v2/identity-providers/discover", tag = "identity providers",
    request_body = DiscoverRequest, responses((status = 200, body = Discovered), Changing))]
/// Discover an identity provider
pub(crate) async fn discover(
    State(site): State<Site>,
    who: AdminOrg,
    Json(body): Json<DiscoverRequest>,
) -> Result<Json<Discovered>, ApiError> {
    let id = match body.id.as_deref().filter(|i| !i.is_empty()) {
        None => site.directory().env().id(),
        Some(text) => text.parse().map_err(|_| ApiError::field("id", "an id has 24 hexadecimal characters"))?,
    };
    let url = body.url.trim();
    let found = match body.metadata.as_deref().filter(|_| body.kind == Kind::Saml) {
        Some(document) => pasted(document),
        None => {
            check_url(&site, url, body.kind)?;
            site.probe().discover(url, body.kind).await
        }
    };
    // What is registered for an existing provider stays as long as its address does.
    let present = match store::get(&mut site.directory().read(), who.org(), id).await {
        Err(Error::Missing(_)) => None,
        found => Some(found?),
    };
    let iss_parameter = match &present {
        Some(idp) if idp.doc.url == url => idp.doc.iss_parameter,
        _ => found.iss_parameter,
    };
    let service_provider = (body.kind == Kind::Saml).then(|| ServiceProviderOut::new(&site, &who.organization, id));
    let redirect_uri = match &service_provider {
        Some(place) => place.acs_url.clone(),
        None => format!("{}{}", site.config().base(), callback_path(iss_parameter, id)),
    };
    Ok(Json(Discovered {
        id: id.into(),
        issuer: found.issuer,
        authorization_endpoint: found.authorization_endpoint,
        token_endpoint: found.token_endpoint,
        redirect_uri,
        iss_parameter,
        saml: found.saml,
        service_provider,
        problems: found.problems,
    }))
}

fn pasted(document: &str) -> Discovery {
    match Saml::default().with_metadata(document.as_bytes()) {
        Ok(saml) => Discovery { saml: Some(saml), ..Discovery::default() },
        Err(problem) => Discovery { problems: vec![problem], ..Discovery::default() },
    }
}
