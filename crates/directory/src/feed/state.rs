//! Lets a directory rest that is read by itself, and go on.

use muster_base::Id;
use serde_json::json;

use super::source::NEVER;
use super::{Source, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Rests, or goes on.
pub struct Pause {
    /// The directory provider.
    pub provider: Id,
    /// Whether it rests.
    pub paused: bool,
}

impl Verb for Pause {
    type Out = Source;

    async fn run(&self, w: &mut Write<'_>) -> Result<Source> {
        let mut source = store::get(w, w.org(), self.provider).await?;
        if source.paused == self.paused {
            return Ok(source);
        }
        source.paused = self.paused;
        // What was changed since waits to be looked at, rested or not.
        if !self.paused && source.active && source.settings.every_minutes > 0 && source.next_at != NEVER {
            source.next_at = w.now();
        }
        store::set_state(w, &source).await?;
        let fields = json!({"paused": {"from": !self.paused, "to": self.paused}});
        w.log(Kind::DirectoryProviderUpdate, Subject::directory_provider(self.provider), fields);
        Ok(source)
    }
}
