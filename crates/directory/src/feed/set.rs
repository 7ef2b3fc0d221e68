//! Enters what is read, and how.

use muster_base::{Id, Secret};
use serde_json::{Value, json};

use super::source::NEVER;
use super::{Reads, Settings, Source, store};
use crate::change::{Kind, Subject};
use crate::directory_provider::{self, ProviderType};
use crate::{Error, FieldError, Result, Verb, Write, document};

/// The longest password or key file.
const SECRET_MAX: usize = 16 * 1024;

/// Enters or replaces the settings.
pub struct Set {
    /// The directory provider.
    pub provider: Id,
    /// The settings.
    pub settings: Settings,
    /// A new password or key; none keeps the one that is there.
    pub secret: Option<Secret>,
    /// Whether plain http is allowed, as where the site itself is.
    pub http_allowed: bool,
}

impl Verb for Set {
    type Out = Source;

    async fn run(&self, w: &mut Write<'_>) -> Result<Source> {
        let org = w.org();
        let provider = directory_provider::store::get(w, org, self.provider).await?;
        let before = store::find(w, org, self.provider).await?;
        let mut problems = self.settings.problems(self.http_allowed);
        let fits = matches!(
            (&self.settings.reads, provider.kind),
            (Reads::Ldap(_), ProviderType::Ldap) | (Reads::GoogleWorkspace(_), ProviderType::GoogleWorkspace)
        );
        if !fits {
            let message = format!("this directory provider is of the type {}", provider.kind.word());
            problems.push(FieldError::new("type", message));
        }
        check_secret(&self.settings, self.secret.as_ref(), before.as_ref(), &mut problems);
        Error::unless_empty(problems)?;
        if before.as_ref().is_some_and(|b| b.settings == self.settings) && self.secret.is_none() {
            return store::get(w, org, self.provider).await;
        }
        // A schedule alone goes on; anything else is looked at first.
        let next_at = match &before {
            Some(before) if before.active && is_read_alike(&before.settings, &self.settings) => {
                before.after_settings(&self.settings, w.now())
            }
            _ => NEVER,
        };
        store::put(w, self.provider, &self.settings, next_at).await?;
        let keeps = before.as_ref().is_some_and(|b| b.has_secret);
        if self.secret.is_some() || !keeps {
            let secret = self.secret.as_ref().filter(|s| !s.expose().is_empty());
            store::set_secret(w, self.provider, secret).await?;
        }
        log(w, self, before.as_ref());
        store::get(w, org, self.provider).await
    }
}

/// Whether the same people and groups are read: only when, and what the guard lets through, may differ.
fn is_read_alike(before: &Settings, after: &Settings) -> bool {
    before.reads == after.reads && before.groups == after.groups
}

impl Source {
    fn after_settings(&self, settings: &Settings, now: muster_base::Micros) -> muster_base::Micros {
        Self { settings: settings.clone(), ..self.clone() }.after_success(now)
    }
}

/// The secret is there, and is not given away: it goes to the place that it was entered for, or is entered again.
pub fn check_secret(
    settings: &Settings,
    secret: Option<&Secret>,
    before: Option<&Source>,
    problems: &mut Vec<FieldError>,
) {
    if let Some(secret) = secret {
        if secret.expose().len() > SECRET_MAX || secret.expose().contains('\0') {
            problems.push(FieldError::new("secret", "at most 16 KiB of text"));
        }
        return;
    }
    if let Some(before) = before.filter(|b| b.has_secret) {
        if before.settings.secret_goes_to() != settings.secret_goes_to() {
            problems.push(FieldError::new("secret", "enter it again: it would go to another address than before"));
        }
        return;
    }
    match &settings.reads {
        Reads::GoogleWorkspace(_) => {
            problems.push(FieldError::new("secret", "paste the service account's key, a JSON file"));
        }
        Reads::Ldap(ldap) if !ldap.bind_dn.is_empty() => {
            problems.push(FieldError::new("secret", "enter the password of the bind DN"));
        }
        Reads::Ldap(_) => {}
    }
}

fn log(w: &mut Write<'_>, set: &Set, before: Option<&Source>) {
    let from = before.map_or(Value::Null, |b| json!(b.settings));
    let mut fields = document::differences(&from, &json!(set.settings));
    if set.secret.is_some() {
        fields.insert("secret".into(), json!("entered"));
    }
    w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(set.provider), Value::Object(fields));
}
