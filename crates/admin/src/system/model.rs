//! A device as the v1 API shows it.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::device::{Device, Facts};
use muster_directory::user::{self, User};
use muster_directory::{Directory, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{ObjectId, Time};

/// A device.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = System)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemOut {
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// When the record was made.
    pub created: Time,
    /// The organization's id.
    pub organization: ObjectId,
    /// The owner.
    pub primary_system_user: Option<OwnerOut>,
    /// The rest; what is not known of a device is left out.
    #[serde(flatten)]
    pub facts: Facts,
}

/// The owner of a device.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SystemOwner)]
pub(crate) struct OwnerOut {
    /// The person.
    pub id: ObjectId,
    /// Their user name.
    pub username: String,
    /// Their name to show.
    pub displayname: String,
}

impl OwnerOut {
    fn new(user: &User) -> Self {
        Self { id: user.id.into(), username: user.username.clone(), displayname: user.display() }
    }
}

impl SystemOut {
    /// Shows a device.
    fn new(device: &Device, owner: Option<&User>) -> Self {
        Self {
            id: device.id.into(),
            created: device.created_at.into(),
            organization: device.org.into(),
            primary_system_user: owner.map(OwnerOut::new),
            facts: device.facts.clone(),
        }
    }
}

/// Shows devices with their owners.
///
/// # Errors
/// The database's.
pub(crate) async fn shown(directory: &Directory, org: Id, devices: &[Device]) -> Result<Vec<SystemOut>> {
    let mut ids: Vec<Id> = devices.iter().filter_map(|d| d.owner).collect();
    ids.sort_unstable();
    ids.dedup();
    let owners = user::store::by_ids(&mut directory.read(), org, &ids).await?;
    let owners: BTreeMap<Id, User> = owners.into_iter().map(|u| (u.id, u)).collect();
    Ok(devices.iter().map(|d| SystemOut::new(d, d.owner.and_then(|id| owners.get(&id)))).collect())
}

/// Shows one device.
///
/// # Errors
/// The database's.
pub(crate) async fn show(directory: &Directory, device: &Device) -> Result<SystemOut> {
    let owner = match device.owner {
        Some(id) => user::store::by_id(&mut directory.read(), device.org, id).await?,
        None => None,
    };
    Ok(SystemOut::new(device, owner.as_ref()))
}
