//! What an identity provider can be written with.

use muster_base::{Id, Micros, Secret};
use muster_directory::identity_provider::{Doc, IdentityProvider, Jit, Kind, Match, Options, Saml};
use muster_directory::{Error, FieldError};
use muster_http::{ApiError, Site};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::id::ObjectId;

/// What the provider knows Muster as.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = IdentityProviderOidcWrite)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OidcWrite {
    #[schema(min_length = 1, max_length = 1024)]
    pub client_id: String,
    /// Left out or empty: the present one stays.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// The issuer's address; the rest is discovered below it.
    #[schema(pattern = "^https?://", max_length = 2048)]
    pub url: String,
}

impl OidcWrite {
    /// The secret, when one was given.
    fn secret(&self) -> Option<Secret> {
        self.client_secret.as_deref().filter(|s| !s.is_empty()).map(Secret::new)
    }
}

/// An identity provider as written. Members that cannot be written are passed over.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = IdentityProviderWrite)]
pub(crate) struct IdentityProviderWrite {
    /// The id that `discover` answered, so that the redirect URI shown there stays; for a new provider only.
    #[schema(value_type = Option<ObjectId>)]
    pub id: Option<String>,
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// On when left out; on a PUT it stays then.
    pub enabled: Option<bool>,
    /// Where it speaks OpenID Connect; needed for every type but SAML.
    pub oidc: Option<OidcWrite>,
    /// Where it speaks SAML 2.0; needed for the type SAML.
    pub saml: Option<Saml>,
    /// Its metadata document, for the type SAML: entity ID, address, binding and certificates are taken from it, the rest
    /// from `saml`.
    #[serde(rename = "samlMetadata")]
    #[schema(max_length = 262_144)]
    pub saml_metadata: Option<String>,
    /// How the first sign-in finds the person: by e-mail when left out; on a PUT it stays then.
    #[serde(rename = "match")]
    pub matching: Option<Match>,
    /// Making people at their first sign-in: off when left out; on a PUT it stays then.
    pub jit: Option<Jit>,
    /// What else is agreed with it; on a PUT it stays when left out.
    pub options: Option<Options>,
}

impl IdentityProviderWrite {
    /// The client secret, when one was given.
    pub(super) fn secret(&self) -> Option<Secret> {
        self.oidc.as_ref().and_then(OidcWrite::secret)
    }

    /// What is to be kept. `present` is what is kept now.
    ///
    /// # Errors
    /// 400 on `samlMetadata`.
    pub(super) fn doc(&self, present: Option<&Doc>, iss_parameter: bool) -> Result<Doc, ApiError> {
        let oidc =
            |of: fn(&OidcWrite) -> &String| self.oidc.as_ref().map(|o| of(o).trim().to_owned()).unwrap_or_default();
        let present_saml = present.and_then(|p| p.saml.clone()).filter(|_| self.kind == Kind::Saml);
        let saml = self.saml.clone().or(present_saml);
        let saml = match self.saml_metadata.as_deref().filter(|document| !document.trim().is_empty()) {
            Some(document) => Some(saml.unwrap_or_default().with_metadata(document.as_bytes())),
            None => saml.map(Ok),
        };
        let saml = saml.transpose().map_err(|problem| ApiError::field("samlMetadata", problem))?;
        Ok(Doc {
            kind: self.kind,
            url: oidc(|o| &o.url),
            client_id: oidc(|o| &o.client_id),
            saml: saml.map(Saml::normal),
            matching: self.matching.clone().or_else(|| present.map(|p| p.matching.clone())).unwrap_or_default(),
            jit: self.jit.clone().or_else(|| present.map(|p| p.jit.clone())).unwrap_or_default(),
            iss_parameter,
            options: self.options.clone().or_else(|| present.map(|p| p.options.clone())).unwrap_or_default(),
        })
    }
}

/// Whether a provider says `iss` in its answers; asked only when the rest is right. One that cannot be reached is taken
/// not to: its callback is its own.
pub(super) async fn iss_parameter(site: &Site, name: &str, doc: &Doc) -> bool {
    let idp = IdentityProvider {
        org: Id::new(Micros(0), &site.directory().env().rng),
        id: site.directory().env().id(),
        name: name.trim().to_owned(),
        doc: doc.clone(),
        enabled: true,
        has_secret: false,
        created_at: Micros(0),
    };
    doc.kind != Kind::Saml
        && idp.problems(site.config().http_allowed()).is_empty()
        && site.probe().discover(&doc.url, doc.kind).await.iss_parameter
}

/// Refuses an address that is none, before anything is asked there.
///
/// # Errors
/// 400 on `url`.
pub(super) fn check_url(site: &Site, url: &str, kind: Kind) -> Result<(), ApiError> {
    let env = site.directory().env();
    let idp = IdentityProvider {
        org: env.id(),
        id: env.id(),
        name: "x".into(),
        doc: Doc {
            // The address of a metadata document has to be what an issuer's has to be.
            kind: if kind == Kind::Saml { Kind::Oidc } else { kind },
            url: url.to_owned(),
            client_id: "x".into(),
            saml: None,
            matching: Match::default(),
            jit: Jit::default(),
            iss_parameter: false,
            options: Options::default(),
        },
        enabled: true,
        has_secret: false,
        created_at: Micros(0),
    };
    let problems = idp.problems(site.config().http_allowed());
    let problems = problems.into_iter().map(|p| FieldError::new("url", p.message)).collect();
    Ok(Error::unless_empty(problems)?)
}
