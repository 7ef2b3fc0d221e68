//! Ends sessions. The end of a session is a change: what must hear of it reads the log.

use muster_base::Id;
use muster_db::{Tx, Work};
use serde_json::json;

use super::{Kind as SessionKind, store};
use crate::change::{Kind, Subject};
use crate::{Directory, Error, Result, Verb, Write, user};

/// Ends one session of a person.
pub struct End {
    /// Which.
    pub session: Id,
    /// Only if it is this person's.
    pub principal: Option<Id>,
}

impl Verb for End {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        let session = store::by_id(w, org, self.session).await?.ok_or(Error::Missing("session"))?;
        if self.principal.is_some_and(|p| p != session.principal) {
            return Err(Error::Missing("session"));
        }
        store::delete(w.transaction(), Some(org), self.session).await?;
        w.log(Kind::SessionEnd, Subject::user(session.principal), json!({"sessions": [session.id]}));
        Ok(())
    }
}

/// Ends all sessions of a person and refuses every token granted to them before.
pub struct EndAll {
    /// Whose.
    pub user: Id,
}

impl Verb for EndAll {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        user::store::get(w, w.org(), self.user).await?;
        let ended = delete_all(w, self.user, None).await?;
        // Also where there was no session: the tokens end.
        w.log(Kind::SessionEnd, Subject::user(self.user), json!({"sessions": ended, "all": true}));
        Ok(())
    }
}

/// As a consequence: everything but `keep`. The change that it follows from is in the log already.
pub(crate) async fn all_of(w: &mut Write<'_>, user: Id, keep: Option<Id>) -> Result<()> {
    let ended = delete_all(w, user, keep).await?;
    if !ended.is_empty() {
        w.log(Kind::SessionEnd, Subject::user(user), json!({"sessions": ended, "all": true}));
    }
    Ok(())
}

/// Deletes a person's sessions but `keep`, and refuses tokens granted before now; tells which ended.
async fn delete_all(w: &mut Write<'_>, user: Id, keep: Option<Id>) -> Result<Vec<Id>> {
    let org = w.org();
    let sessions = store::of_principal(w, Some(org), SessionKind::User, user).await?;
    let ended: Vec<Id> = sessions.iter().map(|s| s.id).filter(|id| Some(*id) != keep).collect();
    store::delete_of_principal(w, Some(org), SessionKind::User, user, keep).await?;
    user::store::revoke_tokens(w, user).await?;
    Ok(ended)
}

/// An administrator lost access: all their sessions end.
pub(crate) async fn admin_sessions(w: &mut Write<'_>, admin: Id) -> Result<()> {
    store::delete_of_principal(w, None, SessionKind::Admin, admin, None).await?;
    Ok(())
}

/// Ends an administrator's own session (sign-out).
///
/// # Errors
/// The database's.
pub async fn admin(directory: &Directory, session: Id) -> Result<()> {
    directory.work(EndAdmin { session }).await
}

struct EndAdmin {
    session: Id,
}

impl Work for EndAdmin {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        store::delete(tx, None, self.session).await?;
        Ok(())
    }
}
