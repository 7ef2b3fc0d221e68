//! Makes the row behind a browser's cookie, before anybody has signed in with it.

use muster_base::{Id, Micros, Secret};
use muster_db::{Tx, Work};

use super::store;
use crate::{Directory, Error, Result};

/// Makes a browser; the secret goes into its cookie.
///
/// # Errors
/// The database's.
pub async fn create(directory: &Directory) -> Result<(Id, Secret)> {
    let (id, secret, now) = (directory.env().id(), directory.env().secret(), directory.env().clock.now());
    directory.work(Insert { id, secret: secret.clone(), now }).await?;
    Ok((id, secret))
}

struct Insert {
    id: Id,
    secret: Secret,
    now: Micros,
}

impl Work for Insert {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        store::insert_browser(tx, self.id, self.secret.digest(), self.now).await
    }
}
