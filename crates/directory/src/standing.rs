//! Whether somebody may still do what they asked for, when it is done later than they asked.

use muster_base::Id;

use crate::actor::ActorKind;
use crate::{Directory, Error, Result, administrator, service_account};

/// What is told where they may not.
pub const GONE: &str = "whoever asked for this may not change the organization any more";

/// Whether somebody may still change an organization, for work that goes on after their request.
///
/// # Errors
/// The database's.
pub async fn may_act(directory: &Directory, (kind, id): (ActorKind, Option<Id>), org: Id) -> Result<bool> {
    let mut s = directory.read();
    match (kind, id) {
        (ActorKind::Admin, Some(id)) => match administrator::store::get(&mut s, id).await {
            Ok(admin) => {
                let role = administrator::store::role(&mut s, org, id).await?;
                Ok(!admin.suspended && role.is_some_and(|role| role.allows("POST")))
            }
            Err(Error::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        },
        (ActorKind::ServiceAccount, Some(id)) => match service_account::store::get(&mut s, org, id).await {
            Ok(account) => Ok(!account.disabled && account.role.allows("POST")),
            Err(Error::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        },
        (ActorKind::CommandLine, _) => Ok(true),
        _ => Ok(false),
    }
}
