//! An identity provider. Pure.

use muster_base::{Id, Micros, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Saml;
use crate::FieldError;

/// The type: whose shapes and habits to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderType)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Any OpenID provider, another Muster organization included.
    Oidc,
    /// Okta.
    Okta,
    /// Google: an issuer for all the world; `hd` tells the organization.
    Google,
    /// Entra ID: the subject is `tid` + `oid`.
    Azure,
    /// Any provider that speaks SAML 2.0.
    Saml,
}

impl Kind {
    /// The API's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Oidc => "OIDC",
            Self::Okta => "OKTA",
            Self::Google => "GOOGLE",
            Self::Azure => "AZURE",
            Self::Saml => "SAML",
        }
    }
}

/// How the first sign-in finds the person: a claim of the provider against an attribute of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderMatch)]
#[serde(default)]
pub struct Match {
    /// The claim.
    pub claim: String,
    /// The attribute: `email`, `username`, `employeeIdentifier`, or a custom one as `attributes.NAME`.
    pub attribute: String,
}

impl Default for Match {
    fn default() -> Self {
        Self { claim: "email".into(), attribute: "email".into() }
    }
}

/// Making people at their first sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderJit)]
#[serde(default)]
pub struct Jit {
    /// Off unless turned on.
    pub enabled: bool,
    /// Only e-mails of these domains.
    pub domains: Vec<String>,
}

/// How we authenticate at a provider's token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderClientAuthentication)]
#[serde(rename_all = "snake_case")]
pub enum ClientProof {
    /// With the client secret, in the way that the provider offers.
    #[default]
    ClientSecret,
    /// With a key of ours, published at the provider's `jwksUri` here; the assertion is addressed to the issuer.
    PrivateKeyJwt,
    /// The same, addressed to the token endpoint, as older providers want it.
    PrivateKeyJwtTokenEndpoint,
}

/// What else is agreed with a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderOptions)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// How we authenticate there.
    pub token_endpoint_auth: ClientProof,
    /// Whether what it says of how a person signed in (`acr`, `amr`) is believed and passed on to applications.
    pub trust_authentication_context: bool,
    /// Whether an ID token that is not encrypted to us is refused.
    pub require_encrypted_id_token: bool,
}

/// What is entered about a provider, besides name and secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// The type.
    pub kind: Kind,
    /// The issuer's address as entered; empty where it speaks SAML.
    pub url: String,
    /// Our client id there; empty where it speaks SAML.
    pub client_id: String,
    /// Where it speaks SAML: [`Kind::Saml`] and this come together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml: Option<Saml>,
    /// How the first sign-in finds the person.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// Making people at their first sign-in.
    #[serde(default)]
    pub jit: Jit,
    /// Whether the provider says `iss` in its answer (RFC 9207): then the callback is shared, else it is its own.
    #[serde(default)]
    pub iss_parameter: bool,
    /// What else is agreed with it.
    #[serde(default)]
    pub options: Options,
}

/// An identity provider.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The name for people.
    pub name: String,
    /// What is entered.
    pub doc: Doc,
    /// A disabled provider routes nobody and admits nobody.
    pub enabled: bool,
    /// Whether a client secret is kept.
    pub has_secret: bool,
    /// When it was made.
    pub created_at: Micros,
}

/// Attributes that a match may use: those a person cannot write themselves.
const MATCHABLE: &[&str] = &["email", "username", "employeeIdentifier"];

impl IdentityProvider {
    /// The path of its callback below the public URL.
    #[must_use]
    pub fn callback_path(&self) -> String {
        callback_path(self.doc.iss_parameter, self.id)
    }

    /// What is wrong with it. `http_allowed` is for loopback while developing.
    #[must_use]
    pub fn problems(&self, http_allowed: bool) -> Vec<FieldError> {
        let mut out = crate::organization::create::name_problems(&self.name);
        out.extend(self.protocol_problems(http_allowed));
        let mut wrong = |field: &str, message: String| out.push(FieldError::new(field, message));
        if self.doc.matching.claim.is_empty()
            || self.doc.matching.claim.len() > 128
            || self.doc.matching.claim.contains('\0')
        {
            wrong("match.claim", "1 to 128 characters".into());
        }
        let attribute = &self.doc.matching.attribute;
        let custom =
            attribute.strip_prefix("attributes.").is_some_and(|n| !n.is_empty() && n.len() <= limits::TEXT_MAX);
        if !custom && !MATCHABLE.contains(&attribute.as_str()) {
            wrong(
                "match.attribute",
                format!("one of {}, or a custom attribute as attributes.NAME", MATCHABLE.join(", ")),
            );
        }
        if self.doc.jit.domains.len() > 100 {
            wrong("jit.domains", "at most 100 domains".into());
        }
        for (i, domain) in self.doc.jit.domains.iter().enumerate() {
            if format!("a@{domain}").parse::<muster_base::Email>().is_err() {
                wrong(&format!("jit.domains[{i}]"), "a domain such as example.com".into());
            }
        }
        if self.doc.jit.enabled && self.doc.jit.domains.is_empty() {
            wrong("jit.domains", "name the domains whose people may be created at their first sign-in".into());
        }
        out
    }
}

impl IdentityProvider {
    /// What is wrong with what its protocol needs.
    fn protocol_problems(&self, http_allowed: bool) -> Vec<FieldError> {
        let doc = &self.doc;
        match (&doc.saml, doc.kind) {
            (Some(saml), Kind::Saml) => return saml.problems(http_allowed),
            (None, Kind::Saml) => return vec![FieldError::new("saml", "a provider of the type SAML needs saml")],
            (Some(_), _) => return vec![FieldError::new("saml", "saml is for providers of the type SAML")],
            (None, _) => {}
        }
        let mut out = Vec::new();
        if let Err(message) = check_issuer_url(&doc.url, http_allowed) {
            out.push(FieldError::new("oidc.url", message));
        }
        if doc.client_id.is_empty() || doc.client_id.len() > limits::TEXT_MAX || doc.client_id.contains('\0') {
            out.push(FieldError::new("oidc.clientId", "enter the client ID that the provider gave for Muster"));
        }
        out
    }
}

/// The path of a provider's callback: shared where the answer names its issuer, else one of its own, so that an answer
/// of one provider is never taken for another's (RFC 9700 section 4.4).
#[must_use]
pub fn callback_path(iss_parameter: bool, id: Id) -> String {
    if iss_parameter { "/oauth/callback".into() } else { format!("/oauth/callback/{id}") }
}

fn check_issuer_url(text: &str, http_allowed: bool) -> Result<(), String> {
    let form = || "the provider's issuer address is needed: https://login.example.com".to_owned();
    if text.is_empty() || text.len() > limits::URL_MAX {
        return Err(form());
    }
    let url = url::Url::parse(text).map_err(|_| form())?;
    if !url.has_host()
        || !url.username().is_empty()
        || url.password().is_some()
        || url.fragment().is_some()
        || url.query().is_some()
    {
        return Err("an address without user name, query or fragment is needed".into());
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if http_allowed => Ok(()),
        _ => Err("an identity provider is reached by https".into()),
    }
}

impl IdentityProvider {
    /// Whether people of this domain are made at their first sign-in through it.
    #[must_use]
    pub fn brings_in(&self, domain: &str) -> bool {
        self.enabled && self.doc.jit.enabled && self.doc.jit.domains.iter().any(|d| d.eq_ignore_ascii_case(domain))
    }
}
