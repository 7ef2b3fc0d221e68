//! Providers that speak SAML 2.0: we are their service provider. The request, the place where answers are posted, and our
//! metadata. Never here: whom an identity belongs to, and messages themselves (`muster_saml`).

pub mod acs;
mod claims;
pub mod depart;
pub mod judge;
mod key;
pub mod metadata;

use muster_base::Id;
use muster_http::Site;

/// Our addresses for one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Our entity ID, which is where our metadata is.
    pub entity_id: String,
    /// Where answers are posted.
    pub acs_url: String,
}

impl Place {
    /// Those of an organization and a provider of it.
    #[must_use]
    pub fn of(site: &Site, slug: &str, idp: Id) -> Self {
        let at = format!("{}/federation/{idp}/saml", site.issuer(slug));
        Self { entity_id: format!("{at}/metadata"), acs_url: format!("{at}/acs") }
    }
}
