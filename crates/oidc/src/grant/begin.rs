//! Gives an application a code: the grant and the event of the sign-in, in one transaction.

use muster_base::Secret;
use muster_db::{Tx, Work};
use muster_directory::event::{self, Event};
use muster_directory::{Directory, Error, Result};

use super::{Grant, store};

/// Writes the grant, which holds the code's digest, with the event that tells of it.
///
/// # Errors
/// The database's.
pub async fn begin(directory: &Directory, grant: Grant, event: Event) -> Result<()> {
    directory.db().write(Begin { grant, event }).await
}

/// A new code: 256 random bits. Its digest goes into the grant.
#[must_use]
pub fn code(directory: &Directory) -> Secret {
    directory.env().secret()
}

struct Begin {
    grant: Grant,
    event: Event,
}

impl Work for Begin {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        store::insert(tx, &self.grant).await?;
        event::store::insert(tx, &self.event).await
    }
}
