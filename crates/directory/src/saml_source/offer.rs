//! What a service provider's metadata says that settings are filled in from. Pure.

use muster_base::Digest;
use muster_saml::NameIdFormat;
use muster_saml::binding::Binding;
use muster_saml::key::Certificate;
use muster_saml::metadata::{self, ServiceProvider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::application::saml::{Acs, Logout, Saml};

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    entity_id: String,
    acs: Vec<Acs>,
    certificates: Vec<String>,
    name_id_format: Option<String>,
    logout: Option<Logout>,
    signs_requests: bool,
}

/// One thing that a document says otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SamlMetadataDifference)]
pub struct Difference {
    /// The setting, as the console names it.
    pub field: &'static str,
    /// What it was.
    pub from: Vec<String>,
    /// What it would be.
    pub to: Vec<String>,
}

impl Offer {
    /// Reads a document; `entity_id` chooses where it describes several.
    ///
    /// # Errors
    /// What is wrong with it, for an administrator.
    pub fn read(document: &[u8], entity_id: Option<&str>) -> Result<Self, String> {
        let entity = metadata::read(document, entity_id).map_err(|error| error.to_string())?;
        let sp = entity.sp.ok_or("the document describes no service provider")?;
        Ok(Self::of(entity.entity_id, &sp))
    }

    fn of(entity_id: String, sp: &ServiceProvider) -> Self {
        let acs =
            sp.acs.iter().map(|acs| Acs { url: acs.location.clone(), index: acs.index, is_default: acs.is_default });
        let mut certificates: Vec<String> = Vec::new();
        for certificate in sp.certificates.signing.iter().chain(&sp.certificates.encryption) {
            let pem = certificate.to_pem();
            if !certificates.contains(&pem) {
                certificates.push(pem);
            }
        }
        let format = sp.name_id_formats.iter().find_map(|uri| NameIdFormat::from_uri(uri));
        let logout = sp.logout.first().map(|to| Logout {
            url: to.response_location.clone().unwrap_or_else(|| to.location.clone()),
            post: to.binding == Binding::Post,
        });
        Self {
            entity_id,
            acs: acs.collect(),
            signs_requests: sp.signs_requests && !certificates.is_empty(),
            certificates,
            name_id_format: format.map(|format| format.uri().to_owned()),
            logout,
        }
    }

    /// What the document says replaces what was entered; what it says nothing of stays.
    #[must_use]
    pub fn fill_in(&self, before: Saml) -> Saml {
        Saml {
            sp_entity_id: self.entity_id.clone(),
            acs: self.acs.clone(),
            require_signed_requests: self.signs_requests,
            sp_certificates: self.certificates.clone(),
            name_id_format: self.name_id_format.clone().unwrap_or_else(|| before.name_id_format.clone()),
            logout: self.logout.clone().or_else(|| before.logout.clone()),
            ..before
        }
    }

    /// Stands for exactly this.
    #[must_use]
    pub fn digest(&self) -> Digest {
        muster_base::digest(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// What `next` says otherwise.
    #[must_use]
    pub fn differences(&self, next: &Self) -> Vec<Difference> {
        let mut out = Vec::new();
        let mut compare = |field, from: Vec<String>, to: Vec<String>| {
            if from != to {
                out.push(Difference { field, from, to });
            }
        };
        compare("SP Entity ID", vec![self.entity_id.clone()], vec![next.entity_id.clone()]);
        compare("ACS URLs", self.addresses(), next.addresses());
        compare("SP Certificates", self.fingerprints(), next.fingerprints());
        let formats = |offer: &Self| offer.name_id_format.iter().cloned().collect();
        compare("SAML Subject NameID Format", formats(self), formats(next));
        let logout = |offer: &Self| {
            let way = |post| if post { "HTTP-POST" } else { "HTTP-Redirect" };
            offer.logout.iter().map(|to| format!("{} ({})", to.url, way(to.post))).collect()
        };
        compare("Single Logout URL", logout(self), logout(next));
        let signs = |offer: &Self| vec![if offer.signs_requests { "yes" } else { "no" }.to_owned()];
        compare("Require signed requests", signs(self), signs(next));
        out
    }

    fn addresses(&self) -> Vec<String> {
        let shown = |acs: &Acs| {
            format!("{} (index {}{})", acs.url, acs.index, if acs.is_default { ", the default" } else { "" })
        };
        self.acs.iter().map(shown).collect()
    }

    fn fingerprints(&self) -> Vec<String> {
        let shown = |text: &String| {
            let certificate = Certificate::from_text(text).ok()?;
            let bytes: Vec<String> = certificate.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect();
            Some(format!("{}, SHA-256 {}", certificate.subject(), bytes.join(":")))
        };
        self.certificates.iter().filter_map(shown).collect()
    }
}
