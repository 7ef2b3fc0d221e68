//! What the administrator's doors need of the federation, as a trait: siblings do not depend on each other.

use std::pin::Pin;

use muster_base::{Id, Micros};
use muster_directory::identity_provider::{Kind, Saml};
use serde::Serialize;
use utoipa::ToSchema;

/// What an identity provider says of itself in its well-known document.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Discovery {
    /// The issuer exactly as its tokens name it.
    pub issuer: Option<String>,
    /// Where people are sent.
    pub authorization_endpoint: Option<String>,
    /// Where codes are redeemed.
    pub token_endpoint: Option<String>,
    /// Whether its answers name the issuer (RFC 9207).
    pub iss_parameter: bool,
    /// What its metadata says, where it speaks SAML.
    pub saml: Option<Saml>,
    /// What stands in the way, in words; empty when it can be used.
    pub problems: Vec<String>,
}

/// The state of the last check of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It answered as it should.
    Ok,
    /// It did not.
    Failing,
    /// It was not asked yet.
    Unknown,
}

/// The last check of a provider.
#[derive(Clone, Debug)]
pub struct Check {
    /// How it went.
    pub state: CheckState,
    /// When.
    pub at: Option<Micros>,
    /// What was wrong.
    pub message: String,
}

/// A future that a trait object can return.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Asks identity providers about themselves.
pub trait Probe: Send + Sync {
    /// Reads the well-known document at an address; for [`Kind::Saml`] the metadata document there.
    fn discover<'a>(&'a self, url: &'a str, kind: Kind) -> Answer<'a, Discovery>;

    /// Reads it anew for a provider of an organization, with its keys, and remembers how it went.
    fn check(&self, org: Id, idp: Id) -> Answer<'_, Check>;

    /// How the last check or use went.
    fn last(&self, org: Id, idp: Id) -> Check;
}
