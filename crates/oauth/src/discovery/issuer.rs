//! Which issuer a provider's tokens may name. Never here: the tokens.

use serde::{Deserialize, Serialize};

/// The placeholder in Entra's metadata for sign-in by people of any tenant.
const PLACEHOLDER: &str = "{tenantid}";

/// Which `iss` is right for a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerRule {
    /// This one, letter by letter.
    Fixed(String),
    /// Entra's template, as in `https://login.microsoftonline.com/{tenantid}/v2.0`: the token's own `tid` stands where
    /// the placeholder is.
    EntraTenant(String),
}

impl IssuerRule {
    /// The rule for an issuer as the metadata writes it.
    #[must_use]
    pub fn from_metadata(issuer: &str) -> Self {
        if issuer.contains(PLACEHOLDER) { Self::EntraTenant(issuer.to_owned()) } else { Self::Fixed(issuer.to_owned()) }
    }

    /// The issuer or template as the metadata writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Fixed(issuer) | Self::EntraTenant(issuer) => issuer,
        }
    }

    /// Whether the issuer belongs to one organization only: a fixed issuer does, a template does not.
    #[must_use]
    pub fn is_single_tenant(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Whether a token with this `iss` and `tid` is by this provider.
    #[must_use]
    pub fn accepts(&self, iss: &str, tid: Option<&str>) -> bool {
        match self {
            Self::Fixed(issuer) => issuer == iss,
            Self::EntraTenant(template) => {
                tid.is_some_and(|tid| is_tenant_id(tid) && template.replace(PLACEHOLDER, tid) == iss)
            }
        }
    }
}

/// A tenant id is a GUID; nothing else may be put into the template.
fn is_tenant_id(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, n)| part.len() == n && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether the host is one of Microsoft Entra's sign-in hosts (worldwide, US government, China).
#[must_use]
pub fn is_entra_host(host: &str) -> bool {
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"].contains(&host)
}
