//! Turns a target on and off, lets it rest, lets go what the delete guard holds, and asks for an object again.

use muster_base::Id;
use muster_db::sql;
use serde_json::json;

use super::object::ObjectKind;
use super::{Target, store, touch};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, application};

sql! {
    PROVISION_RETRY = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, next_at = 0, attempts = 0, error = NULL \
                       WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    /// What was sent is forgotten, the link is not.
    PROVISION_RESEND = "UPDATE provision_objects SET dirty = 1, marks = marks + 1, next_at = 0, attempts = 0, error = NULL, last_sent = NULL \
                        WHERE org_id = $1 AND app_id = $2 AND kind = $3 AND object_id = $4";
    /// But not who left: they are still to be taken out there.
    PROVISION_MEMBERS_FORGET = "DELETE FROM provision_members WHERE org_id = $1 AND app_id = $2 AND group_id = $3 AND remote_id IN \
                                (SELECT o.remote_id FROM group_memberships m JOIN provision_objects o ON o.org_id = m.org_id AND o.object_id = m.member_id \
                                AND o.kind = 'user' WHERE m.org_id = $1 AND o.app_id = $2 AND m.group_id = $3 AND o.remote_id IS NOT NULL)";
    PROVISION_UNBLOCK = "UPDATE provision_targets SET breaker = NULL, stopped = NULL, next_at = 0 WHERE org_id = $1 AND app_id = $2";
}

/// What is done with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Accounts are sent from now on.
    Activate,
    /// Nothing is sent any more; what is known of the target stays.
    Deactivate,
    /// Nothing is sent for a while.
    Pause,
    /// Sending goes on.
    Resume,
    /// What the delete guard holds may go.
    Approve,
}

impl Move {
    const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Approve => "approve",
        }
    }
}

/// Does it.
pub struct Change {
    /// The application.
    pub app: Id,
    /// What.
    pub to: Move,
}

impl Verb for Change {
    type Out = Target;

    async fn run(&self, w: &mut Write<'_>) -> Result<Target> {
        let org = w.org();
        application::store::get(w, org, self.app).await?;
        let before = store::get(w, org, self.app).await?;
        match self.to {
            Move::Activate if before.active => return Ok(before),
            Move::Deactivate if !before.active => return Ok(before),
            Move::Activate => {
                store::set_active(w, self.app, true).await?;
                touch::everything(w, self.app).await?;
            }
            Move::Deactivate => store::set_active(w, self.app, false).await?,
            Move::Pause => store::set_paused(w, self.app, true).await?,
            Move::Resume => store::set_paused(w, self.app, false).await?,
            Move::Approve => drop(store::approve(w, self.app).await?),
        }
        w.log(Kind::ProvisionState, Subject::application(self.app), json!({"op": self.to.word()}));
        store::get(w, org, self.app).await
    }
}

/// Asks for an object again.
pub struct Again {
    /// The application.
    pub app: Id,
    /// A person or a group.
    pub kind: ObjectKind,
    /// Which.
    pub id: Id,
    /// Whether what was sent before is forgotten: the object is read there, and brought to what it should be.
    pub from_scratch: bool,
}

impl Verb for Again {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let org = w.org();
        application::store::get(w, org, self.app).await?;
        let statement = if self.from_scratch { &PROVISION_RESEND } else { &PROVISION_RETRY };
        let params = [(&org).into(), (&self.app).into(), self.kind.word().into(), (&self.id).into()];
        if w.exec(statement, &params).await? == 0 {
            return Err(Error::Missing("object"));
        }
        if self.from_scratch && self.kind == ObjectKind::Group {
            // Adding who is in already does no harm.
            w.exec(&PROVISION_MEMBERS_FORGET, &[(&org).into(), (&self.app).into(), (&self.id).into()]).await?;
        }
        w.exec(&PROVISION_UNBLOCK, &[(&org).into(), (&self.app).into()]).await?;
        let fields =
            json!({"op": if self.from_scratch { "resend" } else { "retry" }, "type": self.kind, "id": self.id});
        w.log(Kind::ProvisionState, Subject::application(self.app), fields);
        Ok(())
    }
}
