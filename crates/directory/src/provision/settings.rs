//! Enters, changes and removes the settings of a target.

use muster_base::{Id, Secret};
use serde_json::{Map, json};

use super::{AuthenticationKind, Settings, Target, store, touch};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, application, organization};

/// The longest secret.
const SECRET_MAX: usize = 8192;

/// Enters or replaces the settings.
pub struct Set {
    /// The application.
    pub app: Id,
    /// The settings.
    pub settings: Settings,
    /// A new secret; none keeps the one that is there.
    pub secret: Option<Secret>,
    /// Whether plain http is allowed, as where the site itself is.
    pub http_allowed: bool,
}

impl Verb for Set {
    type Out = Target;

    async fn run(&self, w: &mut Write<'_>) -> Result<Target> {
        let org = w.org();
        application::store::get(w, org, self.app).await?;
        let editable = organization::store::get(w, org).await?.settings.system_users_can_edit;
        let before = store::find(w, org, self.app).await?;
        let mut problems = self.settings.problems(editable);
        check_secret(&self.settings, self.secret.as_ref(), before.as_ref(), &mut problems);
        check_scheme(&self.settings, self.http_allowed, &mut problems);
        Error::unless_empty(problems)?;
        match &before {
            None => store::insert(w, self.app, &self.settings).await?,
            Some(before) if before.settings == self.settings && self.secret.is_none() => return Ok(before.clone()),
            Some(before) => {
                store::set_doc(w, self.app, &self.settings).await?;
                if !before.settings.is_same_receiver(&self.settings) {
                    store::unlink(w, self.app).await?;
                }
            }
        }
        if let Some(secret) = &self.secret {
            store::set_secret(w, self.app, secret).await?;
        }
        if before.as_ref().is_some_and(|b| b.active) {
            touch::everything(w, self.app).await?;
        }
        log(w, self, before.as_ref());
        store::get(w, org, self.app).await
    }
}

/// The secret is there, and is not given away: it goes to the place it was entered for, or it is entered again.
///
/// # Errors
/// None; what is wrong goes into `problems`.
pub fn check_secret(
    settings: &Settings,
    secret: Option<&Secret>,
    before: Option<&Target>,
    problems: &mut Vec<FieldError>,
) {
    let field = "authentication.secret";
    match (secret, before) {
        (Some(secret), _) => {
            let text = secret.expose();
            let basic = settings.authentication.kind == AuthenticationKind::Basic;
            if text.is_empty()
                || text.len() > SECRET_MAX
                || text.chars().any(char::is_control)
                || !(basic || text.is_ascii())
            {
                problems.push(FieldError::new(field, "at most 8192 printable characters"));
            }
        }
        (None, Some(before)) if before.has_secret => {
            let same = before.settings.secret_goes_to() == settings.secret_goes_to()
                && before.settings.authentication.kind == settings.authentication.kind;
            if !same {
                problems.push(FieldError::new(field, "enter it again: it would go to another address than before"));
            }
        }
        (None, _) => problems.push(FieldError::new(field, "enter the token or password that the application gave you")),
    }
}

fn check_scheme(settings: &Settings, http_allowed: bool, problems: &mut Vec<FieldError>) {
    let plain = |url: &str| url.to_ascii_lowercase().starts_with("http:") && !http_allowed;
    if plain(&settings.base_url) {
        problems.push(FieldError::new("baseUrl", "an address that begins with https://"));
    }
    if settings.authentication.kind == AuthenticationKind::OAuth && plain(&settings.authentication.token_url) {
        problems.push(FieldError::new("authentication.tokenUrl", "an address that begins with https://"));
    }
}

fn log(w: &mut Write<'_>, set: &Set, before: Option<&Target>) {
    let from = before.map(|b| json!(b.settings)).unwrap_or_default();
    let to = json!(set.settings);
    let mut fields = Map::new();
    for (name, value) in to.as_object().into_iter().flatten() {
        if from.get(name) != Some(value) {
            fields.insert(name.clone(), json!({"from": from.get(name), "to": value}));
        }
    }
    if set.secret.is_some() {
        fields.insert("secret".into(), json!("entered"));
    }
    w.log(Kind::ProvisionUpdate, Subject::application(set.app), fields.into());
}

/// Ends provisioning: what is known of the target goes, the accounts there stay as they are.
pub struct Remove {
    /// The application.
    pub app: Id,
}

impl Verb for Remove {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.app).await?;
        store::delete(w, self.app).await?;
        w.log(Kind::ProvisionDelete, Subject::application(self.app), json!({}));
        Ok(())
    }
}
