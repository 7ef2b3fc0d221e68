//! What an administrator does with a change that waits, and giving the address up.

use muster_base::{Digest, Id};
use serde_json::json;

use super::store;
use crate::application::update::SetSaml;
use crate::application::{self, Application};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Takes a change that waits over, or not.
pub struct Decide {
    /// The application.
    pub app: Id,
    /// What the administrator looked at: [`super::Offer::digest`]. Another one is not decided on.
    pub digest: Digest,
    /// Whether it is taken over.
    pub approve: bool,
}

impl Verb for Decide {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let org = w.org();
        let before = application::store::get(w, org, self.app).await?;
        let missing = Error::Missing("change of the metadata");
        let Some(mut source) = store::find(w, org, self.app).await? else { return Err(missing) };
        let Some(held) = source.held.take() else { return Err(missing) };
        if held.offer.digest() != self.digest {
            let message = "the document changed again meanwhile: look at what it says now";
            return Err(Error::Conflict(message.into()));
        }
        let fields: Vec<&str> = source.taken.differences(&held.offer).iter().map(|one| one.field).collect();
        let (kind, after) = if self.approve {
            let saml = held.offer.fill_in(before.doc.saml.clone().unwrap_or_default());
            source.taken = held.offer;
            source.rejected = None;
            (Kind::ApplicationMetadataApprove, SetSaml { id: self.app, saml }.run(w).await?)
        } else {
            source.rejected = Some(self.digest.to_vec());
            (Kind::ApplicationMetadataReject, before)
        };
        w.log(kind, Subject::application(self.app), json!({"differs": fields}));
        store::put(w, self.app, &source).await?;
        Ok(after)
    }
}

/// Does not read the metadata again; the settings stay.
pub struct Forget {
    /// The application.
    pub app: Id,
}

impl Verb for Forget {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let app = application::store::get(w, w.org(), self.app).await?;
        if store::delete(w, self.app).await? == 0 {
            return Err(Error::Missing("metadata address"));
        }
        w.log(Kind::ApplicationUpdate, Subject::application(self.app), json!({"metadataUrl": {"to": null}}));
        Ok(app)
    }
}
