//! Makes a service account.

use muster_base::Id;
use serde_json::json;

use super::model::ACCOUNTS_MAX;
use super::{Role, ServiceAccount, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Makes a service account; secrets are added apart ([`super::secret::Add`]).
pub struct Create {
    /// The id, made by the caller.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Verb for Create {
    type Out = ServiceAccount;

    async fn run(&self, w: &mut Write<'_>) -> Result<ServiceAccount> {
        let account = ServiceAccount {
            org: w.org(),
            id: self.id,
            name: self.name.trim().to_owned(),
            role: self.role,
            disabled: false,
            created_at: w.now(),
        };
        Error::unless_empty(account.problems())?;
        if store::all(w, w.org()).await?.len() >= ACCOUNTS_MAX {
            return Err(Error::Conflict(format!(
                "there are {ACCOUNTS_MAX} service accounts already: delete one first"
            )));
        }
        store::insert(w, &account).await?;
        let fields = json!({"name": account.name, "role": account.role.word()});
        w.log(Kind::ServiceAccountCreate, Subject::service_account(account.id), fields);
        Ok(account)
    }
}
