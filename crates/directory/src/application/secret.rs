//! Client secrets: 256 random bits, kept as SHA-256, shown once. Two live side by side while one replaces the other.

use muster_base::{Id, Secret};
use serde_json::json;

use super::store::{self, KeptSecret};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Source, Verb, Write};

/// How many secrets an application may have at a time.
pub const SECRETS_MAX: usize = 2;

/// Adds a secret made by the caller.
pub struct Add {
    /// The application.
    pub app: Id,
    /// The secret.
    pub secret: Secret,
}

impl Verb for Add {
    type Out = Id;

    async fn run(&self, w: &mut Write<'_>) -> Result<Id> {
        let app = store::get(w, w.org(), self.app).await?;
        if !app.doc.oidc.as_ref().is_some_and(super::Oidc::has_secret) {
            return Err(Error::Conflict(
                "this client authenticates without a secret: choose another Client Authentication Type first".into(),
            ));
        }
        let present = store::secrets(w, w.org(), self.app).await?;
        if present.len() >= SECRETS_MAX {
            return Err(Error::Conflict("there are two secrets already: delete the old one first".into()));
        }
        let hint = hint(self.secret.expose());
        let kept = KeptSecret { id: w.env().id(), digest: self.secret.digest(), hint, created_at: w.now() };
        store::insert_secret(w, self.app, &kept).await?;
        w.log(Kind::ApplicationSecretCreate, Subject::application(self.app), json!({"secret": kept.id}));
        Ok(kept.id)
    }
}

/// The last four characters, to tell one from another; of a secret so short that they would help to guess it, none.
fn hint(text: &str) -> String {
    let length = text.chars().count();
    let shown: String = if length >= 16 { text.chars().skip(length - 4).collect() } else { String::new() };
    format!("…{shown}")
}

/// Drops a secret: it stops working at once.
pub struct Drop {
    /// The application.
    pub app: Id,
    /// The secret's id.
    pub secret: Id,
}

impl Verb for Drop {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.app).await?;
        if store::delete_secret(w, self.app, self.secret).await? == 0 {
            return Err(Error::Missing("secret"));
        }
        w.log(Kind::ApplicationSecretDelete, Subject::application(self.app), json!({"secret": self.secret}));
        Ok(())
    }
}

/// Whether this is one of the application's secrets. Every kept one is compared, in constant time.
///
/// # Errors
/// The database's.
pub async fn matches(s: &mut impl Source, org: Id, app: Id, presented: &Secret) -> Result<bool> {
    let digest = presented.digest();
    let kept = store::secrets(s, org, app).await?;
    Ok(kept.iter().fold(false, |found, k| muster_base::secret::same(&k.digest, &digest) | found))
}
