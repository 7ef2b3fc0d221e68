//! Removes the record of a device. Nothing is done on the device itself.

use muster_base::Id;
use serde_json::json;

use super::{Device, store};
use crate::change::{Kind, Subject};
use crate::{Result, Verb, Write};

/// Removes a device; the people on it lose it.
pub struct Delete {
    /// Which.
    pub id: Id,
}

impl Verb for Delete {
    type Out = Device;

    async fn run(&self, w: &mut Write<'_>) -> Result<Device> {
        let device = store::get(w, w.org(), self.id).await?;
        let users: Vec<Id> = store::users_of(w, w.org(), self.id).await?.into_iter().map(|u| u.user).collect();
        store::delete(w, self.id).await?;
        let fields = json!({
            "displayName": device.display(),
            "serialNumber": device.facts.serial_number,
            "primarySystemUser": device.owner,
            "users": users,
        });
        w.log(Kind::SystemDelete, Subject::device(self.id), fields);
        Ok(device)
    }
}
