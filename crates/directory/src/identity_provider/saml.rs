//! What is entered about an identity provider that speaks SAML 2.0. Pure. Never here: messages (`muster_saml`), and our own
//! key (`federation`).

use muster_base::limits;
use muster_saml::binding::Binding;
use muster_saml::key::{Certificate, PublicKey};
use muster_saml::metadata;
use muster_saml::signature::MAX_KEYS;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::FieldError;

/// How requests are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderSsoBinding)]
pub enum SsoBinding {
    /// In an address.
    #[default]
    #[serde(rename = "HTTP-Redirect")]
    Redirect,
    /// In a form that posts itself.
    #[serde(rename = "HTTP-POST")]
    Post,
}

/// A provider that speaks SAML 2.0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IdentityProviderSamlSettings)]
#[serde(rename_all = "camelCase", default)]
pub struct Saml {
    /// Its entity ID, as its answers name it.
    pub entity_id: String,
    /// Where people are sent with a request.
    pub sso_url: String,
    /// How.
    pub sso_binding: SsoBinding,
    /// The certificates that its answers may be signed with, as PEM or as base64 of DER; kept as the latter.
    pub certificates: Vec<String>,
    /// Whether our requests are signed.
    pub sign_requests: bool,
    /// The format of name that is asked for; empty leaves it to the provider.
    pub name_id_format: String,
    /// The attribute that names the person for good; empty: the `NameID`.
    pub subject_attribute: String,
    /// Whether an assertion that is not encrypted to us is refused.
    pub require_encrypted_assertion: bool,
    /// Whether assertions encrypted with AES-CBC are read, which older providers use.
    pub allow_cbc: bool,
}

impl Default for Saml {
    fn default() -> Self {
        Self {
            entity_id: String::new(),
            sso_url: String::new(),
            sso_binding: SsoBinding::Redirect,
            certificates: Vec::new(),
            sign_requests: true,
            name_id_format: String::new(),
            subject_attribute: String::new(),
            require_encrypted_assertion: false,
            allow_cbc: false,
        }
    }
}

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it says to be.
    pub subject: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before_s: i64,
    /// Until when, in seconds since 1970.
    pub not_after_s: i64,
    /// SHA-256 of its DER form, in hexadecimal digits.
    pub fingerprint: String,
}

impl Saml {
    /// What a metadata document says of the provider; everything else stays as it is.
    ///
    /// # Errors
    /// What is wrong with the document, in words.
    pub fn with_metadata(self, document: &[u8]) -> Result<Self, String> {
        let entity = metadata::read(document, None).map_err(|e| e.to_string())?;
        let Some(idp) = entity.idp else {
            return Err("the document describes a service provider, not an identity provider".into());
        };
        let by = |binding| idp.sso.iter().find(|endpoint| endpoint.binding == binding);
        let (endpoint, sso_binding) = match (by(Binding::Redirect), by(Binding::Post)) {
            (Some(endpoint), _) => (endpoint, SsoBinding::Redirect),
            (None, Some(endpoint)) => (endpoint, SsoBinding::Post),
            (None, None) => {
                return Err("the document names no SingleSignOnService for HTTP-Redirect or HTTP-POST".into());
            }
        };
        if idp.certificates.signing.is_empty() {
            return Err("the document has no signing certificate".into());
        }
        Ok(Self {
            entity_id: entity.entity_id,
            sso_url: endpoint.location.clone(),
            sso_binding,
            certificates: idp.certificates.signing.iter().map(Certificate::to_base64).collect(),
            sign_requests: self.sign_requests || idp.wants_requests_signed,
            ..self
        })
    }

    /// As it is kept: trimmed, certificates in one form. What cannot be read stays as it is, for [`Self::problems`] to name.
    #[must_use]
    pub fn normal(mut self) -> Self {
        for text in [&mut self.entity_id, &mut self.sso_url, &mut self.name_id_format, &mut self.subject_attribute] {
            *text = text.trim().to_owned();
        }
        for text in &mut self.certificates {
            if let Ok(certificate) = Certificate::from_text(text) {
                *text = certificate.to_base64();
            }
        }
        self.certificates.dedup();
        self
    }

    /// The certificates, those that can be read.
    #[must_use]
    pub fn read_certificates(&self) -> Vec<Certificate> {
        self.certificates.iter().filter_map(|text| Certificate::from_text(text).ok()).collect()
    }

    /// What the certificates say of themselves.
    #[must_use]
    pub fn certificate_facts(&self) -> Vec<CertificateFacts> {
        let facts = |certificate: &Certificate| CertificateFacts {
            subject: certificate.subject().to_owned(),
            not_before_s: certificate.not_before_s(),
            not_after_s: certificate.not_after_s(),
            fingerprint: certificate.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        self.read_certificates().iter().map(facts).collect()
    }

    /// The keys that its answers may be signed with. A certificate counts by its key alone: who put it here is what is
    /// trusted, so its dates are shown and do not lock anybody out.
    #[must_use]
    pub fn keys(&self) -> Vec<PublicKey> {
        self.read_certificates().iter().map(|certificate| certificate.key().clone()).collect()
    }

    /// What is wrong with it. `http_allowed` is for loopback while developing.
    #[must_use]
    pub fn problems(&self, http_allowed: bool) -> Vec<FieldError> {
        let mut out = Vec::new();
        let mut wrong = |field: &str, message: String| out.push(FieldError::new(field, message));
        let plain = |text: &str, most: usize| text.len() <= most && !text.chars().any(char::is_control);
        if self.entity_id.is_empty() || !plain(&self.entity_id, 1024) {
            wrong(
                "saml.entityId",
                "enter the entity ID that the provider's metadata names: 1 to 1024 characters".into(),
            );
        }
        if let Err(message) = check_sso_url(&self.sso_url, http_allowed) {
            wrong("saml.ssoUrl", message);
        }
        if self.certificates.is_empty() || self.certificates.len() > MAX_KEYS {
            let message = format!("1 to {MAX_KEYS} certificates: without one no answer can be believed");
            wrong("saml.certificates", message);
        }
        for (i, text) in self.certificates.iter().enumerate() {
            if let Err(problem) = Certificate::from_text(text) {
                wrong(&format!("saml.certificates[{i}]"), problem.to_string());
            }
        }
        for (field, text) in
            [("saml.nameIdFormat", &self.name_id_format), ("saml.subjectAttribute", &self.subject_attribute)]
        {
            if !plain(text, 255) {
                wrong(field, "at most 255 characters without control characters".into());
            }
        }
        out
    }
}

fn check_sso_url(text: &str, http_allowed: bool) -> Result<(), String> {
    let form =
        || "the address of the provider's SingleSignOnService is needed: https://login.example.com/saml".to_owned();
    if text.is_empty() || text.len() > limits::URL_MAX || text.chars().any(char::is_control) {
        return Err(form());
    }
    let url = url::Url::parse(text).map_err(|_| form())?;
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("an address without user name or fragment is needed".into());
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if http_allowed => Ok(()),
        _ => Err("an identity provider is reached by https".into()),
    }
}
