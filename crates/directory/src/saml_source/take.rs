//! Takes a service provider's metadata over into the settings.

use muster_base::Id;

use super::store::{self, Source};
use super::{EVERY_S, Offer};
use crate::application::update::SetSaml;
use crate::application::{self, Application};
use crate::{Result, Verb, Write};

/// Fills the settings of an application in from a document. One that was read from an address is read there again; one
/// that was given ends that.
pub struct Take {
    /// The application.
    pub app: Id,
    /// What the document says.
    pub offer: Offer,
    /// Where it was read, and which entity of it.
    pub from: Option<(String, Option<String>)>,
}

impl Verb for Take {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let before = application::store::get(w, w.org(), self.app).await?;
        let saml = self.offer.fill_in(before.doc.saml.unwrap_or_default());
        let after = SetSaml { id: self.app, saml }.run(w).await?;
        match &self.from {
            Some((url, entity_id)) => {
                let source = Source {
                    url: url.clone(),
                    entity_id: entity_id.clone(),
                    taken: self.offer.clone(),
                    read_at: w.now(),
                    next_at: w.now().plus_s(EVERY_S),
                    failures: 0,
                    failed: None,
                    held: None,
                    rejected: None,
                };
                store::put(w, self.app, &source).await?;
            }
            None => {
                store::delete(w, self.app).await?;
            }
        }
        Ok(after)
    }
}
