//! Reading metadata of the other side. A signature on it is not looked at: the administrator who imports it, or the address
//! it is fetched from over TLS, is what is trusted.

use super::{AcsEndpoint, Certificates, Endpoint, Entity, IdentityProvider, ServiceProvider};
use crate::binding::Binding;
use crate::header;
use crate::key::{Certificate, KeyError};
use crate::xml::node::{self, ShapeError};
use crate::xml::{DS, MD, Namespace, Node, ParseError, SAMLP, Text};

/// The most endpoints, certificates or names of one kind.
const MAX_ITEMS: usize = 50;
/// The longest address, in bytes.
const MAX_URL_BYTES: usize = 2048;
const MDUI: Namespace = Namespace { prefix: "mdui", uri: "urn:oasis:names:tc:SAML:metadata:ui" };

/// Why a metadata document is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The XML.
    #[error("{0}")]
    Parse(#[from] ParseError),
    /// An element or attribute.
    #[error("{0}")]
    Shape(#[from] ShapeError),
    /// A certificate.
    #[error("X509Certificate: {0}")]
    Certificate(#[from] KeyError),
    /// Another document.
    #[error("an EntityDescriptor or EntitiesDescriptor is expected, not <{0}>")]
    Root(String),
    /// A collection without the entity, or with several to choose from.
    #[error("the document describes {0} entities that fit: give the entity ID of one of them")]
    Choice(usize),
    /// An entity that is neither a service provider nor an identity provider for SAML 2.0.
    #[error("the entity has neither an SPSSODescriptor nor an IDPSSODescriptor for SAML 2.0")]
    Role,
    /// An address that is not for browsers.
    #[error("the Location \"{0}\" is not an https or http address")]
    Location(String),
    /// Too many items of one kind.
    #[error("the document has more than {MAX_ITEMS} {0} elements")]
    TooMany(&'static str),
}

/// The entity that a document describes; out of a collection the one of this identifier, or the only one.
///
/// # Errors
/// A document that is malformed, too large, or describes no such entity.
pub fn read(bytes: &[u8], entity_id: Option<&str>) -> Result<Entity, MetadataError> {
    let text = Text::metadata(bytes)?;
    let document = text.parse()?;
    let root = document.root_element();
    if node::is(root, MD, "EntityDescriptor") {
        if entity_id.is_some_and(|wanted| node::optional(root, "entityID") != Some(wanted)) {
            return Err(MetadataError::Choice(0));
        }
        return entity(root);
    }
    if !node::is(root, MD, "EntitiesDescriptor") {
        return Err(MetadataError::Root(root.tag_name().name().chars().take(60).collect()));
    }
    // Collections may hold collections; the parser has bounded the depth and the number of nodes.
    let listed = root.descendants().filter(|found| node::is(*found, MD, "EntityDescriptor"));
    let fitting: Vec<Node<'_, '_>> = listed
        .filter(|found| entity_id.is_none_or(|wanted| node::optional(*found, "entityID") == Some(wanted)))
        .collect();
    match fitting[..] {
        [only] => entity(only),
        _ => Err(MetadataError::Choice(fitting.len())),
    }
}

fn entity(descriptor: Node<'_, '_>) -> Result<Entity, MetadataError> {
    let entity_id = node::attribute(descriptor, "entityID")?;
    if entity_id.len() > header::MAX_ENTITY_BYTES {
        return Err(ShapeError::Value("entityID").into());
    }
    let sp = role(descriptor, "SPSSODescriptor").map(service_provider).transpose()?;
    let idp = role(descriptor, "IDPSSODescriptor").map(identity_provider).transpose()?;
    if sp.is_none() && idp.is_none() {
        return Err(MetadataError::Role);
    }
    Ok(Entity {
        entity_id: entity_id.to_owned(),
        display_name: display_name(descriptor),
        valid_until_s: header::instant(descriptor, "validUntil")?,
        sp,
        idp,
    })
}

/// The first role of this name that speaks SAML 2.0.
fn role<'a, 'i>(descriptor: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    node::children(descriptor, MD, name).find(|role| {
        node::optional(*role, "protocolSupportEnumeration")
            .is_some_and(|protocols| protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP.uri))
    })
}

fn service_provider(role: Node<'_, '_>) -> Result<ServiceProvider, MetadataError> {
    let mut acs = Vec::new();
    for service in node::children(role, MD, "AssertionConsumerService") {
        if node::optional(service, "Binding") != Some(Binding::Post.uri()) {
            continue;
        }
        acs.push(AcsEndpoint {
            location: location(service, "Location")?.ok_or(ShapeError::Attribute("Location"))?,
            index: node::index(service, "index")?.ok_or(ShapeError::Attribute("index"))?,
            is_default: node::boolean(service, "isDefault")?.unwrap_or(false),
        });
    }
    if acs.is_empty() {
        return Err(ShapeError::Missing("an AssertionConsumerService for the HTTP-POST binding").into());
    }
    let mut requested_attributes = Vec::new();
    for service in node::children(role, MD, "AttributeConsumingService") {
        for asked in node::children(service, MD, "RequestedAttribute") {
            requested_attributes.push(node::attribute(asked, "Name")?.to_owned());
        }
    }
    Ok(ServiceProvider {
        acs: few(acs, "AssertionConsumerService")?,
        logout: endpoints(role, "SingleLogoutService")?,
        certificates: certificates(role)?,
        name_id_formats: formats(role)?,
        signs_requests: node::boolean(role, "AuthnRequestsSigned")?.unwrap_or(false),
        wants_assertions_signed: node::boolean(role, "WantAssertionsSigned")?.unwrap_or(false),
        requested_attributes: few(requested_attributes, "RequestedAttribute")?,
    })
}

fn identity_provider(role: Node<'_, '_>) -> Result<IdentityProvider, MetadataError> {
    let sso = endpoints(role, "SingleSignOnService")?;
    if sso.is_empty() {
        return Err(ShapeError::Missing("a SingleSignOnService for HTTP-Redirect or HTTP-POST").into());
    }
    Ok(IdentityProvider {
        sso,
        logout: endpoints(role, "SingleLogoutService")?,
        certificates: certificates(role)?,
        name_id_formats: formats(role)?,
        wants_requests_signed: node::boolean(role, "WantAuthnRequestsSigned")?.unwrap_or(false),
    })
}

/// The endpoints of this name whose binding is spoken.
fn endpoints(role: Node<'_, '_>, name: &'static str) -> Result<Vec<Endpoint>, MetadataError> {
    let mut endpoints = Vec::new();
    for service in node::children(role, MD, name) {
        if let Some(binding) = node::optional(service, "Binding").and_then(Binding::from_uri) {
            endpoints.push(Endpoint {
                binding,
                location: location(service, "Location")?.ok_or(ShapeError::Attribute("Location"))?,
                response_location: location(service, "ResponseLocation")?,
            });
        }
    }
    few(endpoints, name)
}

/// An address that a browser may be sent to. Anything else, such as `javascript:`, is refused.
fn location(service: Node<'_, '_>, name: &'static str) -> Result<Option<String>, MetadataError> {
    let Some(value) = node::optional(service, name).map(|value| value.trim_matches(node::WHITE_SPACE)) else {
        return Ok(None);
    };
    let refused = || MetadataError::Location(value.chars().take(100).collect());
    let address = url::Url::parse(value).map_err(|_| refused())?;
    let is_web = matches!(address.scheme(), "https" | "http") && address.has_host() && address.fragment().is_none();
    if !is_web || value.len() > MAX_URL_BYTES {
        return Err(refused());
    }
    Ok(Some(value.to_owned()))
}

fn certificates(role: Node<'_, '_>) -> Result<Certificates, MetadataError> {
    let mut found = Certificates::default();
    for descriptor in node::children(role, MD, "KeyDescriptor") {
        let usage = node::optional(descriptor, "use");
        for data in node::children(node::required(descriptor, DS, "KeyInfo")?, DS, "X509Data") {
            for written in node::children(data, DS, "X509Certificate") {
                let certificate = Certificate::from_text(node::text(written)?)?;
                if usage != Some("encryption") {
                    found.signing.push(certificate.clone());
                }
                if usage != Some("signing") {
                    found.encryption.push(certificate);
                }
            }
        }
    }
    Ok(Certificates {
        signing: few(found.signing, "KeyDescriptor")?,
        encryption: few(found.encryption, "KeyDescriptor")?,
    })
}

fn formats(role: Node<'_, '_>) -> Result<Vec<String>, MetadataError> {
    let formats = node::children(role, MD, "NameIDFormat").map(|format| Ok(node::text(format)?.to_owned()));
    few(formats.collect::<Result<Vec<_>, ShapeError>>()?, "NameIDFormat")
}

/// A name to fill in for the administrator; whatever is wrong with it, there is none.
fn display_name(descriptor: Node<'_, '_>) -> Option<String> {
    let shown = descriptor.descendants().find(|found| node::is(*found, MDUI, "DisplayName"));
    let organization = || descriptor.descendants().find(|found| node::is(*found, MD, "OrganizationDisplayName"));
    let name = node::text(shown.or_else(organization)?).ok().filter(|name| !name.is_empty())?;
    Some(name.chars().take(200).collect())
}

fn few<T>(items: Vec<T>, name: &'static str) -> Result<Vec<T>, MetadataError> {
    if items.len() > MAX_ITEMS { Err(MetadataError::TooMany(name)) } else { Ok(items) }
}
