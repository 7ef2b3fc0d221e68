//! Puts people or devices into a group by hand and takes them out.

use muster_base::Id;
use serde_json::json;

use super::{ExemptionMode, GroupKind, Method, Via, membership, store};
use crate::change::Kind;
use crate::{Error, Result, Verb, Write, device, fed_group, user};

/// Adds or removes one member.
pub struct Change {
    /// What the group holds.
    pub kind: GroupKind,
    /// The group.
    pub group: Id,
    /// The person or device.
    pub member: Id,
    /// In, or out.
    pub add: bool,
}

impl Change {
    /// Of a person in a group of people.
    #[must_use]
    pub const fn of_user(group: Id, user: Id, add: bool) -> Self {
        Self { kind: GroupKind::User, group, member: user, add }
    }
}

impl Verb for Change {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let group = store::of_kind(w, w.org(), self.kind, self.group).await?;
        fed_group::guard::check(w, group.id).await?;
        let known = match self.kind {
            GroupKind::User => user::store::by_id(w, w.org(), self.member).await?.is_some(),
            GroupKind::Device => device::store::by_id(w, w.org(), self.member).await?.is_some(),
        };
        if !known {
            return Err(Error::Missing(self.kind.member()));
        }
        let via = store::memberships_of(w, w.org(), self.member).await?.get(&self.group).map(|m| m.via);
        if group.method != Method::Static {
            let exemption = store::exemptions_of(w, w.org(), self.member).await?.remove(&self.group);
            if exemption.is_none_or(|e| e.mode != ExemptionMode::Keep || !e.holds(w.now())) {
                // As JumpCloud: the rule decides, the call succeeds and changes nothing.
                return Ok(());
            }
        }
        let (cause, member) = (w.cause_seq(), [self.member]);
        match (self.add, via) {
            // Whom a nested group holds can be put in by hand too, and then stays when that group goes.
            (true, Some(Via::Nested)) => membership::set_via(w, self.group, &member, Via::Direct).await?,
            (true, Some(_)) => return Err(Error::Conflict("Already Exists".into())),
            (false, Some(Via::Nested)) => {
                let message = "a group that this group holds has them as a member: take them out there";
                return Err(Error::Conflict(message.into()));
            }
            (false, None) => return Err(Error::Missing("member")),
            (true, None) => membership::begin(w, self.group, &member, Via::Direct, cause).await?,
            (false, Some(_)) => membership::end(w, self.group, &member, cause).await?,
        }
        let op = if self.add { "add" } else { "remove" };
        let fields = json!({"op": op, self.kind.member(): self.member, "group": self.group});
        w.log(Kind::AssociationChange, group.subject(), fields);
        Ok(())
    }
}
