//! An application is written together with the signing key that came along, or neither is.

use muster_directory::application::Application;
use muster_directory::saml_key::{Add, Pair};
use muster_directory::{Result, Verb, Write};

use super::saml_certificates::OVERLAP_S;

/// A verb that answers an application, and a key of its own that signs from now on.
pub(super) struct WithKey<V> {
    /// What writes the application.
    pub verb: V,
    /// The key.
    pub pair: Option<Pair>,
}

impl<V: Verb<Out = Application> + Sync> Verb for WithKey<V> {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let app = self.verb.run(w).await?;
        if let Some(pair) = &self.pair {
            Add { app: app.id, pair: pair.clone(), lead_s: 0, overlap_s: OVERLAP_S }.run(w).await?;
        }
        Ok(app)
    }
}
