//! A directory that we read does not name a person any more: they are kept out, and the bond stays, so that they are the
//! same person when they come back.

use muster_base::Id;
use serde_json::json;

use super::{Fed, Feed, store};
use crate::change::{Kind, Subject};
use crate::directory_provider::{self, DirectoryProvider};
use crate::user::{self, State};
use crate::{Error, Result, Verb, Write, fed_group};

/// Keeps a person out.
pub struct Leave {
    /// The directory provider.
    pub provider: Id,
    /// Whom.
    pub id: Id,
    /// What is known of them now, in canonical form.
    pub doc: String,
}

impl Verb for Leave {
    type Out = Fed;

    async fn run(&self, w: &mut Write<'_>) -> Result<Fed> {
        let provider = directory_provider::store::get(w, w.org(), self.provider).await?;
        if !provider.doc.active {
            return Err(Error::Denied("this directory provider is turned off".into()));
        }
        let fed = store::get(w, w.org(), provider.id, self.id).await?;
        fed_group::members::end_all_of(w, provider.id, self.id).await?;
        keep_out(w, &provider, fed, (self.doc.clone(), "gone")).await
    }
}

/// Keeps a person out and the bond with what is known of them now; the log has a word for why.
pub(crate) async fn keep_out(
    w: &mut Write<'_>,
    provider: &DirectoryProvider,
    fed: Fed,
    (doc, why): (String, &str),
) -> Result<Fed> {
    let id = fed.user.id;
    let feeders = store::feeders(w, w.org(), id).await?;
    // Another directory of better rank decides about their state.
    let is_first = feeders.iter().all(|feeder| provider.rank() <= feeder.rank());
    if is_first && fed.user.state != State::Suspended {
        user::state::SetState { id, state: State::Suspended }.run(w).await?;
    }
    let feed = Feed { external_id: fed.external_id.clone(), doc, ..Feed::default() };
    let fed = store::update(w, fed, &feed).await?;
    let mut fields = json!({"directoryProvider": provider.id, "externalId": fed.external_id});
    fields[why] = true.into();
    w.log(Kind::DirectoryProviderFeed, Subject::user(id), fields);
    store::get(w, w.org(), provider.id, id).await
}
