//! An organization as the API shows it.

use muster_directory::organization::{Organization, Settings};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// Where an organization's logo is served.
pub(crate) fn logo_url(organization: &Organization) -> Option<String> {
    organization.has_logo.then(|| format!("/logos/{}", organization.id))
}

/// An organization in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganizationRef {
    id: ObjectId,
    display_name: String,
    /// Its name in addresses.
    slug: String,
    logo_url: Option<String>,
}

impl OrganizationRef {
    /// Shows an organization in short.
    pub(crate) fn new(organization: &Organization) -> Self {
        Self {
            id: organization.id.into(),
            display_name: organization.display_name.clone(),
            slug: organization.slug.clone(),
            logo_url: logo_url(organization),
        }
    }
}

/// An organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganizationOut {
    #[serde(rename = "_id")]
    id: ObjectId,
    display_name: String,
    /// Its name in addresses. It never changes.
    slug: String,
    logo_url: Option<String>,
    /// The service provider it belongs to.
    provider: Option<ObjectId>,
    created: Time,
    settings: Settings,
}

impl OrganizationOut {
    /// Shows an organization.
    pub(super) fn new(organization: &Organization) -> Self {
        Self {
            id: organization.id.into(),
            display_name: organization.display_name.clone(),
            slug: organization.slug.clone(),
            logo_url: logo_url(organization),
            provider: organization.provider_id.map(ObjectId),
            created: organization.created_at.into(),
            settings: organization.settings.clone(),
        }
    }
}
