//! A client registers itself, and changes or removes its registration. The rules for applications hold for each change
//! anew; what only an administrator sets (access, mappings, names of others) a client never reaches.

use muster_base::{Digest, Id, Secret};

use super::store;
use crate::application::update::{SetOidc, Update};
use crate::application::{Application, Doc, Oidc, bind, create, delete, secret};
use crate::organization::settings::RegistrationMode;
use crate::{Error, Result, Verb, Write, application, organization};

/// A client registers itself.
pub struct Register {
    /// Its name.
    pub name: String,
    /// Its settings.
    pub oidc: Oidc,
    /// Its secret, kept if it authenticates by one.
    pub secret: Secret,
    /// The token by which it will change its registration.
    pub access_token: Digest,
    /// The initial access token that it shows.
    pub initial_token: Option<Digest>,
}

impl Verb for Register {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let settings = organization::store::get(w, w.org()).await?.settings.client_registration;
        let taken = match self.initial_token {
            Some(token) => store::take(w, token).await?,
            None => false,
        };
        let allowed = match settings.mode {
            RegistrationMode::Off => false,
            RegistrationMode::Token => taken,
            // A token that is shown has to hold here too: whoever sends one believes that it counts.
            RegistrationMode::Open => taken || self.initial_token.is_none(),
        };
        if !allowed {
            return Err(Error::Denied("the initial access token is unknown, used up or has ended".into()));
        }
        let doc = Doc {
            display_label: self.name.clone(),
            display_name: "Registered client".into(),
            hidden: true,
            oidc: Some(self.oidc.clone()),
            ..Doc::default()
        };
        let app = create::Create { name: "oidc".into(), doc, active: true }.run(w).await?;
        if self.oidc.has_secret() {
            secret::Add { app: app.id, secret: self.secret.clone() }.run(w).await?;
        }
        for group in settings.user_groups {
            match (bind::Bind { app: app.id, kind: "user_group", subject: group, add: true }).run(w).await {
                // A group that is gone gives nobody access.
                Ok(()) | Err(Error::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
        store::put(w, app.id, self.access_token).await?;
        Ok(app)
    }
}

/// A client replaces its registration (RFC 7592 section 2.2).
pub struct Replace {
    /// The client.
    pub app: Id,
    /// Its name.
    pub name: String,
    /// Its settings.
    pub oidc: Oidc,
    /// A secret, kept if it had none and needs one now.
    pub secret: Secret,
}

impl Verb for Replace {
    /// The application, and whether the secret was kept.
    type Out = (Application, bool);

    async fn run(&self, w: &mut Write<'_>) -> Result<(Application, bool)> {
        let before = application::store::get(w, w.org(), self.app).await?;
        let (label, active) = (self.name.clone(), before.active);
        let Doc { display_name, description, hidden, oidc, .. } = before.doc;
        let had_secret = oidc.as_ref().is_some_and(Oidc::has_secret);
        Update { id: self.app, display_label: label, display_name, description, hidden, active }.run(w).await?;
        // Mappings and what else an administrator set beside the registration stay as they are.
        let app = SetOidc { id: self.app, hidden: None, oidc: self.oidc.clone() }.run(w).await?;
        let needs_secret = self.oidc.has_secret() && !had_secret;
        if needs_secret {
            secret::Add { app: self.app, secret: self.secret.clone() }.run(w).await?;
        }
        Ok((app, needs_secret))
    }
}

/// A client removes its registration (RFC 7592 section 2.3).
pub struct Remove {
    /// The client.
    pub app: Id,
}

impl Verb for Remove {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        delete::Delete { id: self.app }.run(w).await?;
        Ok(())
    }
}
