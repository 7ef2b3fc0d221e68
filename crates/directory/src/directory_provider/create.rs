//! Makes a directory provider.

use muster_base::Id;
use serde_json::json;

use super::model::{Doc, PROVIDERS_MAX};
use super::{DirectoryProvider, ProviderType, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Makes a directory provider; its tokens are added apart ([`super::token::Add`]).
pub struct Create {
    /// The id, made by the caller.
    pub id: Id,
    /// The name for people.
    pub name: String,
    /// What is behind it.
    pub kind: ProviderType,
}

impl Verb for Create {
    type Out = DirectoryProvider;

    async fn run(&self, w: &mut Write<'_>) -> Result<DirectoryProvider> {
        let provider = DirectoryProvider {
            org: w.org(),
            id: self.id,
            name: self.name.trim().to_owned(),
            kind: self.kind,
            doc: Doc::default(),
            recognized_caller: None,
            last_request_at: None,
            created_at: w.now(),
        };
        Error::unless_empty(provider.problems())?;
        if store::all(w, w.org()).await?.len() >= PROVIDERS_MAX {
            let message = format!("there are {PROVIDERS_MAX} directory providers already: delete one first");
            return Err(Error::Conflict(message));
        }
        store::insert(w, &provider).await?;
        let fields = json!({"name": provider.name, "type": provider.kind.word()});
        w.log(Kind::DirectoryProviderCreate, Subject::directory_provider(provider.id), fields);
        Ok(provider)
    }
}
