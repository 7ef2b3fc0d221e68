//! Removes an identity provider with its links. One that a policy still names is not removed.

use muster_base::Id;
use serde_json::json;

use super::{IdentityProvider, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, routing};

/// Removes an identity provider.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = IdentityProvider;

    async fn run(&self, w: &mut Write<'_>) -> Result<IdentityProvider> {
        let idp = store::get(w, w.org(), self.id).await?;
        let policies = routing::store::all(w, w.org()).await?;
        let naming: Vec<&str> = policies.iter().filter(|p| p.idp == self.id).map(|p| p.name.as_str()).collect();
        if !naming.is_empty() {
            let message =
                format!("routing policies send people here: {}. Delete or change them first", naming.join(", "));
            return Err(Error::Conflict(message));
        }
        store::delete(w, self.id).await?;
        w.log(Kind::IdpDelete, Subject::identity_provider(self.id), json!({"name": idp.name}));
        Ok(idp)
    }
}
