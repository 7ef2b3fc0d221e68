//! What every operation has at hand: who asks, the directory, the address of this endpoint.

use muster_base::Id;
use muster_directory::fed_user::push::Shown;
use muster_directory::{Actor, Directory, Verb, user};
use muster_http::Site;
use muster_scim::schema::{ServiceProviderConfig, Supported};
use muster_scim::server::Discovery;
use muster_scim::{Definition, Error};
use serde_json::Value;
use tokio::time::Instant;

use crate::answer::{Answer, from_directory};
use crate::caller::Asking;
use crate::schema;

/// One directory provider's service.
pub(crate) struct Service {
    site: Site,
    asking: Asking,
    /// The address of this endpoint, without a slash at its end.
    pub base: String,
    /// Until when a bulk request begins operations.
    bulk_until: Instant,
}

impl Service {
    pub(crate) fn new(site: Site, asking: Asking, bulk_until: Instant) -> Self {
        let base = format!("{}/scim/v2/{}", site.config().base(), asking.provider.id);
        Self { site, asking, base, bulk_until }
    }

    /// Whether a bulk request is to be answered now, with what is done of it.
    pub(crate) fn is_late(&self) -> bool {
        Instant::now() >= self.bulk_until
    }

    /// The organization.
    pub(crate) fn org(&self) -> Id {
        self.asking.provider.org
    }

    /// The directory provider.
    pub(crate) fn provider(&self) -> Id {
        self.asking.provider.id
    }

    /// The organization and the directory provider.
    pub(crate) fn both(&self) -> (Id, Id) {
        (self.org(), self.provider())
    }

    /// The token that the transaction of a change has to ask for.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let token = self.asking.unproven?;
        Some(Shown { token, doc: self.asking.provider.doc.clone() })
    }

    /// The directory.
    pub(crate) fn directory(&self) -> &Directory {
        self.site.directory()
    }

    /// Does a change as the directory provider.
    pub(crate) async fn write<V: Verb>(&self, verb: V) -> muster_directory::Result<V::Out> {
        let actor: Actor = self.asking.actor.clone();
        self.directory().write(actor, self.org(), verb).await
    }

    /// What is supported.
    pub(crate) fn config(&self) -> Value {
        self.supported().json(&self.base)
    }

    fn supported(&self) -> ServiceProviderConfig {
        let change_password = Supported { supported: self.takes_passwords() };
        ServiceProviderConfig { change_password, ..ServiceProviderConfig::ours() }
    }

    /// Whether passwords that are pushed are taken.
    pub(crate) fn takes_passwords(&self) -> bool {
        self.asking.provider.doc.passwords
    }

    /// The user with all custom attributes that the organization uses.
    pub(crate) async fn whole_user(&self) -> Result<Definition, Error> {
        let names = user::store::attribute_names(&mut self.directory().read(), self.org()).await;
        let names = names.map_err(from_directory)?;
        Ok(schema::user(names.iter().map(String::as_str)).into_owned())
    }

    /// Answers from the discovery documents.
    pub(crate) async fn discovery(
        &self,
        ask: impl FnOnce(&Discovery<'_>) -> Result<Value, Error> + Send,
    ) -> Result<Answer, Error> {
        let definitions = [self.whole_user().await?, schema::group().clone()];
        let config = self.supported();
        ask(&Discovery { base: &self.base, definitions: &definitions, config: &config }).map(Answer::of)
    }
}

/// How often a change that was worked out from what another one changed meanwhile is worked out again.
pub(crate) const ATTEMPTS: usize = 5;
