//! Removes a person.

use muster_base::Id;
use serde_json::{Map, json};

use super::{User, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, fed_group, saml_message};

/// Removes a person with everything that hangs on them. Someone's manager is only removed with `cascade_manager`:
/// the id of the manager who takes over, or none at all (JumpCloud's `?cascade_manager=`).
pub struct Delete {
    /// Who.
    pub id: Id,
    /// `None`: refuse when they manage someone; `Some(None)`: those have no manager then; `Some(Some(id))`: this one.
    pub cascade_manager: Option<Option<Id>>,
}

impl Verb for Delete {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let user = store::get(w, w.org(), self.id).await?;
        let managed = store::managed_by(w, w.org(), self.id).await?;
        if !managed.is_empty() {
            let Some(successor) = self.cascade_manager else {
                let message = format!("this person is the manager of {}: name another one first", managed.len());
                return Err(Error::Conflict(message));
            };
            if let Some(id) = successor {
                self.check_successor(w, id).await?;
            }
            for id in managed {
                // One of those who were managed may follow; they have no manager then.
                let manager = successor.filter(|s| *s != id);
                let patch = Map::from_iter([("manager".to_owned(), json!(manager))]);
                // Whoever feeds those says so again when it hears of it.
                let before = store::get(w, w.org(), id).await?;
                super::update::Update::profile(id, patch).apply(w, before, false).await?;
            }
        }
        saml_message::of_user_delete(w, self.id).await?;
        fed_group::store::without_person(w, self.id).await?;
        store::delete(w, self.id).await?;
        w.log(Kind::UserDelete, Subject::user(self.id), json!({"username": user.username, "email": user.email}));
        Ok(user)
    }
}

impl Delete {
    async fn check_successor(&self, w: &mut Write<'_>, successor: Id) -> Result<()> {
        if successor == self.id {
            return Err(Error::field("cascade_manager", "this is the person who is being removed: name another one"));
        }
        if store::by_id(w, w.org(), successor).await?.is_none() {
            return Err(Error::field("cascade_manager", "no person of this organization has this id"));
        }
        Ok(())
    }
}
