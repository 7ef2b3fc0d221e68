//! Bearer tokens of a directory provider: 256 random bits, kept as SHA-256, shown once. A new one lets the others go on for
//! a while, so that the other side can change over.

use muster_base::{Id, Secret};
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// How many tokens may hold at a time.
pub const TOKENS_MAX: usize = 10;
/// How long the others go on when nothing is said, in seconds.
pub const OVERLAP_S: i64 = 86_400;
/// How long the others may go on at most, in seconds.
pub const OVERLAP_MAX_S: i64 = 90 * 86_400;

/// Adds a token made by the caller.
pub struct Add {
    /// The directory provider.
    pub provider: Id,
    /// The token's id.
    pub id: Id,
    /// The token.
    pub secret: Secret,
    /// How long the others go on, in seconds.
    pub overlap_s: i64,
}

impl Verb for Add {
    type Out = Id;

    async fn run(&self, w: &mut Write<'_>) -> Result<Id> {
        let provider = store::get(w, w.org(), self.provider).await?;
        if provider.kind.is_read() {
            return Err(Error::Conflict("this directory is read: it sends nothing, and needs no token".into()));
        }
        if !(0..=OVERLAP_MAX_S).contains(&self.overlap_s) {
            return Err(Error::field("overlap_s", format!("seconds, from 0 to {OVERLAP_MAX_S}")));
        }
        let now = w.now();
        store::end_tokens(w, self.provider, now.plus_s(self.overlap_s)).await?;
        store::prune_tokens(w, self.provider).await?;
        if store::tokens(w, w.org(), self.provider, now).await?.len() >= TOKENS_MAX {
            return Err(Error::Conflict(format!("there are {TOKENS_MAX} tokens already: delete one first")));
        }
        store::insert_token(w, self.provider, self.id, self.secret.digest()).await?;
        let fields = json!({"token": self.id, "overlap_s": self.overlap_s});
        w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(self.provider), fields);
        Ok(self.id)
    }
}

/// Drops a token: it stops working at once.
pub struct Drop {
    /// The directory provider.
    pub provider: Id,
    /// The token's id.
    pub token: Id,
}

impl Verb for Drop {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.provider).await?;
        if store::delete_token(w, self.provider, self.token).await? == 0 {
            return Err(Error::Missing("token"));
        }
        let fields = json!({"dropped": self.token});
        w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(self.provider), fields);
        Ok(())
    }
}
