//! An administrator's API key: one each, `jca_` and 256 random bits, shown once.

use muster_base::{Id, Micros, Secret};
use muster_db::{Tx, Work};

use super::store;
use crate::{Directory, Error, Result};

/// Makes a new key; an earlier one stops working at once.
///
/// # Errors
/// [`Error::Denied`] for a person of an organization; the database's.
pub async fn create(directory: &Directory, admin: Id) -> Result<(Secret, String, Micros)> {
    let key = Secret::new(format!("jca_{}", directory.env().secret().expose()));
    let prefix: String = key.expose().chars().take(8).collect();
    let now = directory.env().clock.now();
    directory.work(Set { admin, key: key.clone(), prefix: prefix.clone(), now }).await?;
    Ok((key, prefix, now))
}

/// Removes the key.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn delete(directory: &Directory, admin: Id) -> Result<()> {
    directory.work(Delete { admin }).await
}

struct Set {
    admin: Id,
    key: Secret,
    prefix: String,
    now: Micros,
}

impl Work for Set {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        // It would go on without the session that they need.
        if store::get(tx, self.admin).await?.derived.is_some() {
            let message = "an administrator by a directory's group has no API key: make a service account for programs";
            return Err(Error::Denied(message.into()));
        }
        store::set_key(tx, self.admin, self.key.digest(), &self.prefix, self.now).await
    }
}

struct Delete {
    admin: Id,
}

impl Work for Delete {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        if store::delete_key(tx, self.admin).await? == 0 { Err(Error::Missing("API key")) } else { Ok(()) }
    }
}
