//! Changes an identity provider.

use muster_base::{Id, Secret};
use serde_json::{Map, Value, json};

use super::{Doc, IdentityProvider, create, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Replaces what is entered; the client secret stays unless a new one is given.
pub struct Update {
    /// Which.
    pub id: Id,
    /// The name for people.
    pub name: String,
    /// What is entered.
    pub doc: Doc,
    /// A new client secret.
    pub client_secret: Option<Secret>,
    /// Whether it is in use.
    pub enabled: bool,
    /// Whether plain http is allowed.
    pub http_allowed: bool,
}

impl Verb for Update {
    type Out = IdentityProvider;

    async fn run(&self, w: &mut Write<'_>) -> Result<IdentityProvider> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        self.name.trim().clone_into(&mut after.name);
        after.doc = self.doc.clone();
        after.enabled = self.enabled;
        let mut problems = after.problems(self.http_allowed);
        problems.extend(create::secret_problem(self.client_secret.as_ref()));
        Error::unless_empty(problems)?;
        store::update(w, &after).await?;
        if let Some(secret) = &self.client_secret {
            store::set_secret(w, &after, secret).await?;
            after.has_secret = true;
        }
        let (from, to) = (json!(before.doc), json!(after.doc));
        let mut fields = Map::new();
        for name in ["kind", "url", "client_id", "match", "jit", "iss_parameter", "options", "saml"] {
            if from[name] != to[name] {
                fields.insert(name.into(), json!({"from": from[name], "to": to[name]}));
            }
        }
        if before.name != after.name {
            fields.insert("name".into(), json!({"from": before.name, "to": after.name}));
        }
        if before.enabled != after.enabled {
            fields.insert("enabled".into(), json!({"from": before.enabled, "to": after.enabled}));
        }
        if self.client_secret.is_some() {
            fields.insert("clientSecret".into(), json!("replaced"));
        }
        if !fields.is_empty() {
            w.log(Kind::IdpUpdate, Subject::identity_provider(after.id), Value::Object(fields));
        }
        Ok(after)
    }
}
