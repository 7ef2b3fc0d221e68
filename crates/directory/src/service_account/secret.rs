//! Secrets of service accounts: 256 random bits, kept as SHA-256, shown once, for a time. Two live side by side while one
//! replaces the other.

use muster_base::{Id, Secret};
use serde_json::json;

use super::store::{self, KeptSecret};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// How many secrets a service account may have at a time.
pub const SECRETS_MAX: usize = 2;
/// How long a secret lives at least and at most, in days.
pub const DAYS: std::ops::RangeInclusive<i64> = 1..=365;

/// Adds a secret made by the caller.
pub struct Add {
    /// The account.
    pub account: Id,
    /// The secret.
    pub secret: Secret,
    /// How long it lives, in days.
    pub days: i64,
}

impl Verb for Add {
    type Out = KeptSecret;

    async fn run(&self, w: &mut Write<'_>) -> Result<KeptSecret> {
        store::get(w, w.org(), self.account).await?;
        if !DAYS.contains(&self.days) {
            return Err(Error::field("lifetime", "from \"1 Days\" to \"365 Days\""));
        }
        let now = w.now();
        let mut live = 0;
        for kept in store::secrets(w, w.org(), self.account).await? {
            if kept.expires_at <= now {
                store::delete_secret(w, self.account, kept.id).await?;
            } else {
                live += 1;
            }
        }
        if live >= SECRETS_MAX {
            return Err(Error::Conflict("there are two secrets already: delete the old one first".into()));
        }
        let expires_at = now.plus_s(self.days * 86_400);
        let kept = KeptSecret { id: w.env().id(), digest: self.secret.digest(), created_at: now, expires_at };
        store::insert_secret(w, self.account, &kept).await?;
        let fields = json!({"secret": kept.id, "days": self.days});
        w.log(Kind::ServiceAccountUpdate, Subject::service_account(self.account), fields);
        Ok(kept)
    }
}

/// Drops a secret: it and every token that it brought stop working at once.
pub struct Drop {
    /// The account.
    pub account: Id,
    /// The secret's id.
    pub secret: Id,
}

impl Verb for Drop {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.account).await?;
        if store::delete_secret(w, self.account, self.secret).await? == 0 {
            return Err(Error::Missing("secret"));
        }
        let fields = json!({"dropped": self.secret});
        w.log(Kind::ServiceAccountUpdate, Subject::service_account(self.account), fields);
        Ok(())
    }
}
