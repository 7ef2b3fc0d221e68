//! A group that a directory keeps is read-only at every other door.

use muster_base::Id;

use super::store;
use crate::actor::ActorKind;
use crate::{Error, Result, Write, directory_provider};

/// Refuses a change of a group that a directory keeps, naming it.
pub(crate) async fn check(w: &mut Write<'_>, group: Id) -> Result<()> {
    if w.actor().kind == ActorKind::DirectoryProvider {
        return Ok(());
    }
    let Some(owner) = store::owner(w, w.org(), group).await? else { return Ok(()) };
    let provider = directory_provider::store::get(w, w.org(), owner).await?;
    Err(Error::Denied(format!("the directory \"{}\" keeps this group: change it there", provider.name)))
}
