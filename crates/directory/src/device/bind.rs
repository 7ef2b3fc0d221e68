//! Who is on a device: the edge between a person and a device with its sudo, and the owner (`primarySystemUser`).

use muster_base::Id;
use serde_json::{Value, json};

use super::{Sudo, store, update};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write, user};

/// What happens to the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It is made: 409 when it is there.
    Add(Sudo),
    /// Its attributes change: missing when it is not there.
    Update(Sudo),
    /// It is removed: missing when it is not there.
    Remove,
}

/// Makes, changes or removes the edge between a person and a device.
pub struct Bind {
    /// The device.
    pub device: Id,
    /// The person.
    pub user: Id,
    /// What to do.
    pub edge: Edge,
}

impl Verb for Bind {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::get(w, w.org(), self.device).await?;
        user::store::get(w, w.org(), self.user).await?;
        let before = store::users_of(w, w.org(), self.device).await?.into_iter().find(|u| u.user == self.user);
        let (changed, op, sudo) = match self.edge {
            Edge::Add(sudo) => (store::bind(w, self.device, self.user, sudo).await?, "add", sudo),
            Edge::Update(sudo) => (store::set_sudo(w, self.device, self.user, sudo).await?, "update", sudo),
            Edge::Remove => (store::unbind(w, self.device, self.user).await?, "remove", Sudo::default()),
        };
        match (self.edge, changed) {
            (Edge::Add(_), 0) => return Err(Error::Conflict("Already Exists".into())),
            (_, 0) => return Err(Error::Missing("association")),
            (Edge::Update(sudo), _) if before.is_some_and(|b| b.sudo == sudo) => return Ok(()),
            _ => {}
        }
        log(w, self.device, self.user, op, json!({"sudo": sudo}));
        Ok(())
    }
}

fn log(w: &mut Write<'_>, device: Id, user: Id, op: &str, attributes: Value) {
    let fields = if op == "remove" {
        json!({"op": op, "type": "user", "id": user})
    } else {
        json!({"op": op, "type": "user", "id": user, "attributes": attributes})
    };
    w.log(Kind::AssociationChange, Subject::device(device), fields);
}

/// Says who owns a device.
pub struct SetOwner {
    /// The device.
    pub device: Id,
    /// The person, or nobody.
    pub owner: Option<Id>,
}

impl Verb for SetOwner {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let device = store::get(w, w.org(), self.device).await?;
        update::keep(w, device.clone(), device, Some(self.owner)).await?;
        Ok(())
    }
}

/// The owner is a person of the same organization.
pub(crate) async fn check_owner(w: &mut Write<'_>, owner: Option<Id>) -> Result<()> {
    match owner {
        Some(id) if user::store::by_id(w, w.org(), id).await?.is_none() => {
            Err(Error::field("primarySystemUser.id", "no person of this organization has this id"))
        }
        _ => Ok(()),
    }
}

/// Takes a person who is being removed off every device, and leaves theirs without an owner.
pub(crate) async fn release(w: &mut Write<'_>, user: Id) -> Result<()> {
    for device in store::owned_by(w, w.org(), &[user].into()).await? {
        update::keep(w, device.clone(), device, Some(None)).await?;
    }
    for edge in store::devices_of(w, w.org(), user).await? {
        store::unbind(w, edge.device, user).await?;
        log(w, edge.device, user, "remove", Value::Null);
    }
    Ok(())
}
