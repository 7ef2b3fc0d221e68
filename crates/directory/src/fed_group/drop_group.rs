//! A directory has removed a group: what it gave ends with it.

use muster_base::Id;

use super::store;
use crate::{Error, Result, Verb, Write, directory_provider, group};

/// Removes a group.
pub struct DropGroup {
    /// The directory provider.
    pub provider: Id,
    /// Which.
    pub id: Id,
    /// The version that the caller saw; another one now is [`Error::Stale`].
    pub expected: Option<i64>,
}

impl Verb for DropGroup {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let provider = directory_provider::store::get(w, w.org(), self.provider).await?;
        if !provider.doc.active {
            return Err(Error::Denied("this directory provider is turned off".into()));
        }
        let before = store::get(w, w.org(), self.provider, self.id).await?;
        if self.expected.is_some_and(|version| version != before.version) {
            return Err(Error::Stale);
        }
        // It is nobody's while it goes.
        store::forget(w, self.id).await?;
        group::delete::Delete::of_users(self.id).run(w).await.map(drop)
    }
}
