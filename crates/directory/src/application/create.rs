//! Makes an application.

use serde_json::json;

use super::{Application, Doc, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Makes an application.
pub struct Create {
    /// The template: `oidc`, `saml2` or `scim`.
    pub name: String,
    /// What is entered.
    pub doc: Doc,
    /// Whether sign-ins are possible at once.
    pub active: bool,
}

impl Verb for Create {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let mut app = Application {
            org: w.org(),
            id: w.env().id(),
            name: self.name.clone(),
            doc: self.doc.clone(),
            active: self.active,
            has_logo: false,
            created_at: w.now(),
        };
        // Nobody signs in to it: there is nothing for the portal to show.
        app.doc.hidden |= app.name == super::SCIM;
        super::update::check(w, &app).await?;
        store::insert(w, &app).await?;
        w.log(
            Kind::ApplicationCreate,
            Subject::application(app.id),
            json!({"name": app.name, "displayLabel": app.label()}),
        );
        Ok(app)
    }
}
