//! What nobody does to administrators: leave an organization without one, and change by hand what follows from a directory.

use muster_base::Id;

use super::{Administrator, Role, store};
use crate::{Error, Result, Write};

/// Refuses a change by hand of an administrator who follows from a directory's group.
pub(super) fn by_hand(admin: &Administrator) -> Result<()> {
    match &admin.derived {
        Some(derived) => Err(Error::Denied(derived.refusal())),
        None => Ok(()),
    }
}

/// Refuses to take the organization's last one, who may do everything and is not there by a directory's grace.
pub(super) async fn another_remains(w: &mut Write<'_>, org: Id, admin: &Administrator) -> Result<()> {
    let counts = !admin.suspended && store::role(w, org, admin.id).await? == Some(Role::Administrator);
    if counts && store::others_active(w, org, admin.id).await? == 0 {
        let message = "this is the organization's last administrator: add another one first";
        return Err(Error::Conflict(message.into()));
    }
    Ok(())
}
