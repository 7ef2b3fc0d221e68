//! The SAML side of an application, as an administrator enters it. Pure. Never here: messages and keys.

use std::collections::BTreeSet;

use muster_base::limits;
use muster_saml::NameIdFormat;
use muster_saml::binding::Binding;
use muster_saml::encryption::ContentCipher;
use muster_saml::key::{Certificate, KeyKind};
use muster_saml::signature::SignatureAlgorithm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::oidc::{IDENTIFYING_CLAIMS, LIST_MAX};
use super::page::check_url;
use super::{GroupsClaim, Mapping};
use crate::{FieldError, user};

/// How answers are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Signing {
    /// RSA with SHA-256: what every service provider reads.
    #[default]
    #[serde(rename = "RSA-SHA256")]
    RsaSha256,
    /// RSA with SHA-512.
    #[serde(rename = "RSA-SHA512")]
    RsaSha512,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ECDSA-SHA256")]
    EcdsaSha256,
    /// RSA with SHA-1: for old service providers only, since SHA-1 is broken (`decisions/0063-saml-sha1.md`).
    #[serde(rename = "RSA-SHA1")]
    RsaSha1,
}

impl Signing {
    /// The algorithm on the wire.
    #[must_use]
    pub const fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::RsaSha256 => SignatureAlgorithm::RsaSha256,
            Self::RsaSha512 => SignatureAlgorithm::RsaSha512,
            Self::EcdsaSha256 => SignatureAlgorithm::EcdsaSha256,
            Self::RsaSha1 => SignatureAlgorithm::RsaSha1,
        }
    }

    /// The kind of key that it needs.
    #[must_use]
    pub const fn kind(self) -> KeyKind {
        match self {
            Self::RsaSha256 | Self::RsaSha512 | Self::RsaSha1 => KeyKind::Rsa,
            Self::EcdsaSha256 => KeyKind::P256,
        }
    }
}

/// How assertions are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Encryption {
    /// AES-256-GCM.
    #[serde(rename = "AES256-GCM")]
    Aes256Gcm,
    /// AES-128-GCM.
    #[serde(rename = "AES128-GCM")]
    Aes128Gcm,
    /// AES-256-CBC: for old service providers only.
    #[serde(rename = "AES256-CBC")]
    Aes256Cbc,
    /// AES-128-CBC: for old service providers only.
    #[serde(rename = "AES128-CBC")]
    Aes128Cbc,
}

impl Encryption {
    /// Whether it is a cipher without authentication.
    #[must_use]
    pub const fn is_cbc(self) -> bool {
        matches!(self, Self::Aes256Cbc | Self::Aes128Cbc)
    }

    /// The cipher on the wire.
    #[must_use]
    pub const fn cipher(self) -> ContentCipher {
        match self {
            Self::Aes256Gcm => ContentCipher::Aes256Gcm,
            Self::Aes128Gcm => ContentCipher::Aes128Gcm,
            Self::Aes256Cbc => ContentCipher::Aes256Cbc,
            Self::Aes128Cbc => ContentCipher::Aes128Cbc,
        }
    }
}

/// An ACS URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlAcs)]
#[serde(rename_all = "camelCase")]
pub struct Acs {
    /// Where answers are posted.
    pub url: String,
    /// Its number, by which a request may name it.
    #[serde(default)]
    pub index: u16,
    /// Taken where a request names none; without a mark the first one is.
    #[serde(default)]
    pub is_default: bool,
}

/// Where sign-outs are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SamlLogout)]
#[serde(rename_all = "camelCase")]
pub struct Logout {
    /// The address.
    pub url: String,
    /// By a posted form instead of a redirect.
    #[serde(default)]
    pub post: bool,
}

impl Logout {
    /// The binding.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        if self.post { Binding::Post } else { Binding::Redirect }
    }
}

/// The SAML side of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Saml {
    /// IdP Entity ID; empty is the address of our metadata for this application.
    pub idp_entity_id: String,
    /// SP Entity ID.
    pub sp_entity_id: String,
    /// ACS URLs.
    pub acs: Vec<Acs>,
    /// SP Certificates, as PEM or base64.
    pub sp_certificates: Vec<String>,
    /// Whether requests without a signature are refused.
    pub require_signed_requests: bool,
    /// Whether requests that are signed with RSA-SHA1 are taken: for old service providers only, since SHA-1 is broken. We
    /// never sign with it.
    pub allow_sha1_requests: bool,
    /// SAML Subject NameID: an attribute.
    pub name_id_attribute: String,
    /// NameID Format: its identifier.
    pub name_id_format: String,
    /// Signature Algorithm.
    pub signature_algorithm: Signing,
    /// Sign Assertion.
    pub sign_assertion: bool,
    /// Sign Response.
    pub sign_response: bool,
    /// Declare Redirect Endpoint: our metadata names the Redirect binding beside the POST binding. Both are always taken.
    pub declare_redirect_endpoint: bool,
    /// Encrypts assertions to the first RSA certificate of the service provider.
    pub encryption: Option<Encryption>,
    /// Default RelayState: handed over where we begin.
    pub default_relay_state: String,
    /// Login URL: where the portal's tile leads instead of beginning here.
    pub login_url: String,
    /// Where sign-outs are answered.
    pub logout: Option<Logout>,
    /// User Attributes.
    pub user_attributes: Vec<Mapping>,
    /// Constant Attributes.
    pub constant_attributes: Vec<Mapping>,
    /// Group attributes.
    pub groups_attribute: Option<GroupsClaim>,
}

impl Default for Saml {
    fn default() -> Self {
        Self {
            idp_entity_id: String::new(),
            sp_entity_id: String::new(),
            acs: Vec::new(),
            sp_certificates: Vec::new(),
            require_signed_requests: false,
            allow_sha1_requests: false,
            name_id_attribute: "email".into(),
            name_id_format: NameIdFormat::EmailAddress.uri().into(),
            signature_algorithm: Signing::default(),
            sign_assertion: true,
            sign_response: false,
            declare_redirect_endpoint: true,
            encryption: None,
            default_relay_state: String::new(),
            login_url: String::new(),
            logout: None,
            user_attributes: Vec::new(),
            constant_attributes: Vec::new(),
            groups_attribute: None,
        }
    }
}

/// The longest entity identifier (SAML core section 8.3.6).
const ENTITY_MAX: usize = 1024;
/// The most ACS URLs or certificates.
const FEW_MAX: usize = 20;

impl Saml {
    /// The address that is taken where a request names none.
    #[must_use]
    pub fn default_acs(&self) -> Option<&Acs> {
        self.acs.iter().find(|acs| acs.is_default).or_else(|| self.acs.first())
    }

    /// How answers are protected, in words.
    #[must_use]
    pub fn protection(&self) -> String {
        let what = match (self.sign_assertion, self.sign_response) {
            (true, true) => "assertion and response signed",
            (false, true) => "response signed",
            _ => "assertion signed",
        };
        let encrypted = self.encryption.map(|how| format!(", assertion encrypted with {:?}", how.cipher()));
        let weak = if self.signature_algorithm == Signing::RsaSha1 { ", which is weak" } else { "" };
        let algorithm = self.signature_algorithm.algorithm();
        format!("{what} with {algorithm:?}{weak}{}", encrypted.unwrap_or_default())
    }

    /// The format of name identifiers.
    #[must_use]
    pub fn format(&self) -> NameIdFormat {
        NameIdFormat::from_uri(&self.name_id_format).unwrap_or(NameIdFormat::Unspecified)
    }

    /// The service provider's certificates that can be read.
    #[must_use]
    pub fn certificates(&self) -> Vec<Certificate> {
        self.sp_certificates.iter().filter_map(|text| Certificate::from_text(text).ok()).collect()
    }

    /// What is wrong with it.
    pub(super) fn problems(&self, out: &mut Vec<FieldError>) {
        let mut wrong = |field: String, message: &str| out.push(FieldError::new(format!("saml.{field}"), message));
        for (field, id, required) in
            [("spEntityId", &self.sp_entity_id, true), ("idpEntityId", &self.idp_entity_id, false)]
        {
            if id.len() > ENTITY_MAX || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
                wrong(field.into(), "at most 1024 bytes without spaces");
            } else if required && id.is_empty() {
                wrong(field.into(), "enter the service provider's entity ID");
            }
        }
        if self.acs.is_empty() || self.acs.len() > FEW_MAX {
            wrong("acs".into(), "enter 1 to 20 ACS URLs");
        }
        let mut indexes = BTreeSet::new();
        for (i, acs) in self.acs.iter().enumerate() {
            if acs.url.is_empty() || check_url(&acs.url).is_err() || acs.url.contains('#') {
                wrong(format!("acs[{i}].url"), "an https or http address without a fragment");
            }
            if !indexes.insert(acs.index) {
                wrong(format!("acs[{i}].index"), "another ACS URL has this number: give each its own");
            }
        }
        if self.acs.iter().filter(|acs| acs.is_default).count() > 1 {
            wrong("acs".into(), "only one ACS URL can be the default");
        }
        for (field, url) in [("loginUrl", &self.login_url), ("logout.url", &self.logout_url())] {
            if let Err(message) = check_url(url) {
                wrong(field.into(), &message);
            }
        }
        if !self.sign_assertion && !self.sign_response {
            wrong("signAssertion".into(), "sign the assertion, the response or both");
        }
        if NameIdFormat::from_uri(&self.name_id_format).is_none() {
            wrong("nameIdFormat".into(), "one of the NameID formats, by its identifier (urn:oasis:names:tc:SAML:...)");
        }
        if self.default_relay_state.len() > muster_saml::binding::MAX_RELAY_STATE_BYTES {
            wrong("defaultRelayState".into(), "at most 2048 bytes");
        }
        self.certificate_problems(out);
        self.attribute_problems(out);
    }

    fn logout_url(&self) -> String {
        self.logout.as_ref().map(|logout| logout.url.clone()).unwrap_or_default()
    }

    fn certificate_problems(&self, out: &mut Vec<FieldError>) {
        let mut wrong = |field: String, message: &str| out.push(FieldError::new(format!("saml.{field}"), message));
        if self.sp_certificates.len() > FEW_MAX {
            wrong("spCertificates".into(), "at most 20");
        }
        for (i, text) in self.sp_certificates.iter().enumerate() {
            if let Err(error) = Certificate::from_text(text) {
                wrong(format!("spCertificates[{i}]"), &error.to_string());
            }
        }
        let certificates = self.certificates();
        if self.require_signed_requests && certificates.is_empty() {
            wrong("spCertificates".into(), "signed requests need the certificate that they are signed with");
        }
        if self.encryption.is_some() && !certificates.iter().any(|c| c.key().kind() == KeyKind::Rsa) {
            wrong("spCertificates".into(), "encryption needs a certificate of an RSA key");
        }
    }

    fn attribute_problems(&self, out: &mut Vec<FieldError>) {
        let mut wrong = |field: String, message: &str| out.push(FieldError::new(format!("saml.{field}"), message));
        let plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        if !plain(&self.name_id_attribute) || self.name_id_attribute.chars().count() > limits::NAME_MAX {
            wrong("nameIdAttribute".into(), "the name of an attribute, such as email");
        }
        let mut names = BTreeSet::new();
        let lists = [("userAttributes", &self.user_attributes), ("constantAttributes", &self.constant_attributes)];
        for (list, mappings) in lists {
            if mappings.len() > LIST_MAX {
                wrong(list.into(), "at most 100");
            }
            for (i, mapping) in mappings.iter().enumerate() {
                if !plain(&mapping.name) || mapping.name.len() > limits::NAME_MAX {
                    wrong(format!("{list}[{i}].name"), "1 to 255 characters");
                } else if !names.insert(mapping.name.as_str()) {
                    wrong(format!("{list}[{i}].name"), "this name is mapped twice: keep one");
                }
                if !plain(&mapping.value) || mapping.value.chars().count() > limits::TEXT_MAX {
                    wrong(format!("{list}[{i}].value"), "1 to 1024 characters");
                }
            }
        }
        if let Some(groups) = &self.groups_attribute
            && (!plain(&groups.name) || !names.insert(&groups.name))
        {
            wrong("groupsAttribute.name".into(), "1 to 255 characters, and not mapped twice");
        }
    }

    /// What service providers match people by may not come from an attribute that its owner can write.
    pub(super) fn owner_problem(&self) -> Option<FieldError> {
        let message = |value: &str| {
            format!(
                "people may change \"{value}\" themselves in the portal, and so sign in as somebody else: use another \
                 attribute, or turn off editing in the organization's settings (systemUsersCanEdit)"
            )
        };
        let opaque = matches!(self.format(), NameIdFormat::Persistent | NameIdFormat::Transient);
        if !opaque && user::model::owner_writes(&self.name_id_attribute) {
            return Some(FieldError::new("saml.nameIdAttribute", message(&self.name_id_attribute)));
        }
        let named = |m: &Mapping| IDENTIFYING_CLAIMS.contains(&m.name.to_lowercase().as_str());
        let (i, mapping) =
            self.user_attributes.iter().enumerate().find(|(_, m)| named(m) && user::model::owner_writes(&m.value))?;
        Some(FieldError::new(format!("saml.userAttributes[{i}].value"), message(&mapping.value)))
    }
}
