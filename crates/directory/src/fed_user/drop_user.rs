//! A directory has taken a person out: whom it made is removed, whom it took over or another one has had too is kept out, unless
//! another one lets them in; in any case what its groups gave ends.

use muster_base::Id;
use serde_json::{Map, json};

use super::lay::SCIM;
use super::others::Others;
use super::{Fed, store};
use crate::change::{Kind, Subject};
use crate::user::{self, State};
use crate::{Error, Result, Verb, Write, directory_provider, fed_group};

/// Takes a person out.
pub struct DropUser {
    /// The directory provider.
    pub provider: Id,
    /// Whom.
    pub id: Id,
    /// The version that the caller saw; another one now is [`Error::Stale`].
    pub expected: Option<i64>,
}

impl Verb for DropUser {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let provider = directory_provider::store::get(w, w.org(), self.provider).await?;
        if !provider.doc.active {
            return Err(Error::Denied("this directory provider is turned off".into()));
        }
        let fed = store::get(w, w.org(), provider.id, self.id).await?;
        if self.expected.is_some_and(|version| version != fed.version) {
            return Err(Error::Stale);
        }
        let others = Others::of(w, &provider, self.id).await?;
        if fed.made_here && others.are_none() {
            // Those whom they managed have no manager then: the directory says who follows.
            user::delete::Delete { id: self.id, cascade_manager: Some(None) }.run(w).await?;
            return Ok(());
        }
        fed_group::members::end_all_of(w, provider.id, self.id).await?;
        // Another directory that still names the person decides about their state.
        let is_out = others.are_gone();
        release(w, &fed, others).await?;
        if is_out {
            user::state::SetState { id: self.id, state: State::Suspended }.run(w).await?;
        }
        Ok(())
    }
}

/// Ends the bond alone: what the directory kept is free to be changed here, and is the others' to say.
pub(crate) async fn release(w: &mut Write<'_>, fed: &Fed, others: Others) -> Result<()> {
    let (provider, user) = (fed.provider.text(), &fed.user);
    let is_mine = |kind: &str, id: Option<&str>| kind == SCIM && id == Some(provider.as_str());
    let kept: Vec<_> =
        user.profile.restricted_fields.iter().filter(|r| !is_mine(&r.kind, r.id.as_deref())).cloned().collect();
    store::delete(w, fed.provider, user.id).await?;
    let patch = Map::from_iter([("restrictedFields".to_owned(), json!(kept))]);
    user::update::Update::profile(user.id, patch).run(w).await?;
    let fields = json!({"directoryProvider": fed.provider, "ended": true});
    w.log(Kind::DirectoryProviderFeed, Subject::user(user.id), fields);
    if others.keep_out() {
        crate::user::state::SetState { id: fed.user.id, state: State::Suspended }.run(w).await?;
    }
    others.read_again(w).await
}
