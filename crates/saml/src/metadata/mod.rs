//! Metadata documents (SAML metadata section 2): ours as an identity provider and as a service provider, and reading the
//! other side's. Never here: fetching, storing, approving a change.

mod read;
mod write;

pub use read::{MetadataError, read};
pub use write::{IdpDescription, SpDescription, write_idp, write_sp};

use crate::binding::Binding;
use crate::key::Certificate;

/// What an entity says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its identifier.
    pub entity_id: String,
    /// Its name for people, if it gives one.
    pub display_name: Option<String>,
    /// Until when the document may be used, in seconds since 1970.
    pub valid_until_s: Option<i64>,
    /// What it says as a service provider.
    pub sp: Option<ServiceProvider>,
    /// What it says as an identity provider.
    pub idp: Option<IdentityProvider>,
}

/// A service provider by its metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceProvider {
    /// Where responses may be sent, in the order of the document. Only those for the POST binding.
    pub acs: Vec<AcsEndpoint>,
    /// Where logouts are sent.
    pub logout: Vec<Endpoint>,
    /// Its certificates.
    pub certificates: Certificates,
    /// The formats of name identifier that it wants, the first one first.
    pub name_id_formats: Vec<String>,
    /// Whether it signs its requests.
    pub signs_requests: bool,
    /// Whether it wants assertions signed.
    pub wants_assertions_signed: bool,
    /// The names of the attributes that it asks for.
    pub requested_attributes: Vec<String>,
}

/// An identity provider by its metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Where requests are sent.
    pub sso: Vec<Endpoint>,
    /// Where logouts are sent.
    pub logout: Vec<Endpoint>,
    /// Its certificates.
    pub certificates: Certificates,
    /// The formats of name identifier that it gives.
    pub name_id_formats: Vec<String>,
    /// Whether it wants requests signed.
    pub wants_requests_signed: bool,
}

/// Certificates by what they are for; one without a `use` is in both lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificates {
    /// To check its signatures with.
    pub signing: Vec<Certificate>,
    /// To encrypt to it with.
    pub encryption: Vec<Certificate>,
}

/// An address by its binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The binding.
    pub binding: Binding,
    /// An `https` or `http` address.
    pub location: String,
    /// Where answers go, if elsewhere.
    pub response_location: Option<String>,
}

/// An assertion consumer service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcsEndpoint {
    /// An `https` or `http` address.
    pub location: String,
    /// Its number.
    pub index: u16,
    /// Whether it is taken where a request names none.
    pub is_default: bool,
}

impl ServiceProvider {
    /// The address that is taken where a request names none: the one that is marked, else the first one
    /// (SAML metadata section 2.2.3).
    #[must_use]
    pub fn default_acs(&self) -> Option<&AcsEndpoint> {
        self.acs.iter().find(|acs| acs.is_default).or_else(|| self.acs.first())
    }
}
