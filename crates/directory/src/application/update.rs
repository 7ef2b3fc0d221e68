//! Changes an application.

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::oidc::IDENTIFYING_CLAIMS;
use super::saml::Saml;
use super::{Application, Oidc, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, organization, user};

/// Replaces the general part of an application (JumpCloud's v1 PUT replaces); the SSO part stays.
pub struct Update {
    /// Which.
    pub id: Id,
    /// Display Label.
    pub display_label: String,
    /// The kind's name for people.
    pub display_name: String,
    /// For people.
    pub description: String,
    /// Not shown in the portal.
    pub hidden: bool,
    /// Sign-ins only while active.
    pub active: bool,
}

impl Verb for Update {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        after.doc.display_label.clone_from(&self.display_label);
        after.doc.display_name.clone_from(&self.display_name);
        after.doc.description.clone_from(&self.description);
        after.doc.hidden = self.hidden || after.name == super::SCIM;
        after.active = self.active;
        save(w, &before, &after).await?;
        Ok(after)
    }
}

/// Replaces the OpenID Connect part.
pub struct SetOidc {
    /// Which.
    pub id: Id,
    /// Not shown in the portal; `None` leaves it.
    pub hidden: Option<bool>,
    /// The new part.
    pub oidc: Oidc,
}

impl Verb for SetOidc {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        after.doc.oidc = Some(self.oidc.clone());
        after.doc.hidden = self.hidden.unwrap_or(after.doc.hidden);
        save(w, &before, &after).await?;
        if before.doc.oidc.as_ref().is_some_and(Oidc::has_secret) && !self.oidc.has_secret() {
            // A client that needs no secret keeps none: one left behind would still open the token endpoint after a change back.
            for secret in store::secrets(w, w.org(), self.id).await? {
                store::delete_secret(w, self.id, secret.id).await?;
                w.log(Kind::ApplicationSecretDelete, Subject::application(self.id), json!({"secret": secret.id}));
            }
        }
        Ok(after)
    }
}

/// Replaces the SAML part.
pub struct SetSaml {
    /// Which.
    pub id: Id,
    /// The new part.
    pub saml: Saml,
}

impl Verb for SetSaml {
    type Out = Application;

    async fn run(&self, w: &mut Write<'_>) -> Result<Application> {
        let before = store::get(w, w.org(), self.id).await?;
        let mut after = before.clone();
        after.doc.saml = Some(self.saml.clone());
        save(w, &before, &after).await?;
        Ok(after)
    }
}

async fn save(w: &mut Write<'_>, before: &Application, after: &Application) -> Result<()> {
    check(w, after).await?;
    let view = |app: &Application| json!({"active": app.active, "doc": app.doc});
    let (from, to) = (view(before), view(after));
    if from == to {
        return Ok(());
    }
    store::update(w, after).await?;
    let mut fields = Map::new();
    for name in ["display_label", "display_name", "description", "hidden", "oidc", "saml"] {
        let (a, b) = (&from["doc"][name], &to["doc"][name]);
        if a != b {
            fields.insert(name.into(), json!({"from": a, "to": b}));
        }
    }
    if before.active != after.active {
        fields.insert("active".into(), json!({"from": before.active, "to": after.active}));
    }
    w.log(Kind::ApplicationUpdate, Subject::application(after.id), Value::Object(fields));
    Ok(())
}

/// The values are right, and none of them puts into people's own hands who they are.
pub(crate) async fn check(w: &mut Write<'_>, app: &Application) -> Result<()> {
    let mut problems = app.problems();
    if let Some(problem) = owner_problem(app)
        && organization::store::get(w, w.org()).await?.settings.system_users_can_edit
    {
        problems.push(problem);
    }
    Error::unless_empty(problems)
}

/// What others match people by may not come from an attribute that its owner can write.
pub(crate) fn owner_problem(app: &Application) -> Option<FieldError> {
    if let Some(problem) = app.doc.saml.as_ref().and_then(Saml::owner_problem) {
        return Some(problem);
    }
    let mapped = app.doc.oidc.as_ref()?.dynamic_claims.iter().enumerate();
    let (i, mapping) = mapped
        .into_iter()
        .find(|(_, m)| IDENTIFYING_CLAIMS.contains(&m.name.as_str()) && user::model::owner_writes(&m.value))?;
    let message = format!(
        "people may change \"{}\" themselves in the portal, and so sign in as somebody else where the application \
         trusts \"{}\": use another attribute, or turn off editing in the organization's settings (systemUsersCanEdit)",
        mapping.value, mapping.name
    );
    Some(FieldError::new(format!("oidc.dynamicClaims[{i}].value"), message))
}
