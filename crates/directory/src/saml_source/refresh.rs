//! Keeps what came of reading a document again.

use muster_base::Id;
use serde_json::json;

use super::store::{self, Held, Source};
use super::{EVERY_S, Offer, RETRY_S};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write, application};

/// The longest reason that is kept, in characters.
const REASON_MAX: usize = 300;

/// What an address answered.
#[derive(Clone, Debug)]
pub enum Answered {
    /// A document.
    Document(Offer),
    /// None, or one that cannot be read: why.
    Failed(String),
}

/// Keeps an answer: the same as before is just read, another one is held, a failure is tried again sooner.
pub struct Refresh {
    /// The application.
    pub app: Id,
    /// The address that answered. When another one was entered meanwhile, the answer is of no interest.
    pub url: String,
    /// What it answered.
    pub answer: Answered,
}

impl Verb for Refresh {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        application::store::get(w, w.org(), self.app).await?;
        let found = store::find(w, w.org(), self.app).await?;
        let Some(mut source) = found.filter(|source| source.url == self.url) else { return Ok(()) };
        match &self.answer {
            Answered::Failed(why) => fail(&mut source, why, w),
            Answered::Document(offer) => read(&mut source, offer, self.app, w),
        }
        store::put(w, self.app, &source).await
    }
}

fn fail(source: &mut Source, why: &str, w: &Write<'_>) {
    let doublings = u32::try_from(source.failures.clamp(0, 10)).unwrap_or(10);
    source.failures = source.failures.saturating_add(1);
    source.failed = Some((w.now(), why.chars().filter(|c| *c != '\0').take(REASON_MAX).collect()));
    source.next_at = w.now().plus_s((RETRY_S << doublings).min(EVERY_S));
}

fn read(source: &mut Source, offer: &Offer, app: Id, w: &mut Write<'_>) {
    source.read_at = w.now();
    source.next_at = w.now().plus_s(EVERY_S);
    (source.failures, source.failed) = (0, None);
    if *offer == source.taken {
        (source.held, source.rejected) = (None, None);
        return;
    }
    let unwanted = source.rejected.as_deref() == Some(offer.digest().as_slice());
    let known = source.held.as_ref().is_some_and(|held| held.offer == *offer);
    if unwanted || known {
        return;
    }
    let fields: Vec<&str> = source.taken.differences(offer).iter().map(|one| one.field).collect();
    source.held = Some(Held { offer: offer.clone(), seen_at: w.now() });
    w.log(Kind::ApplicationMetadataHeld, Subject::application(app), json!({"differs": fields}));
}
