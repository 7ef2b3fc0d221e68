//! Puts people into a group by hand and takes them out.

use muster_base::Id;
use serde_json::json;

use super::{ExemptionMode, Method, Via, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, user};

/// Adds or removes one member.
pub struct Change {
    /// The group.
    pub group: Id,
    /// The person.
    pub user: Id,
    /// In, or out.
    pub add: bool,
}

impl Verb for Change {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let group = store::get(w, w.org(), self.group).await?;
        if user::store::by_id(w, w.org(), self.user).await?.is_none() {
            return Err(Error::Missing("user"));
        }
        let member = store::memberships_of(w, w.org(), self.user).await?.contains_key(&self.group);
        if group.method == Method::DynamicAutomated {
            let exemptions = store::exemptions(w, w.org(), self.group).await?;
            let kept = exemptions.iter().any(|e| e.user == self.user && e.mode == ExemptionMode::Keep);
            if !kept {
                // As JumpCloud: the rule decides, the call succeeds and changes nothing.
                return Ok(());
            }
        }
        match (self.add, member) {
            (true, true) => return Err(Error::Conflict("Already Exists".into())),
            (false, false) => return Err(Error::Missing("member")),
            (true, false) => store::begin(w, self.group, self.user, Via::Direct).await?,
            (false, true) => store::end(w, self.group, self.user).await?,
        }
        let fields = json!({"op": if self.add { "add" } else { "remove" }, "user": self.user, "group": self.group});
        w.log(Kind::AssociationChange, Subject::group(self.group), fields);
        Ok(())
    }
}
