//! Makes an identity provider.

use muster_base::{Id, Secret, limits};
use serde_json::json;

use super::{Doc, IdentityProvider, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write};

/// How many providers an organization may have.
pub const PROVIDERS_MAX: usize = 100;

/// Makes an identity provider.
pub struct Create {
    /// The id that its callback was shown with, when it was reserved before.
    pub id: Option<Id>,
    /// The name for people.
    pub name: String,
    /// What is entered.
    pub doc: Doc,
    /// Our client secret there.
    pub client_secret: Option<Secret>,
    /// Whether it is in use at once.
    pub enabled: bool,
    /// Whether plain http is allowed (loopback while developing).
    pub http_allowed: bool,
}

impl Verb for Create {
    type Out = IdentityProvider;

    async fn run(&self, w: &mut Write<'_>) -> Result<IdentityProvider> {
        let idp = IdentityProvider {
            org: w.org(),
            id: self.id.unwrap_or_else(|| w.env().id()),
            name: self.name.trim().to_owned(),
            doc: self.doc.clone(),
            enabled: self.enabled,
            has_secret: self.client_secret.is_some(),
            created_at: w.now(),
        };
        let mut problems = idp.problems(self.http_allowed);
        problems.extend(secret_problem(self.client_secret.as_ref()));
        let present = store::all(w, w.org()).await?;
        if present.len() >= PROVIDERS_MAX {
            problems.push(FieldError::new("name", format!("at most {PROVIDERS_MAX} identity providers")));
        }
        Error::unless_empty(problems)?;
        if present.iter().any(|p| p.id == idp.id) {
            return Err(Error::Conflict("id: an identity provider has this id".into()));
        }
        store::insert(w, &idp, self.client_secret.as_ref()).await?;
        let saml = idp.doc.saml.as_ref();
        let (url, client_id) = (saml.map_or(&idp.doc.url, |saml| &saml.entity_id), &idp.doc.client_id);
        let fields = json!({"name": idp.name, "type": idp.doc.kind, "url": url, "clientId": client_id});
        w.log(Kind::IdpCreate, Subject::identity_provider(idp.id), fields);
        Ok(idp)
    }
}

pub(crate) fn secret_problem(secret: Option<&Secret>) -> Option<FieldError> {
    let text = secret?.expose();
    let fine = !text.is_empty() && text.len() <= limits::TEXT_MAX && !text.chars().any(char::is_control);
    (!fine).then(|| FieldError::new("oidc.clientSecret", "1 to 1024 characters without control characters"))
}
