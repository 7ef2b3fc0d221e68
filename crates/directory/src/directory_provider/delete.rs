//! Removes a directory provider. Whom it fed stays, as people and groups of ours that can be changed here from then on;
//! what its groups gave by the mapping ends. Whom another directory has too is that one's, and out where it keeps them out.

use muster_base::Id;
use serde_json::json;

use super::update::Update;
use super::{DirectoryProvider, mapping, store};
use crate::change::{Kind, Subject};
use crate::{Actor, Directory, Result, Verb, Write, fed_group, fed_user};

/// How many people one transaction lets go.
const AT_ONCE: i64 = 500;

/// Removes it in steps, so that no transaction is long: first it may not feed any more, then people are let go, then it
/// goes. What is broken off goes on when it is asked for again.
///
/// # Errors
/// [`crate::Error::Missing`] and the database's.
pub async fn delete(directory: &Directory, actor: &Actor, org: Id, id: Id) -> Result<()> {
    let quiet = Update { active: Some(false), role_mappings: Some(Vec::new()), confirmed: true, ..Update::of(id) };
    directory.write(actor.clone(), org, quiet).await?;
    while directory.write(actor.clone(), org, Release { id }).await? {}
    directory.write(actor.clone(), org, Remove { id }).await
}

/// Lets some people go; tells whether there may be more.
pub struct Release {
    /// The directory provider.
    pub id: Id,
}

impl Verb for Release {
    type Out = bool;

    async fn run(&self, w: &mut Write<'_>) -> Result<bool> {
        let provider = store::get(w, w.org(), self.id).await?;
        let some = fed_user::store::page(w, w.org(), self.id, "", AT_ONCE).await?;
        for fed in &some {
            let others = fed_user::others::Others::of(w, &provider, fed.user.id).await?;
            fed_user::drop_user::release(w, fed, others).await?;
        }
        Ok(i64::try_from(some.len()).is_ok_and(|n| n == AT_ONCE))
    }
}

/// Removes it, when it feeds nobody any more.
pub struct Remove {
    /// The directory provider.
    pub id: Id,
}

impl Verb for Remove {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let provider: DirectoryProvider = store::get(w, w.org(), self.id).await?;
        mapping::apply(w, &provider, &[]).await?;
        fed_group::store::forget_all(w, self.id).await?;
        store::delete(w, self.id).await?;
        let fields = json!({"name": provider.name});
        w.log(Kind::DirectoryProviderDelete, Subject::directory_provider(self.id), fields);
        Ok(())
    }
}
