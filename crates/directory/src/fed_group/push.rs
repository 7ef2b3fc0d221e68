//! A directory says what it knows of a group: it is made or changed by the same verbs as at every other door.

use muster_base::Id;
use serde_json::json;

use super::{FedGroup, MemberStep, members, store};
use crate::change::{Kind, Subject};
use crate::directory_provider::DirectoryProvider;
use crate::group::{self, Input};
use crate::{Error, Result, Verb, Write, directory_provider};

/// Pushes a group.
pub struct Push {
    /// The directory provider.
    pub provider: Id,
    /// Which; `None`: one that it does not keep yet.
    pub id: Option<Id>,
    /// Its name; `None` stays.
    pub name: Option<String>,
    /// The directory's own name for it; `None` stays.
    pub external_id: Option<Option<String>>,
    /// What mappings mean it by instead of its name; `None` stays.
    pub address: Option<String>,
    /// What becomes of its members.
    pub members: Vec<MemberStep>,
    /// The version that it was worked out from; another one now is [`Error::Stale`].
    pub expected: Option<i64>,
}

impl Verb for Push {
    type Out = FedGroup;

    async fn run(&self, w: &mut Write<'_>) -> Result<FedGroup> {
        let (id, meant) = self.keep(w).await?;
        if let Some(provider) = meant {
            directory_provider::mapping::apply(w, &provider, &[]).await?;
        }
        store::get(w, w.org(), self.provider, id).await
    }
}

impl Push {
    /// Makes or changes it, but for what mappings give by it; which it is, and the directory provider where its mappings may mean
    /// it otherwise now.
    pub(crate) async fn keep(&self, w: &mut Write<'_>) -> Result<(Id, Option<DirectoryProvider>)> {
        let provider = directory_provider::store::get(w, w.org(), self.provider).await?;
        if !provider.doc.active {
            return Err(Error::Denied("this directory provider is turned off".into()));
        }
        let (id, is_meant) = match self.id {
            Some(id) => (id, self.change(w, id).await?),
            None => (self.begin(w).await?, true),
        };
        Ok((id, is_meant.then_some(provider)))
    }

    async fn begin(&self, w: &mut Write<'_>) -> Result<Id> {
        let input = Input { name: Some(self.name.clone().unwrap_or_default()), ..Input::default() };
        let group = group::create::Create::of_users(input).run(w).await?;
        let external = self.external_id.clone().flatten();
        store::insert(w, self.provider, group.id, (external.as_deref(), self.address.as_deref())).await?;
        let fields = json!({"directoryProvider": self.provider, "externalId": external});
        w.log(Kind::DirectoryProviderFeed, Subject::group(group.id), fields);
        members::change(w, self.provider, &group, &self.members).await?;
        Ok(group.id)
    }

    /// Changes the group; tells whether mappings may mean it otherwise.
    async fn change(&self, w: &mut Write<'_>, id: Id) -> Result<bool> {
        let before = store::get(w, w.org(), self.provider, id).await?;
        if self.expected.is_some_and(|version| version != before.version) {
            return Err(Error::Stale);
        }
        let mut group = group::store::get(w, w.org(), id).await?;
        let logged = w.changes().len();
        let is_named = self.name.as_ref().is_some_and(|name| name.trim() != group.name);
        if is_named {
            let input = Input { name: self.name.clone(), ..Input::default() };
            group = group::update::Update::of_users(id, input).run(w).await?;
        }
        members::change(w, self.provider, &group, &self.members).await?;
        let external = self.external_id.as_ref().unwrap_or(&before.external_id);
        if *external != before.external_id {
            let fields = json!({"directoryProvider": self.provider, "externalId": external});
            w.log(Kind::DirectoryProviderFeed, Subject::group(id), fields);
        }
        let address = self.address.as_ref().or(before.address.as_ref());
        let is_addressed = address != before.address.as_ref();
        if w.changes().len() > logged || is_addressed {
            store::update(w, id, (external.as_deref(), address.map(String::as_str))).await?;
        }
        if let (None, Some(address)) = (&before.address, address) {
            // A mapping that meant it by its name means the same group from now on.
            directory_provider::mapping::follow(w, self.provider, &before.name, address).await?;
        }
        Ok(is_named || is_addressed)
    }
}
